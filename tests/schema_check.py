"""A check of JSON against the part of JSON Schema (draft 2020-12) that our schema uses. Another keyword is an error."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

SAID = frozenset({"$schema", "$id", "$defs", "title", "description"})
TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def _is_moment(text: str) -> bool:
    return text.endswith("Z") and datetime.fromisoformat(text) is not None


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": lambda text: date.fromisoformat(text) is not None,
    "date-time": _is_moment,
    "uri": lambda text: urlsplit(text).scheme in {"http", "https"},
}


def problems(schema: dict[str, Any], value: Any) -> list[str]:
    """Everything that is wrong with a value, with its place."""
    return list(_problems(schema, schema, value, "$"))


def _problems(root: dict[str, Any], schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
    unknown = schema.keys() - SAID - RULES.keys() - {"required", "additionalProperties"}
    assert not unknown, f"{place}: {unknown}"
    for name, rule in RULES.items():
        if name in schema:
            yield from rule(root, schema, value, place)


def _type(_root: Any, schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
    if not TYPES[schema["type"]](value):
        yield f"{place} is no {schema['type']}: {value!r}"


def _properties(root: Any, schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    for name in schema.get("required", []):
        if name not in value:
            yield f"{place}.{name} is missing"
    for name, inner in value.items():
        if name in schema["properties"]:
            yield from _problems(root, schema["properties"][name], inner, f"{place}.{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{place}.{name} is not described"


def _items(root: Any, schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
    for at, inner in enumerate(value if isinstance(value, list) else []):
        yield from _problems(root, schema["items"], inner, f"{place}[{at}]")


def _any(root: Any, schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
    found = [list(_problems(root, one, value, place)) for one in schema["anyOf"]]
    if all(found):
        yield f"{place} is none of these: {found}"


def _ref(root: Any, schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
    yield from _problems(root, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, place)


def _plain(_root: Any, schema: dict[str, Any], value: Any, place: str) -> Iterator[str]:
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place} is not among {schema['enum']}: {value!r}"
    if "pattern" in schema and not re.search(schema["pattern"], str(value)):
        yield f"{place} does not match: {value!r}"
    if "format" in schema and isinstance(value, str):
        try:
            fine = FORMATS[schema["format"]](value)
        except ValueError:
            fine = False
        if not fine:
            yield f"{place} is no {schema['format']}: {value!r}"


Rule = Callable[[Any, dict[str, Any], Any, str], Iterator[str]]
RULES: dict[str, Rule] = {
    "type": _type,
    "properties": _properties,
    "items": _items,
    "anyOf": _any,
    "$ref": _ref,
    "enum": _plain,
    "pattern": _plain,
    "format": _plain,
}
