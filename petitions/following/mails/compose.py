"""From a row of the outbox to a mail to a follower: only news that is still public and still wanted.

Instant news goes to thousands with the same words: it is composed once for each way of following, and then filled in.
"""

import logging
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from petitions.durations import local_day
from petitions.following.mails import letters as following
from petitions.following.mails.letters import frequency_words, group_words, topic_words
from petitions.following.queries.telling import FollowMailEventsRow, FollowMailFactsRow
from petitions.following.rules import UNCONFIRMED_KEPT, Follow, FollowGroup, Topic, reason_to_tell, stored_topic
from petitions.lifecycle.mails.context import MailContext, public_title
from petitions.lifecycle.queries.events import OutboxFactsRow
from petitions.mail.compose import OutgoingMail, seal
from petitions.mail.letters import DigestEntry, DigestGroup, Letter, Wording
from petitions.mail.precomposed import PLACEHOLDER_ADDRESS, PrecomposedMessage, new_placeholder
from petitions.security.tokens import Purpose

TO_FOLLOWERS: Final = frozenset({"follow_confirm", "follow_link", "follow_news", "follow_digest"})
MOST_ENTRIES: Final = 60
"""The most events in one mail; a weekly digest of all petitions need not have more."""
MOST_LINES: Final = 2
LONGEST_LINE: Final = 240
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MANAGE, _STOP = new_placeholder(), new_placeholder()

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """A public event, and the topics under which it is told."""

    event: FollowMailEventsRow
    topics: dict[Topic, FollowGroup]


@dataclass(frozen=True, slots=True)
class FollowerMail:
    """The recipient of a mail, their current follows (each with its number and key), and the events to tell."""

    row: FollowMailFactsRow
    follows: tuple[tuple[Follow, int, bytes], ...]
    told: tuple[PublicEvent, ...]


def write_to_follower(context: MailContext, row: OutboxFactsRow, to: FollowerMail | None) -> OutgoingMail | None:
    """The mail of a row; None when there is no recipient (any more), or nothing to tell."""
    if to is None or to.row.contact is None or to.row.data_key is None:
        return None
    salt, language = to.row.salt, to.row.language
    if salt is None or language is None:
        return None
    email = context.vault.decrypt(to.row.data_key, salt, salt, to.row.contact)["email"]
    if row.kind == "follow_news":
        return _news_mail(context, row, to, email, language)
    wording = context.wording(language, context.zone)
    letter = {"follow_confirm": _confirm, "follow_link": _link, "follow_digest": _digest}[row.kind](
        context, row, to, wording
    )
    if letter is None:
        return None
    moment = row.created_at
    return seal(
        context.compose(letter, to=email, language=wording.language, message_id=context.message_id(row), moment=moment)
    )


def _confirm(context: MailContext, row: OutboxFactsRow, to: FollowerMail, wording: Wording) -> Letter | None:
    wish = to.row
    if wish.topic is None or wish.what is None or wish.how is None or row.token_id is None:
        return None
    topic = stored_topic(wish.topic)
    return following.confirm(
        wording,
        following.FollowRequest(
            topic=topic_words(wording, topic, context.committees),
            what=group_words(wording, wish.what),
            how=frequency_words(wording, wish.how),
            token=context.tokens.make("follow", 0, row.token_id),
            days=UNCONFIRMED_KEPT.days,
            title=public_title(row) if topic.kind == "petition" else "",
            title_language=row.petition_language or "",
        ),
    )


def _manage(context: MailContext, to: FollowerMail) -> str:
    return _to_all(context, "following", to)


def _to_all(context: MailContext, purpose: Purpose, to: FollowerMail) -> str:
    """A token for all follows of somebody. Raises LookupError if they follow nothing any more."""
    if to.row.follower_id is None or to.row.follower_key is None:
        raise LookupError("this mail is to no follower")
    return context.tokens.make(purpose, to.row.follower_id, to.row.follower_key)


def _link(context: MailContext, _row: OutboxFactsRow, to: FollowerMail, wording: Wording) -> Letter | None:
    return following.link(wording, _manage(context, to))


def _wanted(to: FollowerMail) -> list[PublicEvent]:
    """The events that the reader still wants."""
    follows = [follow for follow, _, _ in to.follows]
    return [one for one in to.told if reason_to_tell(follows, one.topics, one.event.occurred_at)]


