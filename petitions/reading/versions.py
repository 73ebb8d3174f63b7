"""The public versions of a petition's text, each with what differs from the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.reading.petition import PublicPetition
from petitions.reading.timeline import Happened
from petitions.rules.differences import Piece, differences, differs
from petitions.rules.states import ENDINGS, Stage
from petitions.rules.versions import Fate, fates

PARTS: Final = ("title", "request", "reasons", "previous_action")


@dataclass(frozen=True, slots=True)
class Version:
    """One text as it was handed in. ``number`` is its place among all that were, public or not: it never changes."""

    number: int
    recorded_at: datetime
    accepted: bool
    title: str
    request: str
    reasons: str
    previous_action: str | None

    def part(self, name: str) -> str:
        """The words of one part; empty where it has none."""
        return getattr(self, name) or ""


@dataclass(frozen=True, slots=True)
class Compared:
    """A version beside the public one before it: the pieces of each part."""

    version: Version
    before: Version | None
    parts: dict[str, tuple[Piece, ...]]

    @property
    def changed(self) -> tuple[str, ...]:
        """The parts that differ."""
        return tuple(name for name, pieces in self.parts.items() if differs(pieces))


async def read_versions(
    database: Database, petition: PublicPetition, events: Sequence[Happened]
) -> tuple[Version, ...]:
    """The versions that the public may see, oldest first. ``events``: all public events, in order of their numbers."""
    if petition.hidden or petition.opened_at is None or petition.stage in ENDINGS - {Stage.WITHDRAWN}:
        return ()
    known = {fate.number: fate for fate in fates((event.kind, event.data.get("ground")) for event in events)}
    async with database.connection() as connection:
        rows = [row async for row in queries.petition_texts(connection, petition_id=petition.id)]
    return tuple(
        _version(row, known[row["number"]])
        for row in rows
        if row["number"] in known and known[row["number"]].is_public(petition.procedure)
    )


def _version(row: Any, fate: Fate) -> Version:
    return Version(accepted=fate.accepted, **{name: row[name] for name in ("number", "recorded_at", *PARTS)})


def compare(versions: Sequence[Version], number: int) -> Compared | None:
    """The version with this number and what differs from the public one before it; None where there is none."""
    place = next((place for place, version in enumerate(versions) if version.number == number), None)
    if place is None:
        return None
    version, before = versions[place], versions[place - 1] if place else None
    parts = {
        name: differences(before.part(name) if before else version.part(name), version.part(name))
        for name in PARTS
        if version.part(name) or (before and before.part(name))
    }
    return Compared(version, before, parts)
