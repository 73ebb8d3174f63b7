"""The forms of a committee's steps: what a clerk typed becomes the facts of a step, or a message at each field.

Days and times are typed as people write them and are those of the body's own clock.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, create_model
from pydantic_core import PydanticCustomError

from petitions.rules import contacts
from petitions.rules.procedures import Procedure, StepKind
from petitions.rules.questions import LONGEST as LONGEST_QUESTION
from petitions.rules.questions import SHORTEST as SHORTEST_QUESTION
from petitions.rules.steps import ADDS, MEETINGS, NEEDS, UNLISTED_GROUND, Facts, Meeting
from petitions.rules.text import TextError, clean_line
from petitions.web.edge import read_number
from petitions.web.forms import check, choice, line, paragraphs, read_date
from petitions.web.words import N_, error_text, words

LONGEST_TEXT: Final = 6000
LONGEST_LINE: Final = 200
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")
_MESSAGES: Final = {
    "date_past": N_("This must lie in the future."),
    "date_too_early": N_("This lies before the step that came first. Look at the dates in the list of steps."),
    "not_later": N_("Choose a later day than the present one."),
    "time": N_("Fill in a time, for example 13:15."),
    "link": N_("Fill in a whole link, for example https://www.example.org/report."),
    "seed_too_early": N_("This was published before the list was closed. Take a value from after that moment."),
    "places": N_("Fill in the places as numbers, with spaces between them. For example: 12 408 977."),
    "changed": N_(
        "A colleague corrected this after you opened it. Below stands what you typed; nothing of it is stored."
    ),
    "unchanged": N_("Nothing is different from what stands there now. Change what is wrong."),
}


def messages(language: str, problems: Mapping[str, str]) -> dict[str, str]:
    """What a clerk is told about the problem of each field."""
    return {name: _message(language, code) for name, code in problems.items()}


def _message(language: str, code: str) -> str:
    return words(language).gettext(_MESSAGES[code]) if code in _MESSAGES else error_text(language, code)


def _refuse(code: str, limit: int = 0) -> PydanticCustomError:
    return PydanticCustomError("text", "{code}", {"code": code, "limit": limit})


def _one_line(value: object) -> str:
    try:
        return clean_line(str(value or ""), maximum=LONGEST_LINE, minimum=1)
    except TextError as error:
        raise _refuse(error.code, error.limit) from error


def _day(value: object) -> date:
    try:
        return read_date(_one_line(value))
    except ValueError as error:
        raise _refuse("date") from error


def _clock(value: object) -> time:
    match = _CLOCK.fullmatch(_one_line(value).lower().removesuffix("uur").strip())
    if not match:
        raise _refuse("time")
    return time(int(match[1]), int(match[2]))


def _link(value: object) -> str:
    text = _one_line(value)
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise _refuse("link") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise _refuse("link")
    return text


def _staff_number(value: object) -> int:
    found = read_number(str(value))
    if found is None:
        raise _refuse("choice")
    return found


DAY: Final[Any] = Annotated[date, BeforeValidator(_day)]
LINK: Final[Any] = Annotated[str, BeforeValidator(_link)]
_LINE: Final = line(LONGEST_LINE)
_TEXT: Final = paragraphs(LONGEST_TEXT)
_TYPES: Final[dict[str, Any]] = {
    "happened_on": DAY,
    "text": _TEXT,
    "link": LINK,
    "to": _LINE,
    "respondent": _LINE,
    "document": _LINE,
    "transcript": LINK,
    "video": LINK,
    "rapporteur": _LINE,
    "member": Annotated[int, BeforeValidator(_staff_number)],
    "meeting": choice("planned", "held", "cancelled"),
    "meeting_day": DAY,
    "meeting_time": Annotated[time, BeforeValidator(_clock)],
    "place": _LINE,
    "admissible": choice("yes", "no"),
    "ground": _LINE,
    "reasons": _TEXT,
    "outcome": _LINE,
    "next_body": _LINE,
    "follow_up_on": DAY,
}


def optional_fields(name: str, **kinds: Any) -> type[BaseModel]:
    """A form of which every field may be empty: what is needed is a rule, not a type."""
    fields: dict[str, Any] = {field: (kind | None, None) for field, kind in kinds.items()}
    return create_model(name, **fields)


Typed: Final = optional_fields("Typed", **_TYPES)
TypedExtension: Final = optional_fields("TypedExtension", due_on=DAY, reason=_TEXT)
TypedContact: Final = optional_fields(
    "TypedContact",
    met_on=DAY,
    how=_LINE,
    who=line(contacts.LONGEST_LINE, 2),
    interest=line(contacts.LONGEST_LINE, 2),
    with_whom=line(contacts.LONGEST_LINE, 2),
    about=paragraphs(contacts.LONGEST_TEXT),
)
TypedQuestion: Final = optional_fields(
    "TypedQuestion", text=paragraphs(LONGEST_QUESTION, SHORTEST_QUESTION), answer_by=DAY
)


@dataclass(frozen=True, slots=True)
class StepForm:
    """The facts of a step as far as they could be read, and what is wrong with the rest."""

    facts: Facts
    errors: dict[str, str]


def read_step(procedure: Procedure, kind: StepKind, values: Mapping[str, str], language: str) -> StepForm:
    """Read the fields that a step of this kind has; others are ignored."""
    checked = check(Typed, {name: value for name, value in values.items() if name in fields_of(kind)})
    if checked.problems:
        return StepForm(Facts(), field_errors(checked.problems, language))
    typed: dict[str, Any] = dict(checked.facts)
    day, clock = typed.pop("meeting_day", None), typed.pop("meeting_time", None)
    if day and not clock:
        return StepForm(Facts(), messages(language, {"meeting_time": "missing"}))
    if "admissible" in typed:
        typed["admissible"] = typed["admissible"] == "yes"
    if typed.get("admissible") is False and not procedure.admissibility_grounds:
        typed["ground"] = UNLISTED_GROUND
    return StepForm(Facts(**typed, meeting_at=_moment(day, clock, procedure.body.zone)), {})


def read_corrected(names: Sequence[str], values: Mapping[str, str], zone: ZoneInfo, language: str) -> StepForm:
    """Read the facts with these names as they should have been; what was emptied is empty."""
    fields = with_day_and_time(names)
    checked = check(Typed, {name: value for name, value in values.items() if name in fields})
    if checked.problems:
        return StepForm(Facts(), field_errors(checked.problems, language))
    typed: dict[str, Any] = dict(checked.facts)
    day, clock = typed.pop("meeting_day", None), typed.pop("meeting_time", None)
    if day and not clock:
        return StepForm(Facts(), messages(language, {"meeting_time": "missing"}))
    return StepForm(Facts(**typed, meeting_at=_moment(day, clock, zone)), {})


def read_reason(values: Mapping[str, str], needs: Sequence[str], language: str) -> tuple[str, dict[str, str]]:
    """The public reason of a correction, what is wrong with it, and which of ``needs`` were left empty besides."""
    checked = check(TypedExtension, {"reason": values.get("reason", "")})
    empty = [name for name in ("reason", *needs) if not values.get(name, "").strip()]
    errors = messages(language, dict.fromkeys(empty, "missing")) | field_errors(checked.problems, language)
    return checked.facts.get("reason", ""), errors


def corrected_values(names: Sequence[str], told: Mapping[str, Any], zone: ZoneInfo) -> dict[str, str]:
    """What stands in the form of a correction before anything was typed: the facts as they were told."""
    values = {name: str(told.get(name) or "") for name in names if name != "meeting_at"}
    if "meeting_at" in names and told.get("meeting_at"):
        moment = datetime.fromisoformat(str(told["meeting_at"])).astimezone(zone)
        values |= {"meeting_day": typed_day(moment.date()), "meeting_time": f"{moment:%H:%M}"}
    return values


def _moment(day: date | None, clock: time | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, clock, zone) if day and clock else None


def field_errors(problems: Mapping[str, Any], language: str) -> dict[str, str]:
    """What a clerk is told about each field that could not be read."""
    return {
        name: _message(language, problem.code)
        if problem.code in _MESSAGES
        else error_text(language, problem.code, problem.limit)
        for name, problem in problems.items()
    }


def rule_errors(problems: Mapping[str, str], language: str) -> dict[str, str]:
    """What the rules found wrong, at the fields of the form: a moment is typed as a day and a time."""
    return messages(language, {_FIELDS.get(name, name): code for name, code in problems.items()})


_FIELDS: Final = {"meeting_at": "meeting_day"}


def fields_of(kind: StepKind) -> tuple[str, ...]:
    """The fields of the form for a step of this kind."""
    names = [*NEEDS[kind], *ADDS[kind]]
    if kind == "appoint_rapporteur":
        names.insert(names.index("rapporteur"), "member")
    return with_day_and_time(names)


def with_day_and_time(names: Sequence[str]) -> tuple[str, ...]:
    """The names of fields, the moment of a meeting as the two that are typed."""
    if "meeting_at" not in names:
        return tuple(names)
    return (*(name for name in names if name != "meeting_at"), "meeting_day", "meeting_time")


def typed_day(day: date) -> str:
    """A day as a clerk would type it."""
    return f"{day.day}-{day.month}-{day.year}"


def first_values(
    kind: StepKind, today: date, meeting: Meeting, meeting_at: datetime | None, place: str
) -> dict[str, str]:
    """What stands in the form before anything was typed: today, or the meeting that was planned."""
    if kind not in MEETINGS:
        return {"happened_on": typed_day(today)}
    if meeting != "planned" or meeting_at is None:
        return {"meeting": "planned"}
    return {"meeting_day": typed_day(meeting_at.date()), "meeting_time": f"{meeting_at:%H:%M}", "place": place}


def read_extension(values: Mapping[str, str], language: str) -> tuple[date | None, str, dict[str, str]]:
    """The later day, the reason, and what is wrong with them."""
    checked = check(TypedExtension, {name: values.get(name, "") for name in TypedExtension.model_fields})
    return checked.facts.get("due_on"), checked.facts.get("reason", ""), field_errors(checked.problems, language)


def read_question(values: Mapping[str, str], language: str) -> tuple[str, date | None, dict[str, str]]:
    """The words of a question or an answer, the day until which an answer is asked, and what is wrong with them."""
    checked = check(TypedQuestion, {name: values.get(name, "") for name in TypedQuestion.model_fields})
    errors = field_errors(checked.problems, language)
    if not errors and "text" not in checked.facts:
        errors = messages(language, {"text": "missing"})
    return checked.facts.get("text", ""), checked.facts.get("answer_by"), errors


def read_contact(values: Mapping[str, str], language: str) -> tuple[contacts.Contact | None, dict[str, str]]:
    """A declared contact, or what is wrong with its fields; every one of them is needed."""
    checked = check(TypedContact, {name: values.get(name, "") for name in TypedContact.model_fields})
    errors = messages(language, {name: "missing" for name in TypedContact.model_fields if name not in checked.facts})
    if checked.problems:
        errors = field_errors(checked.problems, language) | {
            name: text for name, text in errors.items() if not values.get(name, "").strip()
        }
    return (None, errors) if errors else (contacts.Contact(**checked.facts), {})


TypedSeed: Final = optional_fields(
    "TypedSeed",
    seed=_LINE,
    source=_LINE,
    link=_TYPES["link"],
    seed_day=DAY,
    seed_time=_TYPES["meeting_time"],
    method=choice("letter", "mail"),
)


def read_seed(values: Mapping[str, str], zone: ZoneInfo, language: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts of a seed (``published_at`` by the clock of the body), and what is wrong with what was typed."""
    checked = check(TypedSeed, {name: values.get(name, "") for name in TypedSeed.model_fields})
    typed: dict[str, Any] = dict(checked.facts)
    day, clock = typed.pop("seed_day", None), typed.pop("seed_time", None)
    if checked.problems:
        return {}, field_errors(checked.problems, language)
    if day and not clock:
        return {}, messages(language, {"seed_time": "missing"})
    return typed | {"published_at": _moment(day, clock, zone)}, {}
