"""What was printed of a petition: for each edition and language the last file, and whether another one is coming."""

from dataclasses import dataclass
from datetime import datetime

from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.dossier.rules.prints import Edition


@dataclass(frozen=True, slots=True)
class Printed:
    """A file that was made."""

    facts_hash: str
    made_at: datetime
    sha256: str
    size: int
    pages: int


@dataclass(frozen=True, slots=True)
class Print:
    """One edition in one language."""

    edition: Edition
    language: str
    made: Printed | None = None
    waiting: bool = False
    problem: str = ""  # why the last attempt failed for good


async def read_print(database: Database, petition_id: int, edition: Edition, language: str) -> Print:
    """How things stand with one edition in one language."""
    made, waiting, problem = None, False, ""
    async with database.connection() as connection:
        async for row in queries.prints_of_petition(connection, petition_id=petition_id):
            if (row["edition"], row["language"]) != (edition, language):
                continue
            if row["state"] == "made":
                made = Printed(**{name: row[name] for name in Printed.__dataclass_fields__})
            waiting = waiting or row["state"] == "waiting"
            problem = row["problem"] if row["state"] == "failed" else ""
    return Print(edition, language, made, waiting, problem)
