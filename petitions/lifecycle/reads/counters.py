"""The counts of all petitions in memory, refreshed by one query a second, so that reading a counter is almost free."""

import asyncio
import contextlib
import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from petitions.database.pool import Database
from petitions.errors import UnavailableError
from petitions.lifecycle.queries import reading as queries

log = logging.getLogger(__name__)

INTERVAL_SECONDS: Final = 1.0
DELAY_EVERY: Final = 5
"""Refreshes between two checks of the waiting mail."""
OVERLAP: Final = timedelta(seconds=30)
"""How long changes are read again: a row has the time of its statement, but becomes visible a little later."""


class Counters:
    """Counts by petition, at most about a second old while the database answers; and the delay of mail."""

    def __init__(self, database: Database, *, interval: float = INTERVAL_SECONDS) -> None:
        self._database = database
        self._interval = interval
        self.mail_delay = timedelta()
        self._rounds = 0
        self._counts: dict[int, int] = {}
        self._since = datetime(2000, 1, 1, tzinfo=UTC)
        self._task: asyncio.Task[None] | None = None

    def get(self, petition_id: int, otherwise: int = 0) -> int:
        """The count of one petition, or ``otherwise`` if none was read yet."""
        return self._counts.get(petition_id, otherwise)

    async def refresh(self) -> None:
        """Read what has changed. Raises UnavailableError."""
        async with self._database.connection() as connection:
            rows = await queries.counters_read(connection, since=self._since)
            if self._rounds % DELAY_EVERY == 0:
                seconds = await queries.confirmation_mail_delay(connection, now=datetime.now(UTC))
                self.mail_delay = timedelta(seconds=seconds or 0)
            self._rounds += 1
        for row in rows:
            self._counts[row.petition_id] = row.confirmed
        if rows:
            self._since = max(self._since, max(row.changed_at for row in rows) - OVERLAP)

    def start(self) -> None:
        """Start refreshing in the running event loop."""
        self._task = asyncio.create_task(self._run(), name="counters")

    async def stop(self) -> None:
        """Stop refreshing."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self.refresh()
            except UnavailableError:
                log.warning("the counters could not be refreshed: the database is away")
            await asyncio.sleep(self._interval)
