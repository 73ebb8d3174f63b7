"""Personal pages whose frame is the same for everybody: made once in ten seconds, filled in for each reader.

Who signs sees the same page as everybody who signs that petition, except for an address, a number and a link. The
template is rendered once with unguessable marks in those places; filling in is joining strings. What is filled in is
escaped here, as the template would have done: a mark may stand in text or in a quoted attribute, nowhere else.
"""

import re
import secrets
from collections.abc import Hashable, Mapping
from typing import Final

from markupsafe import escape

from petitions.database.ttl_cache import TtlCache

_SECRET: Final = secrets.token_hex(16)  # nobody can type it: what people typed is never taken for a mark
_MARK: Final = re.compile(rf"{_SECRET}-([a-z_]+)-{_SECRET}")
MOST_SHELLS: Final = 2048
KEPT_SECONDS: Final = 10.0


def placeholder(name: str) -> str:
    """The place of ``name`` (small letters and underscores) in a template that becomes a shell."""
    return f"{_SECRET}-{name}-{_SECRET}"


class PageTemplate:
    """A page with places to fill in."""

    __slots__ = ("_names", "_parts")

    def __init__(self, page: bytes) -> None:
        pieces = _MARK.split(page.decode())
        self._parts = pieces[::2]
        self._names = pieces[1::2]

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The page with ``values`` in their places, escaped. Raises KeyError where one is missing."""
        chosen = [values[name] for name in self._names]
        escaped = str.split(escape("\0".join(chosen)), "\0")  # all at once: a call for each costs more than its work
        if len(escaped) != len(chosen):  # somebody typed the character that divides them (or there is nothing to fill)
            escaped = [escape(value) for value in chosen]
        pieces = [*self._parts, *escaped]
        pieces[::2], pieces[1::2] = self._parts, escaped
        return "".join(pieces).encode()


PageTemplates = TtlCache[Hashable, PageTemplate]
"""The shells of one process, by what they depend on."""


def make_page_templates(seconds: float = KEPT_SECONDS) -> PageTemplates:
    """Room for the shells of one process. They hold no counts, so that they may be older than a page."""
    return TtlCache(seconds, most=MOST_SHELLS)
