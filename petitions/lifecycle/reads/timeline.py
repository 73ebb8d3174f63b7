"""What happened to a petition, as its timeline tells it: the public events, by the day on which they took place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from petitions.database.pool import Database
from petitions.durations import local_day
from petitions.lifecycle.queries import reading as queries
from petitions.lifecycle.rules.states import Stage

TOLD: Final = frozenset(
    {
        "opened",
        "rejected",
        "removed",
        "withdrawn",
        "closed",
        "update",
        "threshold_reached",
        "referred",
        "step",
        "extended",
        "question",
        "answer",
        "contact",
        "paper_counted",
        "motion",
        "vote",
        "objected",
        "objection_dismissed",
        "objection_upheld",
        "sample_listed",
        "sample_drawn",
        "sample_result",
        "corrected",
        "document",
        "document_withdrawn",
    }
)
"""The kinds of events that the timeline tells; what came before the opening is not its business."""

BEFORE_OPENING: Final = frozenset({"sponsors_invited", "submitted", "resubmitted"})
"""What the dossier of an accepted petition tells besides."""

UNDONE: Final = frozenset({"rejected", "objected", "objection_dismissed"})
"""What is told only while it holds: a rejection and the objection to it. One that was upheld is told for good."""

WITHOUT_TEXTS: Final = frozenset(
    {"opened", "closed", "removed", "rejected", "withdrawn", "objected", "objection_dismissed", "objection_upheld"}
)
"""What remains of a petition whose text may not be seen: no words of its initiator."""


@dataclass(frozen=True, slots=True)
class Correction:
    """That a fact of an event was put right: what it said before and says since, by the name of the fact, and why."""

    id: int  # of the event that tells so
    occurred_at: datetime
    reason: str
    changes: dict[str, dict[str, Any]]
    withheld: bool = False  # what it said before held personal data, and is not kept


@dataclass(frozen=True, slots=True)
class Happened:
    """One event. ``data`` holds its published facts, by the names that the use case gave them; as corrected since."""

    id: int
    kind: str
    actor: str
    on: date  # by the clock of the body
    occurred_at: datetime
    data: dict[str, Any]
    corrections: tuple[Correction, ...] = ()

    @property
    def meeting_at(self) -> datetime | None:
        """The moment of a meeting, where there is one."""
        moment = self.data.get("meeting_at")
        return datetime.fromisoformat(moment) if moment else None

    def moment_of(self, text: str) -> datetime:
        """A moment as it is stored, for a page."""
        return datetime.fromisoformat(text)

    @property
    def due_on(self) -> date | None:
        """The day by which somebody must act, where there is one."""
        day = self.data.get("due_on")
        return date.fromisoformat(day) if day else None


async def read_timeline(
    database: Database, petition_id: int, zone: ZoneInfo, *, stage: Stage, hidden: bool, whole: bool = False
) -> tuple[Happened, ...]:
    """The events that the timeline tells, oldest first; ``whole``: also how the petition came to its opening."""
    return timeline_of(await read_events(database, petition_id, zone), stage=stage, hidden=hidden, whole=whole)


async def read_events(database: Database, petition_id: int, zone: ZoneInfo) -> tuple[Happened, ...]:
    """Every event of a petition that is marked as public, in the order in which they were recorded."""
    async with database.connection() as connection:
        rows = await queries.petition_events_public(connection, petition_id=petition_id)
        return tuple(_happened(row, zone) for row in rows)


def timeline_of(events: Sequence[Happened], *, stage: Stage, hidden: bool, whole: bool = False) -> tuple[Happened, ...]:
    """Of all public events those that are told, oldest first, each with its corrections."""
    told = WITHOUT_TEXTS if hidden else TOLD | BEFORE_OPENING if whole else TOLD
    if stage != Stage.REJECTED:  # a petition that was mended and accepted starts with a clean slate
        told -= UNDONE
    corrections: dict[int, list[Correction]] = {}
    for event in events:
        if event.kind == "corrected":
            said = event.data
            made = Correction(event.id, event.occurred_at, said["reason"], said["changes"], bool(said.get("withheld")))
            corrections.setdefault(event.data["event"], []).append(made)
    shown = [
        replace(event, corrections=tuple(corrections.get(event.id, ())))
        for event in events
        if event.kind in told and event.kind != "corrected"
    ]
    return tuple(sorted(shown, key=lambda event: (event.on, event.id)))


def _happened(row: queries.PetitionEventsPublicRow, zone: ZoneInfo) -> Happened:
    day = row.data.get("date")
    return Happened(
        id=row.id,
        kind=row.kind,
        actor=row.actor,
        on=date.fromisoformat(day) if day else local_day(row.occurred_at, zone),
        occurred_at=row.occurred_at,
        data=row.data,
    )


def objections_told(events: Sequence[Happened]) -> list[Happened]:
    """The objection to the rejection that stands, and the answer to it."""
    last = max((n for n, event in enumerate(events) if event.kind == "rejected"), default=0)
    return [event for event in events[last:] if event.kind in {"objected", "objection_dismissed"}]
