"""The check of support: a list that is closed once, a draw that nobody can influence, answers, and public counts."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from petitions.errors import ConflictError, ForbiddenError, GoneError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts import retention, signing
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.rules.procedures import Method
from petitions.lifecycle.rules.referral import StepRefusedError
from petitions.lifecycle.rules.steps import StepInput
from petitions.security.tokens import Link
from petitions.verification.acts import checking as verification
from petitions.verification.acts import sampling
from petitions.verification.acts.sampling import SampleSeed
from petitions.verification.reads import SupportCheck, read_checks, read_places
from petitions.verification.rules import SampleTally, draw, list_digest
from tests.world import ANSWERS, World

NOW = datetime(2026, 3, 3, 10, 0, 20, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
LAST_DAY = date(2026, 3, 25)


def seed(method: Method = "mail", **other: Any) -> SampleSeed:
    made = SampleSeed("7 12 23 31 40 44", "Staatsloterij, trekking 1234", "https://loterij.example/1234", NOW, method)
    return replace(made, published_at=NOW + timedelta(hours=2), **other)


@pytest.fixture
def clerk(world: World) -> Clerk:
    return Clerk(world.clerk, (world.committee,))


async def received(world: World, clerk: Clerk, more: int = 0) -> SeenReferral:
    """A citizens' initiative whose conditions are to be checked now."""
    seen = await world.referred()
    for _ in range(more):
        await world.sign(seen.petition_id)
    return await world.step(clerk, seen, "received", StepInput(happened_on=date(2026, 3, 3)), now=NOW)


async def drawn(world: World, clerk: Clerk, method: Method = "mail", more: int = 0) -> SeenReferral:
    seen = await received(world, clerk, more)
    await sampling.close_list(world.service, clerk, seen, now=NOW)
    await sampling.draw_sample(world.service, clerk, seen, seed(method), now=LATER)
    return seen


async def checked(world: World, seen: SeenReferral) -> SupportCheck:
    (found,) = await read_checks(world.service.database, seen.petition_id)
    return found


async def fetch(world: World, sql: str, *arguments: Any) -> list[Any]:
    async with world.service.database.connection() as connection:
        return await connection.fetch(sql, *arguments)


async def links(world: World, seen: SeenReferral) -> list[Link]:
    rows = await fetch(
        world, "select token_id from verification_sample where petition_id = $1 order by place", seen.petition_id
    )
    return [Link(seen.petition_id, row["token_id"]) for row in rows]


async def test_list_and_draw_can_be_checked_by_anybody(world: World, clerk: Clerk) -> None:
    seen = await received(world, clerk, more=4)
    await sampling.close_list(world.service, clerk, seen, now=NOW)
    listed = await checked(world, seen)
    rows = await fetch(
        world, "select token_id from signature where petition_id = $1 order by number, sha256(token_id)",
        seen.petition_id,
    )  # fmt: skip
    assert (listed.state, listed.collected, listed.listed) == ("listed", len(rows), len(rows))
    assert listed.digest == list_digest(row["token_id"] for row in rows)
    assert listed.seed is None
    assert listed.places == ()
    await sampling.draw_sample(world.service, clerk, seen, seed(), now=LATER)
    found = await checked(world, seen)
    assert found.seed is not None
    assert found.places == draw(found.digest, found.seed, found.listed, found.size or 0)
    assert found.size == len(rows), "400 are asked, or everybody where there are fewer"
    assert found.answer_by == LAST_DAY


async def test_order_in_the_database_does_not_matter(world: World, clerk: Clerk) -> None:
    seen = await received(world, clerk, more=4)
    async with world.service.database.connection() as connection:
        await connection.execute(  # rows move: the first becomes the last in the table
            "update signature set wants_news = not wants_news where petition_id = $1 and number = 1", seen.petition_id
        )
        rows = await connection.fetch("select token_id, number from signature where petition_id = $1", seen.petition_id)
    await sampling.close_list(world.service, clerk, seen, now=NOW)
    ordered = [row["token_id"] for row in sorted(rows, key=lambda row: row["number"])]
    assert [row["token_id"] for row in rows] != ordered
    assert (await checked(world, seen)).digest == list_digest(ordered)


