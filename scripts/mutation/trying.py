"""Try mutants in forked children of one process that has imported and collected everything.

A child puts the fault into the functions that are already there (or into the query, on its way to the database), runs
the tests that cover it until one fails, and ends. So a mutant of a pure rule takes some hundredths of a second.
"""

import asyncio
import contextlib
import gc
import os
import signal
import sys
import time
import types
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import aiosql
import asyncpg
import pytest

from scripts.mutation.covering import caches, clear_caches, listening
from scripts.mutation.mutants import Mutant, Verdict, said

KILLED, SURVIVED, BROKEN = 10, 11, 12
CLEAN: Final = 16
"""Added to the status of a child that left its database as it found it."""
USES: Final = 300
"""How many tests use one scratch database before it is made anew: what was deleted leaves its room behind."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant and the tests that cover it, the fastest first.

    ``imported``: the import of the modules runs it too, so that what survives in a running process is tried once more,
    in one that imports anew, with ``tests_of_file``: all tests that run anything of the file.
    """

    mutant: Mutant
    tests: tuple[str, ...]
    imported: bool = False
    tests_of_file: tuple[str, ...] = ()


def patience(seconds: float) -> float:
    """How long a test may take that took so many seconds without a fault: longer is an endless loop."""
    return 3.0 + 10 * seconds


@dataclass(slots=True)
class _Slot:
    """One of the children that run at the same time, and the scratch databases that are its own."""

    databases: list[Any] = field(default_factory=list)
    uses: int = 0
    trial: Trial | None = None
    pid: int = 0
    said: int = 0  # where the child tells which test failed
    ends: float = 0.0


