"""Which petitions search engines may find, in blocks by number, so that a file of a block never moves."""

from typing import Final

from petitions.data import queries
from petitions.database.pool import Database

BLOCK: Final = 2000
"""Petitions in one file: with its dossier and in two languages each has four addresses, of the 50,000 that may be."""


IndexablePetition = queries.SitemapPetitionsRow
"""A petition that may be found, and when something last happened to it."""


async def count_blocks(database: Database) -> int:
    """How many files there are."""
    async with database.connection() as connection:
        last = await queries.sitemap_last_petition(connection)
    return -(-(last or 0) // BLOCK)


async def read_block(database: Database, number: int) -> tuple[IndexablePetition, ...]:
    """The petitions of one file; ``number`` counts from 1."""
    async with database.connection() as connection:
        return tuple(await queries.sitemap_petitions(connection, first=(number - 1) * BLOCK + 1, last=number * BLOCK))
