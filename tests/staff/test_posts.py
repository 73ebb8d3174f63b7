"""Administrators add people, change their roles and end their access; all is recorded, and takes effect at once."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from petitions.errors import ConflictError, NotFoundError
from petitions.staff.acts import posts as staffing
from petitions.staff.acts import sessions as staff
from petitions.staff.rules import StaffPost
from tests.world import World

POST = StaffPost("Ali Yilmaz", "nl", True, False, (), True)


@pytest.fixture
async def boss(world: World, now: datetime) -> int:
    return await staff.add(world.service, "baas@kantoor.example", "Baas", is_administrator=True, now=now)


async def seen(world: World, staff_id: int) -> str:
    return (await staffing.member(world.service, staff_id)).mark


async def session(world: World, staff_id: int, now: datetime) -> str:
    """Sign in as the mail lets them: the secret of the cookie."""
    member = await staffing.member(world.service, staff_id)
    await staff.ask_link(world.service, member.email, now=now)
    async with world.service.database.connection() as connection:
        sealed = await connection.fetchval(
            "select secret from outbox where staff_id = $1 and secret is not null order by id desc limit 1", staff_id
        )
    import base64

    secret = world.service.vault.unseal(sealed, staff.SEAL)
    return await staff.sign_in(world.service, base64.urlsafe_b64encode(secret).rstrip(b"=").decode(), now=now)


async def test_somebody_new_is_let_in_and_recorded(world: World, boss: int, now: datetime) -> None:
    made = await staffing.add_member(world.service, boss, " Ali@Kantoor.example ", POST, now=now)
    member = await staffing.member(world.service, made)
    assert (member.email, member.post) == ("ali@kantoor.example", POST)
    with pytest.raises(ConflictError, match="known_address"):
        await staffing.add_member(world.service, boss, "ali@kantoor.example", POST, now=now)
    (change,) = await staffing.latest_changes(world.service)
    assert (change.name, change.by_name) == ("Ali Yilmaz", "Baas")
    assert change.data["is_moderator"] == [None, True]
    assert "kantoor" not in str(change.data)


async def test_who_may_do_less_is_signed_out_at_once(world: World, boss: int, now: datetime) -> None:
    secret = await session(world, world.clerk, now)
    member = await staffing.member(world.service, world.clerk)
    more = replace(member.post, is_moderator=True)
    await staffing.change_member(world.service, boss, world.clerk, more, seen=member.mark, now=now)
    assert await staff.session_person(world.service, secret, now) is not None
    less = replace(more, committees=())
    await staffing.change_member(world.service, boss, world.clerk, less, seen=staffing.mark(more), now=now)
    assert await staff.session_person(world.service, secret, now) is None
    gone = replace(less, active=False)
    await staffing.change_member(world.service, boss, world.clerk, gone, seen=staffing.mark(less), now=now)
    await staff.ask_link(world.service, member.email, now=now)
    async with world.service.database.connection() as connection:
        links = "select count(*) from staff_login where staff_id = $1 and used_at is null"
        assert await connection.fetchval(links, world.clerk) == 0
    assert len(await staffing.latest_changes(world.service, world.clerk)) == 3


async def test_the_last_administrator_stays(world: World, boss: int, now: datetime) -> None:
    other = await staff.add(world.service, "tweede@kantoor.example", "Tweede", is_administrator=True, now=now)
    mine = await staffing.member(world.service, boss)
    gone = replace(mine.post, active=False)
    with pytest.raises(ConflictError, match="yourself"):
        await staffing.change_member(world.service, boss, boss, gone, seen=mine.mark, now=now)
    theirs = await staffing.member(world.service, other)
    results = await asyncio.gather(
        staffing.change_member(
            world.service, boss, other, replace(theirs.post, is_administrator=False), seen=theirs.mark, now=now
        ),
        staffing.change_member(
            world.service, other, boss, replace(mine.post, is_administrator=False), seen=mine.mark, now=now
        ),
        return_exceptions=True,
    )
    refused = [result for result in results if isinstance(result, ConflictError)]
    assert [error.reason for error in refused] == ["last_administrator"]


async def test_two_administrators_see_what_the_other_did(world: World, boss: int, now: datetime) -> None:
    before = await staffing.member(world.service, world.moderator)
    await staffing.change_member(
        world.service, boss, world.moderator, replace(before.post, name="Noor B."), seen=before.mark, now=now
    )
    with pytest.raises(ConflictError, match="changed"):
        await staffing.change_member(
            world.service, boss, world.moderator, replace(before.post, active=False), seen=before.mark, now=now
        )
    with pytest.raises(NotFoundError):
        await staffing.change_member(world.service, boss, 999_999, POST, seen="", now=now)
    assert (await staffing.member(world.service, world.moderator)).post.active
