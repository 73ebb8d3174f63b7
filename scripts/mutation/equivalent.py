"""Mutants that no test can tell from the program, each named with its reason in ``equivalent.toml``."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from scripts.mutation.mutants import Mutant

LIST: Final = Path(__file__).parent / "equivalent.toml"
_Key = tuple[str, str, str, str]


@dataclass(slots=True)
class Equivalents:
    """The list; it remembers which entries were found."""

    keys: set[_Key]
    found: set[_Key] = field(default_factory=set)

    @classmethod
    def read(cls) -> "Equivalents":
        """The list as it is. Raises ValueError for an entry without a reason."""
        keys = set()
        for one in tomllib.loads(LIST.read_text(encoding="utf-8")).get("mutant", []):
            if not one["reason"].strip():
                raise ValueError(f"no reason: {one}")
            keys.add((one["file"], one["function"], one["before"], one["after"]))
        return cls(keys)

    def names(self, mutant: Mutant) -> bool:
        """Whether this mutant is in the list."""
        if not any(file == mutant.path and where == mutant.where for file, where, _, _ in self.keys):
            return False
        key = (mutant.path, mutant.where, *mutant.lines())
        if key in self.keys:
            self.found.add(key)
        return key in self.keys

    def stale(self, paths: set[str]) -> list[str]:
        """Entries of these files that name no mutant (any more): they hide nothing and must go."""
        return sorted(f"{key[0]} {key[1]}: {key[3]}" for key in self.keys - self.found if key[0] in paths)
