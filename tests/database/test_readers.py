"""Public pages read from a replica, and from the primary while the replica is away."""

import asyncpg
import pytest

from petitions.database.pool import Database, Readers
from petitions.errors import UnavailableError

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


async def test_readers_use_the_replica(database: Database, database_url: str) -> None:
    replica = Database(database_url + "", largest=1)
    readers = Readers(replica, Database(NOWHERE))
    async with readers.connection() as connection:
        assert await connection.fetchval("select 1") == 1
    await readers.close()


async def test_readers_fall_back_to_the_primary(database: Database) -> None:
    readers = Readers(Database(NOWHERE), database)
    async with readers.connection() as connection:
        assert await connection.fetchval("select 2") == 2
    with pytest.raises(UnavailableError):
        async with Readers(Database(NOWHERE), Database(NOWHERE)).connection():
            pass


async def test_an_error_of_the_reader_is_not_tried_again_elsewhere(database: Database, database_url: str) -> None:
    readers = Readers(Database(database_url, largest=1), database)
    with pytest.raises(asyncpg.PostgresSyntaxError):
        async with readers.connection() as connection:
            await connection.execute("selec 1")
    with pytest.raises(UnavailableError):  # it broke in the middle: what was read may not be read twice
        async with readers.connection() as connection:
            await connection.execute("select pg_terminate_backend(pg_backend_pid())")
    await readers.close()
