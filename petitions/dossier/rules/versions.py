"""Which submitted texts of a petition the public may see.

The accepted text, and earlier ones that were public already: the page of a rejected petition shows its
text and the ground, unless that ground hides the text. A text refused on a ground that hides it is never shown,
nor is any text of a petition that was not accepted, or whose text is hidden now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from petitions.lifecycle.rules.procedures import Procedure

SUBMITS: Final = frozenset({"submitted", "resubmitted"})
"""The events that store a text: the first of them is version 1, and so on."""


@dataclass(frozen=True, slots=True)
class VersionOutcome:
    """The outcome for one submitted text: accepted or refused."""

    number: int
    ground: str | None = None  # of a refusal
    accepted: bool = False

    def is_public(self, procedure: Procedure) -> bool:
        """Whether it is public, if the petition itself is. A ground that is no longer known hides the text."""
        if self.ground is None:
            return self.accepted
        found = procedure.ground(self.ground)
        return found is not None and not found.hides_text


def outcomes(events: Iterable[tuple[str, str | None]]) -> tuple[VersionOutcome, ...]:
    """The outcome for each text. ``events``: kind and ground of a petition's events, in the order of their numbers.

    A rejection that was undone by an objection does not count: the text is checked again.
    """
    found: list[VersionOutcome] = []
    for kind, ground in events:
        if kind in SUBMITS:
            found.append(VersionOutcome(len(found) + 1))
        elif not found:
            continue
        elif kind == "rejected":
            found[-1] = VersionOutcome(found[-1].number, ground or "")
        elif kind == "objection_upheld":
            found[-1] = VersionOutcome(found[-1].number)
        elif kind == "opened":
            found[-1] = VersionOutcome(found[-1].number, accepted=True)
    return tuple(found)
