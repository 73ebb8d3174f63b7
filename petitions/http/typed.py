"""Days, times, links and lines that staff type at the desks, and the messages for what cannot be read.

Days and times are in the time zone of the body.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, create_model
from pydantic_core import PydanticCustomError

from petitions.http.forms import line, paragraphs, read_date
from petitions.http.state import read_number
from petitions.http.words import N_, error_text, words
from petitions.text import TextError, clean_line

LONGEST_TEXT: Final = 6000
LONGEST_LINE: Final = 200
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")
_MESSAGES: Final = {
    "date_past": N_("This must lie in the future."),
    "date_too_early": N_("This lies before the step that came first. Look at the dates in the list of steps."),
    "too_far": N_("Choose a day within three years."),
    "not_later": N_("Choose a later day than the present one."),
    "time": N_("Fill in a time, for example 13:15."),
    "link": N_("Fill in a whole link, for example https://www.example.org/report."),
    "seed_too_early": N_("This was published before the list was closed. Take a value from after that moment."),
    "places": N_("Fill in the places as numbers, with spaces between them. For example: 12 408 977."),
    "changed": N_(
        "A colleague corrected this after you opened it. Below stands what you typed; nothing of it is stored."
    ),
    "rapporteur": N_("Say who is rapporteur."),
    "unchanged": N_("Nothing is different from what stands there now. Change what is wrong."),
}


def messages(language: str, problems: Mapping[str, str]) -> dict[str, str]:
    """The message for the problem of each field."""
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
CLOCK: Final[Any] = Annotated[time, BeforeValidator(_clock)]
LINK: Final[Any] = Annotated[str, BeforeValidator(_link)]
STAFF_NUMBER: Final[Any] = Annotated[int, BeforeValidator(_staff_number)]
LINE: Final = line(LONGEST_LINE)
TEXT: Final = paragraphs(LONGEST_TEXT)


def optional_fields(name: str, **kinds: Any) -> type[BaseModel]:
    """A form of which every field may be empty: which ones are required depends on rules."""
    fields: dict[str, Any] = {field: (kind | None, None) for field, kind in kinds.items()}
    return create_model(name, **fields)


def field_errors(problems: Mapping[str, Any], language: str) -> dict[str, str]:
    """The messages for the fields that could not be read."""
    return {
        name: _message(language, problem.code)
        if problem.code in _MESSAGES
        else error_text(language, problem.code, problem.limit)
        for name, problem in problems.items()
    }


def rule_errors(problems: Mapping[str, str], language: str) -> dict[str, str]:
    """The messages for what the rules refuse, by field of the form: a moment is typed as a day and a time.

    Where one of several is to be chosen, "Fill this in" would send the clerk to the keyboard.
    """
    told = {
        _FIELDS.get(name, name): _LACKING.get(name, code) if code == "missing" else code
        for name, code in problems.items()
    }
    return messages(language, told)


_FIELDS: Final = {"meeting_at": "meeting_day"}
_LACKING: Final = dict.fromkeys(("meeting", "admissible", "ground", "outcome"), "choice") | {"rapporteur": "rapporteur"}


def typed_day(day: date) -> str:
    """A day in the form in which a clerk would type it."""
    return f"{day.day}-{day.month}-{day.year}"


def moment_of(day: date | None, clock: time | None, zone: ZoneInfo) -> datetime | None:
    """The moment of a day and a time in the time zone of the body; None unless both were typed."""
    return datetime.combine(day, clock, zone) if day and clock else None
