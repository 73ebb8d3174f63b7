"""What every step of a committee has in common: locking the referral, checking the clerk's access, recording.

Shared by referral (the handling) and outcome (the decision and its follow-up).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast
from zoneinfo import ZoneInfo

from petitions.database.connection import Connection
from petitions.durations import local_day
from petitions.errors import ConflictError, ForbiddenError, NotFoundError
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.facts import StepFacts
from petitions.lifecycle.events.kind import EventKind, F
from petitions.lifecycle.events.table import STEP
from petitions.lifecycle.queries import referral as queries
from petitions.lifecycle.rules.procedures import Procedure, Step, StepKind, Threshold
from petitions.lifecycle.rules.referral import ReferralState, Taken, last_required_on, obstacle, steps_of, taken_from
from petitions.lifecycle.rules.states import Actor
from petitions.lifecycle.rules.steps import StepDates, StepInput, published


@dataclass(frozen=True, slots=True)
class Clerk:
    """The acting clerk, with their committees (slugs)."""

    staff_id: int
    committees: Collection[str]


@dataclass(frozen=True, slots=True)
class SeenReferral:
    """The referral on which a clerk acts, with its version on the page that they saw."""

    petition_id: int
    referral_id: int
    version: int


@dataclass(frozen=True, slots=True)
class LockedReferral:
    """A referral whose row is locked for a clerk until the end of the transaction."""

    petition_id: int
    referral_id: int
    procedure: Procedure
    threshold: Threshold
    committee: str
    state: ReferralState
    created_on: date
    due_on: date | None
    rapporteur: str | None
    rapporteur_id: int | None
    meeting_at: datetime | None
    meeting_place: str | None
    version: int
    taken: tuple[Taken, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the body, by which its days are counted."""
        return self.procedure.body.zone

    @property
    def about(self) -> tuple[int, str, str]:
        """The common facts of its events: see :class:`petitions.lifecycle.events.facts.ReferralFacts`."""
        return self.referral_id, self.threshold.code, self.committee

    def days(self, now: datetime) -> StepDates:
        """The limits for the day of the next step."""
        earliest = last_required_on(self.procedure, self.threshold.code, self.taken, self.created_on)
        return StepDates(earliest, local_day(now, self.zone), now)

    def step(self, code: str) -> Step:
        """The step with this code, if possible now. Raises NotFoundError, or StepRefusedError if out of order."""
        steps = steps_of(self.procedure, self.threshold.code, self.taken)
        step = next((one for one in steps if one.code == code), None)
        if step is None:
            raise NotFoundError("step")
        refused = obstacle(self.procedure, self.threshold.code, self.taken, step)
        if refused is not None:
            raise refused
        return step

    def moment(self, day: date, now: datetime) -> datetime:
        """The moment to store for ``day``: now for today, else noon of that day by the body's clock."""
        return now if day == local_day(now, self.zone) else datetime.combine(day, time(12), self.zone)


async def lock_referral(connection: Connection, service: Service, clerk: Clerk, seen: SeenReferral) -> LockedReferral:
    """Lock a referral for a clerk, in the version that they saw.

    Raises NotFoundError, ForbiddenError when another committee has it, ConflictError("changed") when a
    colleague was first.
    """
    row = await queries.referral_locked(connection, petition_id=seen.petition_id, referral_id=seen.referral_id)
    if row is None:
        raise NotFoundError("referral")
    if row.committee_slug not in clerk.committees:
        raise ForbiddenError("committee")
    if row.version != seen.version:
        raise ConflictError("changed")
    procedure = service.procedure(row.procedure_code, row.procedure_version)
    threshold = procedure.threshold(row.threshold_code)
    if threshold is None:
        raise NotFoundError("threshold")
    steps = [
        taken_from(step.step_code, cast("StepKind", step.kind), step.happened_on, step.data)
        for step in await queries.referral_steps_taken(
            connection, petition_id=seen.petition_id, referral_id=seen.referral_id
        )
    ]
    return LockedReferral(
        petition_id=seen.petition_id,
        referral_id=seen.referral_id,
        procedure=procedure,
        threshold=threshold,
        committee=row.committee_slug,
        state=ReferralState(row.state),
        created_on=local_day(row.created_at, procedure.body.zone),
        due_on=row.due_on,
        rapporteur=row.rapporteur,
        rapporteur_id=row.rapporteur_id,
        meeting_at=row.meeting_at,
        meeting_place=row.meeting_place,
        version=row.version,
        taken=tuple(steps),
    )


async def store_step(
    connection: Connection, handling: LockedReferral, step: Step, facts: StepInput, *, clerk: Clerk, now: datetime
) -> Taken:
    """Store a step and publish it on the timeline, in the transaction of the change."""
    told = published(step.kind, facts)
    day = happened_on(handling, facts, now)
    about = StepFacts(*handling.about, step=step.code, kind=step.kind, date_=day)
    step_facts = STEP.from_data(STEP.to_data(about) | told, STEP.version)
    event_id = await publish(connection, handling, STEP, step_facts, clerk=clerk, now=now)
    await queries.referral_step_add(
        connection,
        petition_id=handling.petition_id,
        referral_id=handling.referral_id,
        step_code=step.code,
        kind=step.kind,
        now=now,
        happened_on=day,
        staff_id=clerk.staff_id,
        event_id=event_id,
        data=told,
    )
    return taken_from(step.code, step.kind, day, told)


async def publish(
    connection: Connection,
    handling: LockedReferral,
    kind: EventKind[F],
    facts: F,
    *,
    clerk: Clerk,
    now: datetime,
    told: bool = True,
) -> int:
    """Record an event of this referral and return its number. If not ``told``, nobody is mailed about it."""
    return await record(
        connection,
        handling.petition_id,
        kind,
        facts,
        Actor.COMMITTEE,
        now=now,
        staff_id=clerk.staff_id,
        told=told,
    )


def happened_on(handling: LockedReferral, facts: StepInput, now: datetime) -> date:
    """The day of a step: the given one, that of a held meeting, or else today."""
    if facts.happened_on is not None:
        return facts.happened_on
    if facts.meeting == "held" and facts.meeting_at is not None:
        return local_day(facts.meeting_at, handling.zone)
    return local_day(now, handling.zone)


def first_or_conflict(version: int | None) -> None:
    """Raise ConflictError("changed") when an update found no row, because a colleague was first."""
    if version is None:
        raise ConflictError("changed")
