"""Which public petitions resemble a text: an initiator may sign one of those, a moderator sees what is double."""

from dataclasses import dataclass

from petitions.database.pool import Database
from petitions.database.queries import queries


@dataclass(frozen=True, slots=True)
class Similar:
    """A public petition that shares words with the text."""

    id: int
    title: str
    stage: str
    confirmed: int
    language: str


async def read_similar(
    database: Database, text: str, language: str, *, excluding: int | None, limit: int
) -> list[Similar]:
    """The open and closed petitions most like ``text`` (a title, or a title and a request), best first.

    ``excluding`` is the petition that the text belongs to, where it has one. A text without words finds nothing.
    """
    async with database.connection() as connection:
        rows = queries.petition_similar(
            connection, text=text, language=language, excluding=excluding or 0, at_most=limit
        )
        return [Similar(**row) async for row in rows]
