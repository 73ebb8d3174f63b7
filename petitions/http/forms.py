"""Checking forms with Pydantic: the result is clean values, or a message per field with what was typed kept."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Final

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model
from pydantic_core import PydanticCustomError

from petitions.http.words import error_text
from petitions.lifecycle.rules.procedures import Procedure
from petitions.text import TextError, clean_line, clean_paragraphs

_POSTCODE_NL: Final = re.compile(r"([1-9][0-9]{3}) ?([A-Za-z]{2})")
_DATE_LOCAL: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()\-]{6,18}[0-9]")
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


def _reason(code: str) -> PydanticCustomError:
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
            raise _reason("choice")
        return str(value)

    return Annotated[str, BeforeValidator(pick)]


def _line_first(check: Callable[[str], str], maximum: int) -> Any:
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
        raise _reason("email") from error


def _checked_email(text: str) -> str:
    """The address as the library writes it. Raises EmailNotValidError."""
    return validate_email(text, check_deliverability=False, test_environment=True).normalized


@lru_cache(maxsize=10_000)
def _domain(domain: str) -> str:
    """A domain as the library writes it: looked at once, because most people are at a few providers.

    Raises EmailNotValidError.
    """
    return _checked_email(f"a@{domain}").rpartition("@")[2]


def _postcode_nl(text: str) -> str:
    match = _POSTCODE_NL.fullmatch(text)
    if not match:
        raise _reason("postcode")
    return f"{match[1]} {match[2].upper()}"


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise _reason("phone")
    return text


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


def _date(text: str) -> str:
    try:
        return read_date(text).isoformat()
    except ValueError as error:
        raise _reason("date") from error


def _declared(value: object) -> str:
    if value != "yes":
        raise _reason("declaration")
    return "yes"


Email: Final = _line_first(_email, EMAIL_MAXIMUM)
_TYPES: Final[dict[str, Any]] = {
    "name": line(100, 2),
    "email": Email,
    "place": line(80),
    "postcode": line(12, 2),
    "street": line(120, 3),
    "birth_date": _line_first(_date, 20),
    "nationality": line(60),
    "country": line(60, 2),
    "organisation": line(120, 2),
    "phone": _line_first(_phone, 20),
    "declaration": Annotated[str, BeforeValidator(_declared)],
    "municipality": line(80),
    "department": line(80),
    "personal_code": line(40),
}
FIELDS: Final = frozenset(_TYPES)
"""Every field that a procedure can ask of a person."""
_POSTCODE: Final = _line_first(_postcode_nl, 12)


@lru_cache
def _model(country: str, names: tuple[tuple[str, bool], ...]) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for name, required in names:
        kind = _POSTCODE if name == "postcode" and country == "nl" else _TYPES[name]
        fields[name] = (kind, Field(validate_default=True)) if required else (kind | None, None)
        if required:
            fields[name] = (kind, Field(default="", validate_default=True))
    return create_model("Answers", __config__=ConfigDict(extra="ignore"), **fields)


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


def check_person(procedure: Procedure, values: Mapping[str, str], *, required_extra: tuple[str, ...] = ()) -> Checked:
    """Clean the answers that ``procedure`` asks of a person; ``email`` and ``name`` are always among them."""
    known = _answers.get((id(procedure), required_extra))
    if known is None or known[0] is not procedure:
        names = {field.name: field.required for field in procedure.fields}
        wanted = {"name": True, "email": True} | names | dict.fromkeys(required_extra, True)
        known = (procedure, _model(procedure.body.country, tuple(wanted.items())))
        _answers[id(procedure), required_extra] = known
    return check(known[1], values)


_answers: Final[dict[tuple[int, tuple[str, ...]], tuple[Procedure, type[BaseModel]]]] = {}
"""The model of the answers that each loaded procedure asks for."""