def _digest(context: MailContext, _row: OutboxFactsRow, to: FollowerMail, wording: Wording) -> Letter | None:
    wanted = _wanted(to)
    if not wanted:
        return None
    shown = wanted[:MOST_ENTRIES]
    by_petition: dict[int, list[FollowMailEventsRow]] = {}
    for one in shown:
        by_petition.setdefault(one.event.petition_id, []).append(one.event)
    groups = tuple(_group(context, wording, events) for events in by_petition.values())
    stop = _to_all(context, "undigest", to)
    left_out = len(wanted) - len(shown)
    return following.digest(wording, groups, left_out=left_out, manage_token=_manage(context, to), stop_token=stop)


def _group(context: MailContext, wording: Wording, events: list[FollowMailEventsRow]) -> DigestGroup:
    """The events of one petition. If it was taken down, it has no title any more, only a number."""
    first = events[0]
    title = public_title(first)
    return DigestGroup(
        title=title or wording.say("Petition %(number)s", number=first.petition_id),
        title_language=first.language if title else "",
        entries=tuple(_entry(context, wording, event) for event in events),
    )


def _entry(context: MailContext, wording: Wording, event: FollowMailEventsRow) -> DigestEntry:
    procedure = context.procedure(event)
    headline, lines = context.tell(wording, procedure, event, "followers")
    return DigestEntry(
        when=wording.formats.day(local_day(event.occurred_at, procedure.body.zone)),
        headline=headline,
        lines=tuple(_short(line) for line in lines if line)[:MOST_LINES],
        address=wording.url(f"/petitions/{event.petition_id}/events/{event.id}"),
    )


def _short(text: str) -> str:
    """One line of a text, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE].rsplit(" ", 1)[0] + " …"


def _news_mail(
    context: MailContext, row: OutboxFactsRow, to: FollowerMail, email: str, language: str
) -> OutgoingMail | None:
    """Instant news, because of the most specific follow that matches."""
    told = next(iter(to.told), None)
    if told is None:
        return None
    why = reason_to_tell([follow for follow, _, _ in to.follows], told.topics, told.event.occurred_at)
    if why is None:
        return None
    number, key = next((number, key) for follow, number, key in to.follows if follow == why)
    values = {"manage": _manage(context, to), "stop": context.tokens.make("unfollow", number, key)}
    event = told.event
    cache_key: Hashable = (row.kind, language, event.petition_id, event.id, public_title(event), why.topic)
    precomposed = context.precomposed.get(cache_key, lambda: _precompose(context, event, why.topic, language))
    message_id, moment = context.message_id(row), row.created_at
    mail = precomposed.fill(to=email, message_id=message_id, moment=moment, values=values) if precomposed else None
    if mail is not None:
        return mail
    letter = _news(context, event, why.topic, language, values["manage"], values["stop"])
    return seal(context.compose(letter, to=email, language=language, message_id=message_id, moment=moment))


def _news(
    context: MailContext, event: FollowMailEventsRow, topic: Topic, language: str, manage: str, stop: str
) -> Letter:
    """The letter about an event, with these links (or placeholders) in it."""
    procedure = context.procedure(event)
    wording = context.wording(language, procedure.body.zone)
    headline, lines = context.tell(wording, procedure, event, "followers")
    return following.news(
        wording,
        following.InstantNews(
            petition_id=event.petition_id,
            event_id=event.id,
            title=public_title(event),
            title_language=event.language,
            headline=headline,
            lines=tuple(line for line in lines if line),
            topic=topic,
            topic_words=topic_words(wording, topic, context.committees),
            manage_token=manage,
            stop_token=stop,
        ),
    )


def _precompose(
    context: MailContext, event: FollowMailEventsRow, topic: Topic, language: str
) -> PrecomposedMessage | None:
    """The letter about an event with placeholders. None when one was split: then every mail is composed in full."""
    letter = _news(context, event, topic, language, _MANAGE, _STOP)
    to, message_id = PLACEHOLDER_ADDRESS, f"<{PLACEHOLDER_ADDRESS}>"
    message = context.compose(letter, to=to, language=language, message_id=message_id, moment=_EPOCH)
    try:
        return PrecomposedMessage(message, tokens={"manage": _MANAGE, "stop": _STOP}, texts={})
    except ValueError as error:
        log.warning("a mail of kind follow_news cannot be composed in advance: %s", error)
        return None
