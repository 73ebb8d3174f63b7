"""The fields that a procedure asks of a person, and their validation."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from petitions.http.forms import Checked, Email, check, iso_date, line, line_first, refused
from petitions.lifecycle.rules.procedures import Procedure

_POSTCODE_NL: Final = re.compile(r"([1-9][0-9]{3}) ?([A-Za-z]{2})")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()\-]{6,18}[0-9]")


def _postcode_nl(text: str) -> str:
    match = _POSTCODE_NL.fullmatch(text)
    if not match:
        raise refused("postcode")
    return f"{match[1]} {match[2].upper()}"


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text):
        raise refused("phone")
    return text


def _declared(value: object) -> str:
    if value != "yes":
        raise refused("declaration")
    return "yes"


_TYPES: Final[dict[str, Any]] = {
    "name": line(100, 2),
    "email": Email,
    "place": line(80),
    "postcode": line(12, 2),
    "street": line(120, 3),
    "birth_date": line_first(iso_date, 20),
    "nationality": line(60),
    "country": line(60, 2),
    "organisation": line(120, 2),
    "phone": line_first(_phone, 20),
    "declaration": Annotated[str, BeforeValidator(_declared)],
    "municipality": line(80),
    "department": line(80),
    "personal_code": line(40),
}
FIELDS: Final = frozenset(_TYPES)
"""Every field that a procedure can ask of a person."""
_POSTCODE: Final = line_first(_postcode_nl, 12)


@lru_cache
def _model(country: str, names: tuple[tuple[str, bool], ...]) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for name, required in names:
        kind = _POSTCODE if name == "postcode" and country == "nl" else _TYPES[name]
        fields[name] = (kind, Field(validate_default=True)) if required else (kind | None, None)
        if required:
            fields[name] = (kind, Field(default="", validate_default=True))
    return create_model("Answers", __config__=ConfigDict(extra="ignore"), **fields)


def check_person(procedure: Procedure, values: Mapping[str, str], *, required_extra: tuple[str, ...] = ()) -> Checked:
    """Validate the answers that ``procedure`` asks of a person; ``email`` and ``name`` are always among them."""
    known = _answers.get((id(procedure), required_extra))
    if known is None or known[0] is not procedure:
        names = {field.name: field.required for field in procedure.fields}
        wanted = {"name": True, "email": True} | names | dict.fromkeys(required_extra, True)
        known = (procedure, _model(procedure.body.country, tuple(wanted.items())))
        _answers[id(procedure), required_extra] = known
    return check(known[1], values)


_answers: Final[dict[tuple[int, tuple[str, ...]], tuple[Procedure, type[BaseModel]]]] = {}
"""The validation model of the answers, for each procedure."""
