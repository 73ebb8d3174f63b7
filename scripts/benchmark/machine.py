"""The environment of a measurement: machine, versions, commit, and the settings of the database server."""

import asyncio
import os
import platform
import subprocess
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Final

import asyncpg

from scripts.benchmark.terminal import Failure

DURABLE: Final = ("fsync", "full_page_writes", "synchronous_commit")
SHOWN: Final = (
    *DURABLE, "wal_sync_method", "shared_buffers", "max_wal_size", "checkpoint_timeout", "wal_compression",
    "max_connections", "autovacuum", "data_checksums",
)  # fmt: skip
PACKAGES: Final = ("granian", "uvloop", "starlette", "asyncpg", "aiosmtplib", "jinja2", "pydantic", "cryptography")
_SYNCS: Final = 100
_ROOT: Final = Path(__file__).resolve().parents[2]


def machine(folder: Path) -> dict[str, str]:
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
        "disk": disk(folder),
        "kernel": f"{platform.system()} {platform.release()}",
        "load before": " ".join(f"{value:.2f}" for value in os.getloadavg()),
    }


def disk(folder: Path) -> str:
    """The time to write 8 kB durably to this disk, for which every commit waits."""
    page, times = os.urandom(8192), []
    path = folder / "durable"
    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        for number in range(_SYNCS):
            os.pwrite(file, page, 8192 * number)
            begun = time.perf_counter()
            os.fdatasync(file)
            times.append(time.perf_counter() - begun)
    finally:
        os.close(file)
        path.unlink()
    return f"{median(times) * 1000:.2f} ms to make 8 kB durable"


def crowded() -> bool:
    """A warning when other programs were busy on this machine before the start: figures are then too low."""
    return os.getloadavg()[0] > 0.3 * len(os.sched_getaffinity(0))


def _said(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=_ROOT)  # noqa: S603
    return (result.stdout or result.stderr).strip()


def versions() -> dict[str, str]:
    """The versions of the service and of its parts."""
    commit = _said("git", "rev-parse", "--short", "HEAD")
    changed = _said("git", "status", "--porcelain", "--untracked-files=no")
    return {
        "commit": commit + (" (with changes)" if changed else ""),
        "Python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "wrk": _said("wrk", "--version").split(" Copyright")[0].removeprefix("wrk "),
    }


def lasting_settings(url: str) -> dict[str, str]:
    """The settings of the running server. Raises Failure when it could lose acknowledged data."""
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
