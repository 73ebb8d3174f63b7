"""The growth of a petition day by day: from the hourly tally, summed by days of the body's clock."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from petitions.database.pool import Database
from petitions.durations import local_day
from petitions.lifecycle.queries import reading as queries
from petitions.lifecycle.rules.procedures import Procedure


@dataclass(frozen=True, slots=True)
class DailyCount:
    """The new signatures of one day, less the withdrawn ones, and the total at its end."""

    day: date
    gained: int
    total: int


async def read_growth(
    database: Database, procedure: Procedure, petition_id: int, *, opened_at: datetime | None, until: datetime
) -> tuple[DailyCount, ...]:
    """The days since the opening with changes, and always the first and the last day.

    Signatures from before the opening (of sponsors, or the initiator) count on the first day. Empty before the opening.
    """
    if opened_at is None:
        return ()
    zone = procedure.body.zone
    first, last = local_day(opened_at, zone), local_day(until, zone)
    gained: dict[date, int] = {first: 0, max(first, last): 0}
    async with database.connection() as connection:
        for row in await queries.petition_growth(connection, petition_id=petition_id, timezone=procedure.body.timezone):
            day = max(first, row.day)
            gained[day] = gained.get(day, 0) + row.gained
    days = sorted(gained)
    totals = accumulate(gained[day] for day in days)
    return tuple(DailyCount(day, gained[day], total) for day, total in zip(days, totals, strict=True))
