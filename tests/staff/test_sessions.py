"""Sign-in links and sessions: single use, ten minutes, at most five; 30 minutes idle, ten hours in all."""

import asyncio
import base64
from datetime import timedelta

import pytest

from petitions.errors import ConflictError
from petitions.staff.acts import sessions as staff
from tests.conftest import NOW
from tests.world import World

NOOR = "noor@kantoor.example"


async def tokens(world: World) -> list[str]:
    """The tokens of the sign-in mails that wait, oldest first."""
    async with world.service.database.connection() as connection:
        rows = await connection.fetch("select secret from outbox where kind = 'staff_login' order by id")
    secrets = [world.service.vault.unseal(row["secret"], staff.SEAL) for row in rows]
    return [base64.urlsafe_b64encode(secret).rstrip(b"=").decode() for secret in secrets]


async def token(world: World, email: str = NOOR) -> str:
    """The token of a fresh link."""
    await staff.ask_link(world.service, email, now=NOW)
    return (await tokens(world))[-1]


async def test_a_link_works_once(world: World) -> None:
    link = await token(world)
    session = await staff.sign_in(world.service, link, now=NOW)
    someone = await staff.session_person(world.service, session, NOW)
    assert someone is not None
    assert (someone.id, someone.name, someone.is_moderator) == (world.moderator, "Noor Bakker", True)
    with pytest.raises(ConflictError, match="link_used"):
        await staff.sign_in(world.service, link, now=NOW)


async def test_a_link_used_twice_at_once_works_once(world: World) -> None:
    link = await token(world)
    made = await asyncio.gather(
        *(staff.sign_in(world.service, link, now=NOW) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(outcome, str) for outcome in made) == 1


@pytest.mark.parametrize(("later", "works"), [(timedelta(minutes=9, seconds=59), True), (timedelta(minutes=10), False)])
async def test_a_link_lasts_ten_minutes(world: World, later: timedelta, works: bool) -> None:
    link = await token(world)
    if works:
        await staff.sign_in(world.service, link, now=NOW + later)
        return
    with pytest.raises(ConflictError):
        await staff.sign_in(world.service, link, now=NOW + later)


async def test_at_most_five_links_in_ten_minutes_even_when_asked_for_at_once(world: World) -> None:
    await asyncio.gather(*(staff.ask_link(world.service, NOOR, now=NOW) for _ in range(8)))
    assert len(await tokens(world)) == 5
    await staff.ask_link(world.service, "griffier@kantoor.example", now=NOW)
    assert len(await tokens(world)) == 6  # somebody else's are counted apart
    await staff.ask_link(world.service, NOOR, now=NOW + timedelta(minutes=11))
    assert len(await tokens(world)) == 7


async def test_nothing_is_mailed_to_who_does_not_work_here(world: World) -> None:
    await staff.ask_link(world.service, "kees@kantoor.example", now=NOW)
    assert await tokens(world) == []


async def test_an_address_is_found_however_it_is_written(world: World) -> None:
    await staff.ask_link(world.service, " Noor@Kantoor.EXAMPLE ", now=NOW)
    assert len(await tokens(world)) == 1


async def test_who_left_can_neither_ask_nor_use_a_link_nor_go_on(world: World) -> None:
    link, other = await token(world), await token(world)
    session = await staff.sign_in(world.service, link, now=NOW)
    async with world.service.database.connection() as connection:
        await connection.execute("update staff set active = false where id = $1", world.moderator)
    assert await staff.session_person(world.service, session, NOW) is None
    with pytest.raises(ConflictError):
        await staff.sign_in(world.service, other, now=NOW)
    await staff.ask_link(world.service, NOOR, now=NOW)
    assert len(await tokens(world)) == 2


async def test_a_session_ends_after_half_an_hour_without_use(world: World) -> None:
    session = await staff.sign_in(world.service, await token(world), now=NOW)
    used = NOW
    for _ in range(3):
        used += timedelta(minutes=29)
        assert await staff.session_person(world.service, session, used) is not None
    assert await staff.session_person(world.service, session, used + timedelta(minutes=30)) is None


async def test_a_session_ends_after_ten_hours_in_any_case(world: World) -> None:
    session = await staff.sign_in(world.service, await token(world), now=NOW)
    used = NOW
    while used < NOW + timedelta(hours=9, minutes=40):
        used += timedelta(minutes=20)
        assert await staff.session_person(world.service, session, used) is not None
    assert await staff.session_person(world.service, session, NOW + timedelta(hours=10)) is None


async def test_signing_out_ends_the_session_on_the_server(world: World) -> None:
    session = await staff.sign_in(world.service, await token(world), now=NOW)
    await staff.sign_out(world.service, session)
    assert await staff.session_person(world.service, session, NOW) is None


async def test_only_hashes_are_kept(world: World) -> None:
    session = await staff.sign_in(world.service, await token(world), now=NOW)
    async with world.service.database.connection() as connection:
        kept = await connection.fetchval("select token_hash from staff_session")
    assert kept not in {session.encode(), base64.urlsafe_b64decode(session + "=")}


async def test_people(world: World) -> None:
    people = dict(await staff.people(world.service))
    assert set(people) == {NOOR, "griffier@kantoor.example"}
    assert people["griffier@kantoor.example"].committees == (world.committee,)
