"""When a threshold is reached, which one comes next, and when the body must have acted.

A threshold that was reached stays reached: the callers pass the codes of those, and they never come back here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from petitions.lifecycle.rules.procedures import IdentityLevel, Procedure, Threshold, Trigger

AVAILABLE_IDENTITY: Final[frozenset[IdentityLevel]] = frozenset({"email"})
"""The ways in which this service can know who signs."""

Obstacle = Literal["identity_not_available"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a petition is on its way to one threshold. Facts only; the words are made at the edge."""

    threshold: Threshold
    count: int
    required: int
    remaining: int  # signatures still needed, never negative
    percent: int  # rounded down, 0 to 100: it says 100 only when the number is there
    regions_missing: int | None = None  # None: no spread is asked, or the regions are not known


def is_reached(threshold: Threshold, *, moment: Trigger, count: int, regions: int | None = None) -> bool:
    """Whether this threshold is reached at ``moment`` by ``count`` confirmed signatures from ``regions`` regions.

    A number is looked at on every moment, so that signatures of sponsors count at the opening. A spread is only
    reached when the regions are known.
    """
    if threshold.count is None:
        return threshold.at == moment
    if threshold.spread is not None and (regions is None or regions < threshold.spread.regions):
        return False
    return count >= threshold.count


def reached(
    thresholds: Iterable[Threshold],
    *,
    moment: Trigger,
    count: int,
    regions: int | None = None,
    already: Collection[str] = (),
) -> tuple[Threshold, ...]:
    """The thresholds that are reached now and were not ``already`` (codes), in the order of the procedure."""
    return tuple(
        threshold
        for threshold in thresholds
        if threshold.code not in already and is_reached(threshold, moment=moment, count=count, regions=regions)
    )


def next_threshold(
    thresholds: Iterable[Threshold], count: int, *, regions: int | None = None, already: Collection[str] = ()
) -> Threshold | None:
    """The lowest number that is not reached yet; None when there is none (left)."""
    waiting = [
        (threshold.count, position, threshold)
        for position, threshold in enumerate(thresholds)
        if threshold.count is not None
        and threshold.code not in already
        and not is_reached(threshold, moment="count", count=count, regions=regions)
    ]
    return min(waiting, key=lambda entry: entry[:2])[2] if waiting else None


def progress(threshold: Threshold, count: int, *, regions: int | None = None) -> Progress | None:
    """How far ``count`` signatures are on the way to ``threshold``; None for one that is no number."""
    if threshold.count is None:
        return None
    missing = None
    if threshold.spread is not None and regions is not None:
        missing = max(0, threshold.spread.regions - regions)
    return Progress(
        threshold=threshold,
        count=count,
        required=threshold.count,
        remaining=max(0, threshold.count - count),
        percent=max(0, min(100, count * 100 // threshold.count)),
        regions_missing=missing,
    )


def due_on(threshold: Threshold, reached_on: date) -> date | None:
    """The last day of the body's deadline, ``reached_on`` being a day by its own clock; None where no rule sets one."""
    return None if threshold.within is None else threshold.within.after(reached_on)


def can_open(procedure: Procedure) -> Obstacle | None:
    """Why no petition can be opened here under this procedure; None when it can.

    A body that asks for an eID, an account or a mobile number asks for more than this service can check.
    """
    return None if procedure.identity in AVAILABLE_IDENTITY else "identity_not_available"
