"""The form of the seats of a body: one line per party with its members, so that a clerk can paste them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from petitions.http.forms import check
from petitions.http.typed import DAY, messages, optional_fields
from petitions.http.words import words
from petitions.motions.acts.parliament import ParliamentMember, Party, PartyWithMembers
from petitions.text import TextError, clean_line, clean_paragraphs

MOST_PARTIES: Final = 60
LONGEST: Final = 40_000
LONGEST_NAME: Final = 120
_Since: Final = optional_fields("Since", since=DAY)


@dataclass(frozen=True, slots=True)
class SeatForm:
    """The parties with their members, the day since when, and the errors."""

    seated: tuple[PartyWithMembers, ...]
    since: date | None
    errors: dict[str, str]


def read_seated(values: Mapping[str, str], language: str) -> SeatForm:
    """Read lines such as ``Linde; 12; De Linde; Tessa Wierda, Bas Kuiper``: short name, seats, name, members."""
    checked = check(_Since, {"since": values.get("since", "")})
    errors = messages(language, {name: problem.code for name, problem in checked.problems.items()})
    since = checked.facts.get("since")
    if since is None and not errors:
        errors = messages(language, {"since": "missing"})
    seated, wrong = _lines(values.get("parties", ""), language)
    if wrong:
        errors["parties"] = wrong
    return SeatForm(seated, since, errors)


def _lines(text: str, language: str) -> tuple[tuple[PartyWithMembers, ...], str]:
    _ = words(language).gettext
    try:
        lines = [line for line in clean_paragraphs(text, maximum=LONGEST, minimum=1).split("\n") if line.strip()]
    except TextError as error:
        return (), messages(language, {"": error.code})[""]
    found: list[PartyWithMembers] = []
    for line in lines[: MOST_PARTIES + 1]:
        one = _line(line)
        if one is None or len(found) == MOST_PARTIES:
            return (), _("This line cannot be read: %(line)s") % {"line": line[:80]}
        found.append(one)
    return tuple(found), ""


def _line(line: str) -> PartyWithMembers | None:
    parts = [part.strip() for part in line.split(";")]
    if len(parts) not in {2, 3, 4} or not parts[0] or len(parts[0]) > 40 or not _is_count(parts[1]):
        return None
    try:
        name = clean_line(parts[2] if len(parts) > 2 and parts[2] else parts[0], maximum=LONGEST_NAME)
        names = [clean_line(one, maximum=LONGEST_NAME) for one in (parts[3].split(",") if len(parts) > 3 else ())]
    except TextError:
        return None
    members = tuple(ParliamentMember(one, sort_name(one)) for one in names if one)
    return PartyWithMembers(Party(parts[0], name, int(parts[1])), members)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def sort_name(name: str) -> str:
    """A name with the family name first: "Tessa van der Wierda" becomes "Wierda, Tessa van der"."""
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first else last
