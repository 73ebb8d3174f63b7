"""Access control: the roles of routes, and what a member of staff may do."""

from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "everyone", "holder", "demo", "demo or staff", "staff", "moderator", "clerk", "committee", "administrator"
]
"""``everyone``: the public. ``holder``: whoever holds the personal link in the path. ``staff``, ``moderator``,
``clerk`` (records for a committee), ``committee`` (its clerks and members), ``administrator``: people with a session at
a desk. ``demo``: the public, in the demonstration only. ``demo or staff``: the public in the demonstration, elsewhere
people with a session."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff and what they may do."""

    id: int
    name: str
    language: str
    is_moderator: bool
    is_administrator: bool
    committees: tuple[str, ...]  # as clerk
    sits_on: tuple[str, ...] = ()  # as member

    @property
    def is_clerk(self) -> bool:
        """Whether this person records for a committee."""
        return bool(self.committees)

    @property
    def reads(self) -> tuple[str, ...]:
        """The committees (slugs) whose referrals this person may read: as clerk or as member."""
        return (*self.committees, *self.sits_on)


def allows(role: Role, someone: Colleague) -> bool:
    """Whether a person at a desk may use a route of ``role``. Administrators may moderate, not act for committees."""
    if role == "moderator":
        return someone.is_moderator or someone.is_administrator
    if role == "clerk":
        return someone.is_clerk
    if role == "committee":
        return bool(someone.reads)
    if role == "administrator":
        return someone.is_administrator
    return True
