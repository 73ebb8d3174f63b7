"""The content of feeds: public events of petitions whose text is public, the latest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from petitions.data import queries
from petitions.database.pool import Database
from petitions.lifecycle.events.registry import EventKinds

ENTRIES: Final = 50


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event with its petition."""

    id: int
    petition_id: int
    occurred_at: datetime
    kind: str
    data: dict[str, Any]
    facts_version: int
    title: str
    language: str
    subject: str
    procedure_code: str
    procedure_version: int
    corrected_at: datetime | None

    @property
    def updated(self) -> datetime:
        """When it was last changed."""
        return self.corrected_at or self.occurred_at


async def read_feed(
    database: Database,
    kinds: EventKinds,
    *,
    petition_id: int | None = None,
    subject: str | None = None,
    committee: str | None = None,
) -> tuple[FeedEvent, ...]:
    """The latest events of one petition, one subject, one committee's petitions, or of all."""
    async with database.connection() as connection:
        rows = await queries.feed_events(
            connection,
            kinds=kinds.in_feeds,
            petition_id=petition_id,
            subject=subject,
            committee=committee,
            most=ENTRIES,
        )
        return tuple(
            FeedEvent(
                id=row.id,
                petition_id=row.petition_id,
                occurred_at=row.occurred_at,
                kind=row.kind,
                data=row.data,
                facts_version=row.facts_version,
                title=row.title,
                language=row.language,
                subject=row.subject,
                procedure_code=row.procedure_code,
                procedure_version=row.procedure_version,
                corrected_at=row.corrected_at,
            )
            for row in rows
        )
