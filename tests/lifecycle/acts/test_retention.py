"""Retention after a peak: in batches, each in its own commit, and the key is deleted last."""

from datetime import datetime, timedelta

import pytest

from petitions.errors import ConflictError
from petitions.lifecycle.acts import drafting, moderation, retention
from tests.world import World


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "PORTION", 3)


async def _value(world: World, sql: str) -> object:
    async with world.service.database.connection() as connection:
        return await connection.fetchval(sql)


async def test_reminders_and_forgetting_go_on_until_nothing_is_left(world: World, now: datetime) -> None:
    petition = (await world.opened(now=now)).petition_id
    for _ in range(8):
        await world.pending(petition, now=now)
    pending = (await world.opened(now=now)).petition_id
    days = world.procedure().pending
    later = now + timedelta(days=days.remind_after_days)
    await retention.remind(world.service, now=later)
    await retention.remind(world.service, now=later)
    assert await _value(world, "select count(*) from outbox where kind = 'reminder'") == 8
    over = now + timedelta(days=days.forget_after_days)
    young = await world.pending(pending, now=over - timedelta(hours=1))
    await retention.forget_pending(world.service, now=over)
    assert await _value(world, "select count(*) from pending_signature") == 1
    assert await _value(world, "select token_id from pending_signature") == young.key


async def test_settled_rows_of_the_outbox_are_forgotten_after_a_month_and_waiting_ones_kept(
    world: World, now: datetime
) -> None:
    await world.opened(now=now)
    async with world.service.database.connection() as connection:
        await connection.execute("delete from outbox")
        await connection.execute(
            "insert into outbox (kind, state, created_at, next_at, sent_at)"
            " select 'news', case when n = 2 then 'waiting' else 'sent' end, $1::timestamptz, $1,"
            " case when n <> 2 then $1 end"
            " from generate_series(1, 10) as n",
            now,
        )
    await retention.forget_pending(world.service, now=now + timedelta(days=29))
    assert await _value(world, "select count(*) from outbox") == 10
    await retention.forget_pending(world.service, now=now + timedelta(days=31))
    assert await _value(world, "select count(*) from outbox where state <> 'waiting'") == 0
    assert await _value(world, "select count(*) from outbox") == 1


async def test_people_of_an_ended_petition_are_forgotten_in_portions_and_their_number_stays(
    world: World, now: datetime
) -> None:
    petition = (await world.opened(now=now)).petition_id
    for _ in range(7):
        await world.sign(petition, now=now)
    await moderation.remove(
        world.service, petition, world.moderator, ground="offensive", reason="Na klachten.", now=now + timedelta(days=1)
    )
    assert await retention.forget_people(world.service, now=now + timedelta(days=2)) == 0
    assert await retention.forget_people(world.service, now=now + timedelta(days=2000)) == 1
    kept = f"select count(*) from signature where petition_id = {petition}"
    assert await _value(world, kept) == await world.count(petition)
    assert await _value(world, f"{kept} and contact is not null") == 0
    assert await _value(world, f"select data_key is null from petition where id = {petition}") is True


async def test_what_was_forgotten_cannot_be_offered_again(world: World, now: datetime) -> None:
    """Its key is gone: it could be opened, but nobody could sign it."""
    link = await world.rejected(await world.moderated("nl-kamer-petitie", now=now), now=now)
    assert await retention.forget_people(world.service, now=now + timedelta(days=2000)) == 1
    petition = await drafting.managed(world.service, link)
    with pytest.raises(ConflictError, match="forgotten"):
        await drafting.resubmit(
            world.service, link, petition.draft, version=petition.version, now=now + timedelta(days=2001)
        )
