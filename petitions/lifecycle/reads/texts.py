"""The submitted texts of a petition, for the desk and for the public versions."""

from petitions.database.connection import Connection
from petitions.lifecycle.queries import texts as queries

SubmittedText = queries.PetitionTextsRow
"""A submitted text. ``number`` is its permanent number among those of the petition."""


async def read_texts(connection: Connection, petition_id: int) -> tuple[SubmittedText, ...]:
    """All texts, oldest first. The caller decides who may see which."""
    return tuple(await queries.petition_texts(connection, petition_id=petition_id))
