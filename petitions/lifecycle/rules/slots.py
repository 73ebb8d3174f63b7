"""When a body normally holds a meeting: the next days and times of a slot, proposed to the clerk who plans it.

A slot is practice, not a rule: another day is not refused. Holidays and recess are not known to this service.
"""

from datetime import date, datetime, timedelta
from typing import Final, get_args
from zoneinfo import ZoneInfo

from petitions.lifecycle.rules.procedures import Slot, Weekday

_WEEKDAYS: Final[tuple[str, ...]] = get_args(Weekday)
DAYS_PROPOSED: Final = 4


def next_days(slot: Slot, today: date, count: int = DAYS_PROPOSED) -> tuple[date, ...]:
    """The next ``count`` days of the slot after ``today``."""
    ahead = (_WEEKDAYS.index(slot.weekday) - today.weekday() - 1) % 7 + 1
    return tuple(today + timedelta(days=ahead + 7 * week) for week in range(count))


def beginnings(slot: Slot, day: date, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments on ``day`` at which a meeting of the slot can begin, in the time zone ``zone``."""
    moment, close = datetime.combine(day, slot.opens), datetime.combine(day, slot.closes)
    found = []
    while moment + timedelta(minutes=slot.minutes) <= close:
        found.append(moment.replace(tzinfo=zone))
        moment += timedelta(minutes=slot.minutes)
    return tuple(found)
