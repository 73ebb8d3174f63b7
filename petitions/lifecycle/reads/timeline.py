"""The timeline of a petition: its public events, by the day on which they took place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from petitions.database.pool import Database
from petitions.durations import local_day
from petitions.lifecycle.events.facts import CorrectingFacts, FactChange
from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.queries import reading as queries
from petitions.lifecycle.rules.states import Stage


@dataclass(frozen=True, slots=True)
class EventCorrection:
    """A correction of an event: the values before and after, by the name of the fact, and the reason."""

    id: int  # of the event of the correction
    occurred_at: datetime
    reason: str
    changes: dict[str, FactChange]
    withheld: bool = False  # the earlier value held personal data, and is not stored


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One event. ``data`` holds its published facts by name, with corrections applied."""

    id: int
    kind: str
    actor: str
    on: date  # by the clock of the body
    occurred_at: datetime
    data: dict[str, Any]
    version: int = 1  # of its facts
    corrections: tuple[EventCorrection, ...] = ()

    @property
    def meeting_at(self) -> datetime | None:
        """The moment of a meeting, if there is one."""
        moment = self.data.get("meeting_at")
        return datetime.fromisoformat(moment) if moment else None

    def moment_of(self, text: str) -> datetime:
        """Parse a stored moment, for a page."""
        return datetime.fromisoformat(text)

    @property
    def due_on(self) -> date | None:
        """The day by which somebody must act, if there is one."""
        day = self.data.get("due_on")
        return date.fromisoformat(day) if day else None


async def read_timeline(
    database: Database,
    kinds: EventKinds,
    petition_id: int,
    zone: ZoneInfo,
    *,
    stage: Stage,
    hidden: bool,
    whole: bool = False,
) -> tuple[TimelineEvent, ...]:
    """The events of the timeline, oldest first; ``whole``: also those before the opening."""
    return timeline_of(await read_events(database, petition_id, zone), kinds, stage=stage, hidden=hidden, whole=whole)


async def read_events(database: Database, petition_id: int, zone: ZoneInfo) -> tuple[TimelineEvent, ...]:
    """All public events of a petition, in the order in which they were recorded."""
    async with database.connection() as connection:
        rows = await queries.petition_events_public(connection, petition_id=petition_id)
        return tuple(_happened(row, zone) for row in rows)


def timeline_of(
    events: Sequence[TimelineEvent], kinds: EventKinds, *, stage: Stage, hidden: bool, whole: bool = False
) -> tuple[TimelineEvent, ...]:
    """The events of the timeline among all public ones, oldest first, each with its corrections."""
    told = kinds.without_text if hidden else kinds.in_dossier if whole else kinds.on_timeline
    if stage != Stage.REJECTED:  # a petition that was improved and accepted starts with a clean slate
        told -= kinds.while_rejected
    corrections: dict[int, list[EventCorrection]] = {}
    for event in events:
        if (made := correcting(event, kinds)) is not None:
            one = EventCorrection(event.id, event.occurred_at, made.reason, made.changes, made.withheld)
            corrections.setdefault(made.event, []).append(one)
    shown = [replace(event, corrections=tuple(corrections.get(event.id, ()))) for event in events if event.kind in told]
    return tuple(sorted(shown, key=lambda event: (event.on, event.id)))


def correcting(event: TimelineEvent, kinds: EventKinds) -> CorrectingFacts | None:
    """The facts of a correction; None for an event that is no correction."""
    if event.kind not in kinds.beside_their_event:
        return None
    facts = kinds.facts(event.kind, event.data, event.version)
    return facts if isinstance(facts, CorrectingFacts) else None


def _happened(row: queries.PetitionEventsPublicRow, zone: ZoneInfo) -> TimelineEvent:
    day = row.data.get("date")
    return TimelineEvent(
        id=row.id,
        kind=row.kind,
        actor=row.actor,
        on=date.fromisoformat(day) if day else local_day(row.occurred_at, zone),
        occurred_at=row.occurred_at,
        data=row.data,
        version=row.facts_version,
    )


def objections_in(events: Sequence[TimelineEvent]) -> list[TimelineEvent]:
    """The objection to the current rejection, and the answer to it."""
    last = max((n for n, event in enumerate(events) if event.kind == "rejected"), default=0)
    return [event for event in events[last:] if event.kind in {"objected", "objection_dismissed"}]
