"""A petition as it is shown: what its page, its counters, its dossier and the API are made from."""

from dataclasses import dataclass

from petitions.lifecycle.reads.petition import PublicPetition
from petitions.lifecycle.reads.referral import ShownReferral
from petitions.lifecycle.rules.outlook import OutlookItem, PetitionFacts, next_number
from petitions.lifecycle.rules.states import Stage


@dataclass(frozen=True, slots=True)
class PetitionView:
    """Everything of a petition that its page, its counters and the API are made from."""

    petition: PublicPetition
    count: int
    facts: PetitionFacts
    outlook: tuple[OutlookItem, ...]
    referrals: tuple[ShownReferral, ...]

    @property
    def next(self) -> OutlookItem | None:
        """The lowest number that is still to be reached."""
        return next_number(self.outlook)

    @property
    def aim(self) -> int | None:
        """The number that the bar runs to: the next one, or the last one that was reached."""
        if self.next is not None:
            return self.next.count
        return max((t.required for t in self.petition.thresholds if t.required is not None), default=None)

    @property
    def awaiting(self) -> ShownReferral | None:
        """The referral that somebody waits for: the one that is most overdue, or has waited longest."""
        waits = self.petition.stage in {Stage.OPEN, Stage.CLOSED}
        waiting = [one for one in self.referrals if one.is_open] if waits else []
        return max(waiting, key=lambda one: (one.clock.days_overdue, one.clock.days), default=None)

    @property
    def shows_waiting(self) -> bool:
        """Whether a counter says how long it waits: once signing has ended, and earlier when it is overdue."""
        waits = self.awaiting
        return waits is not None and (self.petition.stage == Stage.CLOSED or waits.clock.days_overdue > 0)

    @property
    def referral(self) -> str | None:
        """The state of the referral that says most: a decision before a handling."""
        states = [shown.view.state for shown in self.referrals]
        ended = [shown.view.state for shown in self.referrals if not shown.is_open]
        return next(iter([*ended, *states]), None)
