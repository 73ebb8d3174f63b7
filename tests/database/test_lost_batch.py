"""A batch whose connection is lost is written once more on a new one; only when that fails too is it unavailable."""

from collections.abc import Sequence

import asyncpg
import pytest

from petitions.database.connection import Connection
from petitions.database.group_commit import GroupCommit
from petitions.database.pool import Database
from petitions.errors import UnavailableError


class Failing:
    """Fails the first ``times`` batches with ``error``, then writes; remembers on which connections."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error = error
        self.times = times
        self.connections: list[Connection] = []

    async def write(self, connection: Connection, items: Sequence[int]) -> list[int]:
        self.connections.append(connection)
        await connection.execute("select 1")
        if len(self.connections) <= self.times:
            raise self.error
        return [item * 10 for item in items]


async def _submit(database: Database, failing: Failing) -> int:
    writer = GroupCommit(database, failing.write)
    writer.start()
    try:
        return await writer.submit(7)
    finally:
        await writer.stop()


@pytest.mark.parametrize(
    "error", [asyncpg.ConnectionDoesNotExistError("lost"), ConnectionResetError("reset"), TimeoutError("late")]
)
async def test_a_lost_batch_is_written_again_on_a_new_connection(database: Database, error: Exception) -> None:
    failing = Failing(error, times=1)
    assert await _submit(database, failing) == 70
    first, second = failing.connections
    assert first is not second
    assert first.is_closed()


async def test_a_batch_that_is_lost_twice_is_unavailable_and_not_tried_a_third_time(database: Database) -> None:
    failing = Failing(ConnectionResetError("reset"), times=2)
    with pytest.raises(UnavailableError):
        await _submit(database, failing)
    assert len(failing.connections) == 2


async def test_a_deadlock_is_tried_again_on_the_same_connection(database: Database) -> None:
    failing = Failing(asyncpg.DeadlockDetectedError("deadlock"), times=1)
    assert await _submit(database, failing) == 70
    first, second = failing.connections
    assert first is second


async def test_a_second_deadlock_is_told(database: Database) -> None:
    failing = Failing(asyncpg.DeadlockDetectedError("deadlock"), times=2)
    with pytest.raises(asyncpg.DeadlockDetectedError):
        await _submit(database, failing)
    assert len(failing.connections) == 2


async def test_a_wrong_value_is_not_tried_again(database: Database) -> None:
    failing = Failing(asyncpg.DataError("wrong"), times=1)
    with pytest.raises(asyncpg.DataError):
        await _submit(database, failing)
    assert len(failing.connections) == 1


async def test_after_a_lost_batch_the_writer_goes_on(database: Database) -> None:
    failing = Failing(ConnectionResetError("reset"), times=2)
    writer = GroupCommit(database, failing.write)
    writer.start()
    with pytest.raises(UnavailableError):
        await writer.submit(1)
    assert await writer.submit(2) == 20
    await writer.stop()
