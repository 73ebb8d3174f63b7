"""Signatures on paper as the desk reads them: which petitions collect on paper, and the counts of one of them."""

from dataclasses import dataclass
from datetime import datetime

from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A petition that collects on paper."""

    id: int
    title: str
    language: str
    stage: str
    procedure_code: str
    procedure_version: int
    paper: int
    issued: int  # sheets printed
    returned: int  # sheets counted
    waiting: int  # batches that wait for the second person


@dataclass(frozen=True, slots=True)
class Batch:
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


async def read_petitions(database: Database) -> tuple[OnPaper, ...]:
    """The petitions that collect on paper, those with a count that waits first; at most 200."""
    async with database.connection() as connection:
        rows = [row async for row in queries.paper_petitions(connection)]
    return tuple(OnPaper(**row) for row in rows)


async def read_batches(database: Database, petition_id: int) -> tuple[OnPaper, tuple[Batch, ...]]:
    """One of them with its counts, newest first. Raises NotFoundError where no sheet was ever printed."""
    petition = next((one for one in await read_petitions(database) if one.id == petition_id), None)
    if petition is None:
        raise NotFoundError("paper")
    async with database.connection() as connection:
        rows = [row async for row in queries.paper_batches(connection, petition_id=petition_id)]
    names = Batch.__dataclass_fields__.keys() - {"numbers"}
    return petition, tuple(Batch(**{n: row[n] for n in names}, numbers=tuple(row["numbers"] or ())) for row in rows)
