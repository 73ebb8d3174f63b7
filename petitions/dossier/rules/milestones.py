"""Milestones: round numbers of signatures, and half of a threshold. Computed from the daily counts, not stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, takewhile
from typing import Final

FIRST: Final = 1000


@dataclass(frozen=True, slots=True)
class Milestone:
    """A number that was reached on a day, by the clock of the body. ``half``: it is half of a threshold."""

    count: int
    on: date
    half_of: int | None = None


def milestones(days: Sequence[tuple[date, int]], required: Iterable[int]) -> tuple[Milestone, ...]:
    """The milestones that were reached, in that order. ``days``: each day with the total at its end, in order.

    A number that is itself a threshold is left out: reaching that is an event. One that was reached again after
    withdrawals keeps its first day.
    """
    required = sorted(set(required))
    most = max((total for _, total in days), default=0)
    halves = {number // 2: number for number in required if number % 2 == 0}
    numbers = sorted({*_round(most), *(half for half in halves if half <= most)} - set(required))
    return tuple(
        Milestone(number, next(day for day, total in days if total >= number), halves.get(number))
        for number in numbers
        if number > 0
    )


def _round(most: int) -> Iterable[int]:
    """1,000 and 5,000, 10,000 and 50,000, and so on."""
    return takewhile(lambda number: number <= most, (FIRST * 10 ** (n // 2) * (5 if n % 2 else 1) for n in count()))
