"""Following without an account: what can be followed, which news belongs to which choice, and when it is told.

A follow is a topic (a petition, a committee, a subject, or all), the kinds of news that are wanted, and how often. What
is told is decided when it is written: news that a reader may no longer see, or does not want any more, is not told.
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
"""A wish to follow that nobody confirms is forgotten after this."""
MOST_FOLLOWS: Final = 100
"""Of one address; a hundred topics are more than anybody reads about."""
DIGEST_AT: Final = time(7)
MONDAY: Final = 0
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")


class FollowedKind(Protocol):
    """What the table of event kinds says that matters to followers."""

    @property
    def name(self) -> str:
        """The name of the kind."""

    @property
    def group(self) -> FollowGroup | None:
        """To which choice it belongs; None: followers are not told."""

    @property
    def of_the_check(self) -> bool:
        """It concerns the check of one petition: told to those who follow that one, not to those who follow many."""

    @property
    def while_rejected(self) -> bool:
        """It is told only while the rejection stands."""


@dataclass(frozen=True, slots=True, order=True)
class Topic:
    """What is followed; ``target`` is the number of a petition, the slug of a committee, a subject, or nothing."""

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
    """The topic that ``text`` names; None for what cannot be followed. Whether a petition exists is not looked at."""
    kind, _, target = text.partition(":")
    if text == "all":
        return ALL
    if kind == "petition" and _NUMBER.fullmatch(target):
        return Topic("petition", target)
    if kind == "committee" and target in committees:
        return Topic("committee", target)
    return Topic("subject", target) if kind == "subject" and target in SUBJECTS else None


def stored_topic(text: str) -> Topic:
    """A topic as it was stored, also when this installation does not know its target any more."""
    kind, _, target = text.partition(":")
    return Topic(cast("TopicKind", kind), target)


def offered(topic: Topic) -> tuple[FollowGroup, ...]:
    """Which kinds of news can be chosen for a topic: who follows one petition hears of no new ones."""
    return tuple(what for what in FOLLOW_GROUPS if topic.kind != "petition" or what != "petitions")


def default_choice(topic: Topic) -> tuple[tuple[FollowGroup, ...], Frequency]:
    """What the form proposes: everything of one petition at once; of many petitions the main things, less often."""
    if topic.kind == "petition":
        return offered(topic), "at_once"
    return ("petitions", "decisions"), "daily" if topic.kind == "committee" else "weekly"


def group_of(kind: FollowedKind, data: Mapping[str, Any], topic: Topic) -> FollowGroup | None:
    """To which choice of a follower of ``topic`` an event belongs; None when it is not told to such a follower.

    A step that ends the matter is a decision.
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
    """The topics under which an event of a petition is told, the nearest first, each with the choice for it."""
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
    """By which follow an event is told: the one of the nearest topic; None when nobody asked for it (any more).

    Never for what happened before the follow was confirmed.
    """
    wanting = {
        follow.topic: follow
        for follow in follows
        if topics.get(follow.topic) in follow.what and follow.since <= occurred_at
    }
    return next((wanting[topic] for topic in topics if topic in wanting), None)


def may_be_told(kind: FollowedKind, stage: Stage, *, is_public: bool, hidden: bool) -> bool:
    """Whether an event is still the public's: not of a text that is hidden, nor of a rejection that was undone.

    That a petition was taken down is told all the same: without its title.
    """
    if not is_public:
        return False
    if hidden or stage == Stage.REMOVED:
        return kind.name == "removed"
    return not kind.while_rejected or stage == Stage.REJECTED


def due_at(how: Frequency, moment: datetime, zone: ZoneInfo) -> datetime:
    """When news of ``moment`` is told: at once, or with the next mail at seven, by the clock of ``zone``.

    The day is counted by that clock, so that it stays seven o'clock when the clock is changed.
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
