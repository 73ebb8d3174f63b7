"""The forms of a committee's steps: they turn what a clerk typed into the facts of a step, or a message per field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from petitions.http.forms import check, choice
from petitions.http.typed import (
    CLOCK,
    DAY,
    LINE,
    LINK,
    STAFF_NUMBER,
    TEXT,
    field_errors,
    messages,
    moment_of,
    optional_fields,
    typed_day,
)
from petitions.lifecycle.rules.procedures import Procedure, StepKind
from petitions.lifecycle.rules.steps import ADDS, MEETINGS, NEEDS, UNLISTED_GROUND, MeetingState, StepInput

_TYPES: Final[dict[str, Any]] = {
    "happened_on": DAY,
    "text": TEXT,
    "link": LINK,
    "to": LINE,
    "respondent": LINE,
    "document": LINE,
    "transcript": LINK,
    "video": LINK,
    "rapporteur": LINE,
    "member": STAFF_NUMBER,
    "meeting": choice("planned", "held", "cancelled"),
    "meeting_day": DAY,
    "meeting_time": CLOCK,
    "place": LINE,
    "admissible": choice("yes", "no"),
    "ground": LINE,
    "reasons": TEXT,
    "outcome": LINE,
    "next_body": LINE,
    "follow_up_on": DAY,
}


Typed: Final = optional_fields("Typed", **_TYPES)
TypedExtension: Final = optional_fields("TypedExtension", due_on=DAY, reason=TEXT)


@dataclass(frozen=True, slots=True)
class StepForm:
    """The facts of a step as far as they are valid, and the errors in the rest."""

    facts: StepInput
    errors: dict[str, str]


def read_step(procedure: Procedure, kind: StepKind, values: Mapping[str, str], language: str) -> StepForm:
    """Read the fields that a step of this kind has; others are ignored."""
    checked = check(Typed, {name: value for name, value in values.items() if name in fields_of(kind)})
    if checked.problems:
        return StepForm(StepInput(), field_errors(checked.problems, language))
    typed: dict[str, Any] = dict(checked.facts)
    day, clock = typed.pop("meeting_day", None), typed.pop("meeting_time", None)
    if day and not clock:
        return StepForm(StepInput(), messages(language, {"meeting_time": "missing"}))
    if "admissible" in typed:
        typed["admissible"] = typed["admissible"] == "yes"
    if typed.get("admissible") is False and not procedure.admissibility_grounds:
        typed["ground"] = UNLISTED_GROUND
    return StepForm(StepInput(**typed, meeting_at=moment_of(day, clock, procedure.body.zone)), {})


def read_corrected(names: Sequence[str], values: Mapping[str, str], zone: ZoneInfo, language: str) -> StepForm:
    """Read the corrected values of the facts with these names; a cleared field becomes empty."""
    fields = with_day_and_time(names)
    checked = check(Typed, {name: value for name, value in values.items() if name in fields})
    if checked.problems:
        return StepForm(StepInput(), field_errors(checked.problems, language))
    typed: dict[str, Any] = dict(checked.facts)
    day, clock = typed.pop("meeting_day", None), typed.pop("meeting_time", None)
    if day and not clock:
        return StepForm(StepInput(), messages(language, {"meeting_time": "missing"}))
    return StepForm(StepInput(**typed, meeting_at=moment_of(day, clock, zone)), {})


def read_reason(values: Mapping[str, str], needs: Sequence[str], language: str) -> tuple[str, dict[str, str]]:
    """The public reason of a correction, and the errors: in the reason, and for each of ``needs`` that is empty."""
    checked = check(TypedExtension, {"reason": values.get("reason", "")})
    empty = [name for name in ("reason", *needs) if not values.get(name, "").strip()]
    errors = messages(language, dict.fromkeys(empty, "missing")) | field_errors(checked.problems, language)
    return checked.facts.get("reason", ""), errors


def corrected_values(names: Sequence[str], told: Mapping[str, Any], zone: ZoneInfo) -> dict[str, str]:
    """The initial values of the form of a correction: the published facts."""
    values = {name: str(told.get(name) or "") for name in names if name != "meeting_at"}
    if "meeting_at" in names and told.get("meeting_at"):
        moment = datetime.fromisoformat(str(told["meeting_at"])).astimezone(zone)
        values |= {"meeting_day": typed_day(moment.date()), "meeting_time": f"{moment:%H:%M}"}
    return values


def fields_of(kind: StepKind) -> tuple[str, ...]:
    """The fields of the form for a step of this kind."""
    names = [*NEEDS[kind], *ADDS[kind]]
    if kind == "appoint_rapporteur":
        names.insert(names.index("rapporteur"), "member")
    return with_day_and_time(names)


def with_day_and_time(names: Sequence[str]) -> tuple[str, ...]:
    """The names of the input fields: the moment of a meeting is typed in two of them."""
    if "meeting_at" not in names:
        return tuple(names)
    return (*(name for name in names if name != "meeting_at"), "meeting_day", "meeting_time")


def first_values(
    kind: StepKind, today: date, meeting: MeetingState, meeting_at: datetime | None, place: str
) -> dict[str, str]:
    """The initial values of the form: today, or the meeting that was planned."""
    if kind not in MEETINGS:
        return {"happened_on": typed_day(today)}
    if meeting != "planned" or meeting_at is None:
        return {"meeting": "planned"}
    return {"meeting_day": typed_day(meeting_at.date()), "meeting_time": f"{meeting_at:%H:%M}", "place": place}


def read_extension(values: Mapping[str, str], language: str) -> tuple[date | None, str, dict[str, str]]:
    """The later day, the reason, and the errors in them."""
    checked = check(TypedExtension, {name: values.get(name, "") for name in TypedExtension.model_fields})
    return checked.facts.get("due_on"), checked.facts.get("reason", ""), field_errors(checked.problems, language)
