"""Durations and due days: calendar months, weeks, days and working days.

Working days are Monday to Friday. Official holidays differ per country and are not known to this service, so a deadline
in working days is never later than by the body's own calendar.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_PATTERN = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)(?P<unit>D|WD))?")
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as laws write it. ``working_days`` exclude Saturdays and Sundays."""

    months: int = 0
    days: int = 0
    working_days: int = 0

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read an ISO 8601 date duration (``P6M``, ``P1Y``, ``P6W``, ``P30D``) or ``P5WD`` for working days.

        Raises ValueError for anything else, and for an empty duration.
        """
        match = _PATTERN.fullmatch(text)
        if not match or not any(match.groups()):
            raise ValueError(f"not a duration: {text!r}")
        part = {name: int(value) for name, value in match.groupdict().items() if value and name != "unit"}
        days = part.get("days", 0)
        working = match["unit"] == "WD"
        return cls(
            months=part.get("years", 0) * 12 + part.get("months", 0),
            days=part.get("weeks", 0) * 7 + (0 if working else days),
            working_days=days if working else 0,
        )

    def after(self, day: date) -> date:
        """The day on which this duration, begun on ``day``, has passed."""
        result = add_months(day, self.months) + timedelta(days=self.days)
        return add_working_days(result, self.working_days)


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later; the last day of that month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_working_days(day: date, count: int) -> date:
    """The day on which ``count`` working days after ``day`` have passed."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            count -= 1
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    days = (end - start).days
    return sum((start + timedelta(days=n)).weekday() < SATURDAY for n in range(1, days + 1))


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after ``day`` in ``zone``, in UTC: the end of what is due or open until the end of that day."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The day in ``zone`` at ``moment`` (timezone-aware)."""
    return moment.astimezone(zone).date()
