"""The named queries of ``sql/queries``: each has a unique name and is called by one function."""

from typing import Any, Final

import aiosql

from petitions.database.migrations import SQL

queries: Final[Any] = aiosql.from_path(SQL / "queries", "asyncpg", mandatory_parameters=False)
"""All queries by name. A query is called with a connection (or pool) and keyword arguments, and returns records."""
