"""What the home page counts: really counted, from the same rows as everything else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.durations import local_day, working_days_between

WEEK: Final = timedelta(days=7)
ENOUGH: Final = 3
"""From fewer checks than this no usual time can be told."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the home page."""

    open_petitions: int
    signatures_this_week: int
    before_committee: int
    decided: int
    check_days: int | None  # the median number of working days of the last checks; None where there were too few


async def read_figures(database: Database, *, now: datetime) -> Figures:
    """Count them now."""
    async with database.connection() as connection:
        row = await queries.home_figures(connection, since=now - WEEK)
        times = [_working_days(row) async for row in queries.moderation_times(connection)]
    return Figures(**row, check_days=round(median(times)) if len(times) >= ENOUGH else None)


def _working_days(row: dict[str, object]) -> int:
    zone = ZoneInfo(str(row["timezone"]))
    submitted, opened = row["submitted_at"], row["opened_at"]
    assert isinstance(submitted, datetime)  # noqa: S101 - columns of this type
    assert isinstance(opened, datetime)  # noqa: S101
    return max(0, working_days_between(local_day(submitted, zone), local_day(opened, zone)))
