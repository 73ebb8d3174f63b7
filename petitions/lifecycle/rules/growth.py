"""An estimate from the pace of the last days, and when there is no honest one.

A linear extrapolation of one week is meaningful only for a petition that is signed steadily. So there is no estimate
for a young petition, for a week with few signatures or one large peak, nor further ahead than the petition is old.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

DAYS_SEEN: Final = 7
FEWEST: Final = 20
"""The least number of signatures in the week; with fewer, chance dominates."""
FEWEST_DAYS: Final = 4
"""Days of the week on which somebody signed."""
LARGEST_PEAK: Final = 0.5
"""The largest share of the week's signatures on one day: a day in the news is not a steady pace."""
FURTHEST_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class GrowthEstimate:
    """The result of the present pace: the number that is reached in ``weeks``, or the count at the end."""

    gained: int  # in the last seven days
    reaches: int | None = None
    weeks: int | None = None
    at_the_end: int | None = None


def estimate(
    gained: Mapping[date, int], count: int, *, opened_on: date, today: date, closes_on: date | None, aim: int | None
) -> GrowthEstimate | None:
    """The estimate of an open petition on ``today``, in the time zone of its body; None where there is no honest one.

    ``gained`` are the signatures of each day. The seven days before today count, because today is not over.
    """
    week = [gained.get(today - timedelta(days=n), 0) for n in range(1, DAYS_SEEN + 1)]
    total = sum(week)
    # the opening day is left out: sponsors are counted on it, and it is not a whole day
    if (today - opened_on).days <= DAYS_SEEN or not _is_steady(week):
        return None
    ahead = min(FURTHEST_DAYS, (today - opened_on).days)
    left = (closes_on - today).days if closes_on else None
    if aim is not None and aim > count:
        needed = ceil((aim - count) * DAYS_SEEN / total)
        if needed <= ahead and (left is None or needed <= left):
            return GrowthEstimate(total, reaches=aim, weeks=max(1, round(needed / 7)))
    if left is not None and 0 < left <= ahead:
        return GrowthEstimate(total, at_the_end=rounded(count + total * left // DAYS_SEEN))
    return None


def _is_steady(week: list[int]) -> bool:
    total = sum(week)
    busy = sum(day > 0 for day in week)
    return total >= FEWEST and busy >= FEWEST_DAYS and max(week) <= LARGEST_PEAK * total


def rounded(number: int) -> int:
    """A number rounded to two significant digits: 12,345 is about 12,000."""
    unit: int = 10 ** max(0, len(str(number)) - 2)
    return int(number / unit + 0.5) * unit
