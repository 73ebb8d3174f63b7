"""Hearings, hand-overs and deadlines for calendars: of committees, of a petition, of a desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo

from petitions.agenda import queries
from petitions.agenda.rules import Appointment, Recording, appointment
from petitions.database.pool import Database
from petitions.durations import local_day
from petitions.lifecycle.reads.referral import Committees, Procedures
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.procedures import Procedure, Step
from petitions.lifecycle.rules.referral import OPEN

REMEMBERED: Final = timedelta(days=550)
"""How long after its last change a meeting stays in calendars, so that programs that poll rarely see the change."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting about a petition. If ``text_hidden``, the title is not public."""

    petition_id: int
    referral_id: int
    committee: Committee
    procedure: Procedure
    step: Step
    title: str
    language: str
    text_hidden: bool
    appointment: Appointment

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the body."""
        return self.procedure.body.zone

    @property
    def day(self) -> date:
        """The day on which it is, by the clock of the body."""
        return local_day(self.appointment.at, self.zone)

    @property
    def moment(self) -> datetime:
        """When it begins, by the clock of the body."""
        return self.appointment.at.astimezone(self.zone)

    @property
    def ends(self) -> datetime | None:
        """When it ends, if the procedure says how long such a meeting takes."""
        return self.moment + timedelta(minutes=self.step.slot.minutes) if self.step.slot else None


async def read_meetings(
    database: Database,
    procedures: Procedures,
    committees: Committees,
    *,
    slugs: Sequence[str] | None = None,
    petition_id: int | None = None,
    now: datetime,
) -> tuple[Meeting, ...]:
    """The meetings of the committees ``slugs``, or about one petition, in order of time, including cancelled ones."""
    async with database.connection() as connection:
        rows = await queries.meetings_recorded(
            connection,
            petition_id=petition_id,
            committees=None if slugs is None else list(slugs),
            since=now - REMEMBERED,
        )
    found = [meeting for row in rows if (meeting := _meeting(row, procedures, committees))]
    return tuple(sorted(found, key=lambda one: (one.appointment.at, one.petition_id, one.referral_id)))


def _meeting(row: queries.MeetingsRecordedRow, procedures: Procedures, committees: Committees) -> Meeting | None:
    procedure = procedures.get((row.procedure_code, row.procedure_version))
    steps = procedure.steps_for(row.threshold_code) if procedure else ()
    step = next((step for step in steps if step.code == row.step_code), None)
    held = appointment([_recording(one) for one in row.recordings])
    if procedure is None or step is None or held is None:
        return None
    return Meeting(
        petition_id=row.petition_id,
        referral_id=row.referral_id,
        committee=committees[row.committee_slug],
        procedure=procedure,
        step=step,
        title=row.title,
        language=row.language,
        text_hidden=row.text_hidden,
        appointment=held,
    )


def _recording(one: Mapping[str, Any]) -> Recording:
    data = one["data"]
    at = data.get("meeting_at")
    return Recording(
        recorded_at=datetime.fromisoformat(one["recorded_at"]),
        meeting=data.get("meeting", ""),
        at=datetime.fromisoformat(at) if at else None,
        place=data.get("place", ""),
        text=data.get("text", ""),
        link=data.get("link", ""),
    )


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline of a committee: for the next step, or for the follow-up of a decision."""

    petition_id: int
    referral_id: int
    committee: Committee
    title: str
    language: str
    text_hidden: bool
    kind: Literal["due", "follow_up"]
    day: date
    version: int  # of the referral: goes up with every change


async def read_deadlines(
    database: Database, committees: Committees, slugs: Sequence[str], first_day: date, last_day: date
) -> tuple[Deadline, ...]:
    """The deadlines of these committees from ``first_day`` up to and including ``last_day``, in order."""
    async with database.connection() as connection:
        rows = await queries.desk_deadlines(
            connection,
            committees=list(slugs),
            open=[state.value for state in OPEN],
            first_day=first_day,
            last_day=last_day,
        )
        return tuple(
            [
                Deadline(
                    petition_id=row.petition_id,
                    referral_id=row.referral_id,
                    committee=committees[row.committee_slug],
                    title=row.title,
                    language=row.language,
                    text_hidden=row.text_hidden,
                    kind=cast("Literal['due', 'follow_up']", row.kind),
                    day=row.due_on,
                    version=row.version,
                )
                for row in rows
            ]
        )
