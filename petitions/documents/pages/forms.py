"""The forms of documents at the desk: they turn what a clerk typed into facts, or a message per field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import Field, create_model

from petitions.documents.acts import NewDocument
from petitions.documents.rules import KINDS, LONGEST_REASON, LONGEST_SUMMARY, LONGEST_TITLE
from petitions.http.forms import check, choice, line, paragraphs
from petitions.http.typed import DAY, LINK, field_errors
from petitions.http.uploads import LARGEST_FILE, MEGABYTE, Sent
from petitions.http.words import N_, error_text, words
from petitions.locale import LANGUAGES

AUDIENCES: Final = ("public", "committee")
FIELDS: Final = ("title", "kind", "dated_on", "language", "audience", "file", "url", "summary")

_NONE: Final = Field(default="", validate_default=True)  # so that an empty value gets the message to choose one
Typed: Final = create_model(
    "Typed",
    title=(line(LONGEST_TITLE, 3), ...),
    kind=(choice(*KINDS), _NONE),
    dated_on=(DAY, ...),
    language=(choice(*LANGUAGES), _NONE),
    audience=(choice(*AUDIENCES), _NONE),
    summary=(paragraphs(LONGEST_SUMMARY), ...),
    url=(LINK | None, None),
)
Withdrawing: Final = create_model("Withdrawing", reason=(paragraphs(LONGEST_REASON), ...))

MESSAGES: Final = {
    "not_pdf": N_("This is not a PDF. Save the document as a PDF first."),
    "broken": N_("This PDF cannot be read. Make it again, for example by printing it to a PDF."),
    "too_long": N_("Reading this PDF took too long. Make it again, for example by printing it to a PDF."),
    "encrypted": N_("This PDF is protected with a password. Save it without one."),
    "too_many_pages": N_("This PDF has more than 500 pages. Divide it into parts."),
    "active": N_("This PDF does more than show pages. It holds a program, a form that is sent, or sound or film."),
    "attachments": N_("Other files are attached to this PDF. Save it without them, and add each on its own."),
    "too_large": N_("This file is larger than %(limit)d MB. Scan it in a lower quality, or give a link to it."),
    "file_or_link": N_("Choose a file, or give a link."),
    "file_and_link": N_("Choose a file or give a link, not both."),
    "names": N_("Choose what happens with the names."),
    "signed": N_("This PDF is signed. Without the names the signature would be broken."),
    "not_removed": N_("We could not take out all names. Make the PDF again without them."),
}


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """A document as far as it is valid, its file, and the errors."""

    document: NewDocument | None
    content: bytes | None
    errors: dict[str, str]


def message(language: str, code: str) -> str:
    """The message for a problem with a file."""
    return words(language).gettext(MESSAGES[code]) % {"limit": LARGEST_FILE // MEGABYTE}


def read_document_form(sent: Sent, language: str) -> DocumentForm:
    """Read the submitted form."""
    checked = check(Typed, {name: sent.values.get(name, "") for name in FIELDS})
    errors = field_errors(checked.problems, language)
    if (problem := _content_problem(sent)) and "url" not in errors:
        errors["file"] = message(language, problem)
    if errors:
        return DocumentForm(None, None, dict(sorted(errors.items(), key=lambda one: FIELDS.index(one[0]))))
    facts: dict[str, Any] = dict(checked.facts)
    public = facts.pop("audience") == "public"
    return DocumentForm(NewDocument(**facts, public=public), sent.file.content if sent.file else None, {})


def _content_problem(sent: Sent) -> str:
    """The error in the choice between a file and a link, or in the size of the file."""
    has_link = bool(sent.values.get("url", "").strip())
    if sent.file is None:
        return "" if has_link else "file_or_link"
    if has_link:
        return "file_and_link"
    return "too_large" if len(sent.file.content) > LARGEST_FILE else ""


def read_reason(values: Mapping[str, str], language: str) -> tuple[str, dict[str, str]]:
    """The reason for withdrawing a document, and the errors in it."""
    checked = check(Withdrawing, values)
    errors = {name: error_text(language, one.code, one.limit) for name, one in checked.problems.items()}
    return checked.facts.get("reason", ""), errors
