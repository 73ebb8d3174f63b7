"""From an event to those who follow it, in portions; and what is needed to write the mails to them.

Each portion is one commit, in which the event's row of the outbox remembers how far it came: who dies in between is
continued, nobody is skipped, and nobody is told twice, because the same commit notes who is told.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from petitions.database.connection import Connection
from petitions.database.queries import queries
from petitions.following.mails.compose import TO_FOLLOWERS, ToFollower, Told
from petitions.following.rules import Follow, Topic, What, due_at, may_be_told, stored_topic, topics_of
from petitions.lifecycle.mails.context import Office
from petitions.lifecycle.mails.outbox import audience
from petitions.lifecycle.rules.states import Stage

PORTION: Final = 2000
PAUSE: Final = timedelta(seconds=1)

log = logging.getLogger(__name__)


async def tell_followers(connection: Connection, office: Office, row: Any, event: Any, *, now: datetime) -> bool:
    """Make the next mails about an event to followers; False for a defect, which must not hold up other mail."""
    try:
        topics = await _topics(connection, office, row, event)
    except Exception as error:
        log.error(  # noqa: TRY400 - a trace could name what was typed
            "an event of kind %s could not be told to followers: %s",
            event["kind"] if event else "?",
            type(error).__name__,
        )
        return False
    happened = event["occurred_at"]
    await queries.event_tell_followers(
        connection,
        id=row["id"],
        petition_id=row["petition_id"],
        event_id=row["event_id"],
        topics=[str(topic) for topic in topics],
        whats=list(topics.values()),
        occurred_at=happened,
        after=row["token_id"],
        after_id=int.from_bytes(row["token_id"] or b""),
        daily_at=due_at("daily", happened, office.zone),
        weekly_at=due_at("weekly", happened, office.zone),
        most=PORTION,
        next_at=now + PAUSE,
        now=now,
    )
    return True


async def _topics(connection: Connection, office: Office, row: Any, event: Any) -> dict[Topic, What]:
    """Under which topics an event is told; none when it is not the public's (any more)."""
    kind, data = event["kind"], event["data"]
    if kind == "threshold_reached" and not audience(kind, data, office.procedure(row)).signatories:
        return {}  # the mail about the referral that it brings says so
    petition = await queries.event_topics(connection, petition_id=row["petition_id"])
    told = may_be_told(kind, Stage(petition["stage"]), is_public=petition["is_public"], hidden=petition["hidden"])
    if not told:
        return {}
    return topics_of(row["petition_id"], petition["subject"], petition["committees"], kind, data)


async def read_mails(connection: Connection, rows: list[Any]) -> dict[int, ToFollower]:
    """What the mails of these rows say about following, by the numbers of the rows; of other mails nothing."""
    ids = [row["id"] for row in rows if row["kind"] in TO_FOLLOWERS]
    if not ids:
        return {}
    facts = [row async for row in queries.follow_mail_facts(connection, ids=ids)]
    follows: dict[int, list[tuple[Follow, int, bytes]]] = {}
    followers = [row["follower_id"] for row in facts if row["follower_id"] is not None]
    async for row in queries.follow_mail_follows(connection, follower_ids=followers):
        follow = Follow(stored_topic(row["topic"]), frozenset(row["what"]), row["how"], row["confirmed_at"])
        follows.setdefault(row["follower_id"], []).append((follow, row["id"], row["key"]))
    told = await _told(connection, ids)
    return {
        row["id"]: ToFollower(row, tuple(follows.get(row["follower_id"], ())), tuple(told.get(row["id"], ())))
        for row in facts
    }


async def _told(connection: Connection, ids: list[int]) -> dict[int, list[Told]]:
    """The events in each mail, in the order in which they happened, with the topics under which they are told."""
    keys = [row async for row in queries.follow_mail_told(connection, ids=ids)]
    wanted = sorted({(row["petition_id"], row["event_id"]) for row in keys})
    if not wanted:
        return {}
    petitions, numbers = zip(*wanted, strict=True)
    found = queries.follow_mail_events(connection, petition_ids=list(petitions), event_ids=list(numbers))
    events = {(event["petition_id"], event["id"]): _checked(event) async for event in found}
    told: dict[int, list[Told]] = {}
    for row in keys:
        event = events.get((row["petition_id"], row["event_id"]))
        if event is not None:
            told.setdefault(row["id"], []).append(event)
    return told


def _checked(event: Any) -> Told | None:
    """As below; a defect in one event must not hold up the mail of others."""
    try:
        return _public(event)
    except Exception as error:
        log.error(  # noqa: TRY400 - a trace could name what was typed
            "an event of kind %s could not be told: %s", event["kind"], type(error).__name__
        )
        return None


def _public(event: Any) -> Told | None:
    """An event with its topics; None when it is not the public's any more."""
    kind, stage = event["kind"], Stage(event["stage"])
    if not may_be_told(kind, stage, is_public=event["is_public"], hidden=event["hidden"]):
        return None
    topics = topics_of(event["petition_id"], event["subject"], event["committees"], kind, event["data"])
    return Told(event, topics)