async def test_what_is_too_old_or_erased_is_not_listed_and_said(world: World, clerk: Clerk) -> None:
    link = await world.opened()
    number = link.petition_id
    await world.lower_threshold(number, "examine", 4)
    old = await world.sign(number)
    erased = await world.pending(number)
    await signing.confirm(world.service, erased, now=NOW - timedelta(hours=5))
    await world.sign(number)
    await world.sign(number)
    await signing.erase(world.service, erased)
    async with world.service.database.connection() as connection:
        for place, day in (
            (old.number, datetime(2025, 3, 2, 22, 59, tzinfo=UTC)),
            (3, datetime(2025, 3, 2, 23, tzinfo=UTC)),
        ):
            await connection.execute(
                "update signature set signed_at = $3 where petition_id = $1 and number = $2", number, place, day
            )
    seen = await world.referral(number, "examine")
    seen = await world.step(clerk, seen, "received", StepInput(happened_on=date(2026, 3, 3)), now=NOW)
    await sampling.close_list(world.service, clerk, seen, now=NOW)
    found = await checked(world, seen)
    assert (found.collected, found.listed, found.too_old, found.erased) == (4, 2, 1, 1), (
        "a year to the day still counts"
    )


async def test_who_takes_support_back_keeps_the_place(world: World, clerk: Clerk) -> None:
    seen = await received(world, clerk)
    link = await world.pending(seen.petition_id)
    await signing.confirm(world.service, link, now=NOW - timedelta(minutes=1))
    await sampling.close_list(world.service, clerk, seen, now=NOW)
    before = await checked(world, seen)
    await signing.withdraw(world.service, link, now=NOW + timedelta(minutes=1))
    await sampling.draw_sample(world.service, clerk, seen, seed(), now=LATER)
    found = await checked(world, seen)
    assert (found.listed, found.size) == (before.listed, before.listed)
    mails = await fetch(world, "select token_id from outbox where kind = 'sample'")
    assert len(mails) == before.listed - 1
    assert link.key not in {row["token_id"] for row in mails}
    with pytest.raises(GoneError):
        await verification.answer(world.service, link, "yes", now=LATER)
    for one in await links(world, seen):
        if one.key != link.key:
            await verification.answer(world.service, one, "yes", now=LATER)
    tally = await verification.finish(world.service, clerk, seen, now=LATER)
    assert tally == SampleTally(verified=before.listed - 1, gone=1), "and nobody waits for who cannot be asked"


async def test_only_within_its_step_and_once(world: World, clerk: Clerk) -> None:
    seen = await world.referred()
    with pytest.raises(StepRefusedError):
        await sampling.close_list(world.service, clerk, seen, now=NOW)
    seen = await world.step(clerk, seen, "received", StepInput(happened_on=date(2026, 3, 3)), now=NOW)
    with pytest.raises(ConflictError, match="list_open"):
        await sampling.draw_sample(world.service, clerk, seen, seed(), now=LATER)
    await sampling.close_list(world.service, clerk, seen, now=NOW)
    with pytest.raises(ConflictError, match="list_closed"):
        await sampling.close_list(world.service, clerk, seen, now=NOW)
    with pytest.raises(ConflictError, match="sample_not_drawn"):
        await verification.record_results(world.service, clerk, seen, [1], "verified", now=LATER)
    await sampling.draw_sample(world.service, clerk, seen, seed(), now=LATER)
    with pytest.raises(ConflictError, match="sample_drawn"):
        await sampling.draw_sample(world.service, clerk, seen, seed(value="another"), now=LATER)
    done = StepInput(happened_on=date(2026, 3, 4), text="De steekproef loopt nog.")
    after = await world.step(clerk, seen, "sample_check", done, now=LATER)
    with pytest.raises(ConflictError, match="changed"):
        await verification.finish(world.service, clerk, seen, now=LATER)
    await verification.finish(world.service, clerk, after, now=LATER + timedelta(days=30))
    with pytest.raises(ConflictError, match="sample_finished"):
        await verification.finish(world.service, clerk, after, now=LATER + timedelta(days=30))
    with pytest.raises(ConflictError, match="sample_finished"):
        await verification.record_results(world.service, clerk, after, [1], "verified", now=LATER)


