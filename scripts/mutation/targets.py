"""What is mutated, and which tests must notice: the one table to change when files move."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Final, Literal

REQUIRED: Final = 95.0
"""Percent of the mutants of every group that the tests must notice."""


@dataclass(frozen=True, slots=True)
class Target:
    """A group of files (globs) and the tests (globs) that are to notice a fault in them.

    ``only`` limits some files to some of their functions or queries (globs). ``remembered``: functions with a cache
    remember what these files make, so that a fault in them may only be seen when the caches are empty.
    """

    kind: Literal["python", "sql"]
    files: tuple[str, ...]
    tests: tuple[str, ...]
    remembered: bool = False
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def paths(self) -> list[str]:
        """The files of this group."""
        return _found(self.files)

    def holds(self, path: str, where: str) -> bool:
        """Whether a function or query of a file belongs to this group."""
        return path not in self.only or any(fnmatch(where, one) for one in self.only[path])

    def test_files(self) -> list[str]:
        """The files of its tests."""
        return _found(self.tests)


def _found(globs: tuple[str, ...]) -> list[str]:
    return sorted({str(path) for one in globs for path in Path().glob(one) if path.is_file()})


_ACTS: Final = (
    "deciding",
    "drafting",
    "moderation",
    "objections",
    "opening",
    "outcome",
    "referral",
    "retention",
    "second_reading",
    "signable",
    "signing",
    "thresholds",
)
_STAGES: Final = (
    "drafting",
    "moderation",
    "objections",
    "outcome",
    "own_signature",
    "referral",
    "retention",
    "signing",
    "thresholds",
)
_LIFE: Final = (
    *(f"tests/lifecycle/acts/test_{name}*.py" for name in _ACTS),
    "tests/lifecycle/acts/test_limits_*.py",
    "tests/lifecycle/acts/test_desk.py",
    "tests/lifecycle/acts/test_loading.py",
)

TARGETS: Final[dict[str, Target]] = {
    "rules": Target(
        "python",
        ("petitions/lifecycle/rules/*.py", "petitions/*/rules.py", "petitions/*/rules/*.py"),
        (
            "tests/lifecycle/rules/test_*.py",
            "tests/machinery/test_*.py",
            "tests/*/test_rules.py",
            "tests/*/test_boundaries.py",
        ),
        remembered=True,
    ),
    "acts": Target("python", tuple(f"petitions/lifecycle/acts/{name}.py" for name in _ACTS), _LIFE),
    "sql": Target("sql", tuple(f"sql/queries/{name}.sql" for name in _STAGES), _LIFE),
}
