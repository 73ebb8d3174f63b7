"""What feeds tell: the public events of petitions whose text may be read, the latest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from petitions.data.queries import feeds as queries
from petitions.database.pool import Database
from petitions.lifecycle.reads.timeline import TOLD, UNDONE

ENTRIES: Final = 50
KINDS: Final = sorted(TOLD - UNDONE)
"""What holds for good: a rejection that may be undone is on the page of its petition only."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, with the petition that it happened to."""

    id: int
    petition_id: int
    occurred_at: datetime
    kind: str
    data: dict[str, Any]
    title: str
    language: str
    subject: str
    procedure_code: str
    procedure_version: int
    corrected_at: datetime | None

    @property
    def updated(self) -> datetime:
        """When what it says was last changed."""
        return self.corrected_at or self.occurred_at


async def read_feed(
    database: Database, *, petition_id: int | None = None, subject: str | None = None, committee: str | None = None
) -> tuple[Entry, ...]:
    """The latest events of one petition, one subject, one committee's petitions, or of all."""
    async with database.connection() as connection:
        rows = await queries.feed_events(
            connection, kinds=KINDS, petition_id=petition_id, subject=subject, committee=committee, most=ENTRIES
        )
        return tuple(
            Entry(
                id=row.id,
                petition_id=row.petition_id,
                occurred_at=row.occurred_at,
                kind=row.kind,
                data=row.data,
                title=row.title,
                language=row.language,
                subject=row.subject,
                procedure_code=row.procedure_code,
                procedure_version=row.procedure_version,
                corrected_at=row.corrected_at,
            )
            for row in rows
        )
