"""The administrators' desk: add members of staff, change their roles, end their access. Every change is recorded."""

import hashlib
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Final

from petitions.database.connection import Connection
from petitions.errors import ConflictError, NotFoundError
from petitions.lifecycle.acts.service import Service
from petitions.staff import queries
from petitions.staff.rules import StaffPost, changes, loses_something, refusal

CHANGES_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A present or former member of staff."""

    id: int
    email: str
    post: StaffPost
    created_at: datetime
    seen_at: datetime | None

    @property
    def mark(self) -> str:
        """The version of this person's roles, for a form."""
        return mark(self.post)


@dataclass(frozen=True, slots=True)
class StaffChange:
    """One change, with the names of the changed person and the administrator; ``data`` is {field: [before, after]}."""

    staff_id: int
    name: str
    by_name: str
    occurred_at: datetime
    data: dict[str, list[Any]]


def mark(post: StaffPost) -> str:
    """A short hash of a post, to detect that two administrators change the same person at once."""
    return hashlib.sha256(repr(astuple(post)).encode()).hexdigest()[:16]


def _post(row: queries.StaffPostsRow | queries.StaffPostLockRow) -> StaffPost:
    return StaffPost(
        name=row.name,
        language=row.language,
        is_moderator=row.is_moderator,
        is_administrator=row.is_administrator,
        committees=tuple(row.committees),
        active=row.active,
        sits_on=tuple(row.sits_on),
        may_export=row.may_export,
    )


async def members(service: Service) -> tuple[StaffMember, ...]:
    """All present and former members of staff, active ones first."""
    async with service.database.connection() as connection:
        rows = await queries.staff_posts(connection)
    return tuple(StaffMember(row.id, row.email, _post(row), row.created_at, row.seen_at) for row in rows)


async def member(service: Service, staff_id: int) -> StaffMember:
    """One member of staff. Raises NotFoundError."""
    found = next((one for one in await members(service) if one.id == staff_id), None)
    if found is None:
        raise NotFoundError("staff")
    return found


async def latest_changes(service: Service, staff_id: int | None = None) -> tuple[StaffChange, ...]:
    """The latest changes of one person or of everybody."""
    async with service.database.connection() as connection:
        rows = await queries.staff_changes(connection, staff_id=staff_id, most=CHANGES_SHOWN)
    return tuple(StaffChange(row.staff_id, row.name, row.by_name, row.occurred_at, row.data) for row in rows)


async def add_member(service: Service, by: int, email: str, post: StaffPost, *, now: datetime) -> int:
    """Add a member of staff; return their number. ``email`` was validated; it receives their sign-in links.

    Raises ConflictError("known_address") when a present or former member of staff has this address.
    """
    async with service.database.transaction() as connection:
        staff_id = await queries.staff_post_create(
            connection, email=email.strip().lower(), name=post.name, language=post.language, now=now
        )
        if staff_id is None:
            raise ConflictError("known_address")
        await _store(connection, staff_id, by, None, post, now)
    return staff_id


async def change_member(service: Service, by: int, staff_id: int, post: StaffPost, *, seen: str, now: datetime) -> None:
    """Change a member of staff; ``seen`` is the mark in the form.

    If they lose rights, they are signed out at once. Raises NotFoundError, or ConflictError with "changed",
    "yourself" or "last_administrator".
    """
    async with service.database.transaction() as connection:
        row = await queries.staff_post_lock(connection, staff_id=staff_id)
        if row is None:
            raise NotFoundError("staff")
        before = _post(row)
        if mark(before) != seen:
            raise ConflictError("changed")
        refused = refusal(before, post, is_self=by == staff_id, other_administrators=row.other_administrators)
        if refused is not None:
            raise ConflictError(refused)
        await _store(connection, staff_id, by, before, post, now)
        if loses_something(before, post):
            await queries.staff_sessions_end(connection, staff_id=staff_id, now=now)


async def _store(
    connection: Connection, staff_id: int, by: int, before: StaffPost | None, after: StaffPost, now: datetime
) -> None:
    found = changes(before, after)
    if not found:
        return
    await queries.staff_post_change(
        connection,
        staff_id=staff_id,
        name=after.name,
        language=after.language,
        is_moderator=after.is_moderator,
        is_administrator=after.is_administrator,
        active=after.active,
        may_export=after.may_export,
        committees=list(after.committees),
        sits_on=list(after.sits_on),
    )
    await queries.staff_change_record(connection, staff_id=staff_id, by_staff_id=by, now=now, data=found)
