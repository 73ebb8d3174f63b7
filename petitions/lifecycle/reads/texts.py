"""The texts of a petition as they were submitted, for the desk and for the versions that the public may see."""

from dataclasses import dataclass
from datetime import datetime

from petitions.database.connection import Connection
from petitions.database.queries import queries
from petitions.database.rows import made


@dataclass(frozen=True, slots=True)
class SubmittedText:
    """A text as it was submitted. ``number`` is its place among all of the petition: it never changes."""

    number: int
    title: str
    request: str
    reasons: str
    previous_action: str | None
    recorded_at: datetime


async def read_texts(connection: Connection, petition_id: int) -> tuple[SubmittedText, ...]:
    """Every text, oldest first. The caller decides who may see which."""
    rows = queries.petition_texts(connection, petition_id=petition_id)
    return tuple([made(SubmittedText, row) async for row in rows])
