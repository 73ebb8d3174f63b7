"""The forms around a referral: a public question or answer, a declared contact, the seed of a draw."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from petitions.rules import contacts
from petitions.rules.questions import LONGEST, SHORTEST
from petitions.web.forms import check, choice, line, paragraphs
from petitions.web.typed import CLOCK, DAY, LINE, LINK, field_errors, messages, moment_of, optional_fields

TypedContact: Final = optional_fields(
    "TypedContact",
    met_on=DAY,
    how=LINE,
    who=line(contacts.LONGEST_LINE, 2),
    interest=line(contacts.LONGEST_LINE, 2),
    with_whom=line(contacts.LONGEST_LINE, 2),
    about=paragraphs(contacts.LONGEST_TEXT),
)
TypedQuestion: Final = optional_fields("TypedQuestion", text=paragraphs(LONGEST, SHORTEST), answer_by=DAY)


TypedSeed: Final = optional_fields(
    "TypedSeed",
    seed=LINE,
    source=LINE,
    link=LINK,
    seed_day=DAY,
    seed_time=CLOCK,
    method=choice("letter", "mail"),
)


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


def read_seed(values: Mapping[str, str], zone: ZoneInfo, language: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts of a seed (``published_at`` by the clock of the body), and what is wrong with what was typed."""
    checked = check(TypedSeed, {name: values.get(name, "") for name in TypedSeed.model_fields})
    typed: dict[str, Any] = dict(checked.facts)
    day, clock = typed.pop("seed_day", None), typed.pop("seed_time", None)
    if checked.problems:
        return {}, field_errors(checked.problems, language)
    if day and not clock:
        return {}, messages(language, {"seed_time": "missing"})
    return typed | {"published_at": moment_of(day, clock, zone)}, {}
