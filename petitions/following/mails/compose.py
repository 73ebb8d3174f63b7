"""From a row of the outbox to a mail to a follower: only what may still be told, and what they still want to hear.

News at once goes to thousands with the same words: it is composed once for each way of following, and cast.
"""

import logging
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from petitions.durations import local_day
from petitions.following.mails import letters as following
from petitions.following.mails.letters import how_words, topic_words, what_words
from petitions.following.rules import UNCONFIRMED_KEPT, Follow, Topic, What, reason_to_tell, stored_topic
from petitions.lifecycle.mails.context import Office, public_title
from petitions.lifecycle.mails.news import Teller
from petitions.mail.compose import Mail, seal
from petitions.mail.letters import Desk, Entry, Group, Letter
from petitions.mail.mould import PLACE, Mould, new_mark

TO_FOLLOWERS: Final = frozenset({"follow_confirm", "follow_link", "follow_news", "follow_digest"})
MOST_ENTRIES: Final = 60
"""Events in one mail; who follows all petitions and looks once a week need not read more."""
MOST_LINES: Final = 2
LONGEST_LINE: Final = 240
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MANAGE, _STOP = new_mark(), new_mark()

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """An event that the public may see, and the topics under which it is told."""

    event: Any
    topics: dict[Topic, What]


@dataclass(frozen=True, slots=True)
class ToFollower:
    """Who a mail is to, what that reader follows now (each with its number and key), and which events it tells."""

    row: Any
    follows: tuple[tuple[Follow, int, bytes], ...]
    told: tuple[Told, ...]


def write_to_follower(office: Office, row: Any, to: ToFollower | None) -> Mail | None:
    """The mail of a row; None when there is nobody (any more) to send it to, or nothing that may be told."""
    if to is None or to.row["contact"] is None or to.row["data_key"] is None:
        return None
    salt = to.row["salt"]
    email = office.vault.decrypt(to.row["data_key"], salt, salt, to.row["contact"])["email"]
    if row["kind"] == "follow_news":
        return _news_mail(office, row, to, email)
    desk = office.desk(to.row["language"], office.zone)
    letter = {"follow_confirm": _confirm, "follow_link": _link, "follow_digest": _digest}[row["kind"]](
        office, row, to, desk
    )
    if letter is None:
        return None
    moment = row["created_at"]
    return seal(
        office.compose(letter, to=email, language=desk.language, message_id=office.message_id(row), moment=moment)
    )


def _confirm(office: Office, row: Any, to: ToFollower, desk: Desk) -> Letter | None:
    wish = to.row
    topic = stored_topic(wish["topic"])
    return following.confirm(
        desk,
        following.Wished(
            topic=topic_words(desk, topic, office.committees),
            what=what_words(desk, wish["what"]),
            how=how_words(desk, wish["how"]),
            token=office.tokens.make("follow", 0, row["token_id"]),
            days=UNCONFIRMED_KEPT.days,
            title=public_title(row) if topic.kind == "petition" else "",
            title_language=row["petition_language"] or "",
        ),
    )


def _manage(office: Office, to: ToFollower) -> str:
    return office.tokens.make("following", to.row["follower_id"], to.row["follower_key"])


def _link(office: Office, _row: Any, to: ToFollower, desk: Desk) -> Letter | None:
    return following.link(desk, _manage(office, to))


def _wanted(to: ToFollower) -> list[Told]:
    """The events that the reader still wants to hear of."""
    follows = [follow for follow, _, _ in to.follows]
    return [one for one in to.told if reason_to_tell(follows, one.topics, one.event["occurred_at"])]


