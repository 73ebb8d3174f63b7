"""The form of a public question or an answer, as both sides fill it in."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from petitions.http.forms import check, paragraphs
from petitions.http.typed import DAY, field_errors, messages, optional_fields
from petitions.questions.rules import LONGEST, SHORTEST

TypedQuestion: Final = optional_fields("TypedQuestion", text=paragraphs(LONGEST, SHORTEST), answer_by=DAY)


def read_question(values: Mapping[str, str], language: str) -> tuple[str, date | None, dict[str, str]]:
    """The words of a question or an answer, the day until which an answer is wanted, and the errors in them."""
    checked = check(TypedQuestion, {name: values.get(name, "") for name in TypedQuestion.model_fields})
    errors = field_errors(checked.problems, language)
    if not errors and "text" not in checked.facts:
        errors = messages(language, {"text": "missing"})
    return checked.facts.get("text", ""), checked.facts.get("answer_by"), errors
