"""From an event to the mails to its followers, in batches; and reading the facts for these mails.

Each batch is one commit, in which the event's row of the outbox stores its progress. If a worker crashes, another one
continues; nobody is skipped or told twice, because the same commit records who is told.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from petitions.database.connection import Connection
from petitions.following.mails.compose import TO_FOLLOWERS, FollowerMail, PublicEvent
from petitions.following.queries import telling as queries
from petitions.following.rules import Follow, FollowGroup, Topic, due_at, may_be_told, stored_topic, topics_of
from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.mails.outbox import audience
from petitions.lifecycle.queries.events import OutboxEventsRow, OutboxFactsRow
from petitions.lifecycle.rules.states import Stage

PORTION: Final = 2000
PAUSE: Final = timedelta(seconds=1)

log = logging.getLogger(__name__)


async def tell_followers(
    connection: Connection, context: MailContext, row: OutboxFactsRow, event: OutboxEventsRow | None, *, now: datetime
) -> bool:
    """Queue the next mails about an event to followers; False on a defect, which must not hold up other mail."""
    if event is None:
        log.error("an event of kind ? could not be told to followers: it is gone")
        return False
    try:
        topics = await _topics(connection, context, row, event)
    except Exception as error:
        log.error(  # noqa: TRY400 - a traceback could contain typed text
            "an event of kind %s could not be told to followers: %s",
            event.kind,
            type(error).__name__,
        )
        return False
    happened = event.occurred_at
    await queries.event_tell_followers(
        connection,
        id=row.id,
        petition_id=event.petition_id,
        event_id=event.id,
        topics=[str(topic) for topic in topics],
        whats=list(topics.values()),
        occurred_at=happened,
        after=row.token_id,
        after_id=int.from_bytes(row.token_id or b""),
        daily_at=due_at("daily", happened, context.zone),
        weekly_at=due_at("weekly", happened, context.zone),
        most=PORTION,
        next_at=now + PAUSE,
        now=now,
    )
    return True


async def _topics(
    connection: Connection, context: MailContext, row: OutboxFactsRow, event: OutboxEventsRow
) -> dict[Topic, FollowGroup]:
    """The topics under which an event is told; none when it is not public (any more)."""
    kind = context.event_kinds.get(event.kind)
    if kind is None or not audience(context.event_kinds, event, context.procedure(row)).followers:
        return {}
    petition = await queries.event_topics(connection, petition_id=event.petition_id)
    if petition is None:
        return {}
    told = may_be_told(kind, Stage(petition.stage), is_public=petition.is_public, hidden=petition.hidden)
    if not told:
        return {}
    return topics_of(event.petition_id, petition.subject, petition.committees, kind, event.data)


async def read_mails(
    connection: Connection, context: MailContext, rows: list[OutboxFactsRow]
) -> dict[int, FollowerMail]:
    """The facts about following for the mails of these rows, by row number; other mails are left out."""
    ids = [row.id for row in rows if row.kind in TO_FOLLOWERS]
    if not ids:
        return {}
    facts = await queries.follow_mail_facts(connection, ids=ids)
    follows: dict[int, list[tuple[Follow, int, bytes]]] = {}
    followers = [row.follower_id for row in facts if row.follower_id is not None]
    for row in await queries.follow_mail_follows(connection, follower_ids=followers):
        follow = Follow(stored_topic(row.topic), frozenset(row.what), row.how, row.confirmed_at)
        follows.setdefault(row.follower_id, []).append((follow, row.id, row.key))
    told = await _told(connection, context.event_kinds, ids)
    return {
        row.id: FollowerMail(row, tuple(follows.get(row.follower_id or 0, ())), tuple(told.get(row.id, ())))
        for row in facts
    }


async def _told(connection: Connection, kinds: EventKinds, ids: list[int]) -> dict[int, list[PublicEvent]]:
    """The events in each mail, in the order in which they happened, with the topics under which they are told."""
    keys = await queries.follow_mail_told(connection, ids=ids)
    wanted = sorted({(row.petition_id, row.event_id) for row in keys})
    if not wanted:
        return {}
    petitions, numbers = zip(*wanted, strict=True)
    found = await queries.follow_mail_events(connection, petition_ids=list(petitions), event_ids=list(numbers))
    events = {(event.petition_id, event.id): _checked(kinds, event) for event in found}
    told: dict[int, list[PublicEvent]] = {}
    for row in keys:
        event = events.get((row.petition_id, row.event_id))
        if event is not None:
            told.setdefault(row.id, []).append(event)
    return told


def _checked(kinds: EventKinds, event: queries.FollowMailEventsRow) -> PublicEvent | None:
    """Like :func:`_public`, but a defect in one event does not hold up the mail about others."""
    try:
        return _public(kinds, event)
    except Exception as error:
        log.error(  # noqa: TRY400 - a traceback could contain typed text
            "an event of kind %s could not be told: %s", event.kind, type(error).__name__
        )
        return None


def _public(kinds: EventKinds, event: queries.FollowMailEventsRow) -> PublicEvent | None:
    """An event with its topics; None when it is not public any more."""
    kind, stage = kinds.get(event.kind), Stage(event.stage)
    if kind is None or not may_be_told(kind, stage, is_public=event.is_public, hidden=event.hidden):
        return None
    topics = topics_of(event.petition_id, event.subject, event.committees, kind, event.data)
    return PublicEvent(event, topics)