async def test_two_clerks_at_once_draw_once(world: World, clerk: Clerk) -> None:
    seen = await received(world, clerk, more=3)
    other = await world.clerk_of(world.committee)
    closing = [sampling.close_list(world.service, one, seen, now=NOW) for one in (clerk, other)]
    ends = await asyncio.gather(*closing, return_exceptions=True)
    assert sorted(str(end) for end in ends) == ["None", "list_closed"]
    drawing = [
        sampling.draw_sample(world.service, one, seen, seed(value=value), now=LATER)
        for one, value in ((clerk, "1 2 3"), (other, "4 5 6"))
    ]
    ends = await asyncio.gather(*drawing, return_exceptions=True)
    assert sorted(str(end) for end in ends) == ["None", "sample_drawn"]
    found = await checked(world, seen)
    assert len(await links(world, seen)) == found.size
    assert len(await fetch(world, "select 1 from outbox where kind = 'sample'")) == found.size


async def test_other_committees_and_other_procedures(world: World, clerk: Clerk) -> None:
    seen = await received(world, clerk)
    stranger = await world.clerk_of("volksgezondheid-welzijn-en-sport")
    acts = [
        sampling.close_list(world.service, stranger, seen, now=NOW),
        sampling.draw_sample(world.service, stranger, seen, seed(), now=NOW),
        verification.record_results(world.service, stranger, seen, [1], "verified", now=NOW),
        verification.finish(world.service, stranger, seen, now=NOW),
    ]
    for act in acts:
        with pytest.raises(ForbiddenError):
            await act
    british = await world.referred("uk-parliament", threshold="response")
    government = await world.clerk_of("uk-government")
    with pytest.raises(NotFoundError):
        await sampling.close_list(world.service, government, british, now=NOW)


@pytest.mark.parametrize(
    ("wrong", "field", "problem"),
    [
        ({"value": ""}, "seed", "missing"),
        ({"source": ""}, "source", "missing"),
        ({"published_at": None}, "seed_day", "missing"),
        ({"published_at": NOW - timedelta(minutes=1)}, "seed_day", "seed_too_early"),
        ({"published_at": LATER + timedelta(minutes=1)}, "seed_day", "date_future"),
        ({"method": "pigeon"}, "method", "choice"),
    ],
)
async def test_seed_that_does_not_do(
    world: World, clerk: Clerk, wrong: dict[str, Any], field: str, problem: str
) -> None:
    seen = await received(world, clerk)
    await sampling.close_list(world.service, clerk, seen, now=NOW)
    with pytest.raises(InvalidInputError) as refused:
        await sampling.draw_sample(world.service, clerk, seen, replace(seed(), **wrong), now=LATER)
    assert refused.value.fields == {field: problem}
    assert (await checked(world, seen)).state == "listed"


async def test_answers_by_mail_and_the_one_reminder(world: World, clerk: Clerk) -> None:
    seen = await drawn(world, clerk, more=2)
    first, second, *rest = await links(world, seen)
    asked = await verification.read_sampled(world.service, first, now=LATER)
    assert (asked.answer, asked.answer_by) == ("", LAST_DAY)
    for _ in range(2):
        asked = await verification.answer(world.service, first, "yes", now=LATER)
    assert asked.answer == "yes"
    await verification.answer(world.service, second, "yes", now=LATER)
    assert (await verification.answer(world.service, second, "no", now=LATER)).answer == "no", "until the last day"
    with pytest.raises(InvalidInputError):
        await verification.answer(world.service, rest[0], "perhaps", now=LATER)
    for moment in (LATER + timedelta(days=9), LATER + timedelta(days=11), LATER + timedelta(days=12)):
        await sampling.remind(world.service, now=moment)
    reminded = {
        row["token_id"] for row in await fetch(world, "select token_id from outbox where kind = 'sample_reminder'")
    }
    assert reminded == {link.key for link in rest}
    assert len(await fetch(world, "select 1 from outbox where kind = 'sample_reminder'")) == len(rest)
    with pytest.raises(ConflictError, match="answers_come_in"):
        await verification.finish(world.service, clerk, seen, now=LATER + timedelta(days=21))
    with pytest.raises(GoneError):
        await verification.answer(world.service, rest[0], "yes", now=LATER + timedelta(days=22))
    tally = await verification.finish(world.service, clerk, seen, now=LATER + timedelta(days=22))
    assert tally == SampleTally(verified=1, refused=1, no_answer=len(rest))
    with pytest.raises(GoneError):
        await verification.read_sampled(world.service, first, now=LATER)
    stranger = await world.pending(seen.petition_id)
    with pytest.raises(NotFoundError):
        await verification.read_sampled(world.service, stranger, now=LATER)


