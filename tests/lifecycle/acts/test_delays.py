"""A check that is late is told once, by the clock of the body, and only to the initiator."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from petitions.lifecycle.acts import moderation
from petitions.lifecycle.acts.delays import tell_delays
from petitions.lifecycle.mails.outbox import audience
from petitions.lifecycle.queries.events import OutboxEventsRow
from tests.world import NOW, World

DUE = datetime(2026, 3, 9, 23, 0, tzinfo=UTC)  # five working days after Monday 2 March are over, in Amsterdam


async def told(world: World) -> int:
    async with world.service.database.connection() as connection:
        count: int = await connection.fetchval(
            "select count(*) from event as e join outbox as o on o.event_id = e.id and o.petition_id = e.petition_id"
            " where e.kind = 'delayed' and not e.public"
        )
    return count


async def test_the_last_day_is_not_late_and_the_next_one_is(world: World) -> None:
    await world.moderated(now=NOW)
    await tell_delays(world.service, now=DUE - timedelta(microseconds=1))
    assert await told(world) == 0
    await tell_delays(world.service, now=DUE)
    assert await told(world) == 1


async def test_it_is_told_once_however_many_workers_there_are(world: World) -> None:
    await world.moderated(now=NOW)
    await world.moderated(now=NOW)
    await asyncio.gather(*(tell_delays(world.service, now=DUE) for _ in range(5)))
    for days in range(1, 4):
        await tell_delays(world.service, now=DUE + timedelta(days=days))
    assert await told(world) == 2


@pytest.mark.parametrize("decide", ["accept", "reject"])
async def test_what_is_decided_is_not_late(world: World, decide: str) -> None:
    link = await world.moderated("nl-kamer-petitie", now=NOW)
    if decide == "accept":
        await moderation.accept(world.service, link.petition_id, world.moderator, reason="In orde.", now=NOW)
    else:
        await moderation.reject(
            world.service, link.petition_id, world.moderator, ground="offensive", reason="Beledigend.", now=NOW
        )
    await tell_delays(world.service, now=DUE + timedelta(days=30))
    assert await told(world) == 0


async def test_only_the_initiator_is_told(world: World) -> None:
    who = audience(
        world.service.event_kinds,
        OutboxEventsRow(1, 1, "delayed", {"due_on": "2026-03-09"}, 1, "", NOW),
        world.procedure(),
    )
    assert (who.initiator, who.signatories, who.followers, who.committee) == (True, False, False, None)
