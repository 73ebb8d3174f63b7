"""The prints of a petition: for each edition and language the last file, and whether a new one is queued."""

from dataclasses import dataclass
from datetime import datetime

from petitions.database.pool import Database
from petitions.dossier import queries
from petitions.dossier.rules.prints import Edition


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """The file of a finished print."""

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
    made: PrintedFile | None = None
    waiting: bool = False
    problem: str = ""  # why the last attempt failed for good


async def read_print(database: Database, petition_id: int, edition: Edition, language: str) -> Print:
    """The state of one edition in one language."""
    made, waiting, problem = None, False, ""
    async with database.connection() as connection:
        for row in await queries.prints_of_petition(connection, petition_id=petition_id):
            if (row.edition, row.language) != (edition, language):
                continue
            if row.state == "made":
                made = _printed(row)
            waiting = waiting or row.state == "waiting"
            problem = (row.problem or "") if row.state == "failed" else ""
    return Print(edition, language, made, waiting, problem)


def _printed(row: queries.PrintsOfPetitionRow) -> PrintedFile | None:
    """The file of a finished print; None before the first one."""
    if row.facts_hash is None or row.made_at is None or row.sha256 is None or row.size is None or row.pages is None:
        return None
    return PrintedFile(row.facts_hash, row.made_at, row.sha256, row.size, row.pages)