def _digest(office: Office, _row: Any, to: ToFollower, desk: Desk) -> Letter | None:
    wanted = _wanted(to)
    if not wanted:
        return None
    shown = wanted[:MOST_ENTRIES]
    by_petition: dict[int, list[Any]] = {}
    for one in shown:
        by_petition.setdefault(one.event["petition_id"], []).append(one.event)
    groups = tuple(_group(office, desk, events) for events in by_petition.values())
    stop = office.tokens.make("undigest", to.row["follower_id"], to.row["follower_key"])
    left_out = len(wanted) - len(shown)
    return following.digest(desk, groups, left_out=left_out, manage_token=_manage(office, to), stop_token=stop)


def _group(office: Office, desk: Desk, events: list[Any]) -> Group:
    """The events of one petition. One that was taken down has no title any more, only a number."""
    first = events[0]
    title = public_title(first)
    return Group(
        title=title or desk.say("Petition %(number)s", number=first["petition_id"]),
        title_language=first["language"] if title else "",
        entries=tuple(_entry(office, desk, event) for event in events),
    )


def _entry(office: Office, desk: Desk, event: Any) -> Entry:
    procedure = office.procedure(event)
    headline, lines = Teller(desk, procedure, office.committees).tell(event["kind"], event["data"], to_initiator=False)
    return Entry(
        when=desk.formats.day(local_day(event["occurred_at"], procedure.body.zone)),
        headline=headline,
        lines=tuple(_short(line) for line in lines if line)[:MOST_LINES],
        address=desk.url(f"/petitions/{event['petition_id']}/events/{event['id']}"),
    )


def _short(text: str) -> str:
    """One line of a text, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE].rsplit(" ", 1)[0] + " …"


def _news_mail(office: Office, row: Any, to: ToFollower, email: str) -> Mail | None:
    """News at once, because of the nearest follow that asks for it."""
    told = next(iter(to.told), None)
    if told is None:
        return None
    why = reason_to_tell([follow for follow, _, _ in to.follows], told.topics, told.event["occurred_at"])
    if why is None:
        return None
    number, key = next((number, key) for follow, number, key in to.follows if follow == why)
    values = {"manage": _manage(office, to), "stop": office.tokens.make("unfollow", number, key)}
    language, event = to.row["language"], told.event
    key_of_mould: Hashable = (row["kind"], language, event["petition_id"], event["id"], public_title(event), why.topic)
    mould = office.moulds.get(key_of_mould, lambda: _mould(office, event, why.topic, language))
    message_id, moment = office.message_id(row), row["created_at"]
    mail = mould.fill(to=email, message_id=message_id, moment=moment, values=values) if mould else None
    if mail is not None:
        return mail
    letter = _news(office, event, why.topic, language, values["manage"], values["stop"])
    return seal(office.compose(letter, to=email, language=language, message_id=message_id, moment=moment))


def _news(office: Office, event: Any, topic: Topic, language: str, manage: str, stop: str) -> Letter:
    """The letter about an event, with these links (or marks) in it."""
    procedure = office.procedure(event)
    desk = office.desk(language, procedure.body.zone)
    headline, lines = Teller(desk, procedure, office.committees).tell(event["kind"], event["data"], to_initiator=False)
    return following.news(
        desk,
        following.Happened(
            petition_id=event["petition_id"],
            event_id=event["id"],
            title=public_title(event),
            title_language=event["language"],
            headline=headline,
            lines=tuple(line for line in lines if line),
            topic=topic,
            topic_words=topic_words(desk, topic, office.committees),
            manage_token=manage,
            stop_token=stop,
        ),
    )


def _mould(office: Office, event: Any, topic: Topic, language: str) -> Mould | None:
    """The mould of a letter about an event. None when it cannot be taken: then every mail is composed in full."""
    letter = _news(office, event, topic, language, _MANAGE, _STOP)
    message = office.compose(letter, to=PLACE, language=language, message_id=f"<{PLACE}>", moment=_EPOCH)
    try:
        return Mould(message, tokens={"manage": _MANAGE, "stop": _STOP}, texts={})
    except ValueError as error:
        log.warning("no mould of a mail of kind follow_news: %s", error)
        return None
