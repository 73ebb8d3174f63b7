"""The timeline of a dossier: events, milestones and texts of a petition, with filters by kind and year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from petitions.dossier.reads.versions import Version
from petitions.dossier.rules.milestones import Milestone
from petitions.dossier.rules.versions import SUBMITS
from petitions.durations import local_day
from petitions.lifecycle.events.kind import CHAPTERS
from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.reads.timeline import TimelineEvent

LONG: Final = 20
"""The number of entries from which on the timeline can be filtered by year."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry of the timeline: an event, or a milestone."""

    on: date  # by the clock of the body
    group: str
    event: TimelineEvent | None = None
    milestone: Milestone | None = None
    version: Version | None = None  # the text that was submitted with it
    checked_in: int | None = None  # days from submission to decision


def entries_of(
    events: Sequence[TimelineEvent],
    kinds: EventKinds,
    passed: Sequence[Milestone],
    versions: Sequence[Version],
    zone: ZoneInfo,
) -> tuple[TimelineEntry, ...]:
    """All entries, oldest first; on the same day events come before milestones."""
    texts = {version.recorded_at: version for version in versions}
    made: list[TimelineEntry] = []
    handed_in: date | None = None
    for event in events:
        is_text = event.kind in SUBMITS
        if is_text or event.kind == "objection_upheld":
            handed_in = local_day(event.occurred_at, zone)
        days = (event.on - handed_in).days if event.kind == "opened" and handed_in else None
        version = texts.get(event.occurred_at) if is_text else None
        made.append(TimelineEntry(event.on, kinds[event.kind].chapter, event, version=version, checked_in=days))
    made += [TimelineEntry(one.on, "signatures", milestone=one) for one in passed]
    return tuple(sorted(made, key=lambda entry: entry.on))


@dataclass(frozen=True, slots=True)
class TimelineSelection:
    """The filtered timeline, and the options of its filters."""

    entries: tuple[TimelineEntry, ...]
    group: str  # "": all
    year: int | None
    groups: tuple[str, ...]
    years: tuple[int, ...]  # empty: the timeline is too short for this filter

    @property
    def by_year(self) -> list[tuple[int, list[TimelineEntry]]]:
        """The entries grouped by year."""
        found: dict[int, list[TimelineEntry]] = {}
        for entry in self.entries:
            found.setdefault(entry.on.year, []).append(entry)
        return list(found.items())


def select(entries: Sequence[TimelineEntry], group: str, year: str) -> TimelineSelection:
    """Filter the entries by kind and year; values without entries are ignored."""
    there = {entry.group for entry in entries}
    chosen = group if group in there else ""
    of_kind = [entry for entry in entries if not chosen or entry.group == chosen]
    years = sorted({entry.on.year for entry in of_kind}) if len(of_kind) > LONG else []
    wanted = next((one for one in years if str(one) == year), None) if len(years) > 1 else None
    return TimelineSelection(
        entries=tuple(entry for entry in of_kind if wanted is None or entry.on.year == wanted),
        group=chosen,
        year=wanted,
        groups=tuple(one for one in CHAPTERS if one in there),
        years=tuple(years) if len(years) > 1 else (),
    )
