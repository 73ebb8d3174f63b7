"""Every row and value that is read in a test is looked at: it must be of the types that its class promises.

The classes are written from what PostgreSQL says of the statements, and from hints in the comments of the queries; a
hint that is wrong fails here.
"""

from dataclasses import is_dataclass
from functools import cache
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter

_STRICT = ConfigDict(strict=True)


@cache
def _columns(kind: type) -> dict[str, TypeAdapter[Any]]:
    return {name: TypeAdapter(hint, config=_STRICT) for name, hint in get_type_hints(kind).items()}


@cache
def _value(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind, config=_STRICT)


def check_row(kind: Any, content: Any) -> None:
    """Raise ValueError for a row that is not as ``kind`` says, or a value that is no ``kind``."""
    if not is_dataclass(kind):
        _value(kind).validate_python(content)
        return
    columns = _columns(kind)  # type: ignore[arg-type]
    if list(columns) != list(content.keys()):
        raise ValueError(f"{kind} is not made from {list(content.keys())}")
    for (name, adapter), value in zip(columns.items(), content, strict=True):
        try:
            adapter.validate_python(value)
        except ValueError as error:
            raise ValueError(f"{kind}.{name}: {type(value).__name__}") from error
