"""Which facts of a published event can be corrected: typing errors, never decisions.

Words, a link, who was asked, and the time and place of a meeting can be corrected, with a published reason.
Numbers, days from which deadlines run, admissibility, grounds, outcomes and their reasons cannot: people acted on them,
and a decision is only changed by a new decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from petitions.durations import local_day
from petitions.errors import InvalidInputError
from petitions.lifecycle.rules.procedures import StepKind
from petitions.lifecycle.rules.steps import ADDS, MEETINGS, NEEDS, StepInput, needed

Changes = dict[str, dict[str, Any]]

FACTS: Final = ("meeting_at", "place", "rapporteur", "to", "text", "link")
"""The facts of a step that can be corrected, in display order."""

WHERE_PEOPLE_GO: Final = frozenset({"meeting_at", "place"})
"""The facts that people act on: their corrections are mailed, those of typing errors are not."""


@dataclass(frozen=True, slots=True)
class MomentRange:
    """The limits for the moment of a meeting, by the clock of the body."""

    referred_on: date
    told_at: datetime  # when the event was recorded
    now: datetime
    zone: ZoneInfo


def correctable(kind: StepKind, told: Mapping[str, Any]) -> tuple[str, ...]:
    """The facts of a recorded step that can be corrected; empty for a pure decision."""
    own = {*NEEDS[kind], *ADDS[kind]}
    if told.get("meeting") == "cancelled":
        own -= WHERE_PEOPLE_GO
    return tuple(name for name in FACTS if name in own)


def correct(kind: StepKind, told: Mapping[str, Any], facts: StepInput, reason: str, span: MomentRange) -> Changes:
    """The changes by the name of the fact: ``{"before": ..., "after": ...}`` in stored form (None: empty).

    Raises InvalidInputError: ``missing`` (also of the reason), ``date_past``, ``date_future`` or ``date_too_early`` at
    the fact, or ``unchanged`` under the name "".
    """
    names = correctable(kind, told)
    needs = needed(kind, StepInput(meeting=told.get("meeting", "")))
    problems = {name: "missing" for name in names if name in needs and getattr(facts, name) in (None, "")}
    if not reason:
        problems["reason"] = "missing"
    if "meeting_at" in names and facts.meeting_at is not None:
        problems |= _moment_problem(told, facts.meeting_at, span)
    return _changes(told, {name: _stored(getattr(facts, name)) for name in names}, problems)


def correct_words(told: Mapping[str, Any], words: Mapping[str, str], reason: str) -> Changes:
    """The changes in published news; title and text are required. Raises InvalidInputError like :func:`correct`."""
    problems = {name: "missing" for name, text in {**words, "reason": reason}.items() if not text}
    return _changes(told, words, problems)


def _changes(told: Mapping[str, Any], after: Mapping[str, Any], problems: dict[str, str]) -> Changes:
    changes = {
        name: {"before": told.get(name), "after": value}
        for name, value in after.items()
        if not _same(told.get(name), value)
    }
    if not changes and not problems:
        problems[""] = "unchanged"
    if problems:
        raise InvalidInputError(problems)
    return changes


def withheld(changes: Changes) -> Changes:
    """The changes without the earlier words, if those hold personal data: a correction must not publish them again."""
    return {name: {"before": None, "after": change["after"]} for name, change in changes.items()}


def happened_on(kind: StepKind, told: Mapping[str, Any], facts: StepInput, zone: ZoneInfo) -> date | None:
    """The day of a held meeting, which follows from its corrected moment; None for other steps, whose day stays."""
    if kind not in MEETINGS or told.get("meeting") != "held" or facts.meeting_at is None:
        return None
    return local_day(facts.meeting_at, zone)


def _moment_problem(told: Mapping[str, Any], moment: datetime, span: MomentRange) -> dict[str, str]:
    if _same(told.get("meeting_at"), moment.isoformat()):
        return {}
    if told.get("meeting") == "planned":
        return {"meeting_at": "date_past"} if moment <= span.told_at else {}
    if moment > span.now:
        return {"meeting_at": "date_future"}
    return {"meeting_at": "date_too_early"} if local_day(moment, span.zone) < span.referred_on else {}


def _stored(value: Any) -> Any:
    return (value.isoformat() if isinstance(value, date) else value) or None


def _same(before: Any, after: Any) -> bool:
    """Whether two stored facts are equal; two notations of one moment are."""
    if before and after and before != after:
        try:
            return datetime.fromisoformat(str(before)) == datetime.fromisoformat(str(after))
        except (ValueError, TypeError):
            return False
    return (before or None) == (after or None)
