"""The group commit: bounded batches, one bad row, too many waiting, and a shutdown that loses nothing."""

import asyncio
from collections.abc import Sequence

import pytest

from petitions.database.connection import Connection
from petitions.database.group_commit import GroupCommit
from petitions.database.pool import Database
from petitions.database.ttl_cache import TtlCache
from petitions.errors import UnavailableError

CREATE = "create table number (n integer primary key constraint number_check check (n >= 0))"
INSERT = "insert into number (n) select unnest($1::integer[])"


class Numbers:
    """Writes numbers; remembers the sizes of the batches, and can be held up."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def write(self, connection: Connection, items: Sequence[int]) -> list[int]:
        await self.gate.wait()
        self.batches.append(len(items))
        await connection.execute(INSERT, items)
        return [item * 10 for item in items]


async def _stored(database: Database) -> set[int]:
    async with database.connection() as connection:
        return {row["n"] for row in await connection.fetch("select n from number")}


async def _table(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute(CREATE)


async def test_what_arrives_during_a_commit_is_one_statement_of_bounded_size(database: Database) -> None:
    await _table(database)
    numbers = Numbers()
    writer = GroupCommit(database, numbers.write, largest=100)
    writer.start()
    results = await asyncio.gather(*(writer.submit(n) for n in range(250)))
    assert results == [n * 10 for n in range(250)]
    assert numbers.batches == [100, 100, 50]
    await writer.stop()
    assert await _stored(database) == set(range(250))


async def test_one_bad_row_fails_alone_and_is_found_by_halving(database: Database) -> None:
    await _table(database)
    numbers = Numbers()
    writer = GroupCommit(database, numbers.write)
    writer.start()
    results = await asyncio.gather(*(writer.submit(n if n != 77 else -1) for n in range(128)), return_exceptions=True)
    failed = [n for n, result in enumerate(results) if isinstance(result, Exception)]
    assert failed == [77]
    assert await _stored(database) == set(range(128)) - {77}
    assert len(numbers.batches) == 15  # the whole, then two halves of each of seven sizes
    await writer.stop()


async def test_too_many_waiting_are_refused_at_once_and_the_others_written(database: Database) -> None:
    await _table(database)
    numbers = Numbers()
    numbers.gate.clear()
    writer = GroupCommit(database, numbers.write, largest=10, waiting=20)
    writer.start()
    first = asyncio.create_task(writer.submit(0))
    await asyncio.sleep(0.05)  # the writer has taken the first and is held up
    others = [asyncio.create_task(writer.submit(n)) for n in range(1, 21)]
    await asyncio.sleep(0)
    with pytest.raises(UnavailableError):
        await writer.submit(99)
    numbers.gate.set()
    await asyncio.gather(first, *others)
    await writer.stop()
    assert await _stored(database) == set(range(21))


async def test_the_end_writes_what_waits_and_refuses_what_comes_later(database: Database) -> None:
    await _table(database)
    numbers = Numbers()
    numbers.gate.clear()
    writer = GroupCommit(database, numbers.write, largest=10)
    writer.start()
    tasks = [asyncio.create_task(writer.submit(n)) for n in range(35)]
    await asyncio.sleep(0.05)
    ending = asyncio.create_task(writer.stop())
    await asyncio.sleep(0)
    with pytest.raises(UnavailableError):
        await writer.submit(99)
    numbers.gate.set()
    await ending
    assert await asyncio.gather(*tasks) == [n * 10 for n in range(35)]
    assert await _stored(database) == set(range(35))


async def test_who_gives_up_waiting_does_not_disturb_the_batch(database: Database) -> None:
    await _table(database)
    numbers = Numbers()
    numbers.gate.clear()
    writer = GroupCommit(database, numbers.write)
    writer.start()
    tasks = [asyncio.create_task(writer.submit(n)) for n in range(10)]
    await asyncio.sleep(0.05)
    tasks[3].cancel()
    numbers.gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [result for n, result in enumerate(results) if n != 3] == [n * 10 for n in range(10) if n != 3]
    await writer.stop()
    assert await _stored(database) == set(range(10))  # it was on its way, and it counts


async def test_a_value_is_made_anew_after_its_moment_and_its_errors_are_not_kept() -> None:
    made = 0

    async def make() -> int:
        nonlocal made
        made += 1
        if made == 2:
            raise LookupError
        return made

    known: TtlCache[str, int] = TtlCache(seconds=0.05, most=2)
    assert await known.get("a", make) == 1
    assert known.fresh("a") == 1
    await asyncio.sleep(0.06)
    assert known.fresh("a") is None
    assert known.last("a") == 1
    with pytest.raises(LookupError):
        await known.get("a", make)
    assert await known.get("a", make) == 3
    for key in "bcd":
        await known.get(key, make)
    assert len(known) == 2
