"""Staff: signing in by a one-time link (10 minutes, single use), sessions on the server, and the list of staff.

OWASP ASVS 5.0: 6.5.5 (out-of-band within 10 minutes), 7.2.3 (128 bits), 7.2.4 (a new session at login), 7.3.1 and
7.3.2 (idle and absolute end).
"""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Final

from petitions.errors import ConflictError
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.roles import Colleague
from petitions.security.encryption import fingerprint
from petitions.staff import queries

LINK_LASTS: Final = timedelta(minutes=10)
IDLE: Final = timedelta(minutes=30)
SESSION_LASTS: Final = timedelta(hours=10)
SEAL: Final = b"staff_login"


async def ask_link(service: Service, email: str, *, now: datetime) -> None:
    """Mail a sign-in link to this address if a member of staff has it, without revealing whether that is so.

    At most five in ten minutes per person; further ones are not mailed, and the caller cannot see that.
    """
    async with service.database.transaction() as connection:
        row = await queries.staff_by_email(connection, email=email.strip().lower())
        if row is None:
            return
        secret = secrets.token_bytes(32)
        await queries.staff_login_create(
            connection,
            token_hash=fingerprint(secret),
            staff_id=row.id,
            now=now,
            expires_at=now + LINK_LASTS,
            secret=service.vault.seal(secret, SEAL),
        )


async def sign_in(service: Service, token: str, *, now: datetime) -> str:
    """Use a sign-in link; return the secret for the cookie. Raises ConflictError("link_used") when it does not work."""
    async with service.database.transaction() as connection:
        staff_id = await queries.staff_login_use(connection, token_hash=fingerprint(_bytes(token)), now=now)
        if staff_id is None:
            raise ConflictError("link_used")
        secret = secrets.token_urlsafe(32)
        await queries.staff_session_create(
            connection,
            token_hash=fingerprint(_bytes(secret)),
            staff_id=staff_id,
            now=now,
            expires_at=now + SESSION_LASTS,
        )
    return secret


async def session_person(service: Service, secret: str, now: datetime) -> Colleague | None:
    """The person of this session; None when it has ended."""
    async with service.database.connection() as connection:
        row = await queries.staff_session_find(
            connection, token_hash=fingerprint(_bytes(secret)), now=now, idle_since=now - IDLE
        )
    return _colleague(row) if row else None


def _colleague(row: queries.StaffSessionFindRow | queries.StaffAllRow) -> Colleague:
    return Colleague(
        id=row.id,
        name=row.name,
        language=row.language,
        is_moderator=row.is_moderator,
        is_administrator=row.is_administrator,
        committees=tuple(row.committees),
        sits_on=tuple(row.sits_on),
    )


async def sign_out(service: Service, secret: str) -> None:
    """End a session."""
    async with service.database.connection() as connection:
        await queries.staff_session_end(connection, token_hash=fingerprint(_bytes(secret)))


async def forget_traces(service: Service, *, now: datetime) -> None:
    """Delete expired sign-in links and sessions."""
    async with service.database.connection() as connection:
        await queries.staff_traces_forget(connection, now=now)


async def people(service: Service) -> tuple[tuple[str, Colleague], ...]:
    """All members of staff with their addresses: for the demo's sign-in page and administrators."""
    async with service.database.connection() as connection:
        return tuple((row.email, _colleague(row)) for row in await queries.staff_all(connection))


async def add(
    service: Service,
    email: str,
    name: str,
    *,
    language: str = "nl",
    is_moderator: bool = False,
    is_administrator: bool = False,
    committees: tuple[str, ...] = (),
    sits_on: tuple[str, ...] = (),
    now: datetime,
) -> int:
    """Add a member of staff with these roles; return their number. ``committees``: as clerk; ``sits_on``: as member."""
    async with service.database.transaction() as connection:
        staff_id = await queries.staff_add(
            connection,
            email=email.strip().lower(),
            name=name,
            language=language,
            is_moderator=is_moderator,
            is_administrator=is_administrator,
            now=now,
        )
        roles = dict.fromkeys(sits_on, "member") | dict.fromkeys(committees, "clerk")
        for slug, role in roles.items():
            await queries.staff_committee_add(connection, staff_id=staff_id, committee_slug=slug, role=role)
    return staff_id


def _bytes(token: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(token.encode("ascii", "replace") + b"=" * (-len(token) % 4))
    except ValueError:
        return b""
