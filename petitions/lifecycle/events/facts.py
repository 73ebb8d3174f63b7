"""The facts of the events of a petition's life, as :mod:`petitions.lifecycle.events.codec` stores them.

Facts and published texts only, never personal data of signatories.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from petitions.lifecycle.rules.procedures import StepKind
from petitions.lifecycle.rules.steps import MeetingState

FactChange = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class EventFacts:
    """The base of the facts of every kind; by itself, the facts of an event without any."""


@dataclass(frozen=True, slots=True)
class ReferralFacts(EventFacts):
    """The facts of every event of a referral: the referral, the threshold that caused it, and the committee."""

    referral: int
    threshold: str
    committee: str


@dataclass(frozen=True, slots=True)
class CorrectingFacts(EventFacts):
    """The facts of a correction of another event: which one, why, and each fact before and after."""

    event: int
    reason: str
    changes: dict[str, FactChange]
    withheld: bool = False  # the earlier value held personal data, and is not stored


@dataclass(frozen=True, slots=True)
class SubmittedFacts(EventFacts):
    """The submission for moderation, by the sponsors if there are any."""

    sponsors: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class CheckDueFacts(EventFacts):
    """The day by which somebody must decide, or had to."""

    due_on: date


@dataclass(frozen=True, slots=True)
class ReasonFacts(EventFacts):
    """The reason for a decision."""

    reason: str


@dataclass(frozen=True, slots=True)
class GroundFacts(EventFacts):
    """The ground in the procedure, and the reason."""

    ground: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnFacts(EventFacts):
    """The reason why a proposal was sent back, if one was given."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class UpheldFacts(EventFacts):
    """The reason for upholding the objection, and the day by which the petition is checked again."""

    reason: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class WithdrawnFacts(EventFacts):
    """The reason why the initiator withdrew the petition, and its stage at that time."""

    reason: str
    from_: str


@dataclass(frozen=True, slots=True)
class ClosedFacts(EventFacts):
    """The reason why signing ended; empty if the initiator ended it."""

    because: Literal["", "last_day", "too_few"] = ""


@dataclass(frozen=True, slots=True)
class UpdateFacts(EventFacts):
    """News of the initiator."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ThresholdReachedFacts(EventFacts):
    """A number of signatures that was reached."""

    threshold: str
    required: int


@dataclass(frozen=True, slots=True)
class ReferredFacts(ReferralFacts):
    """The referral to a committee, with its due day if the rules set one."""

    due_on: date | None


@dataclass(frozen=True, slots=True)
class StepFacts(ReferralFacts):
    """A step of the handling; its kind determines the optional facts (see :mod:`petitions.lifecycle.rules.steps`)."""

    step: str
    kind: StepKind
    date_: date
    text: str = ""
    link: str = ""
    to: str = ""
    respondent: str = ""
    document: str = ""
    rapporteur: str = ""
    meeting: MeetingState = ""
    meeting_at: datetime | None = None
    place: str = ""
    transcript: str = ""
    video: str = ""
    admissible: bool | None = None
    ground: str = ""
    reasons: str = ""
    outcome: str = ""
    next_body: str = ""
    follow_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class ExtendedFacts(ReferralFacts):
    """The committee extends its term."""

    due_on: date
    was_due_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class AssignedFacts(EventFacts):
    """The number of the clerk to whom a referral is assigned, or None for nobody."""

    referral: int
    committee: str
    to: int | None
