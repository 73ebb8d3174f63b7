"""Canned reasons: a text for each ground of refusal to begin a reason with, and words that point at the ground.

A canned reason has blanks, ``[fill in: …]``, for the moderator to fill in; a reason with a blank left is not sent.
"""

import re
import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import ConfigDict, StringConstraints, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from petitions.errors import ConfigurationError
from petitions.lifecycle.rules.procedures import LocalizedText

EVERY: Final = "every"
"""The table of reasons for grounds of every procedure; a table with the code of a procedure takes precedence."""

_OPEN_PLACE: Final = re.compile(r"\[(?:invullen|fill in)\b[^\]]*\]?", re.IGNORECASE)
_Word = Annotated[str, StringConstraints(pattern=r"^[\w’' -]{3,40}\*?$")]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Canned:
    """For one ground: how a reason may begin, and the words in a petition that point at the ground."""

    reason: LocalizedText
    words: tuple[_Word, ...] = ()


@dataclass(frozen=True)
class Reasons:
    """The canned reasons of this installation."""

    tables: Mapping[str, Mapping[str, Canned]]

    def of(self, procedure: str, ground: str) -> Canned | None:
        """The canned reason of a ground of a procedure; None where there is none."""
        own = self.tables.get(procedure, {}).get(ground)
        return own or self.tables.get(EVERY, {}).get(ground)


_ADAPTER: TypeAdapter[dict[str, dict[str, Canned]]] = TypeAdapter(dict[str, dict[str, Canned]])


def parse_reasons(text: str, origin: str) -> Reasons:
    """Read the canned reasons from TOML. Raises ConfigurationError with ``origin`` (a file name) in its message."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
        return Reasons(_ADAPTER.validate_python(data))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{origin}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ConfigurationError(f"{origin}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def open_place(reason: str) -> str:
    """The first blank in a reason that is still to be filled in; "" when there is none."""
    match = _OPEN_PLACE.search(reason)
    return match[0] if match else ""


def put_in(typed: str, canned: str, all_canned: frozenset[str]) -> str:
    """The reason after a canned text was chosen: it replaces another canned text, never what was typed."""
    kept = typed.strip()
    if not kept or kept in all_canned:
        return canned
    return typed if canned in kept else f"{kept}\n\n{canned}"
