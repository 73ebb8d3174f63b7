"""The figures of the home page, counted from the same rows as everything else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from petitions.database.pool import Database
from petitions.durations import local_day, working_days_between
from petitions.lifecycle.queries import reading as queries

WEEK: Final = timedelta(days=7)
ENOUGH: Final = 3
"""The least number of checks for a median duration."""


@dataclass(frozen=True, slots=True)
class HomeFigures:
    """The figures of the home page."""

    open_petitions: int
    signatures_this_week: int
    before_committee: int
    decided: int
    check_days: int | None  # the median number of working days of the last checks; None if there were too few


async def read_figures(database: Database, *, now: datetime) -> HomeFigures:
    """Count the figures now."""
    async with database.connection() as connection:
        row = await queries.home_figures(connection, since=now - WEEK)
        times = [_working_days(row) for row in await queries.moderation_times(connection)]
    return HomeFigures(
        open_petitions=row.open_petitions,
        signatures_this_week=row.signatures_this_week,
        before_committee=row.before_committee,
        decided=row.decided,
        check_days=round(median(times)) if len(times) >= ENOUGH else None,
    )


def _working_days(row: queries.ModerationTimesRow) -> int:
    zone = ZoneInfo(row.timezone)
    return max(0, working_days_between(local_day(row.submitted_at, zone), local_day(row.opened_at, zone)))
