"""What was found in a PDF, as facts: whether it may be taken, and what a clerk should know before it is published."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

PdfProblem = Literal["", "not_pdf", "broken", "encrypted", "too_many_pages", "active", "attachments", "too_long"]
"""Why a PDF is not taken; "" when it is.

``active``: it runs programs, fills in or sends off things, or does something by itself when it is opened.
"""


@dataclass(frozen=True, slots=True)
class Findings:
    """A PDF that was looked at."""

    problem: PdfProblem = ""
    pages: int = 0
    title: str = ""
    language: str = ""
    tagged: bool = False
    has_text: bool = False  # False: pictures of pages only, as a scanner makes them
    signed: bool = False
    names: tuple[str, ...] = ()  # of people, in what is not seen: the author, the writers of remarks
    remarks: int = 0
    program: str = ""

    def facts(self) -> dict[str, Any]:
        """As they are kept with the document."""
        return asdict(self) | {"names": list(self.names)}


def findings_from(facts: dict[str, Any]) -> Findings:
    """The findings from what was kept."""
    known = {name: facts[name] for name in Findings.__dataclass_fields__ if name in facts}
    return Findings(**known | {"names": tuple(known.get("names", ()))})
