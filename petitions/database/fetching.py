"""From the driver to a typed row: here `Any` ends.

The functions that ``scripts/query_types`` writes call these with the class of their row. The tests look at every row
with :func:`watch_rows`: a wrong type, or nothing where something is promised, fails them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, dataclass_transform

from petitions.database.connection import Connection

RowT = TypeVar("RowT")
Value = TypeVar("Value")


@dataclass_transform(frozen_default=True)
def row_class(kind: type[RowT]) -> type[RowT]:
    """Make a class of rows: a dataclass with slots that the type checker takes for frozen.

    At run time it is not: a frozen one sets its fields by a call for each, which makes a row many times as slow.
    """
    return dataclass(slots=True, unsafe_hash=True)(kind)


Watch = Callable[[Any, Any], None]
_watches: list[Watch] = []


def watch_rows(watch: Watch) -> None:
    """Have ``watch`` called with the type and the content of every row and value that is read. For tests."""
    _watches[:] = [watch]


async def fetch_rows(connection: Connection, sql: str, kind: Callable[..., RowT], *arguments: object) -> list[RowT]:
    """All rows."""
    records = await connection.fetch(sql, *arguments)
    for watch in _watches:
        for record in records:
            watch(kind, record)
    return [kind(*record) for record in records]


async def fetch_row(connection: Connection, sql: str, kind: Callable[..., RowT], *arguments: object) -> RowT | None:
    """The row, or None where there is none."""
    record = await connection.fetchrow(sql, *arguments)
    if record is None:
        return None
    for watch in _watches:
        watch(kind, record)
    return kind(*record)


async def fetch_one_row(connection: Connection, sql: str, kind: Callable[..., RowT], *arguments: object) -> RowT:
    """The row of a statement that always gives one. Raises LookupError when it does not."""
    row = await fetch_row(connection, sql, kind, *arguments)
    if row is None:
        raise LookupError("the statement gave no row")
    return row


async def fetch_value(connection: Connection, sql: str, kind: type[Value], *arguments: object) -> Value | None:
    """The value of the only column, or None where it is null or there is no row."""
    value: Value | None = await connection.fetchval(sql, *arguments)
    if value is not None:
        for watch in _watches:
            watch(kind, value)
    return value


async def fetch_one_value(connection: Connection, sql: str, kind: type[Value], *arguments: object) -> Value:
    """The value of a statement that always gives one. Raises LookupError when it does not."""
    value = await fetch_value(connection, sql, kind, *arguments)
    if value is None:
        raise LookupError("the statement gave no value")
    return value


async def execute(connection: Connection, sql: str, *arguments: object) -> int:
    """Run it; how many rows it wrote."""
    status = await connection.execute(sql, *arguments)
    return int(status.rpartition(" ")[2])
