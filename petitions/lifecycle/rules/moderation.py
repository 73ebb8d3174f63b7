"""Rules of the moderators' desk: the waiting time of a petition, its claim, its due day, and the desk's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Final, Literal
from zoneinfo import ZoneInfo

from petitions.durations import local_day, working_days_between

CLAIM_LASTS: Final = timedelta(hours=2)
"""After this a colleague may take over, so that a forgotten claim does not block a petition."""

Holder = Literal["me", "colleague", ""]

FIGURES_OVER: Final = timedelta(days=30)
"""The period that the figures of the desk cover."""


def claim_holds(claimed_at: datetime | None, now: datetime) -> bool:
    """Whether a claim made at ``claimed_at`` still keeps colleagues away."""
    return claimed_at is not None and claimed_at >= now - CLAIM_LASTS


def holder(claimed_by: int | None, claimed_at: datetime | None, staff_id: int, now: datetime) -> Holder:
    """Who works on a petition, as ``staff_id`` sees it; "" when nobody does (any more)."""
    if not claim_holds(claimed_at, now):
        return ""
    return "me" if claimed_by == staff_id else "colleague"


class Nearness(StrEnum):
    """How near the due day is, seen from today."""

    OVERDUE = "overdue"
    TODAY = "today"
    TOMORROW = "tomorrow"
    SOON = "soon"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Due:
    """The due day of a petition and how near it is; ``days`` are calendar days, to go or (overdue) gone by."""

    on: date
    nearness: Nearness
    days: int


def due(on: date, now: datetime, zone: ZoneInfo) -> Due:
    """How near the due day ``on`` is in the time zone of the body.

    ``soon`` is later than tomorrow with only a weekend in between: after Friday, Monday is the next working day.
    """
    today = local_day(now, zone)
    days = (on - today).days
    if days < 0:
        return Due(on, Nearness.OVERDUE, -days)
    if days == 0:
        return Due(on, Nearness.TODAY, 0)
    if days == 1:
        return Due(on, Nearness.TOMORROW, 1)
    return Due(on, Nearness.SOON if working_days_between(today, on) <= 1 else Nearness.LATER, days)


def days_waited(since: datetime, until: datetime, zone: ZoneInfo) -> int:
    """Working days from the day of submission to the day of ``until``; 0 on the day itself."""
    return working_days_between(local_day(since, zone), local_day(until, zone))


@dataclass(frozen=True, slots=True)
class ModerationDecision:
    """A decision of a moderator, with the submission that it answers."""

    submitted_at: datetime
    decided_at: datetime
    due_on: date
    timezone: str

    @property
    def in_time(self) -> bool:
        """Whether it was taken on the due day at the latest, in the body's time zone."""
        return local_day(self.decided_at, ZoneInfo(self.timezone)) <= self.due_on

    @property
    def waited(self) -> int:
        """The number of working days that the initiator waited."""
        return days_waited(self.submitted_at, self.decided_at, ZoneInfo(self.timezone))


@dataclass(frozen=True, slots=True)
class ModerationFigures:
    """How well the desk keeps its deadlines; None where nothing was decided. Waits are in working days."""

    decided: int
    share_in_time: float | None
    median_wait: float | None
    slow_wait: int | None  # nine of ten decisions took at most this long


NOTHING_DECIDED: Final = ModerationFigures(0, None, None, None)


def figures(decisions: Sequence[ModerationDecision]) -> ModerationFigures:
    """The share that was decided in time, and the median and the 90th percentile of the working days waited."""
    if not decisions:
        return NOTHING_DECIDED
    kept = sum(decision.in_time for decision in decisions)
    waits = sorted(decision.waited for decision in decisions)
    slow = waits[-(-9 * len(waits) // 10) - 1]  # by nearest rank: a wait that really occurred
    return ModerationFigures(len(waits), kept / len(waits), float(median(waits)), slow)
