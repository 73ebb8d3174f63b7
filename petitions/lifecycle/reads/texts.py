"""The texts of a petition as they were submitted, for the desk and for the versions that the public may see."""

from petitions.database.connection import Connection
from petitions.lifecycle.queries import texts as queries

SubmittedText = queries.PetitionTextsRow
"""A text as it was submitted. ``number`` is its place among all of the petition: it never changes."""


async def read_texts(connection: Connection, petition_id: int) -> tuple[SubmittedText, ...]:
    """Every text, oldest first. The caller decides who may see which."""
    return tuple(await queries.petition_texts(connection, petition_id=petition_id))
