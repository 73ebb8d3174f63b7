"""The form of a declared contact."""

from collections.abc import Mapping
from typing import Final

from petitions.contacts import rules as contacts
from petitions.http.forms import check, line, paragraphs
from petitions.http.typed import DAY, LINE, field_errors, messages, optional_fields

LONGEST_REASON: Final = 400
TypedContact: Final = optional_fields(
    "TypedContact",
    met_on=DAY,
    how=LINE,
    who=line(contacts.LONGEST_LINE, 2),
    interest=line(contacts.LONGEST_LINE, 2),
    with_whom=line(contacts.LONGEST_LINE, 2),
    about=paragraphs(contacts.LONGEST_TEXT),
)
TypedReason: Final = optional_fields("TypedReason", reason=line(LONGEST_REASON))


def read_contact(values: Mapping[str, str], language: str) -> tuple[contacts.DeclaredContact | None, dict[str, str]]:
    """A declared contact, or the errors in its fields; all of them are required."""
    checked = check(TypedContact, {name: values.get(name, "") for name in TypedContact.model_fields})
    lacking = [name for name in TypedContact.model_fields if name not in checked.facts]
    errors = messages(language, {name: "choice" if name == "how" else "missing" for name in lacking})
    if checked.problems:
        errors = field_errors(checked.problems, language) | {
            name: text for name, text in errors.items() if not values.get(name, "").strip()
        }
    return (None, errors) if errors else (contacts.DeclaredContact(**checked.facts), {})


def read_reason(values: Mapping[str, str], language: str) -> tuple[str, dict[str, str]]:
    """The reason for withdrawing a contact, and the error in it; the rules check that there is one."""
    checked = check(TypedReason, {"reason": values.get("reason", "")})
    return checked.facts.get("reason", ""), field_errors(checked.problems, language)
