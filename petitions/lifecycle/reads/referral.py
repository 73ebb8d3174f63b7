"""The referrals of a petition for readers, with their steps, in the words of the procedure.

Rows become facts; :func:`show` combines them with the procedure, so that a page can say in its words what was done,
what comes next, and how long it has taken.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from petitions.database.pool import Database
from petitions.durations import local_day
from petitions.errors import NotFoundError
from petitions.lifecycle.queries import desk as desk_queries
from petitions.lifecycle.queries import referral as queries
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.outcome import follow_up_due
from petitions.lifecycle.rules.procedures import Ground, PossibleOutcome, Procedure, Step, StepKind, Threshold
from petitions.lifecycle.rules.referral import OPEN, Clock, Planned, ReferralState, Taken, clock, plan, taken_from

Procedures = Mapping[tuple[str, int], Procedure]
Committees = Mapping[str, Committee]


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """One step that was taken, with its published facts."""

    step_code: str
    kind: StepKind
    happened_on: date
    recorded_at: datetime
    data: dict[str, Any]
    event_id: int | None = None  # the event that announced it

    @property
    def taken(self) -> Taken:
        """The step as input for the rules."""
        return taken_from(self.step_code, self.kind, self.happened_on, self.data)

    @property
    def meeting_at(self) -> datetime | None:
        """The moment of a meeting."""
        moment = self.data.get("meeting_at")
        return datetime.fromisoformat(moment) if moment else None


@dataclass(frozen=True, slots=True)
class Extension:
    """A later day by which the committee answers, and why."""

    occurred_at: datetime
    due_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral as it is stored, with the steps of its committee."""

    petition_id: int
    id: int
    procedure: tuple[str, int]
    threshold_code: str
    required: int | None
    committee_slug: str
    effect: str
    state: ReferralState
    created_at: datetime
    due_on: date | None
    outcome: str | None
    ground: str | None
    follow_up_on: date | None
    decided_at: datetime | None
    steps: tuple[RecordedStep, ...]
    rapporteur: str | None = None
    meeting_at: datetime | None = None
    meeting_place: str | None = None
    reasons: str | None = None
    next_body: str | None = None
    version: int = 1
    extensions: tuple[Extension, ...] = ()


def view_of(
    row: queries.ReferralsOfPetitionRow | queries.ReferralsOfCommitteesRow | desk_queries.DeskReferralsRow,
) -> ReferralView:
    """The facts in a row of the database, except those that only some of the rows have."""
    return ReferralView(
        petition_id=row.petition_id,
        id=row.id,
        procedure=(row.procedure_code, row.procedure_version),
        threshold_code=row.threshold_code,
        required=row.required,
        committee_slug=row.committee_slug,
        effect=row.effect,
        state=ReferralState(row.state),
        created_at=row.created_at,
        due_on=row.due_on,
        outcome=row.outcome,
        ground=row.ground,
        follow_up_on=row.follow_up_on,
        decided_at=row.decided_at,
        steps=tuple(_recorded(step) for step in row.steps),
    )


def _whole(row: queries.ReferralsOfPetitionRow) -> ReferralView:
    return replace(
        view_of(row),
        rapporteur=row.rapporteur,
        meeting_at=row.meeting_at,
        meeting_place=row.meeting_place,
        reasons=row.reasons,
        next_body=row.next_body,
        version=row.version,
        extensions=tuple(_extension(one) for one in row.extensions),
    )


def _recorded(step: dict[str, Any]) -> RecordedStep:
    return RecordedStep(
        step["step_code"],
        step["kind"],
        date.fromisoformat(step["happened_on"]),
        datetime.fromisoformat(step["recorded_at"]),
        step["data"],
        step["event_id"],
    )


def _extension(one: dict[str, Any]) -> Extension:
    return Extension(datetime.fromisoformat(one["occurred_at"]), date.fromisoformat(one["due_on"]), one["reason"])


async def read_referrals(database: Database, petition_id: int) -> list[ReferralView]:
    """The referrals of a petition, oldest first."""
    async with database.connection() as connection:
        return [_whole(row) for row in await queries.referrals_of_petition(connection, petition_id=petition_id)]


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step on a page: its plan with its due day, and its records."""

    plan: Planned
    records: tuple[RecordedStep, ...]

    @property
    def step(self) -> Step:
        """The step of the procedure."""
        return self.plan.step

    @property
    def last(self) -> RecordedStep | None:
        """The latest record."""
        return self.records[-1] if self.records else None


@dataclass(frozen=True, slots=True)
class ShownReferral:
    """A referral in the words of its procedure, on one day by the clock of its body."""

    view: ReferralView
    procedure: Procedure
    threshold: Threshold
    committee: Committee
    clock: Clock
    steps: tuple[ShownStep, ...]
    outcome: PossibleOutcome | None
    ground: Ground | None
    follow_up_is_due: bool

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the body."""
        return self.procedure.body.zone

    @property
    def is_open(self) -> bool:
        """Whether the decision is still awaited."""
        return self.view.state in OPEN

    @property
    def awaited(self) -> ShownStep | None:
        """The step that is awaited now."""
        return next((step for step in self.steps if step.plan.state == "now"), None)

    @property
    def possible(self) -> tuple[ShownStep, ...]:
        """The steps that can be recorded now."""
        return tuple(step for step in self.steps if step.plan.possible)


def show(view: ReferralView, procedures: Procedures, committees: Committees, *, now: datetime) -> ShownReferral:
    """Combine a referral with its procedure, for a page. Raises NotFoundError if that is not loaded any more."""
    procedure = procedures.get(view.procedure)
    threshold = procedure.threshold(view.threshold_code) if procedure else None
    if procedure is None or threshold is None:
        raise NotFoundError("procedure")
    zone = procedure.body.zone
    created_on, today = local_day(view.created_at, zone), local_day(now, zone)
    decided_on = local_day(view.decided_at, zone) if view.decided_at else None
    taken = [step.taken for step in view.steps]
    planned = plan(procedure, threshold.code, taken, created_on=created_on, due_on=view.due_on)
    return ShownReferral(
        view=view,
        procedure=procedure,
        threshold=threshold,
        committee=committees[view.committee_slug],
        clock=clock(view.state, created_on, view.due_on, decided_on, today),
        steps=tuple(
            ShownStep(item, tuple(step for step in view.steps if step.step_code == item.step.code)) for item in planned
        ),
        outcome=procedure.outcome(view.outcome) if view.outcome else None,
        ground=procedure.admissibility_ground(view.ground) if view.ground else None,
        follow_up_is_due=follow_up_due(view.follow_up_on, view.state == ReferralState.CONCLUDED, today),
    )
