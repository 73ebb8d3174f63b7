"""Following without an account: the topics, the groups of news to choose from, and when mails are sent.

A follow is a topic (a petition, a committee, a subject, or all), the chosen groups of news, and a frequency. The
content of a mail is decided when it is written: it leaves out news that is no longer public or no longer wanted.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final, Literal, Protocol, cast, get_args
from zoneinfo import ZoneInfo

from petitions.lifecycle.rules.states import Stage
from petitions.lifecycle.rules.steps import OUTCOMES
from petitions.lifecycle.rules.subjects import SUBJECTS

FollowGroup = Literal["petitions", "milestones", "steps", "decisions", "news"]
Frequency = Literal["at_once", "daily", "weekly"]
TopicKind = Literal["petition", "committee", "subject", "all"]

FOLLOW_GROUPS: Final[tuple[FollowGroup, ...]] = get_args(FollowGroup)
FREQUENCIES: Final[tuple[Frequency, ...]] = get_args(Frequency)
UNCONFIRMED_KEPT: Final = timedelta(days=7)
"""An unconfirmed follow is deleted after this time."""
MOST_FOLLOWS: Final = 100
"""The most follows of one address; nobody reads about more than a hundred topics."""
DIGEST_AT: Final = time(7)
MONDAY: Final = 0
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")


class FollowedKind(Protocol):
    """The part of an event kind that matters to followers."""

    @property
    def name(self) -> str:
        """The name of the kind."""

    @property
    def group(self) -> FollowGroup | None:
        """The group of news to which it belongs; None: followers are not told."""

    @property
    def of_the_check(self) -> bool:
        """Whether it is about the check of one petition: only followers of that petition are told."""

    @property
    def while_rejected(self) -> bool:
        """Whether it is told only while the rejection stands."""


@dataclass(frozen=True, slots=True, order=True)
class Topic:
    """A topic to follow; ``target`` is the number of a petition, the slug of a committee, a subject, or empty."""

    kind: TopicKind
    target: str = ""

    def __str__(self) -> str:
        """As it is stored."""
        return f"{self.kind}:{self.target}" if self.target else self.kind

    @property
    def petition_id(self) -> int | None:
        """The petition that is followed."""
        return int(self.target) if self.kind == "petition" else None


ALL: Final = Topic("all")


def read_topic(text: str, committees: Collection[str]) -> Topic | None:
    """Parse a topic; None for one that cannot be followed. Does not check whether the petition exists."""
    kind, _, target = text.partition(":")
    if text == "all":
        return ALL
    if kind == "petition" and _NUMBER.fullmatch(target):
        return Topic("petition", target)
    if kind == "committee" and target in committees:
        return Topic("committee", target)
    return Topic("subject", target) if kind == "subject" and target in SUBJECTS else None


def stored_topic(text: str) -> Topic:
    """Parse a stored topic, also if this installation does not know its target any more."""
    kind, _, target = text.partition(":")
    return Topic(cast("TopicKind", kind), target)


def offered(topic: Topic) -> tuple[FollowGroup, ...]:
    """The groups of news that can be chosen for a topic: new petitions are none for the followers of one petition."""
    return tuple(what for what in FOLLOW_GROUPS if topic.kind != "petition" or what != "petitions")


def default_choice(topic: Topic) -> tuple[tuple[FollowGroup, ...], Frequency]:
    """The defaults of the form: all news of one petition, at once; of many petitions the main news, less often."""
    if topic.kind == "petition":
        return offered(topic), "at_once"
    return ("petitions", "decisions"), "daily" if topic.kind == "committee" else "weekly"


def group_of(kind: FollowedKind, data: Mapping[str, Any], topic: Topic) -> FollowGroup | None:
    """The group of news to which an event belongs for a follower of ``topic``; None if it is not told to them.

    A step that ends the handling is a decision.
    """
    name, place = kind.name, kind.group
    if place is None or (kind.of_the_check and topic.kind != "petition"):
        return None
    if name == "opened" and topic.kind in {"petition", "committee"}:
        return "milestones" if topic.kind == "petition" else None  # before a committee it comes when it is referred
    if name == "referred" and topic.kind == "committee" and data.get("committee") == topic.target:
        return "petitions"  # for this committee it is a new one
    if name == "step" and (data.get("kind") in OUTCOMES or data.get("admissible") is False):
        return "decisions"
    return place


def topics_of(
    petition_id: int, subject: str, committees: Iterable[str], kind: FollowedKind, data: Mapping[str, Any]
) -> dict[Topic, FollowGroup]:
    """The topics under which an event of a petition is told, the most specific first, each with its group of news."""
    topics = (
        Topic("petition", str(petition_id)),
        *(Topic("committee", slug) for slug in sorted(committees)),
        Topic("subject", subject),
        ALL,
    )
    found = {topic: group_of(kind, data, topic) for topic in topics}
    return {topic: what for topic, what in found.items() if what is not None}


@dataclass(frozen=True, slots=True)
class Follow:
    """One confirmed follow."""

    topic: Topic
    what: frozenset[str]
    how: Frequency
    since: datetime


def reason_to_tell(
    follows: Iterable[Follow], topics: Mapping[Topic, FollowGroup], occurred_at: datetime
) -> Follow | None:
    """The follow by which an event is told: that of the most specific topic; None if none matches (any more).

    Never for an event before the follow was confirmed.
    """
    wanting = {
        follow.topic: follow
        for follow in follows
        if topics.get(follow.topic) in follow.what and follow.since <= occurred_at
    }
    return next((wanting[topic] for topic in topics if topic in wanting), None)


def may_be_told(kind: FollowedKind, stage: Stage, *, is_public: bool, hidden: bool) -> bool:
    """Whether an event is still public: not for a hidden text, nor for a rejection that was undone.

    The event that a petition was taken down is still told, without its title.
    """
    if not is_public:
        return False
    if hidden or stage == Stage.REMOVED:
        return kind.name == "removed"
    return not kind.while_rejected or stage == Stage.REJECTED


def due_at(how: Frequency, moment: datetime, zone: ZoneInfo) -> datetime:
    """When news of ``moment`` is mailed: at once, or with the next digest at seven, by the clock of ``zone``.

    Days are counted in that time zone, so that it stays seven o'clock when summer time begins or ends.
    """
    if how == "at_once":
        return moment
    here = moment.astimezone(zone)
    day = here.date()
    if how == "weekly":
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    due = datetime.combine(day, DIGEST_AT, zone)
    if due.timestamp() <= moment.timestamp():
        due = datetime.combine(day + timedelta(days=7 if how == "weekly" else 1), DIGEST_AT, zone)
    return due
