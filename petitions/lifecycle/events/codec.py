"""Facts of events to and from JSON. The types of the dataclass determine how a value is written and read.

In JSON a fact has the name of its field, without the underscore that avoids a Python keyword (``for_``). A
field with its default value is left out; one without a default is always written. Stored data may lack facts
that an older version of the software did not write yet, and may have some that this one does not know any more.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

F = TypeVar("F")
Read = Callable[[Any], Any]


def to_data(facts: Any) -> dict[str, Any]:
    """The facts as they are stored."""
    made = {}
    for field in fields(facts):
        value = getattr(facts, field.name)
        if field.default is MISSING or value != field.default:
            made[field.name.rstrip("_")] = value.isoformat() if isinstance(value, date) else value
    return made


def from_data(facts: type[F], data: Mapping[str, Any]) -> F:
    """Parse stored facts. A missing or null fact is empty. Raises ValueError for a missing day."""
    kind: Any = facts
    return facts(**{name: read(data.get(name.rstrip("_"))) for name, read in _readers(kind).items()})


@cache
def _readers(facts: Any) -> dict[str, Read]:
    """The parser of each field of a dataclass."""
    types = get_type_hints(facts)
    return {field.name: _reader(field.name, types[field.name]) for field in fields(facts)}


def _reader(name: str, kind: Any) -> Read:
    if get_origin(kind) in {Union, UnionType}:
        (one,) = (part for part in get_args(kind) if part is not NoneType)
        read = _reader(name, one)
        return lambda value: None if value is None or value == "" else read(value)
    if get_origin(kind) is Literal or kind is str:
        return lambda value: "" if value is None else str(value)
    if get_origin(kind) is dict:
        return lambda value: value or {}
    if kind in {int, bool}:
        return lambda value: kind(value or 0)
    if kind is datetime:
        return lambda value: datetime.fromisoformat(_there(name, value))
    if kind is date:
        return lambda value: date.fromisoformat(_there(name, value)[:10])
    raise TypeError(f"a fact cannot be of type {kind}")


def _there(name: str, value: Any) -> str:
    if not value:
        raise ValueError(f"an event lacks its fact {name!r}")
    return str(value)
