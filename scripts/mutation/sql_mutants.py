"""Mutants of the conditions of the named queries in ``sql/queries``."""

from pathlib import Path

import aiosql

from scripts.mutation.mutants import Mutant


def query_text(mutant: Mutant) -> str:
    """The text that the query of a mutant sends to the database as it is."""
    original = Path(mutant.path).read_text(encoding="utf-8")
    return str(getattr(aiosql.from_str(original, "asyncpg", mandatory_parameters=False), mutant.where).sql)


def sql_mutants(path: str) -> list[Mutant]:
    """All mutants of a file."""
    return []
