"""Shared fixtures: one migrated template database per run, and a fresh copy for every test that needs one.

``DATABASE_URL`` names the server (``scripts/test`` starts an embedded one).
"""

import asyncio
import hashlib
import os
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar

import asyncpg
import pytest

from petitions.database.fetching import watch_rows
from petitions.database.migrations import files, migrate
from petitions.database.pool import Database
from tests.row_check import check_row
from tests.scratch import ScratchDatabases, with_database
from tests.world import World, make_world

pytest_plugins = ("tests.web", "tests.mail_server")
"""The plugins with the web client and the mail server, for the tests of every subject."""

watch_rows(check_row)

Result = TypeVar("Result")
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def _only_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse to connect or send to any other machine: what a test needs runs here (PEP 578 audit hook)."""
    if event not in {"socket.connect", "socket.sendto"} or not isinstance(arguments[1], tuple):
        return  # a path is a Unix socket
    host = str(arguments[1][0])
    if host not in {"localhost", "::1", ""} and not host.startswith("127."):
        raise RuntimeError("a test wanted to reach another machine")


sys.addaudithook(_only_loopback)


def _server_url() -> str:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        pytest.exit("DATABASE_URL is not set: run the tests with scripts/test", returncode=4)
    return url


def _template_name() -> str:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files())).hexdigest()[:12]
    return f"petitions_template_{digest}"


def run_apart(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a thread of its own: the browser's driver keeps a loop in the main one."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def template_database() -> str:
    """The name of a migrated database; made once per server and schema, whichever worker comes first."""
    return run_apart(_make_template())


async def _make_template() -> str:
    name = _template_name()
    connection = await asyncpg.connect(_server_url())
    try:
        await connection.execute("select pg_advisory_lock(4711)")
        if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
            building = f"{name}_building"
            await connection.execute(f'drop database if exists "{building}"')
            await connection.execute(f'create database "{building}"')
            inside = await asyncpg.connect(with_database(_server_url(), building))
            try:
                await migrate(inside)
            finally:
                await inside.close()
            await connection.execute(f'alter database "{building}" rename to "{name}"')
    finally:
        await connection.close()
    return name


@pytest.fixture(scope="session")
def scratch_databases(template_database: str) -> Iterator[ScratchDatabases]:
    """The scratch databases of this process, dropped at its end."""
    made = ScratchDatabases(_server_url(), template_database)
    yield made
    run_apart(made.close())


@pytest.fixture
async def database_url(scratch_databases: ScratchDatabases) -> AsyncIterator[str]:
    """The address of a database with the schema and nothing in it."""
    url = await scratch_databases.take()
    yield url
    await scratch_databases.give_back(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open pool on a fresh database."""
    pool = Database(database_url, largest=5)
    await pool.open()
    yield pool
    await pool.close()


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """A running service on a fresh database, with the procedures loaded and staff to act."""
    made = await make_world(database)
    yield made
    await made.service.stop()


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return NOW
