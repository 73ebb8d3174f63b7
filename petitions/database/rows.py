"""Converting a row of the database to a dataclass."""

from dataclasses import fields
from typing import Any, TypeVar

RowT = TypeVar("RowT")


def made(kind: type[RowT], row: Any) -> RowT:
    """An instance of the dataclass ``kind`` from the columns of a row; lists become tuples."""
    return kind(**{field.name: _value(row[field.name]) for field in fields(kind)})  # type: ignore[arg-type]


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
