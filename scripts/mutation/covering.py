"""Which tests run which lines of Python and which queries, and how long each test takes.

Made by running the tests once; kept under ``var/mutants`` for each file of tests, until that file or anything that is
not a test changes.
"""

import contextlib
import functools
import gc
import hashlib
import json
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from pathlib import Path
from typing import Any, Final

import asyncpg
import coverage
import pytest

from scripts.mutation.mutants import FOLDER

IMPORT: Final = "import"
"""What runs when modules are imported, as the name of a test."""


class Map:
    """For every test: its seconds, the lines that it runs in each file, and its queries by :func:`digest`."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.lines: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.queries: dict[str, set[str]] = defaultdict(set)

    def tests_of_lines(self, path: str) -> dict[int, set[str]]:
        """The tests that run each line of a file; those of the import are under :data:`IMPORT`."""
        found: dict[int, set[str]] = defaultdict(set)
        for test, files in self.lines.items():
            for line in files.get(path, ()):
                found[line].add(test)
        return found

    def fastest_first(self, tests: Set[str]) -> tuple[str, ...]:
        """These tests in the order in which they are best tried."""
        return tuple(sorted(tests, key=lambda test: (self.seconds.get(test, 1.0), test)))

    def tests_of_queries(self) -> dict[str, set[str]]:
        """The tests that send each query to the database."""
        found: dict[str, set[str]] = defaultdict(set)
        for test, texts in self.queries.items():
            for text in texts:
                found[text].add(test)
        return found


def share_run(known: Map, paths: Sequence[str]) -> tuple[int, int]:
    """How many lines of these files are run by a test or an import, and how many lines of code there are."""
    run = code = 0
    for path in paths:
        lines = _lines(compile(Path(path).read_text(encoding="utf-8"), path, "exec"))
        code += len(lines)
        run += len(lines & set(known.tests_of_lines(path)))
    return run, code


def _lines(code: types.CodeType) -> set[int]:
    inner = [one for one in code.co_consts if isinstance(one, types.CodeType)]
    own = {line for _, _, line in code.co_lines() if line}
    own.discard(code.co_firstlineno)  # the head of a function belongs to what is around it
    return own.union(*(_lines(one) for one in inner))


def digest(text: str) -> str:
    """By what the text of a query is known in a map."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:20]


def read(test_files: Sequence[str]) -> tuple[Map, list[str]]:
    """What is known of these files of tests, and the files of which nothing is."""
    known, unknown = Map(), []
    for path in test_files:
        kept = _kept(path)
        if not kept.exists():
            unknown.append(path)
            continue
        for test, one in json.loads(kept.read_text()).items():
            known.seconds[test] = one["seconds"]
            known.queries[test] = set(one["queries"])
            for file, lines in one["lines"].items():
                known.lines[test][file].update(lines)
    return known, unknown


def _kept(test_file: str) -> Path:
    digest = hashlib.sha256(everything_else())
    digest.update(Path(test_file).read_bytes())
    return FOLDER / f"{Path(test_file).stem}-{digest.hexdigest()[:16]}.json"


@functools.cache
def everything_else() -> bytes:
    """A digest of all that is neither a test nor a document: sources, SQL, templates, and what tests share."""
    digest = hashlib.sha256()
    shared = [path for path in Path("tests").rglob("*.py") if not path.name.startswith(("test_", "__init__"))]
    roots = [path for name in ("petitions", "sql") for path in Path(name).rglob("*") if path.suffix in _SOURCES]
    for path in sorted(shared + roots):
        digest.update(str(path).encode() + path.read_bytes())
    return digest.digest()


_SOURCES: Final = {".py", ".sql", ".toml"}


def clear_caches(caches: Sequence[Any]) -> None:
    """Forget what functions remember between calls, so that every test runs what it relies on."""
    for cache in caches:
        cache.cache_clear()


def caches() -> list[Any]:
    """The caches of the project's functions that are alive now."""
    kind = type(functools.cache(lambda: None))
    found = [one for one in gc.get_objects() if type(one) is kind]
    return [one for one in found if one.__module__.split(".")[0] in {"petitions", "tests"}]


class Recorder:
    """A plugin of pytest that records the map of the tests that it runs."""

    def __init__(self, sources: Sequence[str]) -> None:
        self.map = Map()
        self.failed: set[str] = set()
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, include=[str(Path(path).resolve()) for path in sources]
        )
        self._now = IMPORT
        self._caches: list[Any] = []

    def begin(self) -> None:
        """Record from here on: what comes first is the import of the modules."""
        self._coverage.start()
        self._coverage.switch_context(IMPORT)

    def end(self) -> None:
        """Stop recording and read what was found."""
        self._coverage.stop()
        data = self._coverage.get_data()
        for measured in data.measured_files():
            path = str(Path(measured).relative_to(Path.cwd()))
            for line, tests in data.contexts_by_lineno(measured).items():
                for test in tests:
                    self.map.lines[test][path].add(line)

    def pytest_collection_finish(self) -> None:
        """All modules are there: note their caches."""
        self._caches = caches()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """One test: its lines and queries are its own."""
        clear_caches(self._caches)
        self._now = item.nodeid
        self._coverage.switch_context(item.nodeid)
        with listening(self._heard):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """How long it took, and that it passed: a test that fails without a fault is of no use."""
        self.map.seconds[report.nodeid] = self.map.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.failed.add(report.nodeid)

    def _heard(self, text: str) -> str:
        self.map.queries[self._now].add(digest(text))
        return text


@contextlib.contextmanager
def listening(change: Any) -> Iterator[None]:
    """Every text that is sent to the database goes through ``change`` first."""
    connection: Any = asyncpg.Connection
    get_statement, execute = connection._get_statement, connection.execute

    async def statement(self: Any, query: str, *rest: Any, **named: Any) -> Any:
        return await get_statement(self, change(query), *rest, **named)

    async def run(self: Any, query: str, *rest: Any, **named: Any) -> Any:
        return await execute(self, query if rest else change(query), *rest, **named)

    connection._get_statement, connection.execute = statement, run
    try:
        yield
    finally:
        connection._get_statement, connection.execute = get_statement, execute


def keep(recorded: Map, failed: Set[str]) -> None:
    """Write down what was found, a file for each file of tests; without the tests that failed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    by_file: dict[str, dict[str, Any]] = defaultdict(dict)
    for test, seconds in recorded.seconds.items():
        if test not in failed:
            by_file[test.split("::")[0]][test] = _as_json(recorded, test, seconds)
    for path, tests in by_file.items():
        tests[IMPORT] = _as_json(recorded, IMPORT, 0.0)
        _kept(path).write_text(json.dumps(tests))


def _as_json(recorded: Map, test: str, seconds: float) -> dict[str, Any]:
    return {
        "seconds": seconds,
        "queries": sorted(recorded.queries.get(test, ())),
        "lines": {path: sorted(lines) for path, lines in recorded.lines.get(test, {}).items()},
    }
