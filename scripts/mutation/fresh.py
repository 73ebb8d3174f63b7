"""Try mutants of what runs when modules are imported (constants, tables): each in a process that imports anew.

The process is forked from one that has imported the libraries, but nothing of the project.
"""

import importlib
import importlib.machinery
import os
import signal
import time
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from scripts.mutation.mutants import Mutant, Verdict, said
from scripts.mutation.trying import Trial

LIBRARIES: Final = (
    "aiosql", "asyncpg", "babel.dates", "cryptography.fernet", "httpx", "hypothesis", "icalendar", "jinja2", "pydantic",
    "pytest_asyncio", "starlette.applications", "xlsxwriter", "typst",
)  # fmt: skip
LIMIT: Final = 120.0


def import_libraries() -> None:
    """Import what the project imports, once for all children."""
    for name in LIBRARIES:
        importlib.import_module(name)


def in_child(work: Callable[[], int]) -> int:
    """Fork a child that does ``work`` and ends with its status; its process id."""
    pid = os.fork()
    if pid:
        return pid
    status = 99
    try:
        status = work()
    finally:
        os._exit(status)


def try_fresh(trials: Sequence[Trial], told: Callable[[Trial, Verdict, str], None], *, jobs: int) -> None:
    """Try every mutant, so many at a time."""
    waiting, running = list(reversed(trials)), dict[int, tuple[Trial, float]]()
    pipes: dict[int, int] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            trial = waiting.pop()
            reads, says = os.pipe()
            pid = in_child(lambda trial=trial, says=says: _child(trial, says))  # type: ignore[misc]
            os.close(says)
            running[pid], pipes[pid] = (trial, time.monotonic()), reads
        for pid, (trial, started) in list(running.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended and time.monotonic() - started > LIMIT:
                os.kill(pid, signal.SIGKILL)
                ended, status = os.waitpid(pid, 0)
            if ended:
                del running[pid]
                told(trial, _verdict(status), said(pipes.pop(pid)) or trial.tests_of_file[0])
        time.sleep(0.01)


def _verdict(status: int) -> Verdict:
    if not os.WIFEXITED(status):
        return "timeout"
    return "survived" if os.WEXITSTATUS(status) == pytest.ExitCode.OK else "killed"


class _FirstFailure:
    """A plugin of pytest that tells which test failed."""

    def __init__(self, says: int) -> None:
        self._says = says

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell it."""
        if report.failed:
            os.write(self._says, report.nodeid.encode())


def _child(trial: Trial, says: int) -> int:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    _import_changed(trial.mutant)
    return int(pytest.main([*OPTIONS, "-x", *trial.tests_of_file], plugins=[_FirstFailure(says)]))


OPTIONS: Final = (
    "-s", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest", "--assert=plain",
    "--tb=native", "-o", "timeout=0",
)  # fmt: skip


def _import_changed(mutant: Mutant) -> None:
    """Have the module imported with the fault in it."""
    path = str(Path(mutant.path).resolve())
    source = mutant.source(Path(path).read_text(encoding="utf-8"))
    get_code = importlib.machinery.SourceFileLoader.get_code

    def changed(self: Any, fullname: str) -> types.CodeType | None:
        if self.path == path:
            return compile(source, path, "exec", dont_inherit=True)
        return get_code(self, fullname)

    importlib.machinery.SourceFileLoader.get_code = changed  # type: ignore[method-assign]
