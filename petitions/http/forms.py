"""Checking forms with Pydantic: the result is clean values, or a message per field with what was typed kept."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Final

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic_core import PydanticCustomError

from petitions.http.words import error_text
from petitions.text import TextError, clean_line, clean_paragraphs

_DATE_LOCAL: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_PLAIN_LOCAL: Final = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*")
EMAIL_MAXIMUM: Final = 254
FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2200


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field: a code of ``words`` and the limit that it names."""

    code: str
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """A form that was looked at: clean facts, or the problem of each field."""

    facts: dict[str, Any]
    problems: dict[str, Problem]

    def errors(self, language: str) -> dict[str, str]:
        """The messages by field, in the reader's language."""
        return {name: error_text(language, problem.code, problem.limit) for name, problem in self.problems.items()}


def _refuse(error: TextError) -> PydanticCustomError:
    return PydanticCustomError("text", "{code}", {"code": error.code, "limit": error.limit})


def refused(code: str) -> PydanticCustomError:
    """The refusal of a value, with the ``code`` by which ``words`` knows the message."""
    return PydanticCustomError("text", "{code}", {"code": code, "limit": 0})


def line(maximum: int, minimum: int = 1) -> Any:
    """A type for one line of text."""

    def clean(value: object) -> str:
        try:
            return clean_line(str(value or ""), maximum=maximum, minimum=minimum)
        except TextError as error:
            raise _refuse(error) from error

    return Annotated[str, BeforeValidator(clean)]


def paragraphs(maximum: int, minimum: int = 1) -> Any:
    """A type for several lines of text."""

    def clean(value: object) -> str:
        try:
            return clean_paragraphs(str(value or ""), maximum=maximum, minimum=minimum)
        except TextError as error:
            raise _refuse(error) from error

    return Annotated[str, BeforeValidator(clean)]


def choice(*options: str) -> Any:
    """A type for one of several values."""

    def pick(value: object) -> str:
        if value not in options:
            raise refused("choice")
        return str(value)

    return Annotated[str, BeforeValidator(pick)]


def line_first(check: Callable[[str], str], maximum: int) -> Any:
    """A type for one line of text that ``check`` makes into a value, or refuses."""

    def clean(value: object) -> str:
        try:
            return check(clean_line(str(value or ""), maximum=maximum, minimum=1))
        except TextError as error:
            raise _refuse(error) from error

    return Annotated[str, BeforeValidator(clean)]


def _email(text: str) -> str:
    try:
        local, at, domain = text.rpartition("@")
        if at and _PLAIN_LOCAL.fullmatch(local) and len(text) <= EMAIL_MAXIMUM - 1:
            return f"{local}@{_domain(domain)}"
        return _checked_email(text)
    except EmailNotValidError as error:
        raise refused("email") from error


def _checked_email(text: str) -> str:
    """The address as the library writes it. Raises EmailNotValidError."""
    return validate_email(text, check_deliverability=False, test_environment=True).normalized


@lru_cache(maxsize=10_000)
def _domain(domain: str) -> str:
    """A domain as the library writes it: looked at once, because most people are at a few providers.

    Raises EmailNotValidError.
    """
    return _checked_email(f"a@{domain}").rpartition("@")[2]


def read_date(text: str) -> date:
    """A date as people type it: 27-4-1967, 27/04/1967, 27.4.1967 or 1967-04-27. Raises ValueError.

    Also for a year that nobody means: at the ends of the calendar the day before or after, or an hour of another time
    zone, is no date any more, and every page and calendar with it would break.
    """
    match = _DATE_LOCAL.fullmatch(text)
    day = date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(day.year)
    return day


def iso_date(text: str) -> str:
    """A date as people type it, in ISO 8601; refused where it is none."""
    try:
        return read_date(text).isoformat()
    except ValueError as error:
        raise refused("date") from error


Email: Final = line_first(_email, EMAIL_MAXIMUM)


def check(model: type[BaseModel], values: Mapping[str, str]) -> Checked:
    """Clean ``values`` by ``model``; every problem at once."""
    try:
        made = model.model_validate({name: value for name, value in values.items() if value.strip()})
    except ValidationError as error:
        problems = {}
        for entry in error.errors(include_url=False):
            context = entry.get("ctx", {})
            problems[str(entry["loc"][0])] = Problem(context.get("code", "missing"), context.get("limit", 0))
        return Checked({}, problems)
    return Checked(made.model_dump(exclude_none=True), {})
