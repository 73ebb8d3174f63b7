"""The public versions of a petition's text, each with its differences from the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from petitions.database.pool import Database
from petitions.differences import Piece, differences, differs
from petitions.dossier.rules.versions import outcomes
from petitions.lifecycle.reads.petition import PublicPetition
from petitions.lifecycle.reads.texts import SubmittedText, read_texts
from petitions.lifecycle.reads.timeline import TimelineEvent
from petitions.lifecycle.rules.states import ENDINGS, Stage

PARTS: Final = ("title", "request", "reasons", "previous_action")


@dataclass(frozen=True, slots=True)
class Version:
    """One text as submitted, and whether it was accepted."""

    text: SubmittedText
    accepted: bool

    @property
    def number(self) -> int:
        """Its number among all submitted texts, public or not."""
        return self.text.number

    @property
    def recorded_at(self) -> datetime:
        """When it was submitted."""
        return self.text.recorded_at

    def part(self, name: str) -> str:
        """The words of one part; empty if it has none."""
        return getattr(self.text, name) or ""


@dataclass(frozen=True, slots=True)
class VersionComparison:
    """A version compared with the public one before it: the pieces of each part."""

    version: Version
    before: Version | None
    parts: dict[str, tuple[Piece, ...]]

    @property
    def changed(self) -> tuple[str, ...]:
        """The parts that differ."""
        return tuple(name for name, pieces in self.parts.items() if differs(pieces))


async def read_versions(
    database: Database, petition: PublicPetition, events: Sequence[TimelineEvent]
) -> tuple[Version, ...]:
    """The public versions, oldest first. ``events``: all public events, in order of their numbers."""
    if petition.hidden or petition.opened_at is None or petition.stage in ENDINGS - {Stage.WITHDRAWN}:
        return ()
    known = {fate.number: fate for fate in outcomes((event.kind, event.data.get("ground")) for event in events)}
    async with database.connection() as connection:
        texts = await read_texts(connection, petition.id)
    return tuple(
        Version(text, known[text.number].accepted)
        for text in texts
        if text.number in known and known[text.number].is_public(petition.procedure)
    )


def compare(versions: Sequence[Version], number: int) -> VersionComparison | None:
    """The version with this number, compared with the public one before it; None if there is no such version."""
    place = next((place for place, version in enumerate(versions) if version.number == number), None)
    if place is None:
        return None
    version, before = versions[place], versions[place - 1] if place else None
    parts = {
        name: differences(before.part(name) if before else version.part(name), version.part(name))
        for name in PARTS
        if version.part(name) or (before and before.part(name))
    }
    return VersionComparison(version, before, parts)
