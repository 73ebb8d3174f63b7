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
    """The base of the facts of every kind; by itself those of an event of which there is nothing more to know."""


@dataclass(frozen=True, slots=True)
class ReferralFacts(EventFacts):
    """What every event of a referral names: the referral, the threshold that brought it, and the committee."""

    referral: int
    threshold: str
    committee: str


@dataclass(frozen=True, slots=True)
class CorrectingFacts(EventFacts):
    """What an event tells that puts another one right: which one, why, and each fact before and after."""

    event: int
    reason: str
    changes: dict[str, FactChange]
    withheld: bool = False  # what it said before held personal data, and is not kept


@dataclass(frozen=True, slots=True)
class SubmittedFacts(EventFacts):
    """Handed in for the check, by its sponsors where there are some."""

    sponsors: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class CheckDueFacts(EventFacts):
    """By which day somebody decides, or had to."""

    due_on: date


@dataclass(frozen=True, slots=True)
class ReasonFacts(EventFacts):
    """Why somebody decided so."""

    reason: str


@dataclass(frozen=True, slots=True)
class GroundFacts(EventFacts):
    """On which ground of the procedure, and why."""

    ground: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReturnFacts(EventFacts):
    """Why a proposal does not go on, where somebody said so."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class UpheldFacts(EventFacts):
    """Why the initiator is right, and by which day the petition is checked anew."""

    reason: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class WithdrawnFacts(EventFacts):
    """Why the initiator takes the petition back, and in which stage it was."""

    reason: str
    from_: str


@dataclass(frozen=True, slots=True)
class ClosedFacts(EventFacts):
    """Why signing ended; nothing where the initiator ended it."""

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
    """The petition goes to a committee, which has until a day where the rules give one."""

    due_on: date | None


@dataclass(frozen=True, slots=True)
class StepFacts(ReferralFacts):
    """A step of the handling; of the optional facts those of its kind (see :mod:`petitions.lifecycle.rules.steps`)."""

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
    """The committee takes more time."""

    due_on: date
    was_due_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class AssignedFacts(EventFacts):
    """Which clerk takes care of a referral from now on (their number), or nobody."""

    referral: int
    committee: str
    to: int | None
