"""What the pace of the last days would lead to, and when there is no honest estimate.

A straight line through a week says something only of a petition that is signed steadily. So there is no estimate for
a young petition, for a week with few signatures or with one large peak, nor further ahead than was seen so far.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

DAYS_SEEN: Final = 7
FEWEST: Final = 20
"""Signatures in the week; of fewer, chance says more than pace."""
FEWEST_DAYS: Final = 4
"""Days of the week on which somebody signed."""
LARGEST_PEAK: Final = 0.5
"""Part of the week's signatures that one day may have: a day in the news is no pace."""
FURTHEST_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class Estimate:
    """What follows when the pace stays as it is: the number that is reached in ``weeks``, or the count at the end."""

    gained: int  # in the days that were looked at
    reaches: int | None = None
    weeks: int | None = None
    at_the_end: int | None = None


def estimate(
    gained: Mapping[date, int], count: int, *, opened_on: date, today: date, closes_on: date | None, aim: int | None
) -> Estimate | None:
    """The estimate of an open petition on ``today``, by the clock of its body; None where there is no honest one.

    ``gained`` are the signatures of each day; of the seven days before today, because today is not over.
    """
    week = [gained.get(today - timedelta(days=n), 0) for n in range(1, DAYS_SEEN + 1)]
    total = sum(week)
    # the day of the opening is left out: sponsors count on it, and it is no whole day
    if (today - opened_on).days <= DAYS_SEEN or not _is_steady(week):
        return None
    ahead = min(FURTHEST_DAYS, (today - opened_on).days)
    left = (closes_on - today).days if closes_on else None
    if aim is not None and aim > count:
        needed = ceil((aim - count) * DAYS_SEEN / total)
        if needed <= ahead and (left is None or needed <= left):
            return Estimate(total, reaches=aim, weeks=max(1, round(needed / 7)))
    if left is not None and 0 < left <= ahead:
        return Estimate(total, at_the_end=rounded(count + total * left // DAYS_SEEN))
    return None


def _is_steady(week: list[int]) -> bool:
    total = sum(week)
    busy = sum(day > 0 for day in week)
    return total >= FEWEST and busy >= FEWEST_DAYS and max(week) <= LARGEST_PEAK * total


def rounded(number: int) -> int:
    """A number with two digits that mean something: 12,345 is about 12,000."""
    unit: int = 10 ** max(0, len(str(number)) - 2)
    return int(number / unit + 0.5) * unit
