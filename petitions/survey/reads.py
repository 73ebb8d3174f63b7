"""The result of the survey of a petition."""

from petitions.database.pool import Database
from petitions.survey import queries
from petitions.survey.rules import published_counts


async def read_survey(database: Database, petition_id: int) -> dict[str, dict[str, int]]:
    """How often each answer was given, by question; empty while there are only a few answers."""
    async with database.connection() as connection:
        rows = await queries.survey_result(connection, petition_id=petition_id)
    return published_counts({(row.question, row.answer): row.answers for row in rows})
