"""Refusals by two people on a real database: propose, agree, send back; nobody reads their own; one answer counts."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from petitions.errors import ConflictError, InvalidInputError
from petitions.lifecycle.acts import drafting, moderation, second_reading
from petitions.lifecycle.reads.moderation import read_dossier
from petitions.lifecycle.reads.queue import read_counts, read_waiting
from petitions.lifecycle.rules.moderation import CLAIM_LASTS
from petitions.security.tokens import Link
from tests.world import NOW, World

BY_TWO = "nl-burgerinitiatief"
BY_ONE = "nl-gemeente-initiatief"
WHY: dict[str, Any] = {"ground": "wrong_body", "reason": "De gemeente gaat hierover."}


async def stage(world: World, link: Link) -> str:
    return (await drafting.managed(world.service, link)).stage.value


async def proposed(world: World) -> tuple[Link, int]:
    """A petition whose refusal the first moderator proposed; the number of the proposal."""
    link = await world.moderated(BY_TWO)
    await second_reading.propose(world.service, link.petition_id, world.moderator, **WHY, now=NOW)
    return link, await proposal(world, link)


async def proposal(world: World, link: Link) -> int:
    found = (await read_dossier(world.service.database, link.petition_id)).proposal
    assert found is not None
    return found.id


async def events(world: World, link: Link) -> list[Any]:
    async with world.service.database.connection() as connection:
        return list(
            await connection.fetch(
                "select kind, public, staff_id, data from event where petition_id = $1 and actor = 'moderator'"
                " order by id",
                link.petition_id,
            )
        )


async def mails(world: World, kind: str) -> int:
    """How many mails about events of this kind were queued."""
    async with world.service.database.connection() as connection:
        return int(
            await connection.fetchval(
                "select count(*) from outbox o join event e on e.petition_id = o.petition_id and e.id = o.event_id"
                " where e.kind = $1",
                kind,
            )
        )


async def test_one_proposes_and_another_agrees(world: World) -> None:
    link, number = await proposed(world)
    other = await world.colleague()
    assert await stage(world, link) == "moderation"
    assert await mails(world, "proposed") == 0  # the initiator hears nothing yet
    await second_reading.agree(world.service, link.petition_id, other, proposal=number, now=NOW)
    assert await stage(world, link) == "rejected"
    told = [(row["kind"], row["public"], row["staff_id"], row["data"]) for row in await events(world, link)]
    assert told == [("proposed", False, world.moderator, WHY), ("rejected", True, other, WHY)]
    assert await mails(world, "rejected") == 1
    assert (await read_dossier(world.service.database, link.petition_id)).proposal is None


async def test_nobody_is_second_reader_of_their_own_proposal(world: World) -> None:
    link, number = await proposed(world)
    with pytest.raises(ConflictError, match="own_proposal"):
        await second_reading.agree(world.service, link.petition_id, world.moderator, proposal=number, now=NOW)
    with pytest.raises(ConflictError, match="own_proposal"):
        await moderation.claim(world.service, link.petition_id, world.moderator, now=NOW)
    assert await moderation.claim_oldest(world.service, world.moderator, now=NOW) is None
    assert await moderation.claim_oldest(world.service, await world.colleague(), now=NOW) == link.petition_id
    assert await stage(world, link) == "moderation"


async def test_one_person_cannot_refuse_alone(world: World) -> None:
    link = await world.moderated(BY_TWO)
    with pytest.raises(ConflictError, match="second_reader"):
        await moderation.reject(world.service, link.petition_id, world.moderator, **WHY, now=NOW)
    other = await world.moderated(BY_ONE)
    with pytest.raises(ConflictError, match="no_second_reader"):
        await second_reading.propose(world.service, other.petition_id, world.moderator, **WHY, now=NOW)


async def test_while_a_proposal_waits_nothing_else_is_decided(world: World) -> None:
    link, _ = await proposed(world)
    other = await world.colleague()
    for attempt in (
        moderation.accept(world.service, link.petition_id, other, reason="In orde.", now=NOW),
        moderation.reject(world.service, link.petition_id, other, **WHY, now=NOW),
        second_reading.propose(world.service, link.petition_id, other, **WHY, now=NOW),
    ):
        with pytest.raises(ConflictError, match="proposed"):
            await attempt


async def test_sent_back_it_waits_as_before(world: World) -> None:
    link, number = await proposed(world)
    other = await world.colleague()
    with pytest.raises(InvalidInputError):
        await second_reading.send_back(world.service, link.petition_id, other, proposal=number, reason="", now=NOW)
    await second_reading.send_back(
        world.service, link.petition_id, other, proposal=number, reason="De Kamer gaat hier wel over.", now=NOW
    )
    assert [row["kind"] for row in await events(world, link)] == ["proposed", "sent_back"]
    assert not any(row["public"] for row in await events(world, link))
    await moderation.accept(world.service, link.petition_id, other, reason="In orde.", now=NOW)
    assert await stage(world, link) == "open"


async def test_one_takes_back_one_s_own_proposal_without_a_reason(world: World) -> None:
    link, number = await proposed(world)
    await second_reading.send_back(
        world.service, link.petition_id, world.moderator, proposal=number, reason="", now=NOW
    )
    assert [row["kind"] for row in await events(world, link)] == ["proposed", "taken_back"]


async def test_an_answer_to_an_older_proposal_is_refused(world: World) -> None:
    link, old = await proposed(world)
    other = await world.colleague()
    await second_reading.send_back(world.service, link.petition_id, world.moderator, proposal=old, reason="", now=NOW)
    with pytest.raises(ConflictError, match="not_proposed"):
        await second_reading.agree(world.service, link.petition_id, other, proposal=old, now=NOW)
    await second_reading.propose(
        world.service, link.petition_id, world.moderator, ground="offensive", reason="Toch anders.", now=NOW
    )
    with pytest.raises(ConflictError, match="not_proposed"):
        await second_reading.agree(world.service, link.petition_id, other, proposal=old, now=NOW)
    assert await stage(world, link) == "moderation"


async def test_of_ten_answers_at_once_one_counts(world: World) -> None:
    link, number = await proposed(world)
    other = await world.colleague()
    agree = (second_reading.agree(world.service, link.petition_id, other, proposal=number, now=NOW) for _ in range(5))
    back = (
        second_reading.send_back(
            world.service, link.petition_id, other, proposal=number, reason="Nee, niet zo.", now=NOW
        )
        for _ in range(5)
    )
    outcomes = await asyncio.gather(*agree, *back, return_exceptions=True)
    assert outcomes.count(None) == 1
    assert all(outcome is None or isinstance(outcome, ConflictError) for outcome in outcomes)
    assert len([row for row in await events(world, link) if row["kind"] in {"rejected", "sent_back"}]) == 1


async def test_a_proposal_keeps_to_the_claim_and_the_text_that_was_read(world: World) -> None:
    other = await world.colleague()
    link = await world.moderated(BY_TWO)
    await moderation.claim(world.service, link.petition_id, other, now=NOW)
    with pytest.raises(ConflictError, match="claimed"):
        await second_reading.propose(world.service, link.petition_id, world.moderator, **WHY, now=NOW)
    with pytest.raises(ConflictError, match="changed"):
        await second_reading.propose(world.service, link.petition_id, other, **WHY, version=1, now=NOW)
    for ground, reason in (("nonsense", "Daarom."), ("wrong_body", "")):
        with pytest.raises(InvalidInputError):
            await second_reading.propose(world.service, link.petition_id, other, ground=ground, reason=reason, now=NOW)
    await second_reading.propose(world.service, link.petition_id, other, **WHY, now=NOW)
    (row,) = await read_waiting(world.service.database)
    assert (row.claimed_by, row.proposed_by, row.proposed_name) == (None, other, "Amir Haddad")
    counts = await read_counts(world.service.database, "", now=NOW)
    assert (counts.waiting, counts.second) == (0, 1)


async def test_a_second_reader_s_claim_keeps_others_away(world: World) -> None:
    link, number = await proposed(world)
    other = await world.colleague()
    await moderation.claim(world.service, link.petition_id, other, now=NOW)
    with pytest.raises(ConflictError, match="claimed"):
        await second_reading.send_back(
            world.service, link.petition_id, world.moderator, proposal=number, reason="", now=NOW
        )
    later = NOW + CLAIM_LASTS + timedelta(minutes=1)
    await second_reading.send_back(
        world.service, link.petition_id, world.moderator, proposal=number, reason="", now=later
    )


async def test_a_withdrawn_petition_takes_the_proposal_with_it(world: World) -> None:
    link, number = await proposed(world)
    await drafting.withdraw(world.service, link, reason="Niet meer nodig.", now=NOW)
    with pytest.raises(ConflictError):
        await second_reading.agree(world.service, link.petition_id, await world.colleague(), proposal=number, now=NOW)
    assert (await read_dossier(world.service.database, link.petition_id)).proposal is None
    assert await stage(world, link) == "withdrawn"
