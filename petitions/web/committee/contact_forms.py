"""The form of a declared contact."""

from collections.abc import Mapping
from typing import Final

from petitions.rules import contacts
from petitions.web.http.forms import check, line, paragraphs
from petitions.web.http.typed import DAY, LINE, field_errors, messages, optional_fields

TypedContact: Final = optional_fields(
    "TypedContact",
    met_on=DAY,
    how=LINE,
    who=line(contacts.LONGEST_LINE, 2),
    interest=line(contacts.LONGEST_LINE, 2),
    with_whom=line(contacts.LONGEST_LINE, 2),
    about=paragraphs(contacts.LONGEST_TEXT),
)


def read_contact(values: Mapping[str, str], language: str) -> tuple[contacts.Contact | None, dict[str, str]]:
    """A declared contact, or what is wrong with its fields; every one of them is needed."""
    checked = check(TypedContact, {name: values.get(name, "") for name in TypedContact.model_fields})
    lacking = [name for name in TypedContact.model_fields if name not in checked.facts]
    errors = messages(language, {name: "choice" if name == "how" else "missing" for name in lacking})
    if checked.problems:
        errors = field_errors(checked.problems, language) | {
            name: text for name, text in errors.items() if not values.get(name, "").strip()
        }
    return (None, errors) if errors else (contacts.Contact(**checked.facts), {})
