"""Which submitted texts of a petition the public may see.

The text that was accepted, and earlier ones that were public already: a rejected petition stands on its page with its
text and the ground, unless that ground hides the text. What was refused on a ground that hides it is never shown again,
and nothing is shown of a petition that was not accepted, or whose text is hidden now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from petitions.lifecycle.rules.procedures import Procedure

SUBMITS: Final = frozenset({"submitted", "resubmitted"})
"""Each of these events kept a text: the first of them version 1, and so on."""


@dataclass(frozen=True, slots=True)
class VersionOutcome:
    """What became of one submitted text."""

    number: int
    ground: str | None = None  # on which it was refused
    accepted: bool = False

    def is_public(self, procedure: Procedure) -> bool:
        """Whether it may be seen, where the petition itself may. A ground that nobody knows any more hides."""
        if self.ground is None:
            return self.accepted
        found = procedure.ground(self.ground)
        return found is not None and not found.hides_text


def outcomes(events: Iterable[tuple[str, str | None]]) -> tuple[VersionOutcome, ...]:
    """What became of each text. ``events``: kind and ground of a petition's events, in the order of their numbers.

    A rejection that was undone by an objection is none: the text goes on to be checked.
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
