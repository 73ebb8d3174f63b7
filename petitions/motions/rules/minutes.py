"""Names in minutes: finding the members in the list of names of a roll call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from petitions.lifecycle.rules.spelling import folded


@dataclass(frozen=True, slots=True)
class MemberName:
    """The names of a member that a list can use."""

    member_id: int
    party_id: int | None
    name: str
    sort_name: str  # "Jansen, A.B."
    party: str


def find_named(text: str, known: Sequence[MemberName]) -> tuple[tuple[MemberName, ...], tuple[str, ...]]:
    """The members in a list of names from the minutes, and the names that match nobody or several.

    Names are on lines of their own, or separated by commas or semicolons. A family name is enough if only one
    member has it; "Jansen (Lijst Linde)" says which one.
    """
    spelled: dict[str, set[MemberName]] = {}
    for one in known:
        for spelling in _spellings(one):
            spelled.setdefault(spelling, set()).add(one)
    found: list[MemberName] = []
    unknown: list[str] = []
    for name in _names(text, spelled):
        fits = spelled.get(folded(name), set())
        if len(fits) == 1:
            found.append(*fits)
        else:
            unknown.append(name)
    return tuple(found), tuple(unknown)


def _names(text: str, spelled: Mapping[str, object]) -> list[str]:
    """The names in a list. A line with a comma is one name if somebody has that name ("Jansen, Anna")."""
    lines = (_plain(line) for line in text.replace(";", "\n").split("\n"))
    parts = (part for line in lines for part in ([line] if folded(line) in spelled else line.split(",")))
    return [name for part in parts if (name := _plain(part))]


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .")


def _spellings(one: MemberName) -> set[str]:
    family = one.sort_name.partition(",")[0]
    after_first_name = one.name.partition(" ")[2] or one.name  # "De Jong", as in minutes
    plain = {one.name, _plain(one.sort_name), family, after_first_name}
    return {folded(text) for text in plain} | {folded(f"{text} ({one.party})") for text in plain}
