"""Whether an upgrade keeps everything: the rows of every table before and after, by the columns there were before."""

import asyncio
import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from scripts.tour_recording.running import Stage, scene

_TABLES: Final = """
select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
from pg_class c join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
group by c.relname order by c.relname
"""
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table: the hash of each, and one over all of them in order."""

    columns: tuple[str, ...]
    hashes: Counter[str]
    md5: str

    @property
    def count(self) -> int:
        """How many there are."""
        return self.hashes.total()


def fetch(address: str, sql: str, *values: Any) -> list[Any]:
    """What a query finds."""

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
    """The rows of a table, by the text of these columns."""
    listed = ", ".join(f'"{column}"' for column in columns)
    sql = f'select md5(row({listed})::text) as hash from "{table}" order by 1'  # noqa: S608 - names from the catalogue
    hashes = [row["hash"] for row in fetch(address, sql)]
    return Rows(columns, Counter(hashes), hashlib.md5("".join(hashes).encode(), usedforsecurity=False).hexdigest())


def counts(address: str) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table: fetch(address, f'select count(*) as rows from "{table}"')[0]["rows"]  # noqa: S608
        for table in tables(address)
    }


def upgrade(stage: Stage, checkout: Path, work: Path) -> int:
    """Apply the migrations of ``checkout`` to a copy of the stage and compare every table; 1 when a row is lost."""
    lost = 0
    with scene(stage, checkout, work, {}) as here:
        address = here.environment["DATABASE_URL"]
        before = {table: read_rows(address, table, columns) for table, columns in tables(address).items()}
        said = here.run("migrate").splitlines()
        print("\n".join(said) or "no migration was applied")  # noqa: T201 - a command speaks to who runs it
        after = tables(address)
        for table, known in before.items():
            lost += _compare(address, table, known, after.get(table))
        for table in sorted(after.keys() - before.keys()):
            print(f"new table {table}: {read_rows(address, table, after[table]).count} rows")  # noqa: T201
        said = here.run("check").splitlines()
        print("petitions check: " + "; ".join(said))  # noqa: T201
    total = sum(known.count for known in before.values())
    print(f"{len(before)} tables with {total} rows before; {lost} tables lost something")  # noqa: T201
    return 1 if lost else 0


def _compare(address: str, table: str, before: Rows, columns: tuple[str, ...] | None) -> bool:
    """Say how a table fared; whether a row of it, or a column, is no longer what it was."""
    gone = [] if columns is None else [column for column in before.columns if column not in columns]
    if columns is None or gone:
        what = f"columns {', '.join(gone)} are gone" if gone else "the table is gone"
        print(f"LOST {table}: {what} ({before.count} rows)")  # noqa: T201
        return True
    now = read_rows(address, table, before.columns)
    missing, added = (before.hashes - now.hashes).total(), (now.hashes - before.hashes).total()
    new = "".join(f" +{column}" for column in columns if column not in before.columns)
    if missing:
        print(f"LOST {table}: {missing} of {before.count} rows are gone or changed, {added} are new")  # noqa: T201
        return True
    more = f", {added} new" if added else ""
    print(f"kept {table}: {before.count} rows, md5 {before.md5}{more}{new}")  # noqa: T201
    return False
