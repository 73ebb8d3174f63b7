"""All modules together: their texts as one database has them, and where they stand."""

from pathlib import Path

from petitions.database.connection import Connection
from petitions.database.migrations import SQL
from scripts.query_types.describe import QueryError, describe, read_catalogue
from scripts.query_types.modules import MODULES
from scripts.query_types.render import render


def target(file: str) -> Path:
    """Where the module of a SQL file stands."""
    return SQL.parent / (MODULES[file].replace(".", "/") + ".py")


async def generate(connection: Connection) -> dict[Path, str]:
    """The text of every module by its place. Raises QueryError."""
    unplaced = {path.stem for path in (SQL / "queries").glob("*.sql")} ^ MODULES.keys()
    if unplaced:
        raise QueryError(f"scripts/query_types/modules.py and sql/queries differ: {', '.join(sorted(unplaced))}")
    catalogue = await read_catalogue(connection)
    return {target(file): render(file, await describe(connection, catalogue, file)) for file in MODULES}


async def differing(connection: Connection) -> dict[Path, str]:
    """The modules that are not as they would be written now, with what would be written."""
    made = await generate(connection)
    return {path: text for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text}
