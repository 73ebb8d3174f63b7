"""The limits of signing in the database: days, hours and numbers, at the last moment and one after it."""

from datetime import datetime, timedelta

import pytest

from petitions.errors import ConflictError
from petitions.lifecycle.acts import signing
from petitions.security.tokens import Link
from tests.world import World

INSTANT = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)


async def value(world: World, sql: str, *arguments: object) -> object:
    async with world.service.database.connection() as connection:
        return await connection.fetchval(sql, *arguments)


async def confirming_mails(world: World, petition: int) -> object:
    return await value(world, "select count(*) from outbox where kind = 'confirm' and petition_id = $1", petition)


async def first_signature(world: World, petition: int) -> Link:
    key = await value(world, "select token_id from signature where petition_id = $1 and kind = 'initiator'", petition)
    assert isinstance(key, bytes)
    return Link(petition, key)


async def test_a_signature_is_confirmed_within_the_days_of_waiting_only(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    in_time, late = await world.pending(petition, now=now), await world.pending(petition, now=now)
    over = now + timedelta(days=world.procedure().pending.forget_after_days)
    assert (await signing.look_up(world.service, in_time, now=over - INSTANT)).state == "confirmed"
    assert (await signing.confirm(world.service, in_time, now=over - INSTANT)).state == "confirmed"
    before = await world.count(petition)
    assert (await signing.look_up(world.service, late, now=over)).state == "expired"
    assert (await signing.confirm(world.service, late, now=over)).state == "expired"
    assert await world.count(petition) == before


async def test_the_initiator_cannot_take_the_first_signature_back(world: World, now: datetime) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    link = await first_signature(world, petition)
    before = await world.count(petition)
    assert not (await signing.own_signature(world.service, link, now=now)).may_withdraw
    with pytest.raises(ConflictError, match="signing_ended"):
        await signing.withdraw(world.service, link, now=now)
    assert await world.count(petition) == before
    assert await value(world, "select count(*) from withdrawn_signature") == 0


async def test_the_initiator_cannot_erase_the_first_signature(world: World) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    link = await first_signature(world, petition)
    await signing.erase(world.service, link)
    assert await value(world, "select contact is not null from signature where token_id = $1", link.key) is True


async def test_no_signature_is_taken_back_after_the_last_day(world: World, now: datetime) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    closes_at = (await signing.petition_for_signing(world.service, petition)).closes_at
    assert closes_at is not None
    links = [await world.pending(petition, now=closes_at - timedelta(hours=1)) for _ in range(2)]
    for link in links:
        await signing.confirm(world.service, link, now=closes_at - timedelta(minutes=59))
    before = await world.count(petition)
    assert (await signing.own_signature(world.service, links[0], now=closes_at - INSTANT)).may_withdraw
    assert not (await signing.own_signature(world.service, links[1], now=closes_at)).may_withdraw
    with pytest.raises(ConflictError, match="signing_ended"):
        await signing.withdraw(world.service, links[1], now=closes_at)
    assert await world.count(petition) == before
    await signing.withdraw(world.service, links[0], now=closes_at - INSTANT)
    assert await world.count(petition) == before - 1


async def test_confirming_mails_are_more_than_a_minute_apart(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    email = "vaak@voorbeeld.example"
    await world.pending(petition, email, now=now)
    await world.pending(petition, email, now=now + MINUTE - INSTANT)
    await world.pending(petition, email, now=now + MINUTE)
    assert await confirming_mails(world, petition) == 1
    await world.pending(petition, email, now=now + MINUTE + INSTANT)
    assert await confirming_mails(world, petition) == 2
    await world.pending(petition, email, now=now + MINUTE * 2)  # a minute after the second mail, not the first
    assert await confirming_mails(world, petition) == 2


async def test_five_confirming_mails_and_no_sixth(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    for hour in range(8):
        await world.pending(petition, "vaak@voorbeeld.example", now=now + timedelta(hours=hour))
        assert await confirming_mails(world, petition) == min(hour + 1, 5)
    assert await value(world, "select mails_sent from pending_signature") == 5
    assert await value(world, "select mailed_at from pending_signature") == now + timedelta(hours=4)
    assert await value(world, "select signed_at from pending_signature") == now + timedelta(hours=7)


async def test_sponsors_sign_up_to_the_maximum(world: World, now: datetime) -> None:
    petition = (await world.moderated("uk-parliament")).petition_id
    facts = await signing.petition_for_signing(world.service, petition)
    for _ in range(facts.sponsors_maximum - facts.sponsors):
        assert (await world.sign(petition, now=now, kind="sponsor")).state == "confirmed"
    with pytest.raises(ConflictError, match="closed"):
        await world.pending(petition, now=now, kind="sponsor")
    assert (await signing.petition_for_signing(world.service, petition)).sponsors == facts.sponsors_maximum
    assert await value(world, "select count(*) from pending_signature") == 0
