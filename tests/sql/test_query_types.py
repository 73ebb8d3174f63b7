"""The typed functions of the queries: as they would be written today, and different as soon as a column is."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from petitions.database.connection import Connection
from petitions.database.pool import Database
from scripts.query_types.describe import Query, describe, read_catalogue
from scripts.query_types.generate import differing, target


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[Connection]:
    """A migrated database, whose changes are rolled back."""
    async with database.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        yield connection
        await transaction.rollback()


async def _query(connection: Connection, file: str, name: str) -> Query:
    queries = await describe(connection, await read_catalogue(connection), file)
    return next(query for query in queries if query.name == name)


async def test_the_functions_are_as_they_would_be_written_today(connection: Connection) -> None:
    assert await differing(connection) == {}, "run scripts/generate"


@pytest.mark.parametrize(
    "change",
    [
        "alter table sheet alter column number type bigint, alter column issued_at drop not null",
        "alter table paper_batch alter column accepted drop not null",
        "alter table paper_batch alter column accepted type numeric using accepted::numeric",
    ],
)
async def test_a_column_of_another_type_or_that_may_be_null_is_seen(connection: Connection, change: str) -> None:
    await connection.execute(change)
    changed = await differing(connection)
    if "paper_batch" in change:
        assert target("paper") in changed
        assert "accepted: " in changed[target("paper")]
    else:  # bigint is Python's int as well, and no query gives issued_at
        assert target("paper") not in changed


async def test_a_column_that_is_gone_is_an_error(connection: Connection) -> None:
    await connection.execute("alter table paper_batch drop column note")
    with pytest.raises(asyncpg.UndefinedColumnError):
        await differing(connection)
