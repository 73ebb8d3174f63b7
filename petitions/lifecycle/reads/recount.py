"""The recount: checks that counters, tallies, reached thresholds and referrals agree with the signatures."""

from petitions.database.pool import Database
from petitions.lifecycle.queries import recount as queries


async def recount(database: Database) -> list[str]:
    """One line per petition whose figures differ from its rows; empty when all is right."""
    async with database.connection() as connection:
        counts = await queries.counts_check(connection)
        crossings = await queries.crossings_check(connection)
    return [
        f"petition {row.petition_id}: counter {row.counter}, rows {row.rows_confirmed}, tally {row.tally}, "
        f"sponsors {row.counter_sponsors} of {row.rows_sponsors}, "
        f"paper {row.counter_paper} of {row.batches_paper}"
        for row in counts
    ] + [f"petition {row.petition_id}: threshold {row.code} and its referral do not agree" for row in crossings]
