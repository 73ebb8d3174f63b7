"""Check that an upgrade keeps all data: the rows of every table before and after, by their earlier columns."""

import asyncio
import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from scripts.tour_recording.running import TourStage, scene

_TABLES: Final = """
select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
group by c.relname order by c.relname
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table: the hash of each, and one over all of them in order."""

    columns: tuple[str, ...]
    hashes: Counter[str]
    md5: str

    @property
    def count(self) -> int:
        """The number of rows."""
        return self.hashes.total()


def fetch(address: str, sql: str, *values: Any) -> list[Any]:
    """The rows of a query."""

    async def ask() -> list[Any]:
        connection = await asyncpg.connect(address)
        try:
            return list(await connection.fetch(sql, *values))
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as executor:
        return executor.submit(asyncio.run, ask()).result()


def tables(address: str) -> dict[str, tuple[str, ...]]:
    """The tables, each with its columns."""
    return {row["name"]: tuple(row["columns"]) for row in fetch(address, _TABLES)}


def read_rows(address: str, table: str, columns: tuple[str, ...]) -> Rows:
    """The rows of a table, by these columns as text."""
    listed = ", ".join(f'"{column}"' for column in columns)
    sql = f'select md5(row({listed})::text) as hash from "{table}" order by 1'  # noqa: S608 - names from the catalogue
    hashes = [row["hash"] for row in fetch(address, sql)]
    return Rows(columns, Counter(hashes), hashlib.md5("".join(hashes).encode(), usedforsecurity=False).hexdigest())


def counts(address: str) -> dict[str, int]:
    """The number of rows of each table."""
    return {
        table: fetch(address, f'select count(*) as rows from "{table}"')[0]["rows"]  # noqa: S608
        for table in tables(address)
    }


def snapshot(address: str) -> dict[str, Rows]:
    """The rows of every table."""
    return {table: read_rows(address, table, columns) for table, columns in tables(address).items()}


def changes(address: str, before: dict[str, Rows]) -> tuple[list[str], int]:
    """The changes of every table since then, a line for each, and the number of tables that lost data."""
    lines, lost, now = [], 0, tables(address)
    for table, known in before.items():
        line, is_lost = _change(address, table, known, now.get(table))
        lines.append(line)
        lost += is_lost
    for table in sorted(now.keys() - before.keys()):
        lines.append(f"new table {table}: {read_rows(address, table, now[table]).count} rows")
    return lines, lost


def _change(address: str, table: str, before: Rows, columns: tuple[str, ...] | None) -> tuple[str, bool]:
    """The changes of one table, and whether a row or a column was lost or changed."""
    if columns is None:
        return f"LOST {table}: the table is gone ({before.count} rows)", True
    if gone := [column for column in before.columns if column not in columns]:
        return f"LOST {table}: without {', '.join(gone)} ({before.count} rows)", True
    now = read_rows(address, table, before.columns)
    missing, added = (before.hashes - now.hashes).total(), (now.hashes - before.hashes).total()
    if missing:
        return f"LOST {table}: {missing} of {before.count} rows are gone or changed, {added} are new", True
    new = "".join(f" +{column}" for column in columns if column not in before.columns)
    return f"kept {table}: {before.count} rows, md5 {before.md5}{f', {added} new' if added else ''}{new}", False


def upgrade(stage: TourStage, checkout: Path, work: Path) -> int:
    """Migrate a copy of the stage with ``checkout`` and compare every table; returns 1 when a row is lost."""
    with scene(stage, checkout, work, {}) as here:
        address = here.environment["DATABASE_URL"]
        before = snapshot(address)
        said = here.run("migrate").splitlines() or ["no migration was applied"]
        lines, lost = changes(address, before)
        checked = here.run("check").splitlines()
    total = sum(known.count for known in before.values())
    lines = [*said, *lines, f"petitions check: {'; '.join(checked)}"]
    lines.append(f"{len(before)} tables with {total} rows before; {lost} tables lost something")
    print("\n".join(lines))  # noqa: T201 - a command speaks to who runs it
    return 1 if lost else 0
