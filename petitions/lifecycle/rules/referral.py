"""How a committee handles a referral: its states as one table, the order of its steps, and when each is due.

The steps and their order are the procedure's; the states are the same for every body. A step is possible when every
required step before it is done; optional ones may be skipped. Nothing follows a refusal or a concluded referral, and
after a decision only its follow-up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, Literal, NamedTuple

from petitions.errors import ConflictError
from petitions.lifecycle.rules.procedures import LocalizedText, Procedure, Step, StepKind, Threshold
from petitions.lifecycle.rules.steps import MeetingState


class ReferralState(StrEnum):
    """The state of a referral."""

    WAITING = "waiting"
    RECEIVED = "received"
    EXAMINED = "examined"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    DECIDED = "decided"
    CONCLUDED = "concluded"


OPEN: Final = (ReferralState.WAITING, ReferralState.RECEIVED, ReferralState.EXAMINED, ReferralState.ADMISSIBLE)
"""The states of a referral that waits for its decision, in the order in which they can be reached."""


class ReferralTransition(NamedTuple):
    """One row of the table. ``act`` is the kind of a step; admissibility is ``admit`` or ``refuse``."""

    source: ReferralState
    act: str
    target: ReferralState


_WORK: Final = ("appoint_rapporteur", "ask_response", "publish_response", "hearing", "hand_over", "report", "debate")
_BRINGS_TO: Final = {  # at least: a later state is never left for an earlier one
    "receive": ReferralState.RECEIVED,
    "check_conditions": ReferralState.EXAMINED,
    "admit": ReferralState.ADMISSIBLE,
} | dict.fromkeys(_WORK, ReferralState.RECEIVED)
TRANSITIONS: Final[tuple[ReferralTransition, ...]] = (
    *(
        ReferralTransition(source, act, max(source, least, key=OPEN.index))
        for act, least in _BRINGS_TO.items()
        for source in OPEN
    ),
    *(ReferralTransition(source, "refuse", ReferralState.INADMISSIBLE) for source in OPEN),
    *(ReferralTransition(source, "decide", ReferralState.DECIDED) for source in OPEN),
    ReferralTransition(ReferralState.DECIDED, "follow_up", ReferralState.CONCLUDED),
)
_TABLE: Final = {(row.source, row.act): row.target for row in TRANSITIONS}

WHAT_CAME_OF_IT: Final = Step(
    code="what_came_of_it",
    kind="follow_up",
    name=LocalizedText(nl="Wat er daarna mee gebeurde", en="What came of it"),
    who=LocalizedText(nl="De commissie", en="The committee"),
    strength="may",
    required=False,
)
"""The step for a follow-up that an outcome promises where the procedure names none."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One step that a committee took."""

    step_code: str
    kind: StepKind
    happened_on: date
    meeting: MeetingState = ""
    admissible: bool | None = None
    follow_up_on: date | None = None

    @property
    def act(self) -> str:
        """The act of the transition table for this step."""
        if self.kind == "admissibility":
            return "refuse" if self.admissible is False else "admit"
        return self.kind

    @property
    def completes(self) -> bool:
        """Whether this completes the step; a meeting that is planned or cancelled still has to be held."""
        return self.meeting in {"", "held"}


def taken_from(step_code: str, kind: StepKind, happened_on: date, told: Mapping[str, Any]) -> Taken:
    """A step as it was stored, with the published facts that the rules use."""
    follow_up_on = told.get("follow_up_on")
    return Taken(
        step_code=step_code,
        kind=kind,
        happened_on=happened_on,
        meeting=told.get("meeting", ""),
        admissible=told.get("admissible"),
        follow_up_on=date.fromisoformat(follow_up_on) if follow_up_on else None,
    )


def after(state: ReferralState, taken: Taken) -> ReferralState:
    """The state after a step. Raises ConflictError with the reason where the step is not possible in ``state``."""
    target = _TABLE.get((state, taken.act))
    if target is None:
        raise ConflictError(
            "decided" if state == ReferralState.DECIDED else "not_decided" if state in OPEN else "handling_ended"
        )
    return target


