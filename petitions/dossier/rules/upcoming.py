"""What happens now and what comes next, from the outlook: what to do, who acts, until when, and how sure that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from petitions.lifecycle.rules.outlook import OutlookItem, OutlookReferral
from petitions.lifecycle.rules.referral import waiting_days


@dataclass(frozen=True, slots=True)
class UpcomingStep:
    """One thing that is still to come. ``waits`` is for how many days it has been waited for, of what happens now."""

    item: OutlookItem
    waits: int | None = None


def upcoming_steps(
    items: Iterable[OutlookItem], referred: Sequence[OutlookReferral], day: date
) -> tuple[UpcomingStep, ...]:
    """Of an outlook what happens now, then what comes next, in order; empty when nothing does any more."""
    waiting = [item for item in items if item.state in {"now", "next"}]
    ordered = sorted(waiting, key=lambda item: item.state != "now")
    return tuple(UpcomingStep(item, _waits(item, referred, day)) for item in ordered)


def _waits(item: OutlookItem, referred: Sequence[OutlookReferral], day: date) -> int | None:
    """Since the last step that was done, or since it was referred."""
    if item.state != "now" or item.kind != "step" or item.threshold is None:
        return None
    own = next((one for one in referred if one.threshold_code == item.threshold.code), None)
    if own is None:
        return None
    return waiting_days(max((taken.happened_on for taken in own.taken), default=own.created_on), day)
