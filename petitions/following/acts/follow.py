"""Following: request, confirm by mail, see, change and stop, all without an account.

Only the owner of an address can make it follow something, by the link in a mail to it. Responses are the same
for every address. An address that follows nothing any more is erased at once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from petitions.errors import NotFoundError
from petitions.following.acts.upkeep import forget_idle
from petitions.following.queries import following as queries
from petitions.following.rules import MOST_FOLLOWS, UNCONFIRMED_KEPT, Frequency, Topic, stored_topic
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.signing import canonical_email
from petitions.security.tokens import Link, new_key

_LABEL = b"follower"

FollowState = Literal["waiting", "confirmed", "already", "stopped", "expired", "full", "unknown"]


@dataclass(frozen=True, slots=True)
class FollowChoice:
    """The chosen groups of news about a topic, and the frequency."""

    topic: Topic
    what: tuple[str, ...]
    how: Frequency


async def ask(service: Service, choice: FollowChoice, email: str, language: str, *, now: datetime) -> None:
    """Store an unconfirmed follow and mail a link to confirm it, whether or not the address is known.

    No mail is sent if five were requested for an address within the hour. The caller checks that a petition is public.
    """
    key = new_key()
    data_key = service.vault.new_data_key(key)
    async with service.database.connection() as connection:
        await queries.follow_ask(
            connection,
            key=key,
            address_index=_index(service, email),
            data_key=data_key,
            contact=service.vault.encrypt(data_key, key, key, {"email": email}),
            language=language,
            topic=str(choice.topic),
            what=list(choice.what),
            how=choice.how,
            petition_id=choice.topic.petition_id,
            now=now,
        )


async def ask_link(service: Service, email: str, *, now: datetime) -> None:
    """Mail the link to all follows of an address, if it has any; the caller cannot see the difference."""
    async with service.database.connection() as connection:
        await queries.follow_link_ask(connection, address_index=_index(service, email), now=now)


def _index(service: Service, email: str) -> bytes:
    return service.vault.index(_LABEL, canonical_email(email))


@dataclass(frozen=True, slots=True)
class FollowResult:
    """The state of a requested follow; ``manage`` opens the page of all follows if there is one."""

    state: FollowState
    choice: FollowChoice | None = None
    manage: Link | None = None


async def look_up(service: Service, link: Link, *, now: datetime) -> FollowResult:
    """Read the state of a requested follow without changing it. ``waiting``: it can be confirmed now."""
    async with service.database.connection() as connection:
        row = await queries.follow_request_find(connection, key=link.key)
    if row is None:
        return FollowResult("unknown")
    choice = _choice(row)
    if row.confirmed_at is not None:
        manage = (
            None if row.follower_id is None or row.follower_key is None else Link(row.follower_id, row.follower_key)
        )
        return FollowResult("already" if manage else "stopped", choice, manage)
    if now - row.asked_at >= UNCONFIRMED_KEPT:
        return FollowResult("expired", choice)
    return FollowResult("waiting", choice)


async def confirm(service: Service, link: Link, *, now: datetime) -> FollowResult:
    """Confirm a follow; repeating it changes nothing."""
    async with service.database.connection() as connection:
        row = await queries.follow_confirm(
            connection,
            key=link.key,
            asked_after=now - UNCONFIRMED_KEPT,
            follower_key=new_key(),
            follow_key=new_key(),
            most=MOST_FOLLOWS,
            now=now,
        )
    if row is not None:
        return FollowResult("confirmed", _choice(row), Link(row.follower_id, row.follower_key))
    found = await look_up(service, link, now=now)
    return FollowResult("full", found.choice) if found.state == "waiting" else found


def _choice(row: queries.FollowRequestFindRow | queries.FollowConfirmRow | queries.FollowsFindRow) -> FollowChoice:
    return FollowChoice(stored_topic(row.topic), tuple(row.what), row.how)


@dataclass(frozen=True, slots=True)
class FollowedTopic:
    """One followed topic. ``title`` is that of a petition; None if its text is hidden."""

    id: int
    choice: FollowChoice
    since: datetime
    title: str | None
    title_language: str | None


@dataclass(frozen=True, slots=True)
class MyFollows:
    """All follows of one address, for its owner."""

    email: str
    language: str
    follows: tuple[FollowedTopic, ...]

    def one(self, follow_id: int) -> FollowedTopic:
        """The follow with this number. Raises NotFoundError when it is not (any more) among them."""
        found = next((follow for follow in self.follows if follow.id == follow_id), None)
        if found is None:
            raise NotFoundError("follow")
        return found


async def read_follows(service: Service, link: Link) -> MyFollows:
    """The follows of the holder of this link. Raises NotFoundError when the address was erased."""
    async with service.database.connection() as connection:
        row = await queries.follower_find(connection, follower_id=link.petition_id, key=link.key)
        if row is None:
            raise NotFoundError("follower")
        follows = tuple(
            [
                FollowedTopic(found.id, _choice(found), found.confirmed_at, found.title, found.title_language)
                for found in await queries.follows_find(connection, follower_id=row.id)
            ]
        )
    facts = service.vault.decrypt(row.data_key, row.salt, row.salt, row.contact)
    return MyFollows(facts["email"], row.language, follows)


async def change(service: Service, link: Link, follow_id: int, what: Collection[str], how: Frequency) -> None:
    """Change the choices of one follow. Raises NotFoundError when it was stopped."""
    async with service.database.connection() as connection:
        changed = await queries.follow_change(
            connection, follow_id=follow_id, follower_id=link.petition_id, key=link.key, what=list(what), how=how
        )
    if changed is None:
        raise NotFoundError("follow")


async def choose_language(service: Service, link: Link, language: str) -> None:
    """Set the language of future mails."""
    async with service.database.connection() as connection:
        await queries.follower_speak(connection, follower_id=link.petition_id, key=link.key, language=language)


async def stop(
    service: Service, link: Link, *, follow_id: int | None = None, hows: Collection[Frequency] | None = None
) -> None:
    """Stop one follow, those with certain frequencies, or all; with the last one the address is erased.

    Repeating it changes nothing.
    """
    async with service.database.transaction() as connection:
        if await queries.follower_lock(connection, follower_id=link.petition_id, key=link.key) is None:
            return
        await queries.follows_stop(
            connection,
            follower_id=link.petition_id,
            follow_id=follow_id,
            hows=list(hows) if hows is not None else None,
        )
        await forget_idle(connection, [link.petition_id])


@dataclass(frozen=True, slots=True)
class StoppableFollow:
    """The follow that a link can stop."""

    id: int
    topic: Topic
    manage: Link


async def find_follow(service: Service, link: Link) -> StoppableFollow | None:
    """The follow that a link can stop; None when it was stopped already."""
    async with service.database.connection() as connection:
        row = await queries.follow_find(connection, follow_id=link.petition_id, key=link.key)
    if row is None:
        return None
    return StoppableFollow(row.id, stored_topic(row.topic), Link(row.follower_id, row.follower_key))
