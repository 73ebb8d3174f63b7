"""Who may work where: what an administrator may change, and what would lock everybody out.

At least one administrator stays at work, and nobody takes the last key from themselves by mistake (OWASP ASVS 5.0
8.2.1). What changed is named field by field, for the record.
"""

from dataclasses import dataclass, fields
from typing import Literal

ChangeRefusal = Literal["yourself", "last_administrator"]


@dataclass(frozen=True, slots=True)
class StaffPost:
    """What somebody is at work: name, language of the desk, roles, and whether they work here now."""

    name: str
    language: str
    is_moderator: bool
    is_administrator: bool
    committees: tuple[str, ...]  # as clerk: slugs, in alphabetical order
    active: bool
    sits_on: tuple[str, ...] = ()  # as member; nobody is both in one committee
    may_export: bool = False  # signatures of petitions before their committees

    @property
    def runs_the_service(self) -> bool:
        """Whether this person can let others in."""
        return self.active and self.is_administrator

    @property
    def decides_on_petitions(self) -> bool:
        """Whether this person can check petitions: an administrator may also do what moderators do."""
        return self.active and (self.is_moderator or self.is_administrator)


def refusal(before: StaffPost, after: StaffPost, *, is_self: bool, other_administrators: int) -> ChangeRefusal | None:
    """Why this change must not be made; None where it may. ``other_administrators``: how many more are at work."""
    if not before.runs_the_service or after.runs_the_service:
        return None
    if is_self:
        return "yourself"
    return "last_administrator" if other_administrators == 0 else None


def loses_something(before: StaffPost, after: StaffPost) -> bool:
    """Whether somebody may do less than before: their sessions end, so that it holds at once."""
    return (
        (before.active and not after.active)
        or (before.is_moderator and not after.is_moderator)
        or (before.is_administrator and not after.is_administrator)
        or (before.may_export and not after.may_export)
        or not set(before.committees) <= set(after.committees)
        or not set(before.sits_on) <= {*after.sits_on, *after.committees}  # a clerk reads what a member reads
    )


def changes(before: StaffPost | None, after: StaffPost) -> dict[str, list[object]]:
    """What changed: ``{field: [before, after]}``; of somebody new every field, with None before."""
    found: dict[str, list[object]] = {}
    for field in fields(StaffPost):
        old = getattr(before, field.name) if before is not None else None
        new = getattr(after, field.name)
        if old != new:
            found[field.name] = [_plain(old), _plain(new)]
    return found


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
