"""The health of the service: the worker's last heartbeat, and the waiting mail."""

from dataclasses import dataclass
from datetime import datetime

from petitions.database.pool import Database
from petitions.health import queries


@dataclass(frozen=True, slots=True)
class Health:
    """The facts of the readiness page."""

    worker_at: datetime | None
    mails_waiting: int
    oldest_mail_seconds: int


async def read_health(database: Database) -> Health:
    """Read the current health. Raises UnavailableError when the database is unreachable."""
    async with database.connection() as connection:
        row = await queries.health_read(connection)
    return Health(row.worker_at, row.mails_waiting, row.oldest_mail_seconds)
