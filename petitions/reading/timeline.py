"""What happened to a petition, as its timeline tells it: the public events, by the day on which they took place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.rules.durations import local_day
from petitions.rules.states import Stage

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
    }
)
"""The kinds of events that the timeline tells; what came before the opening is not the public's business."""

UNDONE: Final = frozenset({"rejected", "objected", "objection_dismissed"})
"""What is told only while it holds: a rejection and the objection to it. One that was upheld is told for good."""

WITHOUT_TEXTS: Final = frozenset(
    {"opened", "closed", "removed", "rejected", "withdrawn", "objected", "objection_dismissed", "objection_upheld"}
)
"""What remains of a petition whose text may not be seen: no words of its initiator."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event. ``data`` holds its published facts, by the names that the use case gave them."""

    id: int
    kind: str
    actor: str
    on: date  # by the clock of the body
    occurred_at: datetime
    data: dict[str, Any]

    @property
    def meeting_at(self) -> datetime | None:
        """The moment of a meeting, where there is one."""
        moment = self.data.get("meeting_at")
        return datetime.fromisoformat(moment) if moment else None

    @property
    def due_on(self) -> date | None:
        """The day by which somebody must act, where there is one."""
        day = self.data.get("due_on")
        return date.fromisoformat(day) if day else None


async def read_timeline(
    database: Database, petition_id: int, zone: ZoneInfo, *, stage: Stage, hidden: bool
) -> tuple[Happened, ...]:
    """The events that the timeline tells, oldest first."""
    told = WITHOUT_TEXTS if hidden else TOLD
    async with database.connection() as connection:
        events = [
            _happened(row, zone)
            async for row in queries.petition_events_public(connection, petition_id=petition_id)
            if row["kind"] in told
        ]
    if stage != Stage.REJECTED:  # a petition that was mended and accepted starts with a clean slate
        events = [event for event in events if event.kind not in UNDONE]
    return tuple(sorted(events, key=lambda event: (event.on, event.id)))


def _happened(row: Any, zone: ZoneInfo) -> Happened:
    day = row["data"].get("date")
    return Happened(
        id=row["id"],
        kind=row["kind"],
        actor=row["actor"],
        on=date.fromisoformat(day) if day else local_day(row["occurred_at"], zone),
        occurred_at=row["occurred_at"],
        data=row["data"],
    )


def objections_told(events: Sequence[Happened]) -> list[Happened]:
    """The objection to the rejection that stands, and the answer to it."""
    last = max((n for n, event in enumerate(events) if event.kind == "rejected"), default=0)
    return [event for event in events[last:] if event.kind in {"objected", "objection_dismissed"}]
