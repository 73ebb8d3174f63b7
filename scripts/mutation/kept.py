"""A fault that a test noticed is noticed again, as long as that test and the sources are the same."""

import functools
import hashlib
import json
from pathlib import Path

from scripts.mutation.covering import everything_else
from scripts.mutation.mutants import FOLDER, Mutant


class PageCache:
    """The faults of a group that were noticed, each with the test and the state of its file."""

    def __init__(self, group: str, *, anew: bool) -> None:
        sources = hashlib.sha256(everything_else()).hexdigest()[:16]
        self._file = FOLDER / f"noticed-{group}-{sources}.json"
        known = json.loads(self._file.read_text()) if self._file.exists() and not anew else {}
        self._tests: dict[str, list[str]] = known

    def notices(self, mutant: Mutant) -> bool:
        """Whether a test that is still the same noticed it."""
        test, digest = self._tests.get(_key(mutant), ("", ""))
        return bool(test) and digest == _digest(test.split("::")[0])

    def add(self, mutant: Mutant, test: str) -> None:
        """A test noticed it."""
        self._tests[_key(mutant)] = [test, _digest(test.split("::", maxsplit=1)[0])]

    def write(self) -> None:
        """Write it down for the next run."""
        self._file.write_text(json.dumps(self._tests))


def _key(mutant: Mutant) -> str:
    return f"{mutant.path}:{mutant.start}-{mutant.end}:{mutant.text.strip()}"


@functools.cache
def _digest(test_file: str) -> str:
    path = Path(test_file)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else ""
