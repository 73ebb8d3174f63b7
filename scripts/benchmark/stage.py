"""The processes of the benchmark: PostgreSQL, databases, web processes, workers, the mail sink and the baseline."""

import asyncio
import contextlib
import os
import secrets
import shutil
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from petitions.database.embedded import running
from petitions.settings import ROOT
from scripts.benchmark.processes import Child, Children, cpu_seconds, run
from scripts.benchmark.terminal import Failure, say

FOLDER: Final = ROOT / "var" / "bench"
READY_WITHIN: Final = 60.0
SERVER_SETTINGS: Final = {
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "max_connections": "200",
}
"""The recommendations of docs/operators.md. Durability keeps the default of PostgreSQL: on."""


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A new server with these settings; yields its address. Its data is deleted at the end."""
    _end_server(folder)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with running(folder, say) as url:
            asyncio.run(_configure(url))
        with running(folder, say) as url:  # some settings are read only at the start
            yield url
    finally:
        _end_server(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _end_server(folder: Path) -> None:
    """End a server on this folder that is left over from a run that was killed."""
    try:
        pid = int((folder / "postmaster.pid").read_text("ascii").splitlines()[0])
        if str(folder) not in Path(f"/proc/{pid}/cmdline").read_text("utf-8"):
            return
        os.kill(pid, signal.SIGINT)  # a fast shutdown
    except (OSError, ValueError, IndexError):
        return
    deadline = time.monotonic() + READY_WITHIN
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.1)


async def _configure(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for name, value in SERVER_SETTINGS.items():
            await connection.execute(f"alter system set {name} = '{value}'")
    finally:
        await connection.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")


@dataclass(slots=True)
class Installation:
    """One installation of the service: a database, and its processes while they run."""

    name: str
    url: str
    port: int
    secret: str
    web: Child | None = None
    worker: Child | None = None

    async def fetchval(self, statement: str, *arguments: object) -> int:
        """A number from its database."""
        connection = await asyncpg.connect(self.url)
        try:
            return int(await connection.fetchval(statement, *arguments) or 0)
        finally:
            await connection.close()

    async def execute(self, *statements: str) -> None:
        """Execute statements in its database."""
        connection = await asyncpg.connect(self.url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@dataclass(slots=True)
class BenchmarkStage:
    """The server, the installations and all processes of the benchmark."""

    server_url: str
    postmaster: int
    children: Children
    workers: int = 1
    folder: Path = FOLDER
    sites: dict[str, Installation] = field(default_factory=dict)
    bare: Child | None = None
    bare_port: int = 0
    sink: Child | None = None
    sink_port: int = 0

    @property
    def links(self) -> Path:
        """The file to which the sink writes links."""
        return self.folder / "links.txt"

    def environment(self, site: Installation) -> dict[str, str]:
        """The environment of a production installation."""
        return _clean() | {
            "DATABASE_URL": site.url,
            "SMTP_URL": f"smtp://127.0.0.1:{self.sink_port or 9}",
            "SECRET_KEY": site.secret,
            "PUBLIC_URL": "https://petities.bench.example",
            "PORT": str(site.port),
            "HOST": "127.0.0.1",
            "DATA_DIR": str(self.folder / "data"),
            "WEB_CONCURRENCY": str(self.workers),
            "DEMO": "0",
        }

    async def site(self, name: str) -> Installation:
        """A new installation with an empty, migrated database."""
        connection = await asyncpg.connect(self.server_url)
        try:
            await connection.execute(f'create database "{name}"')
        finally:
            await connection.close()
        site = Installation(name, with_database(self.server_url, name), free_port(), secrets.token_hex(32))
        await self.command(site, "migrate")
        self.sites[name] = site
        return site

    async def command(self, site: Installation, *arguments: str) -> str:
        """Run a command of the service; returns its output. Raises Failure when it fails."""
        said, _ = await run([sys.executable, "-m", "petitions", *arguments], self.environment(site), folder=ROOT)
        return said.strip()

    async def start_web(self, site: Installation) -> None:
        """Start the web processes of an installation, unless they run."""
        if site.web is None or not site.web.alive:
            command = [sys.executable, "-m", "petitions", "serve"]
            site.web = self.children.start(f"web-{site.name}", command, self.environment(site))
            await _answering(site.web, f"http://127.0.0.1:{site.port}/health/live")

    def stop_web(self, site: Installation) -> None:
        """End the web processes of an installation."""
        if site.web is not None:
            self.children.end(site.web)
            site.web = None

    async def start_worker(self, site: Installation) -> None:
        """Start the worker of an installation and the mail sink, unless they run."""
        await self.start_sink()
        if site.worker is None or not site.worker.alive:
            command = [sys.executable, "-m", "petitions", "work"]
            site.worker = self.children.start(f"worker-{site.name}", command, self.environment(site))

    def stop_worker(self, site: Installation) -> None:
        """End the worker of an installation."""
        if site.worker is not None:
            self.children.end(site.worker)
            site.worker = None

    async def start_sink(self) -> None:
        """Start the mail sink, unless it runs."""
        if self.sink is None or not self.sink.alive:
            port_file = self.folder / "sink-port"
            port_file.unlink(missing_ok=True)
            self.links.unlink(missing_ok=True)
            command = [sys.executable, "-m", "scripts.benchmark.sink", str(port_file), str(self.links)]
            self.sink = self.children.start("sink", command, _clean())
            deadline = time.monotonic() + READY_WITHIN
            while not port_file.exists():
                if time.monotonic() > deadline or not self.sink.alive:
                    raise Failure(f"the mail sink does not start: see {self.sink.log}")
                await asyncio.sleep(0.05)
            self.sink_port = int(port_file.read_text("ascii"))

    def stop_sink(self) -> None:
        """End the mail sink."""
        if self.sink is not None:
            self.children.end(self.sink)
            self.sink, self.sink_port = None, 0

    async def start_bare(self) -> None:
        """Start the bare application, unless it runs."""
        if self.bare is None or not self.bare.alive:
            site = Installation("bare", self.server_url, free_port(), secrets.token_hex(32))
            self.bare_port = site.port
            command = [sys.executable, "-m", "scripts.benchmark.bare"]
            self.bare = self.children.start("bare", command, self.environment(site))
            await _answering(self.bare, f"http://127.0.0.1:{site.port}/plain")

    def roles(self) -> dict[str, int]:
        """The root process of each role."""
        roles = {"postgres": self.postmaster}
        for site in self.sites.values():
            for role, child in (("web", site.web), ("worker", site.worker)):
                if child is not None and child.alive:
                    roles[f"{role}-{site.name}"] = child.pid
        for role, child in (("bare", self.bare), ("sink", self.sink)):
            if child is not None and child.alive:
                roles[role] = child.pid
        return roles

    @contextlib.contextmanager
    def meter(self) -> Iterator[dict[str, float]]:
        """Measure how busy each role is: filled in at the end, as shares of one core, without idle ones."""
        roles = self.roles()
        before = {role: cpu_seconds(pid) for role, pid in roles.items()}
        begun = time.monotonic()
        busy: dict[str, float] = {}
        yield busy
        elapsed = time.monotonic() - begun
        for role, pid in roles.items():
            share = (cpu_seconds(pid) - before[role]) / elapsed
            name = role.partition("-")[0]
            busy[name] = round(busy.get(name, 0.0) + share, 2)


def _clean() -> dict[str, str]:
    """The environment without settings of the service that may be set in the shell."""
    ours = ("DATABASE_URL", "SMTP_", "SECRET_", "PUBLIC_", "SITE_", "MAIL_", "MAILBOX_", "DEMO", "WEB_", "CONTACT_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


async def _answering(child: Child, url: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline and child.alive:
        if await asyncio.to_thread(_answers, url):
            return
        await asyncio.sleep(0.1)
    raise Failure(f"{child.name} does not answer: see {child.log}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - an address of ours
            return bool(answer.status == 200)
    except OSError:
        return False
