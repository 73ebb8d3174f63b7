"""The secret address of a desk calendar, for programs without a session: made, replaced and stopped by its owner.

Only a hash of the secret is stored. The calendar shows the committees that its owner works for at the time of reading.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime

from petitions.agenda import queries
from petitions.errors import NotFoundError
from petitions.lifecycle.acts.service import Service
from petitions.security.encryption import fingerprint


@dataclass(frozen=True, slots=True)
class CalendarOwner:
    """The owner of a calendar: the language of their desk, and the committees (slugs) that they work for now."""

    staff_id: int
    language: str
    committees: tuple[str, ...]


async def make_address(service: Service, staff_id: int, *, now: datetime) -> str:
    """Make a new secret address for somebody's calendar and return it; an older address stops working at once."""
    secret = secrets.token_bytes(32)
    async with service.database.connection() as connection:
        await queries.desk_calendar_make(connection, token_hash=fingerprint(secret), staff_id=staff_id, now=now)
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


async def stop_address(service: Service, staff_id: int) -> None:
    """Stop the address of somebody's calendar, if there is one."""
    async with service.database.connection() as connection:
        await queries.desk_calendar_stop(connection, staff_id=staff_id)


async def address_since(service: Service, staff_id: int) -> datetime | None:
    """Since when somebody has a calendar address; None if they have none."""
    async with service.database.connection() as connection:
        return await queries.desk_calendar_since(connection, staff_id=staff_id)


async def owner(service: Service, token: str) -> CalendarOwner:
    """The owner of the calendar with this secret. Raises NotFoundError for an unknown or stopped one, or that of
    somebody who works here no longer.
    """
    try:
        secret = base64.urlsafe_b64decode(token.encode("ascii", "replace") + b"=" * (-len(token) % 4))
    except ValueError:
        secret = b""
    async with service.database.connection() as connection:
        row = await queries.desk_calendar_owner(connection, token_hash=fingerprint(secret))
    if row is None:
        raise NotFoundError("calendar")
    return CalendarOwner(row.id, row.language, tuple(row.committees))
