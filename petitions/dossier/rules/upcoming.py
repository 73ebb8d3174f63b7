"""The current and next steps from the outlook: what happens, who acts, until when, and how certain that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from petitions.lifecycle.rules.outlook import OutlookItem, OutlookReferral
from petitions.lifecycle.rules.referral import waiting_days


@dataclass(frozen=True, slots=True)
class UpcomingStep:
    """One current or upcoming step. ``waits``: for how many days the current one has been awaited."""

    item: OutlookItem
    waits: int | None = None


def upcoming_steps(
    items: Iterable[OutlookItem], referred: Sequence[OutlookReferral], day: date
) -> tuple[UpcomingStep, ...]:
    """The current steps of an outlook, then the next ones, in order; empty if none is left."""
    waiting = [item for item in items if item.state in {"now", "next"}]
    ordered = sorted(waiting, key=lambda item: item.state != "now")
    return tuple(UpcomingStep(item, _waits(item, referred, day)) for item in ordered)


def _waits(item: OutlookItem, referred: Sequence[OutlookReferral], day: date) -> int | None:
    """The days since the last step that was done, or since the referral."""
    if item.state != "now" or item.kind != "step" or item.threshold is None:
        return None
    own = next((one for one in referred if one.threshold_code == item.threshold.code), None)
    if own is None:
        return None
    return waiting_days(max((taken.happened_on for taken in own.taken), default=own.created_on), day)