def state_of(taken: Sequence[Taken]) -> ReferralState:
    """The state of a referral after these steps, in order."""
    state = ReferralState.WAITING
    for one in taken:
        state = after(state, one)
    return state


Reason = Literal["handling_ended", "decided", "not_decided", "step_done", "step_too_early", "step_passed"]


class StepRefusedError(ConflictError):
    """A step that is out of order; ``waits_for`` is the required step that comes first, where that is the reason."""

    def __init__(self, reason: Reason, step: Step, waits_for: Step | None = None) -> None:
        super().__init__(reason)
        self.step = step
        self.waits_for = waits_for


def steps_of(procedure: Procedure, threshold_code: str, taken: Sequence[Taken] = ()) -> tuple[Step, ...]:
    """The steps of this referral in order, with one for the follow-up that its outcome promised."""
    steps = procedure.steps_for(threshold_code)
    promised = any(one.follow_up_on for one in taken)
    if promised and not any(step.kind == "follow_up" for step in steps):
        return (*steps, WHAT_CAME_OF_IT)
    return steps


def is_done(step: Step, taken: Sequence[Taken]) -> bool:
    """Whether this step was taken."""
    return any(one.step_code == step.code and one.completes for one in taken)


def is_planned(step: Step, taken: Sequence[Taken]) -> bool:
    """Whether this step is a meeting with a date that is still to be held."""
    own = [one for one in taken if one.step_code == step.code]
    return bool(own) and own[-1].meeting == "planned"


def obstacle(procedure: Procedure, threshold_code: str, taken: Sequence[Taken], step: Step) -> StepRefusedError | None:
    """Why ``step`` is not possible now; None when it is."""
    state = state_of(taken)
    if state in {ReferralState.INADMISSIBLE, ReferralState.CONCLUDED}:
        return StepRefusedError("handling_ended", step)
    if is_done(step, taken):
        return StepRefusedError("step_done", step)
    if (step.kind == "follow_up") != (state == ReferralState.DECIDED):
        return StepRefusedError("decided" if state == ReferralState.DECIDED else "not_decided", step)
    steps = steps_of(procedure, threshold_code, taken)
    place = steps.index(step)
    first = next((one for one in steps[:place] if one.required and not is_done(one, taken)), None)
    if first is not None:
        return StepRefusedError("step_too_early", step, first)
    passed = any(one.required and is_done(one, taken) for one in steps[place + 1 :])
    if passed and not is_planned(step, taken):
        return StepRefusedError("step_passed", step)
    return None


def next_steps(procedure: Procedure, threshold_code: str, taken: Sequence[Taken]) -> tuple[Step, ...]:
    """The steps that are possible now, in the order of the procedure."""
    steps = steps_of(procedure, threshold_code, taken)
    return tuple(step for step in steps if obstacle(procedure, threshold_code, taken, step) is None)


def next_required(procedure: Procedure, threshold_code: str, taken: Sequence[Taken]) -> Step | None:
    """The required step that is next; None when the handling has ended or only optional steps are left."""
    return next((step for step in next_steps(procedure, threshold_code, taken) if step.required), None)


def last_required_on(procedure: Procedure, threshold_code: str, taken: Sequence[Taken], created_on: date) -> date:
    """The day of the last required step that was done, from which deadlines run; else the day of the referral."""
    required = {step.code for step in steps_of(procedure, threshold_code, taken) if step.required}
    days = [one.happened_on for one in taken if one.completes and one.step_code in required]
    return max(days, default=created_on)


_MEETS: Final[dict[str, frozenset[StepKind]]] = {
    "refer": frozenset({"admissibility", "report", "decide"}),
    "respond": frozenset({"publish_response", "decide"}),
    "debate": frozenset({"debate", "hearing", "decide"}),
    "publish": frozenset(),
}
"""The kinds of step that fulfil a threshold with this effect: until then its deadline runs."""


