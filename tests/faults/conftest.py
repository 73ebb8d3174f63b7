"""Real processes on a database of their own, that can be killed and started again; a mail server that can be away."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from petitions.lifecycle.reads.recount import recount
from petitions.security.encryption import Vault
from petitions.security.tokens import Link, Tokens
from tests.mail_server import MailServer
from tests.ports import free_port
from tests.world import World

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PATIENCE = 60.0
"""Seconds for one thing to happen: a busy machine is slow, not wrong. What waits ends at once when it has happened."""

KEY = "0123456789abcdef" * 4  # as SECRET_KEY has it: without a comma, which divides several


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test of processes its time, also on a busy machine."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.timeout(5 * PATIENCE))


@dataclass(repr=False)  # asyncio's runner would format its repr after every fixture: 4 ms each time
class Site:
    """The service of this test: its processes by command, its database, its mail server."""

    world: World
    database_url: str
    mail: MailServer
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the site answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, command: str, name: str = "", **settings: str) -> None:
        """Start ``serve`` or ``work`` (under a name of its own), in a group so that nothing of it outlives a kill."""
        environ = os.environ | {
            "DATABASE_URL": self.database_url,
            "SMTP_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "PUBLIC_URL": self.url,
            "PORT": str(self.port),
            "SECRET_KEY": KEY,
            **settings,
        }
        self.processes[name or command] = subprocess.Popen(
            [sys.executable, "-m", "petitions", command], env=environ, cwd=ROOT, start_new_session=True
        )

    def kill(self, command: str) -> None:
        """``kill -9`` for the process and its children, as a power cut would."""
        process = self.processes.pop(command)
        with contextlib.suppress(ProcessLookupError):  # a test may have asked it to end
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)

    async def ready(self) -> None:
        """Until the web process answers and has its database."""
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=self.url) as client:
            while True:
                try:
                    if (await client.get("/health/ready", timeout=2)).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)

    async def petition(self) -> int:
        """An open petition."""
        return (await self.world.opened(now=self.now)).petition_id

    async def pending(self, petition_id: int, number: int) -> list[Link]:
        """Signatures that wait for their button to be pressed."""
        few = asyncio.Semaphore(4)  # no more than there are connections: a busy machine hands them on slowly

        async def one() -> Link:
            async with few:
                return await self.world.pending(petition_id, now=self.now)

        return list(await asyncio.gather(*(one() for _ in range(number))))

    def button(self, link: Link) -> str:
        """Where the button of a confirmation mail posts to."""
        return f"{self.url}/nl/confirm/{self.world.service.tokens.make('confirm', link.petition_id, link.key)}"

    @property
    def now(self) -> datetime:
        """A moment that lies before that of the processes, which read the clock."""
        return datetime.now(UTC) - timedelta(minutes=5)

    async def confirmed(self, petition_id: int) -> set[bytes]:
        """The random keys of the signatures that are counted; counter, tally and rows must agree at every moment."""
        assert await recount(self.world.service.database) == []
        async with self.world.service.database.connection() as connection:
            rows = await connection.fetch("select token_id from signature where petition_id = $1", petition_id)
        return {row["token_id"] for row in rows}

    async def cut_connections(self) -> int:
        """Terminate every connection of the processes to their database, not those of the test; how many."""
        async with self.world.service.database.connection() as connection:
            own = await connection.fetch("select pg_backend_pid() as pid")
            return int(
                await connection.fetchval(
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                    " where datname = current_database() and pid <> $1 and backend_type = 'client backend'",
                    own[0]["pid"],
                )
            )

    async def until(self, sql: str, expected: int, seconds: float = PATIENCE) -> None:
        """Until a query gives this number."""
        found, deadline = None, time.monotonic() + seconds
        while time.monotonic() < deadline:
            async with self.world.service.database.connection() as connection:
                found = await connection.fetchval(sql)
            if found == expected:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"{sql}: {found}, not {expected}, after {seconds} s")


@pytest.fixture
async def site(world: World, database_url: str, mail_server: MailServer) -> AsyncIterator[Site]:
    """A service of which nothing runs yet; what a test has started is killed at its end."""
    world.service = replace(world.service, vault=Vault(KEY), tokens=Tokens((KEY,)))
    made = Site(world, database_url, mail_server)
    yield made
    for command in list(made.processes):
        made.kill(command)
