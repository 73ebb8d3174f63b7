"""The findings about a PDF: whether it is accepted, and what a clerk should know before publishing it."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

PdfProblem = Literal["", "not_pdf", "broken", "encrypted", "too_many_pages", "active", "attachments", "too_long"]
"""Why a PDF is not accepted; "" when it is.

``active``: it runs programs, submits or imports data, or acts by itself when it is opened.
"""


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings about one PDF."""

    problem: PdfProblem = ""
    pages: int = 0
    title: str = ""
    language: str = ""
    tagged: bool = False
    has_text: bool = False  # False: only images of pages, as from a scanner
    signed: bool = False
    names: tuple[str, ...] = ()  # of people, in metadata that is not displayed: the author, the writers of annotations
    remarks: int = 0
    program: str = ""

    def facts(self) -> dict[str, Any]:
        """The findings as they are stored with the document."""
        return asdict(self) | {"names": list(self.names)}


def findings_from(facts: dict[str, Any]) -> Findings:
    """The findings from their stored form."""
    known = {name: facts[name] for name in Findings.__dataclass_fields__ if name in facts}
    return Findings(**known | {"names": tuple(known.get("names", ()))})
