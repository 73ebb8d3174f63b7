"""Addresses as data: one row per method and path, matched the more exact first, whatever order they are listed in."""

from collections.abc import Callable, Collection, Sequence
from typing import Generic, NamedTuple, TypeVar

from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import BaseRoute, Route

from petitions.http.state import Handler
from petitions.http.uploads import FRAMEWORK_LIMIT, LARGEST_FORM, limited

Who = TypeVar("Who")


class Row(NamedTuple, Generic[Who]):
    """One address: method, path, who may come in, what answers, and how many bytes it takes where that is more."""

    method: str
    path: str
    who: Who
    handler: Handler
    most_bytes: int = 0


class _Language(Convertor[str]):
    """The first part of an address in a language: two or three letters, so that "/staff/petitions/7" is none."""

    regex = "[a-z]{2,3}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("language", _Language())


def exactness(path: str) -> tuple[int, ...]:
    """How exact a path is, part by part, the most exact lowest: words, then mixed (``{id}.ics``), then parameters.

    Rows of different subjects can match the same address (``petitions/new`` and ``petitions/{id}``); the more exact one
    answers.
    """
    return tuple(_exactness(part) for part in path.split("/")[1:])


def _exactness(part: str) -> int:
    if "{" not in part:
        return 0
    if ":path}" in part:
        return 3
    return 2 if part.startswith("{") and part.endswith("}") and part.count("{") == 1 else 1


def routes(
    table: Sequence[Row[Who]], guarded: Callable[[Handler, Who], Handler], *, hot: Collection[str] = ()
) -> list[BaseRoute]:
    """The routes of a table, each behind its guard. Paths in ``hot`` are matched first, of these POST before GET."""
    rows = sorted(
        table, key=lambda row: (row.path not in hot, row.path in hot and row.method == "GET", exactness(row.path))
    )
    return [
        Route(
            row.path.replace("{lang}", "{lang:language}"),
            guarded(_taking(row), row.who),
            methods=[row.method],
            name=f"{row.method} {row.path}",
            max_body_size=FRAMEWORK_LIMIT if row.method == "POST" else None,
        )
        for row in rows
    ]


def _taking(row: Row[Who]) -> Handler:
    """The handler of a row; one that takes a body refuses what is too large, with a page."""
    return limited(row.handler, row.most_bytes or LARGEST_FORM) if row.method == "POST" else row.handler
