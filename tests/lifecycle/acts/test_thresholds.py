"""Thresholds: reached once, by signatures, opening or closing; and what closes a petition."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from petitions.errors import ConflictError
from petitions.lifecycle.acts import opening, retention, signing, thresholds
from petitions.lifecycle.reads.recount import recount
from tests.world import World


async def rows(world: World, sql: str, *arguments: Any) -> list[tuple[Any, ...]]:
    async with world.service.database.connection() as connection:
        return [tuple(row) for row in await connection.fetch(sql, *arguments)]


async def test_number_that_is_not_there_is_not_reached_by_opening(world: World, now: datetime) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    async with world.service.database.transaction() as connection:
        await opening.reach(connection, petition, moment="opening", now=now)
    assert await rows(world, "select code from threshold where reached_at is not null") == []
    assert await rows(world, "select id from referral") == []


async def test_crossing_makes_the_referral_with_its_due_date_in_the_same_commit(world: World, now: datetime) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    await world.lower_threshold(petition, "response", 8)
    for _ in range(2):
        await world.sign(petition)
    assert await rows(world, "select threshold_code, state, effect from referral") == [
        ("response", "waiting", "respond")
    ]
    within = world.procedure("uk-parliament").threshold("response")
    assert within is not None
    due = within.within.after(now.astimezone(ZoneInfo("Europe/London")).date()) if within.within else None
    assert await rows(world, "select due_on from referral") == [(due,)]
    kinds = [
        row[0]
        for row in await rows(
            world, "select kind from event where kind in ('threshold_reached', 'referred') order by id"
        )
    ]
    assert kinds == ["threshold_reached", "referred"]


async def test_reached_threshold_stays_reached_when_a_signature_is_taken_back(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    await world.lower_threshold(petition, "examine", 1)
    link = await world.pending(petition)
    await signing.confirm(world.service, link, now=now)
    await signing.withdraw(world.service, link, now=now)
    assert await world.count(petition) == 0
    assert len(await rows(world, "select id from referral")) == 1
    await world.sign(petition)
    assert len(await rows(world, "select id from referral")) == 1
    assert await recount(world.service.database) == []


async def test_crossing_under_concurrency_from_two_writers_makes_one_referral(world: World, now: datetime) -> None:
    from tests.world import make_service

    petition = (await world.opened()).petition_id
    await world.lower_threshold(petition, "examine", 100)
    links = await asyncio.gather(*(world.pending(petition) for _ in range(300)))
    others = [make_service(world.service.database) for _ in range(3)]
    for other in others:
        other.confirming.start()
    services = [world.service, *others]
    await asyncio.gather(*(signing.confirm(services[n % 4], link, now=now) for n, link in enumerate(links)))
    for other in others:
        await other.confirming.stop()
    assert await world.count(petition) == 300
    assert len(await rows(world, "select id from referral")) == 1
    assert await recount(world.service.database) == []


async def test_signing_closes_at_the_end_of_the_last_day_in_the_body_s_time_zone(world: World, now: datetime) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    ((closes_at,),) = await rows(world, "select closes_at from petition where id = $1", petition)
    assert closes_at.astimezone(ZoneInfo("Europe/London")).isoformat() == "2026-09-03T00:00:00+01:00"
    assert await thresholds.close_due(world.service, now=closes_at - timedelta(seconds=1)) == 0
    assert await thresholds.close_due(world.service, now=closes_at) == 1
    assert await thresholds.close_due(world.service, now=closes_at) == 0
    assert await rows(world, "select stage from petition where id = $1", petition) == [("closed",)]


async def test_initiator_hands_over_to_the_committee_of_the_subject(world: World, now: datetime) -> None:
    link = await world.opened("nl-kamer-petitie")
    await thresholds.hand_over(world.service, link, now=now)
    assert await rows(world, "select committee_slug, state from referral") == [
        ("volksgezondheid-welzijn-en-sport", "waiting")
    ]
    with pytest.raises(ConflictError):
        await thresholds.hand_over(world.service, link, now=now)


async def test_initiator_may_not_close_where_the_procedure_has_a_fixed_period(world: World, now: datetime) -> None:
    link = await world.opened("uk-parliament")
    with pytest.raises(ConflictError):
        await thresholds.hand_over(world.service, link, now=now)


async def test_people_are_forgotten_after_the_retention_and_counts_stay_right(world: World, now: datetime) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    await world.sign(petition)
    closes_at = (await signing.petition_for_signing(world.service, petition)).closes_at
    assert closes_at is not None
    await thresholds.close_due(world.service, now=closes_at)
    keep = world.procedure("uk-parliament").retention.contact
    over = closes_at + timedelta(days=keep.months * 31 + keep.days + 2)
    assert await retention.forget_people(world.service, now=closes_at + timedelta(days=1)) == 0
    assert await retention.forget_people(world.service, now=over) == 1
    assert await retention.forget_people(world.service, now=over) == 0
    assert await rows(world, "select data_key, initiator_contact from petition where id = $1", petition) == [
        (None, None)
    ]
    assert await rows(world, "select count(*) from signature where contact is not null") == [(0,)]
    assert await recount(world.service.database) == []


async def test_unconfirmed_drafts_are_deleted_with_everything(world: World, now: datetime) -> None:
    await world.draft()
    assert await retention.delete_drafts(world.service, now=now + timedelta(days=13)) == 0
    assert await retention.delete_drafts(world.service, now=now + timedelta(days=14)) == 1
    assert await rows(world, "select count(*) from petition") == [(0,)]
    assert await rows(world, "select count(*) from outbox") == [(0,)]
