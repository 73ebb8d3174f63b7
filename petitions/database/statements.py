"""The SQL of ``sql/queries`` by name; the typed functions that ``scripts/query_types`` writes run it."""

from typing import Any, Final, NamedTuple

from aiosql.adapters.asyncpg import AsyncPGAdapter
from aiosql.query_loader import QueryLoader

from petitions.database.migrations import SQL


class Statement(NamedTuple):
    """One query: its SQL with numbered parameters, and their names in the order of the numbers."""

    sql: str
    parameters: tuple[str, ...]


def read_statements(file: str) -> dict[str, Statement]:
    """The queries of ``sql/queries/<file>.sql`` by name."""
    adapter: Final[Any] = AsyncPGAdapter()  # type: ignore[no-untyped-call]
    loader = QueryLoader(adapter, None, mandatory_parameters=False)
    found: Final[Any] = loader.load_query_data_from_file(SQL / "queries" / f"{file}.sql")
    return {one.query_name: Statement(one.sql, tuple(adapter.var_sorted[one.query_name])) for one in found}


def statements(file: str) -> dict[str, str]:
    """The SQL of the queries of one file, by name."""
    return {name: statement.sql for name, statement in read_statements(file).items()}