async def test_letters_are_recorded_by_place(world: World, clerk: Clerk) -> None:
    seen = await drawn(world, clerk, "letter", more=2)
    assert await fetch(world, "select 1 from outbox where kind like 'sample%'") == []
    await sampling.remind(world.service, now=LATER + timedelta(days=20))
    assert await fetch(world, "select 1 from outbox where kind like 'sample%'") == [], (
        "letters have no reminder of ours"
    )
    found = await checked(world, seen)
    first, second, *rest = found.places
    with pytest.raises(InvalidInputError) as refused:
        await verification.record_results(world.service, clerk, seen, [first, 9999], "verified", now=LATER)
    assert refused.value.fields == {"places": "9999"}
    assert (await checked(world, seen)).tally == SampleTally(), "nothing half stored"
    with pytest.raises(InvalidInputError):
        await verification.record_results(world.service, clerk, seen, [first], "gone", now=LATER)
    assert await verification.record_results(world.service, clerk, seen, [first, second], "verified", now=LATER) == 2
    assert await verification.record_results(world.service, clerk, seen, [second], "refused", now=LATER) == 1
    places = {one.place: one for one in await read_places(world.service.database, seen.petition_id, seen.referral_id)}
    assert (places[first].result, places[first].by_clerk, places[second].result) == ("verified", True, "refused")
    tally = await verification.finish(world.service, clerk, seen, now=LATER + timedelta(days=22))
    assert tally == SampleTally(verified=1, refused=1, no_answer=len(rest))
    made = await checked(world, seen)
    assert made.of_all is not None
    assert made.of_answered is not None
    assert (made.of_all.share, made.of_answered.share) == (1 / len(found.places), 0.5)


async def test_nothing_public_is_about_anybody(world: World, clerk: Clerk) -> None:
    seen = await drawn(world, clerk, more=2)
    await verification.finish(world.service, clerk, seen, now=LATER + timedelta(days=22))
    rows = await fetch(
        world, "select kind, public, data from event where petition_id = $1 and kind like 'sample%' order by id",
        seen.petition_id,
    )  # fmt: skip
    assert [row["kind"] for row in rows] == ["sample_listed", "sample_drawn", "sample_result"]
    assert all(row["public"] for row in rows)
    told = str([row["data"] for row in rows])
    people = [ANSWERS["name"], ANSWERS["street"], ANSWERS["postcode"], ANSWERS["birth_date"], "voorbeeld.example"]
    keys = [link.key.hex() for link in await links(world, seen)]
    assert [text for text in [*people, *keys] if text in told] == []
    queued = await fetch(world, "select e.kind from outbox o join event e on e.id = o.event_id where o.kind = 'event'")
    assert {"sample_listed", "sample_drawn", "sample_result"} <= {row["kind"] for row in queued}


async def test_result_stays_when_the_people_are_forgotten(world: World, clerk: Clerk) -> None:
    seen = await drawn(world, clerk)
    await verification.finish(world.service, clerk, seen, now=LATER + timedelta(days=22))
    before = await checked(world, seen)
    await retention._forget_petition(world.service, seen.petition_id, LATER + timedelta(days=400))
    assert await checked(world, seen) == before
