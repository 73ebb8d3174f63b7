"""The connection pool: size, time-outs, JSON, and the durability without which the service does not start."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from petitions.database.connection import Connection, Pool
from petitions.errors import ConfigurationError, UnavailableError

MINIMUM_VERSION = 150000

# Errors of asyncpg when the database is away or overloaded: the reader gets a friendly 503 and nothing was stored.
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # "not connected": the connection was lost a moment ago
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.QueryCanceledError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.LockNotAvailableError,
    asyncpg.DiskFullError,
)


async def _prepare_connection(connection: Connection) -> None:
    await connection.set_type_codec("jsonb", encoder=_dumps, decoder=json.loads, schema="pg_catalog")


async def _leave_as_it_is(_: Connection) -> None:
    """Do nothing: we leave no session state behind, so a connection is released without a round trip."""


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class Database:
    """A pool of connections that works before the server is up and again after it was away."""

    def __init__(self, url: str, *, largest: int = 10) -> None:
        self._url = url
        self._largest = largest
        self._pool: Pool | None = None
        self._opening = asyncio.Lock()
        self._closed = False

    async def open(self) -> None:
        """Connect once for all callers. Raises UnavailableError when the server is unreachable or the pool closed."""
        async with self._opening:
            if self._closed:
                raise UnavailableError("database")
            if self._pool is None:
                await self._connect_pool()

    async def _connect_pool(self) -> None:
        try:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=min(4, self._largest),  # a sudden load need not wait for the first connections
                max_size=self._largest,
                init=_prepare_connection,
                reset=_leave_as_it_is,
                timeout=5,
                command_timeout=30,
                server_settings={
                    "application_name": "petitions",
                    "statement_timeout": "10s",
                    "lock_timeout": "5s",
                    "idle_in_transaction_session_timeout": "10s",
                    "jit": "off",
                    "timezone": "UTC",
                },
            )
        except AWAY as error:
            raise UnavailableError("database") from error

    async def close(self) -> None:
        """Close all connections, for good."""
        self._closed = True
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def connect(self) -> Connection:
        """A connection outside the pool, for the group-commit writer. It has no time-out around a commit.

        Its few large statements are planned once, not for every batch (a millisecond each), and as if every table were
        large: a plan made while a table was empty must not scan it later.
        """
        connection: Connection = await asyncpg.connect(
            self._url,
            timeout=5,
            server_settings={
                "application_name": "petitions-writer",
                "jit": "off",
                "timezone": "UTC",
                "plan_cache_mode": "force_generic_plan",
                "enable_seqscan": "off",
            },
        )
        await _prepare_connection(connection)
        return connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection from the pool. Raises UnavailableError when the database is away or all are busy for 2 s."""
        if self._pool is None:
            await self.open()
        assert self._pool is not None  # noqa: S101 - open() has just made it
        try:
            async with self._pool.acquire(timeout=2) as connection:
                yield connection  # type: ignore[misc]
        except AWAY as error:
            if isinstance(error, ValueError):  # asyncpg's DataError: a wrong value; the database is available
                raise
            raise UnavailableError("database") from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection in a transaction: committed at the end, rolled back on any error."""
        async with self.connection() as connection, connection.transaction():
            yield connection


class Readers(Database):
    """A replica for public pages, which read from the primary while the replica is away."""

    def __init__(self, replica: Database, primary: Database) -> None:
        self._replica = replica
        self._primary = primary

    async def open(self) -> None:
        """Do nothing: both are opened at their first use."""

    async def close(self) -> None:
        """Close the replica; the primary is closed by its owner."""
        await self._replica.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection for reading. Raises UnavailableError when both are away."""
        given = False
        try:
            async with self._replica.connection() as connection:
                given = True
                yield connection
                return
        except UnavailableError:
            if given:
                raise
        async with self._primary.connection() as connection:
            yield connection


async def assert_durable(connection: Connection) -> None:
    """Refuse to run on a server that could lose what was acknowledged. Raises ConfigurationError."""
    version = int(await connection.fetchval("show server_version_num"))
    if version < MINIMUM_VERSION:
        raise ConfigurationError(f"PostgreSQL 15 or later is needed, this server reports {version}")
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        value = await connection.fetchval("select current_setting($1)", name)
        if value in {"off", "local"}:
            raise ConfigurationError(f"the database runs with {name} = {value}: acknowledged signatures could be lost")
