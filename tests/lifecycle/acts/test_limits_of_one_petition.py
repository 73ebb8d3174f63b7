"""Whatever is done to one petition changes nothing of another one that stands at the same point of its life."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from petitions.lifecycle.acts import drafting, moderation, objections, referral, second_reading, signing, thresholds
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.reads.recount import recount
from petitions.lifecycle.rules.steps import StepInput
from petitions.security.tokens import Link
from tests.all_queries import queries
from tests.conftest import NOW
from tests.world import World

BY_ONE = "nl-gemeente-initiatief"
BY_TWO = "nl-burgerinitiatief"
WITH_SPONSORS = "uk-parliament"
WHY: dict[str, Any] = {"ground": "wrong_body", "reason": "De gemeente gaat hierover."}
LATER = NOW + timedelta(hours=5)
DAY = NOW.date()

Prepare = Callable[[World], Awaitable[Any]]
Act = Callable[[World, Any], Awaitable[Any]]


async def everything_of(world: World, petition: int) -> dict[str, list[str]]:
    """Every row of a petition, as text."""
    async with world.service.database.connection() as connection:
        tables = await connection.fetch(
            "select table_name, column_name from information_schema.columns where table_schema = 'public'"
            " and (column_name = 'petition_id' or (table_name = 'petition' and column_name = 'id'))"
        )
        return {
            table: [
                row["text"]
                for row in await connection.fetch(
                    f"select to_jsonb(t)::text as text from {table} as t where {column} = $1 order by 1", petition
                )
            ]
            for table, column in tables
        }


def petition_of(prepared: Any) -> int:
    return int(prepared.petition_id)


async def draft(world: World) -> Link:
    return await world.draft(BY_ONE)


async def collecting_sponsors(world: World) -> Link:
    link = await world.draft(WITH_SPONSORS)
    await drafting.confirm(world.service, link, now=NOW)
    for _ in range(4):
        await world.sign(link.petition_id, kind="sponsor")
    await world.pending(link.petition_id, kind="sponsor")
    return link


async def waiting(world: World) -> Link:
    return await world.moderated(BY_ONE)


async def waiting_for_two(world: World) -> Link:
    return await world.moderated(BY_TWO)


async def claimed(world: World) -> Link:
    link = await world.moderated(BY_ONE)
    await moderation.claim(world.service, link.petition_id, world.moderator, now=NOW)
    return link


async def proposed(world: World) -> Link:
    link = await world.moderated(BY_TWO)
    await second_reading.propose(world.service, link.petition_id, world.moderator, **WHY, now=NOW)
    return link


async def opened(world: World) -> Link:
    link = await world.opened("nl-kamer-petitie")
    for _ in range(2):
        await world.sign(link.petition_id, news=True)
    await world.pending(link.petition_id)
    return link


async def near_its_number(world: World) -> Link:
    link = await world.opened(BY_TWO)
    await world.sign(link.petition_id)
    await world.lower_threshold(link.petition_id, world.procedure(BY_TWO).thresholds[0].code, 2)
    return link


async def rejected(world: World) -> Link:
    return await world.rejected(await world.moderated(BY_ONE))


async def objected(world: World) -> Link:
    link = await rejected(world)
    await objections.object_to(world.service, link, text="Niet waar.", now=NOW)
    return link


async def referred(world: World) -> SeenReferral:
    return await world.referred()


async def removed(world: World) -> Link:
    link = await opened(world)
    await moderation.remove(world.service, link.petition_id, world.moderator, ground="offensive", reason="x", now=NOW)
    return link


async def edit(world: World, link: Link) -> None:
    shown = await drafting.managed(world.service, link)
    await drafting.edit(world.service, link, replace(shown.draft, title="Anders"), version=shown.version, now=LATER)


async def mend(world: World, link: Link) -> None:
    shown = await drafting.managed(world.service, link)
    await drafting.resubmit(world.service, link, replace(shown.draft, title="Anders"), version=shown.version, now=LATER)


async def delete(world: World, link: Link) -> None:
    async with world.service.database.transaction() as connection:
        await queries.petition_delete(connection, petition_id=link.petition_id)


async def agree(world: World, link: Link) -> None:
    number = await proposal(world, link)
    await second_reading.agree(world.service, link.petition_id, await world.colleague(), proposal=number, now=LATER)


async def send_back(world: World, link: Link) -> None:
    number = await proposal(world, link)
    await second_reading.send_back(
        world.service, link.petition_id, await world.colleague(), proposal=number, reason="Nee.", now=LATER
    )


async def proposal(world: World, link: Link) -> int:
    async with world.service.database.connection() as connection:
        return int(
            await connection.fetchval("select id from refusal_proposal where petition_id = $1", link.petition_id)
        )


async def last_sponsor(world: World, link: Link) -> None:
    await world.sign(link.petition_id, kind="sponsor", now=LATER)


async def sign(world: World, link: Link) -> None:
    await world.sign(link.petition_id, now=LATER)


async def own(world: World, link: Link) -> Link:
    async with world.service.database.connection() as connection:
        key = await connection.fetchval(
            "select token_id from signature where petition_id = $1 and kind <> 'initiator'", link.petition_id
        )
    return Link(link.petition_id, key)


async def own_waiting(world: World, link: Link) -> Link:
    async with world.service.database.connection() as connection:
        key = await connection.fetchval(
            "select token_id from pending_signature where petition_id = $1", link.petition_id
        )
    return Link(link.petition_id, key)


async def take_back(world: World, link: Link) -> None:
    await signing.withdraw(world.service, await own(world, link), now=LATER)
    await signing.withdraw(world.service, await own_waiting(world, link), now=LATER)


async def erase(world: World, link: Link) -> None:
    await signing.erase(world.service, await own(world, link))
    await signing.erase(world.service, await own_waiting(world, link))


async def choose(world: World, link: Link) -> None:
    await signing.choose(world.service, await own(world, link), show_name=True, wants_news=False)


async def stop_news(world: World, link: Link) -> None:
    await signing.stop_news(world.service, await own(world, link))


async def ask_again(world: World, link: Link) -> None:
    """An address that signed already, and one that waits, sign once more."""
    facts = await signing.petition_for_signing(world.service, link.petition_id)
    for one in (await own(world, link), await own_waiting(world, link)):
        shown = await signing.own_signature(world.service, one, now=LATER)
        assert shown.facts is not None
        await signing.sign(world.service, facts, shown.facts, show_name=True, wants_news=True, language="en", now=LATER)


async def empty(world: World, link: Link) -> None:
    async with world.service.database.transaction() as connection:
        await queries.signatures_empty(connection, petition_id=link.petition_id, after=b"", most=1)
        await queries.petition_forget(connection, petition_id=link.petition_id, now=LATER)


def clerk(world: World) -> Clerk:
    return Clerk(world.clerk, (world.committee,))


async def receive(world: World, seen: SeenReferral) -> SeenReferral:
    return await world.step(clerk(world), seen, "received", StepInput(happened_on=DAY), now=LATER)


async def examined(world: World) -> SeenReferral:
    seen = await receive(world, await referred(world))
    seen = await world.step(clerk(world), seen, "sample_check", StepInput(happened_on=DAY, text="Goed."), now=NOW)
    return await world.step(clerk(world), seen, "report", StepInput(happened_on=DAY, text="Goed."), now=NOW)


async def refuse(world: World, seen: SeenReferral) -> None:
    procedure = world.procedure(BY_TWO)
    ground = procedure.admissibility_grounds[0].code if procedure.admissibility_grounds else "other"
    facts = StepInput(happened_on=DAY, admissible=False, ground=ground, reasons="Omdat.")
    await world.step(clerk(world), seen, "admissibility", facts, now=LATER)


async def decided(world: World) -> SeenReferral:
    seen = await world.step(
        clerk(world), await examined(world), "admissibility", StepInput(happened_on=DAY, admissible=True), now=NOW
    )
    facts = StepInput(meeting="held", meeting_at=NOW, place="Zaal", text="Verslag.")
    seen = await world.step(clerk(world), seen, "plenary_debate", facts, now=LATER)
    return await decide(world, seen)


async def decide(world: World, seen: SeenReferral) -> SeenReferral:
    facts = StepInput(happened_on=DAY, outcome="motion_adopted", reasons="Omdat het nodig is.")
    return await world.step(clerk(world), seen, "votes", facts, now=LATER)


async def conclude(world: World, seen: SeenReferral) -> None:
    async with world.service.database.connection() as connection:
        await queries.referral_conclude(
            connection, petition_id=seen.petition_id, referral_id=seen.referral_id, version=seen.version
        )


async def extend(world: World, seen: SeenReferral) -> None:
    await referral.extend(
        world.service, clerk(world), seen, due_on=DAY + timedelta(days=300), reason="Drukte.", now=LATER
    )


CASES: dict[str, tuple[Prepare, Act]] = {
    "confirm": (draft, lambda world, one: drafting.confirm(world.service, one, now=LATER)),
    "edit": (draft, edit),
    "withdraw": (waiting, lambda world, one: drafting.withdraw(world.service, one, reason="Nee.", now=LATER)),
    "withdraw what was proposed": (
        proposed,
        lambda world, one: drafting.withdraw(world.service, one, reason="Nee.", now=LATER),
    ),
    "delete": (collecting_sponsors, delete),
    "last sponsor": (collecting_sponsors, last_sponsor),
    "claim": (waiting, lambda world, one: moderation.claim(world.service, one.petition_id, world.clerk, now=LATER)),
    "release": (
        claimed,
        lambda world, one: moderation.release(world.service, one.petition_id, world.moderator, now=LATER),
    ),
    "note": (
        waiting,
        lambda world, one: moderation.note(world.service, one.petition_id, world.moderator, "Bel even.", now=LATER),
    ),
    "accept": (
        claimed,
        lambda world, one: moderation.accept(
            world.service, one.petition_id, world.moderator, reason="In orde.", now=LATER
        ),
    ),
    "reject": (
        claimed,
        lambda world, one: moderation.reject(world.service, one.petition_id, world.moderator, **WHY, now=LATER),
    ),
    "propose": (
        waiting_for_two,
        lambda world, one: second_reading.propose(world.service, one.petition_id, world.moderator, **WHY, now=LATER),
    ),
    "agree": (proposed, agree),
    "send back": (proposed, send_back),
    "object": (rejected, lambda world, one: objections.object_to(world.service, one, text="Niet waar.", now=LATER)),
    "mend": (objected, mend),
    "sign": (opened, sign),
    "sign again": (opened, ask_again),
    "cross a threshold": (near_its_number, sign),
    "take a signature back": (opened, take_back),
    "erase a signature": (opened, erase),
    "choose": (opened, choose),
    "stop news": (opened, stop_news),
    "update": (
        opened,
        lambda world, one: drafting.publish_update(world.service, one, title="Nieuws", text="Tekst.", now=LATER),
    ),
    "hand over": (opened, lambda world, one: thresholds.hand_over(world.service, one, now=LATER)),
    "remove": (
        opened,
        lambda world, one: moderation.remove(
            world.service, one.petition_id, world.moderator, ground="offensive", reason="x", now=LATER
        ),
    ),
    "forget": (removed, empty),
    "receive": (referred, receive),
    "refuse": (examined, refuse),
    "extend": (referred, extend),
    "decide": (decided, conclude),
}


@pytest.mark.parametrize("name", CASES)
async def test_another_petition_stays_as_it_is(world: World, name: str) -> None:
    prepare, act = CASES[name]
    before, one, after = await prepare(world), await prepare(world), await prepare(world)
    others = [petition_of(before), petition_of(after)]
    was = [await everything_of(world, other) for other in others]
    own_rows = await everything_of(world, petition_of(one))
    await act(world, one)
    assert [await everything_of(world, other) for other in others] == was
    assert await everything_of(world, petition_of(one)) != own_rows
    assert await recount(world.service.database) == []


@pytest.mark.parametrize("judge", [objections.uphold, objections.dismiss])
async def test_an_objection_to_another_rejection_stays_open(
    world: World, judge: Callable[..., Awaitable[None]]
) -> None:
    before, one, after = await objected(world), await objected(world), await objected(world)
    was = [await everything_of(world, other.petition_id) for other in (before, after)]
    await judge(world.service, one.petition_id, await world.colleague(), reason="Zo is het.", now=LATER)
    assert [await everything_of(world, other.petition_id) for other in (before, after)] == was


REFERRAL: list[tuple[Any, dict[str, Any]]] = [
    (
        queries.referral_move,
        {
            "state": "received",
            "due_on": None,
            "rapporteur": None,
            "rapporteur_id": None,
            "meeting_at": None,
            "meeting_place": None,
        },
    ),
    (queries.referral_refuse, {"ground": "x", "reasons": "y", "decided_at": NOW}),
    (queries.referral_extend, {"due_on": DAY}),
    (
        queries.referral_decide,
        {"outcome": "x", "reasons": "y", "next_body": None, "follow_up_on": None, "decided_at": NOW},
    ),
]


async def test_a_referral_is_found_by_its_petition_its_number_and_its_version(world: World) -> None:
    one, other = await referred(world), await referred(world)
    async with world.service.database.connection() as connection:
        for query, facts in REFERRAL:
            for petition, number, version in (
                (one.petition_id, other.referral_id, one.version),
                (other.petition_id, one.referral_id, one.version),
                (one.petition_id, one.referral_id, one.version + 1),
            ):
                found = await query(connection, petition_id=petition, referral_id=number, version=version, **facts)
                assert found is None
            transaction = connection.transaction()
            await transaction.start()
            found = await query(
                connection, petition_id=one.petition_id, referral_id=one.referral_id, version=one.version, **facts
            )
            assert found == one.version + 1
            await transaction.rollback()
        for petition, number in ((one.petition_id, other.referral_id), (other.petition_id, one.referral_id)):
            assert await queries.referral_locked(connection, petition_id=petition, referral_id=number) is None
            taken = await queries.referral_steps_taken(connection, petition_id=petition, referral_id=number)
            assert taken == []


async def test_steps_of_a_referral_are_numbered_by_themselves(world: World) -> None:
    one, other = await receive(world, await referred(world)), await receive(world, await referred(world))
    async with world.service.database.connection() as connection:
        for seen in (one, other):
            rows = await connection.fetch(
                "select number from referral_step where petition_id = $1 and referral_id = $2",
                seen.petition_id,
                seen.referral_id,
            )
            assert [row["number"] for row in rows] == [1]
            taken = await queries.referral_steps_taken(
                connection, petition_id=seen.petition_id, referral_id=seen.referral_id
            )
            assert [row.step_code for row in taken] == ["received"]


async def test_a_key_of_another_petition_opens_nothing(world: World) -> None:
    one, other = await opened(world), await opened(world)
    mine, waits = await own(world, other), await own_waiting(world, other)
    before = await everything_of(world, other.petition_id)
    for key in (mine.key, waits.key):
        wrong = Link(one.petition_id, key)
        assert (await signing.look_up(world.service, wrong, now=LATER)).state == "unknown"
        assert (await signing.confirm(world.service, wrong, now=LATER)).state == "unknown"
        await signing.erase(world.service, wrong)
        await signing.choose(world.service, wrong, show_name=True, wants_news=True)
        await signing.stop_news(world.service, wrong)
        async with world.service.database.connection() as connection:
            facts = {"petition_id": one.petition_id, "token_id": key}
            assert await queries.signature_withdraw(connection, now=LATER, **facts) is None
            assert await queries.pending_signature_delete(connection, **facts) is None
    assert await everything_of(world, other.petition_id) == before
