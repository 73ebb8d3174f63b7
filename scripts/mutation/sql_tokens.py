"""The words of an SQL query, with the clause in which each stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_TOKEN: Final = re.compile(
    r"(?P<space>\s+|--[^\n]*|/\*.*?\*/)"
    r"|(?P<string>'(?:[^']|'')*')"
    r"|(?P<name>:?:?[a-zA-Z_][\w.]*(?:\[\])*)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<operator><>|=>|<=|>=|->>|->|\|\||@@|::|[-+*/=<>(),;\[\]{}|$.\\:?&])"
    r"|(?P<other>.)",
    re.DOTALL,
)
CLAUSES: Final = {
    "select", "from", "where", "on", "having", "set", "values", "returning", "limit", "offset", "group", "order",
    "using", "join", "insert", "update", "delete", "union", "with", "for", "when", "then", "else", "do", "partition",
    "into",
}  # fmt: skip
CONDITIONS: Final = {"where", "on", "having", "when"}


@dataclass(slots=True)
class Token:
    """A word of a query: where it stands, its clause, and how deep in parentheses (and ``case``)."""

    kind: str
    text: str
    start: int
    end: int
    clause: str = ""
    depth: int = 0
    inside: tuple[str, ...] = ()  # the clauses around the parentheses that it stands in

    @property
    def word(self) -> str:
        """In lower case."""
        return self.text.lower()

    @property
    def in_condition(self) -> bool:
        """Whether it is part of what decides about rows or of a ``case``."""
        return self.clause in CONDITIONS or any(one in CONDITIONS for one in self.inside)


@dataclass(slots=True)
class _Level:
    clause: str
    closes: str
    inside: tuple[str, ...] = field(default=())


def tokens(sql: str, offset: int = 0) -> list[Token]:
    """The words of a query, comments left out; ``offset`` is added to where they stand."""
    found: list[Token] = []
    levels = [_Level("", "")]
    for token in _words(sql, offset):
        top = levels[-1]
        if token.word == top.closes:
            levels.pop()
            top = levels[-1]
        elif _begins_clause(token, found):
            top.clause = token.word
        token.clause, token.depth, token.inside = top.clause, len(levels) - 1, top.inside
        found.append(token)
        if token.text == "(" or token.word == "case":
            inside = (*top.inside, top.clause)
            levels.append(
                _Level(top.clause if token.text == "(" else "case", ")" if token.text == "(" else "end", inside)
            )
    return found


def _words(sql: str, offset: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(sql):
        if match.lastgroup != "space":
            yield Token(match.lastgroup or "", match[0], offset + match.start(), offset + match.end())


def _begins_clause(token: Token, before: list[Token]) -> bool:
    """Words such as ``from`` begin a clause, but not in ``is distinct from``, ``distinct on`` or ``on conflict``."""
    last = before[-1].word if before else ""
    if token.kind == "name" and last == "on" and token.word == "conflict":
        before[-1].clause = ""
    return token.kind == "name" and (token.word in CLAUSES or token.word == "conflict") and last != "distinct"
