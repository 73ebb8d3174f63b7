"""Following by the use cases: only the owner of an address can confirm, change and stop; then nothing is left of it."""

import asyncio
from datetime import datetime, timedelta

import pytest

from petitions.errors import NotFoundError
from petitions.following.acts import follow as following
from petitions.following.acts import upkeep as followers
from petitions.following.rules import ALL, Topic
from petitions.lifecycle.acts import retention
from petitions.security.tokens import Link
from tests.following.acts import ask, follow, of, value
from tests.world import World

HEALTH = Topic("subject", "health")
WHO = "volger@v.example"


async def rows(world: World) -> dict[str, int]:
    """How many rows there are of each thing that is kept of a follower."""
    tables = ("follow_request", "follower", "follow", "follow_told")
    return {table: await value(world, f"select count(*) from {table}") for table in tables}


async def test_a_wish_is_no_follow_until_its_owner_confirms(world: World, now: datetime) -> None:
    link = await ask(world, ALL, WHO, how="weekly", now=now)
    assert await rows(world) == {"follow_request": 1, "follower": 0, "follow": 0, "follow_told": 0}
    seen = await following.look_up(world.service, link, now=now)
    assert seen.state == "waiting"
    assert seen.choice is not None
    assert (seen.choice.topic, seen.choice.how) == (ALL, "weekly")
    assert await value(world, "select count(*) from follower") == 0  # looking changes nothing
    wish = await following.confirm(world.service, link, now=now)
    assert wish.state == "confirmed"
    assert wish.manage is not None
    own = await following.read_follows(world.service, wish.manage)
    assert (own.email, own.language, len(own.follows)) == (WHO, "nl", 1)
    assert await value(world, "select contact from follow_request") is None


async def test_confirming_many_times_at_once_is_confirming_once(world: World, now: datetime) -> None:
    link = await ask(world, ALL, WHO, now=now)
    wishes = await asyncio.gather(*(following.confirm(world.service, link, now=now) for _ in range(5)))
    assert sorted(wish.state for wish in wishes) == ["already"] * 4 + ["confirmed"]
    assert len({wish.manage for wish in wishes}) == 1
    assert await value(world, "select count(*) from follow") == 1


async def test_one_address_is_one_follower_however_it_is_written(world: World, now: datetime) -> None:
    first = await follow(world, ALL, "Jan.Post@gmail.com", now=now)
    second = await follow(world, HEALTH, "janpost+peter@googlemail.com", now=now)
    assert first == second
    assert [one.choice.topic for one in (await following.read_follows(world.service, first)).follows] == [ALL, HEALTH]


async def test_confirming_again_brings_the_new_choices_and_no_second_follow(world: World, now: datetime) -> None:
    link = await follow(world, ALL, WHO, what=("news",), how="weekly", now=now)
    later = now + timedelta(hours=2)
    assert await follow(world, ALL, WHO, what=("decisions",), how="daily", now=later) == link
    (one,) = (await following.read_follows(world.service, link)).follows
    assert (one.choice.what, one.choice.how, one.since) == (("decisions",), "daily", now)


async def test_a_stranger_who_asks_changes_nothing(world: World, now: datetime) -> None:
    link = await follow(world, ALL, WHO, what=("news",), how="weekly", now=now)
    await ask(world, ALL, WHO, what=("decisions",), how="at_once", language="en", now=now)
    own = await following.read_follows(world.service, link)
    assert own.language == "nl"
    assert [(one.choice.what, one.choice.how) for one in own.follows] == [(("news",), "weekly")]


async def test_what_is_kept_shows_no_address_and_does_not_lead_to_a_signature(world: World, now: datetime) -> None:
    petition = (await world.opened(now=now)).petition_id
    await world.sign(petition, WHO, now=now)
    await follow(world, of(petition), WHO, now=now)
    async with world.service.database.connection() as connection:
        kept = await connection.fetchrow("select * from follower")
        signed = await connection.fetch("select email_index from signature where petition_id = $1", petition)
    assert kept is not None
    assert kept["address_index"] not in {row["email_index"] for row in signed}
    assert WHO.encode() not in b"".join(part for part in kept.values() if isinstance(part, bytes))


async def test_an_old_wish_cannot_be_confirmed_and_is_forgotten(world: World, now: datetime) -> None:
    link = await ask(world, ALL, WHO, now=now)
    over = now + timedelta(days=7)
    assert (await following.confirm(world.service, link, now=over)).state == "expired"
    await followers.forget(world.service, now=over - timedelta(seconds=1))
    assert await value(world, "select count(*) from follow_request") == 1
    await followers.forget(world.service, now=over)
    assert await rows(world) == {"follow_request": 0, "follower": 0, "follow": 0, "follow_told": 0}
    assert await value(world, "select count(*) from mail_allowance") == 0
    assert (await following.look_up(world.service, link, now=over)).state == "unknown"


async def test_five_mails_an_hour_to_one_mailbox_whoever_asks_and_for_whatever(world: World, now: datetime) -> None:
    asked = [
        following.ask(
            world.service, following.FollowChoice(ALL, ("news",), "weekly"), f"volger+{n}@v.example", "nl", now=now
        )
        for n in range(20)
    ]
    await asyncio.gather(*asked, *(following.ask_link(world.service, WHO, now=now) for _ in range(20)))
    mails = "select count(*) from outbox where kind in ('follow_confirm', 'follow_link')"
    assert await value(world, mails) == 5
    await following.ask_link(world.service, WHO, now=now + timedelta(minutes=59))
    assert await value(world, mails) == 5
    await following.ask_link(world.service, WHO, now=now + timedelta(minutes=61))
    assert await value(world, mails) == 6


