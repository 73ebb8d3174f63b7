"""Group commit: whatever arrived while the previous commit was under way is written as one statement.

A petition's counter would otherwise serialise all its signatories on one row lock (DESIGN 6 has the measurements).
Callers wait for the commit of their batch and only then answer. A batch that fails is written row by row, so that one
bad row does not fail its neighbours. When the connection is lost the outcome of the batch is unknown; as the statements
are idempotent, it is written again on a new connection, and only if that fails too is the caller told so.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import asyncpg

from petitions.database.connection import Connection
from petitions.database.pool import AWAY, Database
from petitions.errors import UnavailableError

Item = TypeVar("Item")
Result = TypeVar("Result")
Write = Callable[[Connection, Sequence[Item]], Awaitable[Sequence[Result]]]

log = logging.getLogger(__name__)


class GroupCommit(Generic[Item, Result]):
    """One writer: a queue, one connection, one statement at a time."""

    def __init__(
        self, database: Database, write: Write[Item, Result], *, largest: int = 500, waiting: int = 5000
    ) -> None:
        self._database = database
        self._write = write
        self._largest = largest
        self._queue: asyncio.Queue[tuple[Item, asyncio.Future[Result]]] = asyncio.Queue(maxsize=waiting)
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write, in the running event loop."""
        self._task = asyncio.create_task(self._run(), name="group-commit")

    async def stop(self) -> None:
        """Write what is waiting, then end."""
        await self._queue.join()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._disconnect()

    async def submit(self, item: Item) -> Result:
        """Have ``item`` written; what the statement said of it, once it is durable.

        Raises UnavailableError when too many are waiting or the database is away; nothing is acknowledged then.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((item, future))
        except asyncio.QueueFull as error:
            raise UnavailableError("busy") from error
        return await future

    async def _run(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < self._largest and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            try:
                await self._write_batch(batch)
            finally:
                for _ in batch:
                    self._queue.task_done()

    async def _write_batch(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._write_retrying([item for item, _ in batch])
        except UnavailableError as error:
            _fail(batch, error)
        except Exception as error:  # the statement was refused: find the row that it does not like
            if len(batch) == 1:
                log.warning("a row was refused by the database: %s", type(error).__name__)
                _fail(batch, error)
            else:
                for entry in batch:
                    await self._write_batch([entry])
        else:
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)

    async def _write_retrying(self, items: list[Item]) -> Sequence[Result]:
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


def _fail(batch: list[tuple[Item, asyncio.Future[Result]]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
