"""Helpers that let people follow something in a test, by the real use cases, with the keys in the mails."""

from datetime import datetime, timedelta
from typing import Any

from petitions.following.acts import follow as following
from petitions.following.rules import FOLLOW_GROUPS, Frequency, Topic, offered
from petitions.lifecycle.rules.signing import canonical_email
from petitions.security.tokens import Link
from tests.world import NOW, World


async def value(world: World, sql: str, *arguments: Any) -> Any:
    """One value from the database."""
    async with world.service.database.connection() as connection:
        return await connection.fetchval(sql, *arguments)


async def ask(
    world: World,
    topic: Topic,
    email: str,
    *,
    what: tuple[str, ...] = (),
    how: Frequency = "at_once",
    language: str = "nl",
    now: datetime = NOW,
) -> Link:
    """An unconfirmed follow; the link in its mail."""
    choice = following.FollowChoice(topic, what or offered(topic), how)
    await following.ask(world.service, choice, email, language, now=now)
    index = world.service.vault.index(b"follower", canonical_email(email))
    key = await value(
        world,
        "select key from follow_request where address_index = $1 and topic = $2 and confirmed_at is null"
        " order by asked_at desc limit 1",
        index,
        str(topic),
    )
    return Link(0, key or b"\0" * 16)


async def follow(
    world: World,
    topic: Topic,
    email: str,
    *,
    what: tuple[str, ...] = (),
    how: Frequency = "at_once",
    language: str = "nl",
    now: datetime = NOW,
) -> Link:
    """A confirmed follow; the link to manage all follows."""
    link = await ask(world, topic, email, what=what, how=how, language=language, now=now - timedelta(minutes=1))
    wish = await following.confirm(world.service, link, now=now)
    assert wish.state == "confirmed"
    assert wish.manage is not None
    return wish.manage


def of(petition_id: int) -> Topic:
    """The topic of a petition."""
    return Topic("petition", str(petition_id))


EVERYTHING = FOLLOW_GROUPS