async def test_asking_for_the_link_writes_the_same_rows_for_known_and_unknown(world: World, now: datetime) -> None:
    await follow(world, ALL, WHO, now=now)
    await following.ask_link(world.service, WHO, now=now)
    await following.ask_link(world.service, "onbekend@v.example", now=now)
    async with world.service.database.connection() as connection:
        made = await connection.fetch(
            "select kind, state, follower_id from outbox where kind = 'follow_link' order by id"
        )
    assert [row["state"] for row in made] == ["waiting", "waiting"]
    assert made[0]["follower_id"] is not None
    assert made[1]["follower_id"] is None


async def test_change_one_and_stop_one_and_the_other_stays(world: World, now: datetime) -> None:
    link = await follow(world, ALL, WHO, now=now)
    await follow(world, HEALTH, WHO, now=now)
    first, second = (await following.read_follows(world.service, link)).follows
    await following.change(world.service, link, first.id, ("decisions",), "weekly")
    await following.stop(world.service, link, follow_id=second.id)
    await following.stop(world.service, link, follow_id=second.id)
    (one,) = (await following.read_follows(world.service, link)).follows
    assert (one.choice.topic, one.choice.what, one.choice.how) == (ALL, ("decisions",), "weekly")
    with pytest.raises(NotFoundError):
        await following.change(world.service, link, second.id, ("decisions",), "weekly")


async def test_nobody_changes_what_somebody_else_follows(world: World, now: datetime) -> None:
    own = await follow(world, ALL, WHO, now=now)
    other = await follow(world, ALL, "ander@v.example", now=now)
    (theirs,) = (await following.read_follows(world.service, other)).follows
    with pytest.raises(NotFoundError):
        await following.change(world.service, own, theirs.id, ("news",), "weekly")
    await following.stop(world.service, own, follow_id=theirs.id)
    await following.stop(world.service, Link(other.petition_id, own.key))
    assert len((await following.read_follows(world.service, other)).follows) == 1
    with pytest.raises(NotFoundError):
        await following.read_follows(world.service, Link(other.petition_id, own.key))


async def test_with_the_last_follow_the_address_is_gone_at_once(world: World, now: datetime) -> None:
    link = await follow(world, ALL, WHO, now=now)
    await follow(world, HEALTH, WHO, now=now)
    await ask(world, Topic("subject", "work"), WHO, now=now)
    await following.ask_link(world.service, WHO, now=now)
    first, second = (await following.read_follows(world.service, link)).follows
    await asyncio.gather(
        following.stop(world.service, link, follow_id=first.id),
        following.stop(world.service, link, follow_id=second.id),
    )
    assert await rows(world) == {"follow_request": 0, "follower": 0, "follow": 0, "follow_told": 0}
    assert await value(world, "select count(*) from outbox where follower_id is not null") == 0
    with pytest.raises(NotFoundError):
        await following.read_follows(world.service, link)


async def test_an_old_confirmation_does_not_bring_back_what_was_stopped(world: World, now: datetime) -> None:
    wished = await ask(world, ALL, WHO, now=now)
    wish = await following.confirm(world.service, wished, now=now)
    await follow(world, HEALTH, WHO, now=now)
    assert wish.manage is not None
    first = (await following.read_follows(world.service, wish.manage)).follows[0]
    await following.stop(world.service, wish.manage, follow_id=first.id)
    assert (await following.confirm(world.service, wished, now=now)).state == "already"
    assert await value(world, "select count(*) from follow where topic = 'all'") == 0


async def test_an_address_follows_a_bounded_number_of_things(
    world: World, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST_FOLLOWS", 2)
    await follow(world, ALL, WHO, now=now)
    link = await follow(world, HEALTH, WHO, now=now)
    more = await ask(world, Topic("subject", "work"), WHO, now=now)
    assert (await following.confirm(world.service, more, now=now)).state == "full"
    again = await ask(world, HEALTH, WHO, how="weekly", now=now)
    assert (await following.confirm(world.service, again, now=now)).state == "confirmed"
    await following.stop(world.service, link, hows=["at_once"])
    assert (await following.confirm(world.service, more, now=now)).state == "confirmed"


async def test_a_follow_ends_with_the_personal_data_of_its_petition(world: World, now: datetime) -> None:
    link = await world.opened("nl-kamer-petitie", now=now)
    petition = link.petition_id
    gone = await follow(world, of(petition), WHO, now=now)
    stays = await follow(world, of(petition), "ander@v.example", now=now)
    await follow(world, ALL, "ander@v.example", now=now)
    async with world.service.database.connection() as connection:
        await connection.execute(
            "update petition set stage = 'withdrawn', ended_at = $2, reason = 'x' where id = $1", petition, now
        )
    assert await retention.forget_people(world.service, now=now + timedelta(days=4000)) == 1
    with pytest.raises(NotFoundError):
        await following.read_follows(world.service, gone)
    assert [one.choice.topic for one in (await following.read_follows(world.service, stays)).follows] == [ALL]
