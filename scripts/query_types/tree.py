"""PostgreSQL's own parse tree of a statement, read from its text form (``pg_node_tree``)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[(){}]|(?:\\.|[^\s(){}\\])+')


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its kind (``VAR``, ``QUERY`` ...) and its fields."""

    kind: str
    fields: dict[str, Any]

    def number(self, name: str) -> int:
        """A field that is a number."""
        return int(self.fields[name])

    def true(self, name: str) -> bool:
        """Whether a field is set to true."""
        return bool(self.fields.get(name) == "true")

    def node(self, name: str) -> "Node | None":
        """A field that is a node; None where it is empty."""
        value = self.fields.get(name)
        return value if isinstance(value, Node) else None

    def nodes(self, name: str) -> "list[Node]":
        """A field that is a list of nodes; empty where there are none."""
        value = self.fields.get(name)
        return [one for one in value if isinstance(one, Node)] if isinstance(value, list) else []

    def members(self, name: str) -> list[int]:
        """A field that is a set of numbers: ``(b 1 2)``."""
        value = self.fields.get(name)
        return [int(one) for one in value[1:]] if isinstance(value, list) else []


def parse(text: str) -> Any:
    """The tree of a text: nodes, lists and words."""
    return _value(iter(_TOKEN.findall(text)), None)


def _value(tokens: Iterator[str], token: str | None) -> Any:
    token = token or next(tokens)
    if token == "(":  # noqa: S105 - a token of a grammar
        return list(_until(tokens, ")"))
    if token == "{":  # noqa: S105 - a token of a grammar
        return _node(tokens)
    return token


def _until(tokens: Iterator[str], end: str) -> Iterator[Any]:
    for token in tokens:
        if token == end:
            return
        yield _value(tokens, token)


def _node(tokens: Iterator[str]) -> Node:
    node = Node(next(tokens), {})
    name, values = "", list[Any]()
    for one in [*_until(tokens, "}"), ":"]:
        if isinstance(one, str) and one.startswith(":"):
            node.fields[name] = values[0] if len(values) == 1 else values
            name, values = one[1:], []
        else:
            values.append(one)
    return node
