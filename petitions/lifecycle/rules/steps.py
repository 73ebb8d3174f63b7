"""The facts of a committee's step: for each kind those that are required, and those that are optional.

A step without the facts of its kind is refused, field by field. All stored facts are published: none are secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final, Literal

from petitions.errors import InvalidInputError
from petitions.lifecycle.rules.procedures import Procedure, StepKind

MeetingState = Literal["", "planned", "held", "cancelled"]

MEETINGS: Final[frozenset[StepKind]] = frozenset({"hearing", "hand_over", "debate"})
"""Kinds that happen at a moment and a place: planned first, held (or cancelled) later."""

OUTCOMES: Final[frozenset[StepKind]] = frozenset({"decide", "follow_up"})
"""Kinds that belong to the outcome, not to the handling before it."""

UNLISTED_GROUND: Final = "unlisted"
"""The ground of a refusal by a body that has no coded grounds: only its reasons count."""

NEEDS: Final[Mapping[StepKind, tuple[str, ...]]] = {
    "receive": ("happened_on",),
    "check_conditions": ("happened_on", "text"),
    "admissibility": ("happened_on", "admissible"),
    "appoint_rapporteur": ("happened_on", "rapporteur"),
    "ask_response": ("happened_on", "to"),
    "publish_response": ("happened_on", "text"),
    "hearing": ("meeting",),
    "hand_over": ("meeting",),
    "report": ("happened_on", "text"),
    "debate": ("meeting",),
    "decide": ("happened_on", "outcome", "reasons"),
    "follow_up": ("happened_on", "text"),
}
"""The fields that a step of this kind requires (a meeting, a debate and a refusal need more: see :func:`needed`)."""

ADDS: Final[Mapping[StepKind, tuple[str, ...]]] = {
    "receive": ("text",),
    "check_conditions": ("link",),
    "admissibility": ("ground", "reasons"),
    "appoint_rapporteur": ("text",),
    "ask_response": ("text",),
    "publish_response": ("respondent", "document", "link"),
    "hearing": ("meeting_at", "place", "text", "link"),
    "hand_over": ("meeting_at", "place", "text", "link"),
    "report": ("link",),
    "debate": ("meeting_at", "place", "text", "link", "transcript", "video"),
    "decide": ("next_body", "follow_up_on"),
    "follow_up": ("respondent", "document", "link"),
}
"""The optional fields of a step of this kind."""

AFTERWARDS: Final = frozenset({"transcript", "video"})
"""The fields that exist only after a meeting was held."""


@dataclass(frozen=True, slots=True)
class StepInput:
    """The form of a clerk about one step: cleaned, but not yet checked for completeness."""

    happened_on: date | None = None
    text: str = ""
    link: str = ""
    to: str = ""  # who was asked for a response
    respondent: str = ""  # who answered: a minister, the executive
    document: str = ""  # the name of the document with the whole answer; ``link`` leads to it
    rapporteur: str = ""
    member: int | None = None  # the staff number of the rapporteur, where it is a member: never published
    meeting: MeetingState = ""
    meeting_at: datetime | None = None
    place: str = ""
    transcript: str = ""  # the address of the transcript of a debate
    video: str = ""  # the address of its recording
    admissible: bool | None = None
    ground: str = ""
    reasons: str = ""
    outcome: str = ""
    next_body: str = ""
    follow_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class StepDates:
    """The days on which a step can have happened, in the body's time zone."""

    earliest: date
    today: date
    now: datetime


def needed(kind: StepKind, facts: StepInput) -> tuple[str, ...]:
    """The fields that are required, by the kind of step and by what was chosen."""
    if facts.meeting == "cancelled":
        return ("meeting", "text")
    if kind == "debate" and facts.meeting == "held":
        return ("meeting", "meeting_at", "place", "text")
    if kind in MEETINGS:
        return ("meeting", "meeting_at", "place")
    if kind == "admissibility" and facts.admissible is False:
        return ("happened_on", "admissible", "ground", "reasons")
    return NEEDS[kind]


def missing(kind: StepKind, facts: StepInput) -> dict[str, str]:
    """The required fields that are empty, each with the problem ``missing``."""
    return {name: "missing" for name in needed(kind, facts) if getattr(facts, name) in (None, "")}


def check(procedure: Procedure, kind: StepKind, facts: StepInput, days: StepDates) -> None:
    """Refuse a step that lacks required facts, or has an impossible day or an unknown ground.

    Raises InvalidInputError with a problem for each field: ``missing``, ``date_future``, ``date_past``,
    ``date_too_early`` or ``choice``.
    """
    problems = missing(kind, facts)
    problems |= _meeting_problem(facts, days) if kind in MEETINGS else day_problem(facts, days)
    if "ground" not in problems and facts.admissible is False and not _known_ground(procedure, facts.ground):
        problems["ground"] = "choice"
    if problems:
        raise InvalidInputError(problems)


def day_problem(facts: StepInput, days: StepDates) -> dict[str, str]:
    """The problem with the day on which the step happened, if there is one."""
    if facts.happened_on is None:
        return {}
    if facts.happened_on > days.today:
        return {"happened_on": "date_future"}
    return {"happened_on": "date_too_early"} if facts.happened_on < days.earliest else {}


def _meeting_problem(facts: StepInput, days: StepDates) -> dict[str, str]:
    if facts.meeting_at is None or facts.meeting == "cancelled":
        return {}
    if facts.meeting == "planned" and facts.meeting_at <= days.now:
        return {"meeting_at": "date_past"}
    if facts.meeting == "held" and facts.meeting_at > days.now:
        return {"meeting_at": "date_future"}
    return {}


def _known_ground(procedure: Procedure, ground: str) -> bool:
    if not procedure.admissibility_grounds:
        return ground == UNLISTED_GROUND
    return procedure.admissibility_ground(ground) is not None


def published(kind: StepKind, facts: StepInput) -> dict[str, Any]:
    """The facts of a step as they are stored and published: the fields of its kind that were filled in."""
    own = {*NEEDS[kind], *ADDS[kind]} - {"happened_on"}
    if facts.admissible:
        own.discard("ground")
    if facts.meeting == "cancelled":
        own -= {"meeting_at", "place"}
    if facts.meeting != "held":
        own -= AFTERWARDS
    values = {field.name: getattr(facts, field.name) for field in fields(facts) if field.name in own}
    return {name: _plain(value) for name, value in values.items() if value is not None and value != ""}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
