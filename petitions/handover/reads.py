"""The log of exports: who requested signatures, why, and every download. It contains no data of signatories."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from petitions.database.pool import Database
from petitions.handover import queries

SHOWN: Final = 100
PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Download:
    """One download."""

    downloaded_at: datetime
    by: str
    signatures: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AuditedRequest:
    """A request for a file, with every download of it."""

    id: int
    staff_id: int
    content: str
    format: str
    purpose: str
    asked_at: datetime
    expires_at: datetime
    asked_by: str
    most: int
    downloads: tuple[Download, ...]


Extent = queries.ExportExtentRow
"""How many signatures a file would contain, and how many are left out and why."""


async def read_requests(database: Database, petition_id: int, referral_id: int) -> tuple[AuditedRequest, ...]:
    """The requests for one referral, the latest first."""
    async with database.connection() as connection:
        rows = await queries.exports_of_referral(
            connection, petition_id=petition_id, referral_id=referral_id, most=SHOWN
        )
        return tuple(_request(row) for row in rows)


def _request(row: queries.ExportsOfReferralRow) -> AuditedRequest:
    return AuditedRequest(
        id=row.id,
        staff_id=row.staff_id,
        content=row.content,
        format=row.format,
        purpose=row.purpose,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        asked_by=row.asked_by,
        most=row.most,
        downloads=tuple(
            Download(datetime.fromisoformat(one["downloaded_at"]), one["by"], one["signatures"], one["sha256"])
            for one in row.downloads
        ),
    )


async def read_extent(database: Database, petition_id: int, valid_since: datetime | None) -> Extent:
    """What a hand-over would contain now."""
    async with database.connection() as connection:
        return await queries.export_extent(connection, petition_id=petition_id, valid_since=valid_since)


LoggedRequest = queries.ExportsLatestRow
"""One request of any committee, for administrators, with the language and the title of the petition."""


@dataclass(frozen=True, slots=True)
class RequestLog:
    """A page of the log, and the total number of requests."""

    rows: tuple[LoggedRequest, ...]
    total: int
    page: int
    pages: int


async def read_log(database: Database, page: int = 1) -> RequestLog:
    """The latest requests of all committees; an empty page after the last one."""
    async with database.connection() as connection:
        rows = await queries.exports_latest(connection, size=PAGE_SIZE, skipped=(page - 1) * PAGE_SIZE)
    total = rows[0].total if rows else 0
    return RequestLog(tuple(rows), total, page, max(1, -(-total // PAGE_SIZE)))
