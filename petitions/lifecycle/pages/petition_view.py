"""The view of a petition from which its page, its counters, its dossier and the API are made."""

from dataclasses import dataclass

from petitions.lifecycle.reads.petition import PublicPetition
from petitions.lifecycle.reads.referral import ShownReferral
from petitions.lifecycle.rules.outlook import OutlookItem, PetitionFacts, next_number
from petitions.lifecycle.rules.states import Stage


@dataclass(frozen=True, slots=True)
class PetitionView:
    """A petition with its outlook and referrals, as its page, its counters and the API show it."""

    petition: PublicPetition
    count: int
    facts: PetitionFacts
    outlook: tuple[OutlookItem, ...]
    referrals: tuple[ShownReferral, ...]

    @property
    def next(self) -> OutlookItem | None:
        """The lowest threshold that is not reached yet."""
        return next_number(self.outlook)

    @property
    def aim(self) -> int | None:
        """The number at the end of the progress bar: the next threshold, or the last one that was reached."""
        if self.next is not None:
            return self.next.count
        return max((t.required for t in self.petition.thresholds if t.required is not None), default=None)

    @property
    def awaiting(self) -> ShownReferral | None:
        """The undecided referral to show: the one that is most overdue, or has waited longest."""
        waits = self.petition.stage in {Stage.OPEN, Stage.CLOSED}
        waiting = [one for one in self.referrals if one.is_open] if waits else []
        return max(waiting, key=lambda one: (one.clock.days_overdue, one.clock.days), default=None)

    @property
    def shows_waiting(self) -> bool:
        """Whether a counter shows the waiting time: once signing has ended, and earlier when a committee is overdue."""
        waits = self.awaiting
        return waits is not None and (self.petition.stage == Stage.CLOSED or waits.clock.days_overdue > 0)

    @property
    def referral(self) -> str | None:
        """The state of the most telling referral: a decided one rather than one being handled."""
        states = [shown.view.state for shown in self.referrals]
        ended = [shown.view.state for shown in self.referrals if not shown.is_open]
        return next(iter([*ended, *states]), None)
