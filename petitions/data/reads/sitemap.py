"""The petitions for search engines, in blocks by number, so that a petition stays in the same file."""

from typing import Final

from petitions.data import queries
from petitions.database.pool import Database

BLOCK: Final = 2000
"""Petitions in one file: with dossier and in two languages each has four addresses, of at most 50,000 per file."""


IndexablePetition = queries.SitemapPetitionsRow
"""A petition for the site map, and the time of its latest event."""


async def count_blocks(database: Database) -> int:
    """The number of files."""
    async with database.connection() as connection:
        last = await queries.sitemap_last_petition(connection)
    return -(-(last or 0) // BLOCK)


async def read_block(database: Database, number: int) -> tuple[IndexablePetition, ...]:
    """The petitions of one file; ``number`` counts from 1."""
    async with database.connection() as connection:
        return tuple(await queries.sitemap_petitions(connection, first=(number - 1) * BLOCK + 1, last=number * BLOCK))
