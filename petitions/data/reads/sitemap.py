"""Which petitions search engines may find, in blocks by number, so that a file of a block never moves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from petitions.database.pool import Database
from petitions.database.queries import queries

BLOCK: Final = 2000
"""Petitions in one file: with its dossier and in two languages each has four addresses, of the 50,000 that may be."""


@dataclass(frozen=True, slots=True)
class Findable:
    """A petition that may be found, and when something last happened to it."""

    id: int
    has_dossier: bool
    changed_at: datetime | None


async def count_blocks(database: Database) -> int:
    """How many files there are."""
    async with database.connection() as connection:
        last: int | None = await queries.sitemap_last_petition(connection)
    return -(-(last or 0) // BLOCK)


async def read_block(database: Database, number: int) -> tuple[Findable, ...]:
    """The petitions of one file; ``number`` counts from 1."""
    async with database.connection() as connection:
        rows = queries.sitemap_petitions(connection, first=(number - 1) * BLOCK + 1, last=number * BLOCK)
        return tuple([Findable(**row) async for row in rows])
