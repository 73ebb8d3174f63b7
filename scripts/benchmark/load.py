"""One run of the load generator wrk (a shot), and its figures."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote_plus

from scripts.benchmark.processes import run
from scripts.benchmark.sizes import CONNECTIONS
from scripts.benchmark.terminal import Failure

LUA: Final = Path(__file__).resolve().parent / "lua"
THREADS: Final = 1  # one does 100,000 requests a second; on two cores a second thread would only slow the server
_MARK: Final = "BENCH "
_PATIENCE: Final = 60

FORM: Final[Mapping[str, str]] = {
    "name": "Sanne de Wit",
    "email": "@EMAIL@",
    "street": "Dorpsstraat 1",
    "postcode": "8011 AB",
    "place": "Zwolle",
    "birth_date": "27-4-1967",
    "declaration": "yes",
    "website": "",
}
"""The form of a signatory, by the names of its fields."""


def form_body(fields: Mapping[str, str] = FORM) -> str:
    """The form as a browser sends it, with a placeholder for the address."""
    return "&".join(f"{name}={quote_plus(value, safe='@')}" for name, value in fields.items())


@dataclass(frozen=True, slots=True)
class Shot:
    """The figures of one shot. ``rate`` is that of the case; times are milliseconds, ``busy`` shares of a core."""

    rate: float
    requests: int = 0
    seconds: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    slowest: float = 0.0
    failed: int = 0
    busy: dict[str, float] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    problem: str = ""


def parse(output: str) -> dict[str, int]:
    """The figures in the output of wrk with one of our scripts. Raises Failure when there are none."""
    line = next((text for text in output.splitlines() if text.startswith(_MARK)), None)
    if line is None:
        raise Failure(f"wrk gave no figures: {output.strip()[:300]}")
    figures: dict[str, int] = json.loads(line.removeprefix(_MARK))
    return figures


def _which(figures: Mapping[str, int]) -> str:
    """The statuses of the failed answers, where wrk recorded them (--statuses)."""
    counts = {name.rpartition("_")[2]: value for name, value in figures.items() if name.startswith("answered_")}
    bad = [f"{value:,} × {status}" for status, value in sorted(counts.items()) if not status.startswith(("2", "3"))]
    return f" ({', '.join(bad)})" if bad else ""


def shot(figures: Mapping[str, int]) -> Shot:
    """The shot with these figures; unexpected answers and broken connections are its problem."""
    seconds = figures["microseconds"] / 1e6
    broken = sum(figures[name] for name in ("connect", "read", "write", "timeout"))
    failed = broken + figures["status"]
    problem = ""
    if broken:
        problem = f"{broken} connections failed or timed out"
    if figures["status"]:
        problem = f"{figures['status']:,} of {figures['requests']:,} answers were no success{_which(figures)}"
    return Shot(
        rate=figures["requests"] / seconds if seconds else 0.0,
        requests=figures["requests"],
        seconds=seconds,
        p50=figures["p50"] / 1e3,
        p99=figures["p99"] / 1e3,
        slowest=figures["max"] / 1e3,
        failed=failed,
        counted={name: value for name, value in figures.items() if name not in _ORDINARY},
        problem=problem,
    )


_ORDINARY: Final = {
    "requests", "microseconds", "bytes", "p50", "p99", "max", "status", "connect", "read", "write", "timeout",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WrkFigures:
    """The raw figures of wrk and the processor time that it took."""

    raw: dict[str, int]
    cpu: float


async def wrk(
    script: str, port: int, seconds: float, environment: Mapping[str, str], *, connections: int = CONNECTIONS
) -> WrkFigures:
    """Run wrk with one of our scripts against a port of this machine."""
    command = [
        "wrk", "--threads", str(THREADS), "--connections", str(connections), "--duration", f"{max(1, round(seconds))}s",
        "--timeout", "10s", "--script", str(LUA / f"{script}.lua"), f"http://127.0.0.1:{port}/",
    ]  # fmt: skip
    ours = {"BENCH_LUA": str(LUA), "BENCH_HOST": f"127.0.0.1:{port}", "BENCH_THREADS": str(THREADS)}
    said, cpu = await run(command, os.environ | ours | dict(environment), seconds + _PATIENCE)
    return WrkFigures(parse(said), cpu)
