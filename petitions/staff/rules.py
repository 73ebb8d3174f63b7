"""Which changes to members of staff an administrator may make, and which would lock everybody out.

At least one administrator stays active, and nobody removes their own access by mistake (OWASP ASVS 5.0
8.2.1). Changes are recorded field by field.
"""

from dataclasses import dataclass, fields
from typing import Literal

ChangeRefusal = Literal["yourself", "last_administrator"]


@dataclass(frozen=True, slots=True)
class StaffPost:
    """A member of staff: name, language of the desk, roles, and whether they work here now."""

    name: str
    language: str
    is_moderator: bool
    is_administrator: bool
    committees: tuple[str, ...]  # as clerk: slugs, in alphabetical order
    active: bool
    sits_on: tuple[str, ...] = ()  # as member; nobody is both in one committee
    may_export: bool = False  # signatures of petitions that their committees handle

    @property
    def runs_the_service(self) -> bool:
        """Whether this person is an active administrator."""
        return self.active and self.is_administrator

    @property
    def decides_on_petitions(self) -> bool:
        """Whether this person can check petitions: an administrator may also do what moderators do."""
        return self.active and (self.is_moderator or self.is_administrator)


def refusal(before: StaffPost, after: StaffPost, *, is_self: bool, other_administrators: int) -> ChangeRefusal | None:
    """Why this change is refused; None if it may be made. ``other_administrators``: how many others are active."""
    if not before.runs_the_service or after.runs_the_service:
        return None
    if is_self:
        return "yourself"
    return "last_administrator" if other_administrators == 0 else None


def loses_something(before: StaffPost, after: StaffPost) -> bool:
    """Whether somebody loses rights: then their sessions end, so that the change takes effect at once."""
    return (
        (before.active and not after.active)
        or (before.is_moderator and not after.is_moderator)
        or (before.is_administrator and not after.is_administrator)
        or (before.may_export and not after.may_export)
        or not set(before.committees) <= set(after.committees)
        or not set(before.sits_on)
        <= {*after.sits_on, *after.committees}  # a clerk may read everything that a member may
    )


def changes(before: StaffPost | None, after: StaffPost) -> dict[str, list[object]]:
    """The changes: ``{field: [before, after]}``; for a new member of staff every field, with None before."""
    found: dict[str, list[object]] = {}
    for field in fields(StaffPost):
        old = getattr(before, field.name) if before is not None else None
        new = getattr(after, field.name)
        if old != new:
            found[field.name] = [_plain(old), _plain(new)]
    return found


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
