"""Corrections: an event keeps its number and its earlier words, decisions are not corrected, conflicts are found."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from petitions.corrections.acts import correct_step
from petitions.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.reads.referral import read_referrals
from petitions.lifecycle.reads.timeline import read_timeline
from petitions.lifecycle.rules.states import Stage
from petitions.lifecycle.rules.steps import StepInput
from tests.world import NOW, World

CHECKED = "Van 500 mesnen is de steun gecontroleerd."
RIGHT = "Van 500 mensen is de steun gecontroleerd."


@pytest.fixture
def clerk(world: World) -> Clerk:
    return Clerk(world.clerk, (world.committee,))


async def checked(world: World, clerk: Clerk) -> SeenReferral:
    """A referral whose conditions were checked, with a typing error in what was told."""
    seen = await world.referred()
    seen = await world.step(
        clerk, seen, "received", StepInput(happened_on=date(2026, 3, 3)), now=NOW + timedelta(days=1)
    )
    facts = StepInput(happened_on=date(2026, 3, 4), text=CHECKED, link="https://www.example.org/steekproef")
    return await world.step(clerk, seen, "sample_check", facts, now=NOW + timedelta(days=2))


async def last_event(world: World, petition: int, kind: str = "step") -> Any:
    async with world.service.database.connection() as connection:
        return await connection.fetchrow(
            "select * from event where petition_id = $1 and kind = $2 order by id desc limit 1", petition, kind
        )


async def mails(world: World, event: int) -> int:
    async with world.service.database.connection() as connection:
        found: int = await connection.fetchval("select count(*) from outbox where event_id = $1", event)
    return found


async def test_a_typing_error_is_put_right_and_stays_readable(world: World, clerk: Clerk) -> None:
    seen = await checked(world, clerk)
    before = await last_event(world, seen.petition_id)
    facts = StepInput(text=RIGHT, link="https://www.example.org/steekproef")
    later = NOW + timedelta(days=3)
    number = await correct_step(
        world.service, clerk, seen, before["id"], facts, reason="Een tikfout in het woord mensen.", now=later
    )
    after = await last_event(world, seen.petition_id)
    assert after["id"] == before["id"]
    assert after["occurred_at"] == before["occurred_at"]
    assert after["data"] == before["data"] | {"text": RIGHT}
    told = await read_timeline(
        world.service.database,
        world.service.event_kinds,
        seen.petition_id,
        world.procedure().body.zone,
        stage=Stage.OPEN,
        hidden=False,
    )
    step = next(event for event in told if event.id == before["id"])
    assert [(one.id, one.occurred_at, one.reason) for one in step.corrections] == [
        (number, later, "Een tikfout in het woord mensen.")
    ]
    assert step.corrections[0].changes == {"text": {"before": CHECKED, "after": RIGHT}}
    assert number not in {event.id for event in told}
    view = (await read_referrals(world.service.database, seen.petition_id))[0]
    assert view.steps[-1].data["text"] == RIGHT
    assert view.steps[-1].event_id == before["id"]
    assert view.version == seen.version + 1
    assert await mails(world, number) == 0


async def test_a_new_place_of_a_meeting_is_mailed_and_shown_with_the_referral(world: World) -> None:
    seen = await world.referred("nl-kamer-petitie")
    slug = "volksgezondheid-welzijn-en-sport"
    clerk = await world.clerk_of(slug)
    yes = StepInput(happened_on=date(2026, 3, 2), admissible=True)
    seen = await world.step(clerk, seen, "received", StepInput(happened_on=date(2026, 3, 2)), now=NOW)
    seen = await world.step(clerk, seen, "whether_and_when", yes, now=NOW)
    moment = datetime(2026, 3, 24, 12, 15, tzinfo=UTC)
    facts = StepInput(meeting="planned", meeting_at=moment, place="Thorbeckezaal")
    seen = await world.step(clerk, seen, "hand_over", facts, now=NOW + timedelta(days=1))
    event = await last_event(world, seen.petition_id)
    moved = StepInput(meeting_at=moment + timedelta(hours=1), place="Statenpassage")
    number = await correct_step(
        world.service, clerk, seen, event["id"], moved, reason="De zaal is te klein.", now=NOW + timedelta(days=2)
    )
    view = (await read_referrals(world.service.database, seen.petition_id))[0]
    assert (view.meeting_at, view.meeting_place) == (moment + timedelta(hours=1), "Statenpassage")
    assert await mails(world, number) == 1


async def test_personal_data_in_the_earlier_words_is_kept_nowhere(world: World, clerk: Clerk) -> None:
    seen = await checked(world, clerk)
    event = await last_event(world, seen.petition_id)
    facts = StepInput(text=RIGHT, link="https://www.example.org/steekproef")
    twice = StepInput(text=CHECKED + " Ook de mesnen thuis.", link="https://www.example.org/steekproef")
    await correct_step(world.service, clerk, seen, event["id"], twice, reason="Aangevuld.", now=NOW)
    seen = SeenReferral(seen.petition_id, seen.referral_id, seen.version + 1)
    await correct_step(
        world.service, clerk, seen, event["id"], facts, reason="Er stond een naam.", withhold=True, now=NOW
    )
    async with world.service.database.connection() as connection:
        left = await connection.fetchval(
            "select count(*) from event where petition_id = $1 and data::text like '%mesnen%'", seen.petition_id
        )
        left += await connection.fetchval(
            "select count(*) from referral_step where petition_id = $1 and data::text like '%mesnen%'",
            seen.petition_id,
        )
    assert left == 0
    told = await read_timeline(
        world.service.database,
        world.service.event_kinds,
        seen.petition_id,
        world.procedure().body.zone,
        stage=Stage.OPEN,
        hidden=False,
    )
    step = next(one for one in told if one.id == event["id"])
    assert step.data["text"] == RIGHT
    assert [(one.withheld, one.changes["text"]["before"]) for one in step.corrections] == [(True, None)] * 2


async def test_the_second_of_two_clerks_is_told(world: World, clerk: Clerk) -> None:
    seen = await checked(world, clerk)
    event = await last_event(world, seen.petition_id)
    other = Clerk((await world.clerk_of(world.committee)).staff_id, clerk.committees)
    made = await asyncio.gather(
        *(
            correct_step(
                world.service, one, seen, event["id"], StepInput(text=text, link=""), reason="Tikfout.", now=NOW
            )
            for one, text in ((clerk, "De eerste zegt dit."), (other, "De tweede zegt dat."))
        ),
        return_exceptions=True,
    )
    refused = [one for one in made if isinstance(one, ConflictError)]
    assert [one.reason for one in refused] == ["changed"]
    async with world.service.database.connection() as connection:
        count = await connection.fetchval(
            "select count(*) from event where petition_id = $1 and kind = 'corrected'", seen.petition_id
        )
    assert count == 1


async def test_what_is_refused_stores_nothing(world: World, clerk: Clerk) -> None:
    seen = await checked(world, clerk)
    event = await last_event(world, seen.petition_id)
    decided = await world.step(
        clerk, seen, "report", StepInput(happened_on=date(2026, 3, 5), text="Advies."), now=NOW + timedelta(days=3)
    )
    decided = await world.step(
        clerk,
        decided,
        "admissibility",
        StepInput(happened_on=date(2026, 3, 5), admissible=True),
        now=NOW + timedelta(days=3),
    )
    decision = await last_event(world, seen.petition_id)
    crossed = await last_event(world, seen.petition_id, "threshold_reached")
    facts = StepInput(text=RIGHT)

    async def attempt(who: Clerk, what: SeenReferral, number: int, facts: StepInput, reason: str = "Tikfout.") -> int:
        return await correct_step(world.service, who, what, number, facts, reason=reason, now=NOW + timedelta(days=4))

    with pytest.raises(ConflictError, match="a_decision"):
        await attempt(clerk, decided, decision["id"], facts)
    with pytest.raises(NotFoundError):
        await attempt(clerk, decided, crossed["id"], facts)
    with pytest.raises(InvalidInputError):
        await attempt(clerk, decided, event["id"], facts, reason="")
    with pytest.raises(ForbiddenError):
        await attempt(await world.clerk_of("binnenlandse-zaken"), decided, event["id"], facts)
    other = await world.referred(title="Geef elke wijk een bibliotheek terug")
    with pytest.raises(NotFoundError):
        await attempt(clerk, other, event["id"], facts)
    assert (await last_event(world, seen.petition_id))["data"] == decision["data"]
    assert await last_event(world, seen.petition_id, "corrected") is None


async def test_a_text_that_was_opened_cannot_change(world: World) -> None:
    """The life refuses it in every stage after the opening, and so does the database, whatever a program tries."""
    link = await world.opened()
    async with world.service.database.connection() as connection:
        for column in ("title", "request", "reasons", "previous_action"):
            with pytest.raises(Exception, match="cannot change") as refused:
                await connection.execute(
                    f"update petition set {column} = 'Iets anders' where id = $1", link.petition_id
                )
            assert type(refused.value).__name__ == "CheckViolationError"
        await connection.execute(
            "update petition set title = title, version = version + 1 where id = $1", link.petition_id
        )
