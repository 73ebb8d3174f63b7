"""Group commit: items that arrive while the previous commit is under way are written with one statement.

A petition's counter would otherwise serialise all its signatories on one row lock (the README has the measurements).
Callers wait for the commit of their batch and only then answer; there is no time-out around a commit. A batch that is
refused is split in halves until the bad row is alone, so that it does not fail the others. When the connection is lost
the result of the batch is unknown; as the statements are idempotent, it is written again on a new connection, and the
callers get an error only if that fails too.

Lookups are batched in the same way: many keys, one statement.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar

import asyncpg

from petitions.database.connection import Connection
from petitions.database.pool import AWAY, Database
from petitions.errors import UnavailableError

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")
Write = Callable[[Connection, Sequence[ItemT]], Awaitable[Sequence[ResultT]]]
_Settled = tuple["asyncio.Future[ResultT]", ResultT | Exception]

LARGEST: Final = 500
"""The maximum number of rows in one statement: more hardly cost less per row, and every caller waits for all."""
MOST_WAITING: Final = 5000

log = logging.getLogger(__name__)


class GroupCommit(Generic[ItemT, ResultT]):
    """One writer: a queue, one connection, one statement at a time."""

    def __init__(
        self, database: Database, write: Write[ItemT, ResultT], *, largest: int = LARGEST, waiting: int = MOST_WAITING
    ) -> None:
        self._database = database
        self._write = write
        self._largest = largest
        self._most_waiting = waiting
        self._waiting: deque[tuple[ItemT, asyncio.Future[ResultT]]] = deque()
        self._wake: asyncio.Future[None] | None = None
        self._stopping = False
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the writer task, in the running event loop."""
        self._stopping = False
        self._task = asyncio.create_task(self._run(), name="group-commit")

    async def stop(self) -> None:
        """Write what is waiting, then stop. Later items are refused."""
        self._stopping = True
        self._rouse()
        if self._task is not None:
            await self._task
        await self._disconnect()

    async def submit(self, item: ItemT) -> ResultT:
        """Have ``item`` written; returns its result from the statement, once it is durable.

        Raises UnavailableError when too many are waiting, the database is away or this process is ending; nothing is
        acknowledged then.
        """
        if self._stopping or len(self._waiting) >= self._most_waiting:
            raise UnavailableError("busy")
        future: asyncio.Future[ResultT] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        self._rouse()
        return await future

    def _rouse(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def _run(self) -> None:
        settled: list[_Settled[ResultT]] = []
        while True:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._largest))]
            if batch:
                writing = asyncio.create_task(self._write_batch(batch))
                await asyncio.sleep(0)  # send the next statement before resolving the futures of the last one:
                _tell(settled)  # the database works while the callers go on
                settled = await writing
                continue
            _tell(settled)
            settled = []
            if self._stopping:
                return
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake

    async def _write_batch(self, batch: list[tuple[ItemT, asyncio.Future[ResultT]]]) -> "list[_Settled[ResultT]]":
        try:
            results = await self._write_retrying([item for item, _ in batch])
        except UnavailableError as error:
            return [(future, error) for _, future in batch]
        except Exception as error:  # the statement was refused: find the bad row
            if len(batch) == 1:
                log.warning("a row was refused by the database: %s", type(error).__name__)
                return [(batch[0][1], error)]
            half = len(batch) // 2
            return [*await self._write_batch(batch[:half]), *await self._write_batch(batch[half:])]
        return [(future, result) for (_, future), result in zip(batch, results, strict=True)]

    async def _write_retrying(self, items: list[ItemT]) -> Sequence[ResultT]:
        for attempt in (1, 2):
            try:
                if self._connection is None or self._connection.is_closed():
                    self._connection = await self._database.connect()
                return await self._write(self._connection, items)
            except asyncpg.DeadlockDetectedError:
                if attempt == 2:
                    raise
            except AWAY as error:
                if isinstance(error, ValueError):  # asyncpg's DataError: the row is wrong, not the connection
                    raise
                await self._disconnect()
                if attempt == 2:
                    raise UnavailableError("database") from error
        raise UnavailableError("database")

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(*AWAY):
                await connection.close(timeout=2)


def _tell(settled: "list[_Settled[ResultT]]") -> None:
    for future, outcome in settled:
        if future.done():  # the caller was cancelled
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