class Trier:
    """A plugin of pytest that, instead of running the tests once, runs them for every trial."""

    def __init__(
        self,
        trials: Sequence[Trial],
        seconds: dict[str, float],
        told: Callable[[Trial, Verdict, str], None],
        *,
        jobs: int,
        remembered: bool,
    ) -> None:
        self._trials = list(reversed(trials))
        self._seconds = seconds
        self._told = told
        self._remembered = remembered
        self._slots = [_Slot() for _ in range(jobs)]
        self._shelf: Any = None
        self._failed = False
        self._killers: dict[tuple[str, str], list[str]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, Any, Any]:
        """Remember where the scratch databases are kept."""
        made = yield
        if fixturedef.argname == "shelf":
            self._shelf = made
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport:
        """A report without the text of the failure, which costs more than most tests."""
        outcome: Literal["passed", "failed", "skipped"] = "passed"
        if call.excinfo is not None:
            outcome = "skipped" if call.excinfo.errisinstance(pytest.skip.Exception) else "failed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)  # type: ignore[arg-type]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Whether the test of now failed."""
        self._failed = self._failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant."""
        items = {item.nodeid: item for item in session.items}
        self._warm_up(session, items)
        functions = _functions()
        known_caches = caches() if self._remembered else []
        gc.collect()
        gc.freeze()
        while self._trials or any(slot.trial for slot in self._slots):
            for slot in self._slots:
                if slot.trial is None and self._trials:
                    self._start(slot, session, items, functions, known_caches)
            self._wait()
        for slot in self._slots:
            self._drop(slot)
        return True

    def _warm_up(self, session: pytest.Session, items: dict[str, pytest.Item]) -> None:
        """Run one test that uses a database, so that what tests share is there before anything is forked."""
        item = next((one for one in items.values() if "shelf" in getattr(one, "fixturenames", ())), None)
        if item is not None:
            _run(item, session)
            if self._failed:
                raise RuntimeError(f"a test fails without any fault: {item.nodeid}")

    def _start(
        self,
        slot: _Slot,
        session: pytest.Session,
        items: dict[str, pytest.Item],
        functions: dict[tuple[str, str, int], list[types.FunctionType]],
        known_caches: list[Any],
    ) -> None:
        trial = self._trials.pop()
        self._prepare(slot)
        first = self._killers.get((trial.mutant.path, trial.mutant.where), [])
        tests = sorted(trial.tests, key=lambda test: first.index(test) if test in first else len(first))
        reads, says = os.pipe()
        pid = os.fork()
        if pid == 0:
            gc.disable()
            os.setpgid(0, 0)
            os.close(reads)
            status = BROKEN
            try:
                _mute()
                with put_in(trial.mutant, functions):
                    status = self._run_until_failure([items[test] for test in tests], session, says)
                    if status == SURVIVED and known_caches:
                        clear_caches(known_caches)
                        status = self._run_until_failure([items[test] for test in tests], session, says)
                if self._shelf is None or (not self._shelf.lent and len(self._shelf.free) == len(slot.databases)):
                    status += CLEAN
            finally:
                os._exit(status)
        os.close(says)
        slot.trial, slot.pid = trial, pid
        slot.ends = time.monotonic() + 60 + sum(patience(self._seconds.get(test, 1.0)) for test in tests)
        slot.said = reads

    def _run_until_failure(self, items: list[pytest.Item], session: pytest.Session, says: int) -> int:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        for item in items:
            self._failed = False
            signal.setitimer(signal.ITIMER_REAL, patience(self._seconds.get(item.nodeid, 1.0)))
            _run(item, session)
            if self._failed:
                signal.setitimer(signal.ITIMER_REAL, 0)
                os.write(says, item.nodeid.encode())
                return KILLED
        signal.setitimer(signal.ITIMER_REAL, 0)
        return SURVIVED

    def _prepare(self, slot: _Slot) -> None:
        """Give the child-to-be the databases of its slot, one at least."""
        if self._shelf is None:
            return
        if slot.uses > USES:
            self._drop(slot)
        self._shelf.free, self._shelf.lent = slot.databases, {}
        if not slot.databases:
            _apart(self._shelf.take())
            slot.databases.extend(self._shelf.lent.values())
            self._shelf.lent, slot.uses = {}, 0

    def _drop(self, slot: _Slot) -> None:
        """Drop the databases of a slot; a child that used one up has dropped it already."""
        while slot.databases:
            self._shelf.free = [slot.databases.pop()]
            with contextlib.suppress(asyncpg.InvalidCatalogNameError):
                _apart(self._shelf.close())

    def _wait(self) -> None:
        """Until a child ended, or one has been running for too long."""
        for slot in self._slots:
            if slot.trial is None:
                continue
            pid, status = os.waitpid(slot.pid, os.WNOHANG)
            if pid == 0 and time.monotonic() > slot.ends:
                os.killpg(slot.pid, signal.SIGKILL)
                pid, status = os.waitpid(slot.pid, 0)
            if pid:
                self._ended(slot, status)
        time.sleep(0.002)

    def _ended(self, slot: _Slot, status: int) -> None:
        trial, slot.trial = slot.trial, None
        assert trial is not None
        killer = said(slot.said)
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0
        slot.uses += len(trial.tests)
        if not code & CLEAN:
            self._drop(slot)
        if killer:
            first = self._killers.setdefault((trial.mutant.path, trial.mutant.where), [])
            first[:] = [killer, *(one for one in first if one != killer)]
        verdict: dict[int, Verdict] = {KILLED: "killed", SURVIVED: "survived", BROKEN: "untried"}
        self._told(trial, verdict.get(code & ~CLEAN, "timeout"), killer)


def _run(item: pytest.Item, session: pytest.Session) -> None:
    """Run one test; what the whole run shares stays set up."""
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=session)


def _mute() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 - until the child ends


def _apart(work: Any) -> None:
    with ThreadPoolExecutor(1) as executor:
        executor.submit(asyncio.run, work).result()


def _functions() -> dict[tuple[str, str, int], list[types.FunctionType]]:
    """All functions of the project that are alive, by file, name and first line: wherever they were imported to."""
    found: dict[tuple[str, str, int], list[types.FunctionType]] = {}
    root = str(Path.cwd())
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__code__.co_filename.startswith(root):
            path = str(Path(one.__code__.co_filename).relative_to(root))
            found.setdefault((path, one.__code__.co_qualname, one.__code__.co_firstlineno), []).append(one)
    return found


def put_in(mutant: Mutant, functions: dict[tuple[str, str, int], list[types.FunctionType]]) -> Any:
    """Put a fault into the running process; a context in which it is there (a child never leaves it)."""
    if mutant.path.endswith(".sql"):
        return listening(_changing(mutant))
    code = _code(mutant)
    for function in functions[mutant.path, mutant.where, mutant.first_line]:
        function.__code__ = code
    return _nothing()


def _nothing() -> Any:
    return listening(lambda text: text)


def _code(mutant: Mutant) -> types.CodeType:
    """The code of the function with the fault: only it is compiled, at the lines where it stands."""
    original = Path(mutant.path).read_text(encoding="utf-8")
    changed = mutant.source(original)
    longer = changed.count("\n") - original.count("\n")
    block = changed.splitlines()[mutant.first_line - 1 : mutant.body[1] + longer]
    *classes, _ = mutant.where.split(".")
    heads = [f"{' ' * 4 * depth}class {name}:" for depth, name in enumerate(classes)]
    padding = [""] * (mutant.first_line - 1 - len(heads))
    path = str(Path(mutant.path).resolve())
    code = compile("\n".join([*padding, *heads, *block]), path, "exec", dont_inherit=True)
    for _ in mutant.where.split("."):
        code = next(one for one in code.co_consts if isinstance(one, types.CodeType))
    return code


def _changing(mutant: Mutant) -> Callable[[str], str]:
    original = Path(mutant.path).read_text(encoding="utf-8")
    as_is, changed = (
        getattr(aiosql.from_str(text, "asyncpg", mandatory_parameters=False), mutant.where).sql
        for text in (original, mutant.source(original))
    )
    return lambda text: changed if text == as_is else text
