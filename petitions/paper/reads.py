"""Signatures on paper for the desk: the petitions that collect on paper, and the counts of one of them."""

from dataclasses import dataclass
from datetime import datetime

from petitions.database.pool import Database
from petitions.errors import NotFoundError
from petitions.paper import queries

PaperPetition = queries.PaperPetitionsRow
"""A petition that collects signatures on paper."""


@dataclass(frozen=True, slots=True)
class SheetBatch:
    """One count of returned sheets."""

    number: int
    sheets: int
    accepted: int
    refused: int
    scan_hash: bytes
    note: str | None
    state: str
    counted_by: int
    counted_name: str
    counted_at: datetime
    decided_name: str | None
    decided_at: datetime | None
    reason: str | None
    numbers: tuple[int, ...]

    @property
    def ranges(self) -> str:
        """The sheet numbers, shortened: "1-12, 15"."""
        made: list[list[int]] = []
        for number in self.numbers:
            if made and made[-1][1] == number - 1:
                made[-1][1] = number
            else:
                made.append([number, number])
        return ", ".join(str(first) if first == last else f"{first}\u2013{last}" for first, last in made)


async def read_petitions(database: Database) -> tuple[PaperPetition, ...]:
    """The petitions that collect on paper, those with a waiting count first; at most 200."""
    async with database.connection() as connection:
        return tuple(await queries.paper_petitions(connection))


async def read_batches(database: Database, petition_id: int) -> tuple[PaperPetition, tuple[SheetBatch, ...]]:
    """One of them with its counts, newest first. Raises NotFoundError if no sheet was ever printed."""
    petition = next((one for one in await read_petitions(database) if one.id == petition_id), None)
    if petition is None:
        raise NotFoundError("paper")
    async with database.connection() as connection:
        rows = await queries.paper_batches(connection, petition_id=petition_id)
    return petition, tuple(_batch(row) for row in rows)


def _batch(row: queries.PaperBatchesRow) -> SheetBatch:
    return SheetBatch(
        number=row.number,
        sheets=row.sheets,
        accepted=row.accepted,
        refused=row.refused,
        scan_hash=row.scan_hash,
        note=row.note,
        state=row.state,
        counted_by=row.counted_by,
        counted_name=row.counted_name,
        counted_at=row.counted_at,
        decided_name=row.decided_name,
        decided_at=row.decided_at,
        reason=row.reason,
        numbers=tuple(row.numbers or ()),
    )
