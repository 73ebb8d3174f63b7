"""Migrations: which SQL files have been applied, and applying the others, forward only, one transaction per file."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from petitions.database.connection import Connection
from petitions.errors import ConfigurationError

SQL: Final = Path(__file__).resolve().parents[2] / "sql"
_LOCK: Final = 7_236_500_114  # any constant: two deploys must not migrate at once

_LEDGER: Final = """
create table if not exists migration (
    name text not null constraint migration_pkey primary key,
    content_hash text not null,
    applied_at timestamptz not null
)
"""


def files() -> list[Path]:
    """The migration files, in order."""
    return sorted((SQL / "migrations").glob("[0-9]*.sql"))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


async def migrate(connection: Connection) -> list[str]:
    """Apply every file that is not in the ledger; returns the names of those that were applied.

    Raises ConfigurationError when an applied file has changed since, or when the ledger has files that this version of
    the software does not have.
    """
    await connection.execute("select pg_advisory_lock($1::bigint)", _LOCK)
    try:
        await connection.execute(_LEDGER)
        await connection.execute("comment on table migration is 'Which migration files were applied, and their hash.'")
        pending = await _pending(connection)
        for path in pending:
            async with connection.transaction():
                await connection.execute("set local lock_timeout = '5s'")
                await connection.execute(path.read_text("utf-8"))
                await connection.execute(
                    "insert into migration (name, content_hash, applied_at) values ($1, $2, $3)",
                    path.name,
                    _hash(path),
                    datetime.now(UTC),
                )
        return [path.name for path in pending]
    finally:
        await connection.execute("select pg_advisory_unlock($1::bigint)", _LOCK)


async def _pending(connection: Connection) -> list[Path]:
    rows = await connection.fetch("select name, content_hash from migration")
    applied = {row["name"]: row["content_hash"] for row in rows}
    known = {path.name: path for path in files()}
    if unknown := sorted(applied.keys() - known.keys()):
        raise ConfigurationError(f"the database is newer than this software: it knows {unknown[0]}")
    for name, content_hash in applied.items():
        if _hash(known[name]) != content_hash:
            raise ConfigurationError(f"{name} was applied before and has changed since; write a new migration instead")
    return [path for name, path in known.items() if name not in applied]


async def is_current(connection: Connection) -> bool:
    """Whether the database has exactly the schema that this software expects."""
    if await connection.fetchval("select to_regclass('migration')") is None:
        return False
    return not await _pending(connection)
