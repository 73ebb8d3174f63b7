"""What an initiator sees of the petition besides its own facts: the referrals and the news so far."""

from dataclasses import dataclass
from datetime import date, datetime

from petitions.database.pool import Database
from petitions.lifecycle.queries import drafting as queries


@dataclass(frozen=True, slots=True)
class CommitteeReferral:
    """A referral to a committee, until when the committee must act, and when it decided."""

    committee: str
    due_on: date | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class PetitionUpdate:
    """News that the initiator published."""

    published_at: datetime
    title: str


@dataclass(frozen=True, slots=True)
class PetitionProgress:
    """The referrals and news of a petition so far, oldest first."""

    referrals: tuple[CommitteeReferral, ...]
    updates: tuple[PetitionUpdate, ...]


async def read_progress(database: Database, petition_id: int) -> PetitionProgress:
    """Read the referrals and the news of one petition."""
    async with database.connection() as connection:
        rows = await queries.petition_course(connection, petition_id=petition_id)
    return PetitionProgress(
        referrals=tuple(
            CommitteeReferral(row.committee_slug, row.due_on, row.decided_at)
            for row in rows
            if row.kind == "referral" and row.committee_slug is not None
        ),
        updates=tuple(PetitionUpdate(row.occurred_at, row.title or "") for row in rows if row.kind == "update"),
    )
