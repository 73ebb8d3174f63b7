"""How long support stays valid: since when it may have been given to count on a day."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from petitions.durations import Duration


def oldest_day(valid_for: Duration | None, day: date) -> date | None:
    """The earliest day of support that still counts on ``day``; None where support does not expire.

    Support that is exactly as old as the rules allow still counts.
    """
    if valid_for is None:
        return None
    first = day - timedelta(days=31 * valid_for.months + valid_for.days + 2 * valid_for.working_days + 7)
    while valid_for.after(first) < day:
        first += timedelta(days=1)
    return first


def valid_since(valid_for: Duration | None, day: date, zone: ZoneInfo) -> datetime | None:
    """The moment from which support still counts on ``day``, in the body's time zone."""
    first = oldest_day(valid_for, day)
    return None if first is None else datetime.combine(first, time(), zone)
