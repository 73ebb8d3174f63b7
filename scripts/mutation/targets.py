"""What is mutated, and which tests must notice: the one table to change when files move."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

REQUIRED: Final = 95.0
"""Percent of the mutants of every group that the tests must notice."""


@dataclass(frozen=True, slots=True)
class Target:
    """A group of files (globs) and the tests (globs) that are to notice a fault in them."""

    kind: Literal["python", "sql"]
    files: tuple[str, ...]
    tests: tuple[str, ...]

    def paths(self) -> list[str]:
        """The files of this group."""
        return _found(self.files)

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
_STAGES: Final = ("drafting", "moderation", "outcome", "own_signature", "referral", "refusing", "signing", "thresholds")
_LIFE: Final = (
    *(f"tests/life/test_{name}*.py" for name in _ACTS),
    "tests/life/test_limits_*.py",
    "tests/lifecycle/acts/test_desk.py",
    "tests/lifecycle/acts/test_loading.py",
)

TARGETS: Final[dict[str, Target]] = {
    "rules": Target("python", ("petitions/rules/*.py",), ("tests/rules/test_*.py",)),
    "acts": Target("python", tuple(f"petitions/life/{name}.py" for name in _ACTS), _LIFE),
    "sql": Target("sql", tuple(f"sql/queries/{name}.sql" for name in _STAGES), _LIFE),
}
