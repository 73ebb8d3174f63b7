"""Runs the demonstration for the screenshots, and makes the personal links and sessions that pages need."""

import asyncio
import base64
import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg

from petitions.security.encryption import fingerprint
from petitions.security.tokens import Purpose, Tokens
from petitions.settings import ROOT

FOLDER: Final = ROOT / "var" / "screens"
PATIENCE: Final = 240


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The running demonstration: its address, database and secret."""

    url: str
    database_url: str
    secret: str

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """The rows of a query."""

        async def ask() -> list[Any]:
            connection = await asyncpg.connect(self.database_url)
            try:
                return list(await connection.fetch(sql, *values))
            finally:
                await connection.close()

        with ThreadPoolExecutor(1) as executor:  # Playwright runs an event loop in this thread
            return executor.submit(asyncio.run, ask()).result()

    def one(self, sql: str, *values: Any) -> Any:
        """The first value of the first row; None where there is none."""
        rows = self.rows(sql, *values)
        return rows[0][0] if rows else None

    def link(self, purpose: Purpose, petition_id: int, key: bytes) -> str:
        """The token of a personal link."""
        return Tokens((self.secret,)).make(purpose, petition_id, key)

    def session(self, staff_id: int) -> str:
        """A new session of a member of staff: the value of the cookie."""
        secret = secrets.token_bytes(32)
        moment = datetime.now(UTC)
        self.rows(
            "insert into staff_session (token_hash, staff_id, created_at, seen_at, expires_at)"
            " values ($1, $2, $3, $3, $4) returning staff_id",
            fingerprint(secret),
            staff_id,
            moment,
            moment + timedelta(hours=2),
        )
        return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


@contextlib.contextmanager
def demonstration(*, fresh: bool) -> Iterator[Demonstration]:
    """Run the whole service with its demo content, and end it afterwards.

    ``fresh``: seed it anew, so that its dates are right; this also happens when its content has changed since.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    data = FOLDER / "data"
    if fresh or _is_older_than_its_content(data):
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True)
    environ = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "SMTP_URL", "SECRET_KEY"}}
    environ |= {"PORT": str(port), "DATA_DIR": str(data), "DEMO": "1"}
    process = subprocess.Popen([sys.executable, "-m", "petitions", "start"], env=environ, cwd=ROOT)
    url = f"http://localhost:{port}"
    try:
        _wait(f"http://127.0.0.1:{port}/health/ready", process)
        secret = (data / "demo-secret").read_text("ascii")
        yield Demonstration(url, f"postgresql://postgres:@/postgres?host={data / 'postgres'}", secret)
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        if process.poll() is None:
            process.kill()


def _is_older_than_its_content(data: Path) -> bool:
    secret = data / "demo-secret"
    sources = [*(ROOT / "petitions" / "demo").glob("*.py"), *(ROOT / "sql" / "migrations").glob("*.sql")]
    return secret.exists() and secret.stat().st_mtime < max(path.stat().st_mtime for path in sources)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310
            if answer.status == 200:
                return
        time.sleep(0.3)
    raise SystemExit("the demonstration did not become ready")
