"""On what it was measured: machine, versions, commit, and the settings of the database server."""

import asyncio
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Final

import asyncpg

from scripts.benchmark.terminal import Failure

DURABLE: Final = ("fsync", "full_page_writes", "synchronous_commit")
SHOWN: Final = (
    *DURABLE, "wal_sync_method", "shared_buffers", "max_wal_size", "checkpoint_timeout", "wal_compression",
    "max_connections", "autovacuum", "data_checksums",
)  # fmt: skip
PACKAGES: Final = ("granian", "uvloop", "starlette", "asyncpg", "aiosmtplib", "jinja2", "pydantic", "cryptography")
_ROOT: Final = Path(__file__).resolve().parents[2]


def machine() -> dict[str, str]:
    """The machine, in words."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor() or "unknown",
    )
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": cpu,
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{pages / 2**30:.1f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "load before": " ".join(f"{value:.2f}" for value in os.getloadavg()),
    }


def crowded() -> bool:
    """Whether somebody else was busy on this machine before we began: figures are then lower than they could be."""
    return os.getloadavg()[0] > 0.3 * len(os.sched_getaffinity(0))


def _said(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=_ROOT)  # noqa: S603
    return (result.stdout or result.stderr).strip()


def versions() -> dict[str, str]:
    """What was measured, and with what."""
    commit = _said("git", "rev-parse", "--short", "HEAD")
    changed = _said("git", "status", "--porcelain", "--untracked-files=no")
    return {
        "commit": commit + (" (with changes)" if changed else ""),
        "Python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "wrk": _said("wrk", "--version").split(" Copyright")[0].removeprefix("wrk "),
    }


def lasting_settings(url: str) -> dict[str, str]:
    """The settings of the server as it runs. Raises Failure when it could lose what was acknowledged."""
    return asyncio.run(_settings(url))


async def _settings(url: str) -> dict[str, str]:
    connection = await asyncpg.connect(url)
    try:
        found = {"PostgreSQL": str(await connection.fetchval("show server_version"))}
        for name in SHOWN:
            found[name] = str(await connection.fetchval("select current_setting($1)", name))
    finally:
        await connection.close()
    for name in DURABLE:
        if found[name] != "on":
            raise Failure(f"the server runs with {name} = {found[name]}: figures without durability mean nothing")
    return found