def due_after(procedure: Procedure, threshold: Threshold, taken: Sequence[Taken], present: date | None) -> date | None:
    """The due day of the body's next step, after the last step of ``taken``; ``present`` is the due day so far.

    A required step sets the deadline of the next one. The deadline of the threshold itself runs until its effect is
    reached (Estonia: thirty days until the decision to take it up, whatever is done in between).
    """
    last = taken[-1]
    step = next((one for one in steps_of(procedure, threshold.code, taken) if one.code == last.step_code), None)
    if state_of(taken) not in OPEN:
        return None
    if step is None or not last.completes:
        return present
    following = next_required(procedure, threshold.code, taken)
    if step.required and following is not None and following.within is not None:
        return following.within.after(last.happened_on)
    answered = last.kind in _MEETS[threshold.effect] and threshold.within is not None
    return None if answered or (step.required and step.within is not None) else present


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a referral has waited, or took: facts for "waiting for an answer for 41 days" and "14 days overdue"."""

    days: int
    due_on: date | None = None
    days_left: int | None = None  # to the due day; None: no deadline, or it has passed
    days_overdue: int = 0
    ended_on: date | None = None


def clock(state: ReferralState, created_on: date, due_on: date | None, ended_on: date | None, day: date) -> Clock:
    """The waiting time as the public sees it on ``day``; all days in the body's time zone. The due day is in time."""
    if state not in OPEN:
        return Clock(waiting_days(created_on, ended_on or day), ended_on=ended_on)
    overdue = overdue_days(due_on, day)
    left = (due_on - day).days if due_on is not None and not overdue else None
    return Clock(waiting_days(created_on, day), due_on, left, overdue)


def waiting_days(since: date, day: date) -> int:
    """The number of days since ``since``."""
    return max(0, (day - since).days)


def overdue_days(due_on: date | None, day: date) -> int:
    """The number of days after the due day; 0 when in time or without a deadline."""
    return 0 if due_on is None else max(0, (day - due_on).days)


@dataclass(frozen=True, slots=True)
class Planned:
    """One step of the handling as readers see it."""

    step: Step
    state: Literal["done", "now", "next", "missed"]
    possible: bool = False  # can be recorded now
    planned: bool = False  # a meeting with a date
    due_on: date | None = None


def plan(
    procedure: Procedure, threshold_code: str, taken: Sequence[Taken], *, created_on: date, due_on: date | None
) -> tuple[Planned, ...]:
    """Every step of the handling: done, now, next, or missed; with the day on which it is due.

    "Now" is the meeting that has a date, else the next required step.
    """
    since = last_required_on(procedure, threshold_code, taken, created_on)
    awaited = next_required(procedure, threshold_code, taken)
    meeting = next((one for one in next_steps(procedure, threshold_code, taken) if is_planned(one, taken)), None)
    follow_up_on = next((one.follow_up_on for one in taken if one.follow_up_on), None)
    made = []
    for step in steps_of(procedure, threshold_code, taken):
        item = Planned(step, "done")
        if not is_done(step, taken):
            refused = obstacle(procedure, threshold_code, taken, step)
            item = replace(item, state=_label(step, meeting or awaited, refused), planned=is_planned(step, taken))
            if refused is None:
                within = step.within.after(since) if step.within else None
                due = due_on if step == awaited else follow_up_on if step.kind == "follow_up" else within
                item = replace(item, possible=True, due_on=due)
        made.append(item)
    return tuple(made)


def _label(step: Step, present: Step | None, refused: StepRefusedError | None) -> Literal["now", "next", "missed"]:
    if refused is not None and refused.reason in {"handling_ended", "decided", "step_passed"}:
        return "missed"
    return "now" if step == present else "next"


MOST_TIME: Final = timedelta(days=3 * 366)
"""The longest extension of the deadline at a time, counted from today."""


def extension_problem(
    due_on: date | None, wanted: date | None, today: date
) -> Literal["", "missing", "date_past", "too_far", "not_later"]:
    """The problem with ``wanted`` as a new due day; "" when there is none.

    It must be after today and after ``due_on``, and within :data:`MOST_TIME`.
    """
    if wanted is None:
        return "missing"
    if wanted < today + timedelta(days=1):
        return "date_past"
    if wanted > today + MOST_TIME:
        return "too_far"
    return "not_later" if due_on is not None and wanted <= due_on else ""
