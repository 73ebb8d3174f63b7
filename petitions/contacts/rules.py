"""Declared contacts: a committee publishes who spoke with it about a petition. An optional module.

The model is the legislative footprint that parliaments keep: who, on whose behalf, with whom, when, and about what.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from petitions.errors import InvalidInputError

ContactMethod = Literal["meeting", "call", "letter", "visit"]
HOW: Final[tuple[ContactMethod, ...]] = get_args(ContactMethod)
LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 1000


@dataclass(frozen=True, slots=True)
class DeclaredContact:
    """One contact; every field is published."""

    met_on: date
    how: str
    who: str  # an organisation, or a person with the organisation
    interest: str  # on whose behalf, or which interest
    with_whom: str  # members or staff of the committee
    about: str


def check_contact(contact: DeclaredContact, *, earliest: date, today: date) -> None:
    """Raise InvalidInputError for a day before the petition was public, a future day, or an unknown method."""
    problems = {}
    if contact.met_on > today:
        problems["met_on"] = "date_future"
    elif contact.met_on < earliest:
        problems["met_on"] = "date_too_early"
    if contact.how not in HOW:
        problems["how"] = "choice"
    if problems:
        raise InvalidInputError(problems)
