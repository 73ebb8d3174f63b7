"""Scratch databases: which one a test gets, and when one may be used again.

A fresh database is a clone of the template, and a clone is some hundreds of files: about 30 ms on a quiet machine and
ten times that on a busy one. Emptying a database takes a few milliseconds. So what a test leaves is emptied, and used
again if it is then the same as a fresh clone: no table, index, constraint, function, setting or statistic made, changed
or gone, and the rows that the template came with untouched. Else, and after some uses, it is dropped.
"""

import graphlib
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import asyncpg

USES = 50  # deleted rows leave dead space behind

_TABLES = """
select c.oid::regclass::text as name, coalesce(array_agg(f.confrelid::regclass::text)
    filter (where f.confrelid <> c.oid), '{}') as needs
from pg_class as c
left join pg_constraint as f on f.conrelid = c.oid and f.contype = 'f'
where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
group by c.oid
"""
_SEQUENCES = "select schemaname || '.' || sequencename as name, start_value from pg_sequences"
# A change of a row gives it a new xmin.
_SAME = " union all ".join(
    [
        f"select '{table}', count(*), sum(xmin::text::bigint) from {table} where {own}"
        for table, own in {
            "pg_class": "oid >= 16384",
            "pg_attribute": "attrelid >= 16384",
            "pg_attrdef": "oid >= 16384",
            "pg_constraint": "oid >= 16384",
            "pg_index": "indexrelid >= 16384",
            "pg_proc": "oid >= 16384",
            "pg_trigger": "oid >= 16384",
            "pg_type": "oid >= 16384",
            "pg_statistic": "starelid >= 16384",
            "pg_db_role_setting": "setdatabase = (select oid from pg_database where datname = current_database())",
        }.items()
    ]
)
_END_OTHERS = """
select pg_terminate_backend(pid, 5000) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
"""


def with_database(url: str, name: str) -> str:
    """The same server, another database."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")


@dataclass
class _Scratch:
    """One database: how to empty it, and by what it is known to be the same as a fresh one."""

    name: str
    emptying: str
    same: str
    fresh: list[Any]
    uses: int = 0


@dataclass
class ScratchDatabases:
    """The databases of one test process that may be used again."""

    server: str
    template: str
    free: list[_Scratch] = field(default_factory=list)
    lent: dict[str, _Scratch] = field(default_factory=dict)

    async def take(self) -> str:
        """A database with the schema and nothing in it; its address."""
        scratch = self.free.pop() if self.free else await self._make()
        url = with_database(self.server, scratch.name)
        self.lent[url] = scratch
        return url

    async def give_back(self, url: str) -> None:
        """Empty it for the next test; drop it when it is not what it was."""
        scratch = self.lent.pop(url)
        scratch.uses += 1
        if scratch.uses < USES and await _empty(url, scratch):
            self.free.append(scratch)
        else:
            await self._drop(scratch)

    async def close(self) -> None:
        """Drop what is there."""
        while self.free:
            await self._drop(self.free.pop())

    async def _make(self) -> _Scratch:
        name = f"petitions_test_{uuid.uuid4().hex[:12]}"
        await self._on_server(f'create database "{name}" template "{self.template}"')
        connection = await asyncpg.connect(with_database(self.server, name))
        try:
            return await _known(connection, name)
        finally:
            await connection.close()

    async def _drop(self, scratch: _Scratch) -> None:
        await self._on_server(f'drop database "{scratch.name}" with (force)')

    async def _on_server(self, sql: str) -> None:
        connection = await asyncpg.connect(self.server)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


async def _known(connection: "asyncpg.Connection[Any]", name: str) -> _Scratch:
    """A clone that nobody has used, and what it is known by."""
    needs = {row["name"]: set(row["needs"]) for row in await connection.fetch(_TABLES)}
    users_first = reversed(list(graphlib.TopologicalSorter(needs).static_order()))
    filled = {table for table in needs if await connection.fetchval(f"select exists (select 1 from {table})")}
    emptying = [f"delete from {table}" for table in users_first if table not in filled]
    for row in await connection.fetch(_SEQUENCES):
        emptying.append(f"select setval('{row['name']}', {row['start_value']}, false)")
    rows = [f"select '{table}', count(*), sum(xmin::text::bigint) from {table}" for table in sorted(filled)]
    same = " union all ".join([_SAME, *rows])
    return _Scratch(name, ";".join(emptying), same, await connection.fetch(same))


async def _empty(url: str, scratch: _Scratch) -> bool:
    """Empty it; whether it is then the same as a fresh one."""
    connection = await asyncpg.connect(url, server_settings={"synchronous_commit": "off"})
    try:
        await connection.execute(_END_OTHERS)
        if await connection.fetch(scratch.same) != scratch.fresh:
            return False
        await connection.execute(scratch.emptying)
    finally:
        await connection.close()
    return True
