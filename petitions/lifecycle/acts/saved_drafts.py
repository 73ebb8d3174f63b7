"""Saved drafts: people who cannot finish the start form now get a link by mail and continue later.

Only the petition's text is stored, nothing about the person, under a key that only the link contains.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from petitions.database.connection import Connection
from petitions.errors import NotFoundError
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.queries import saved_drafts as queries
from petitions.lifecycle.rules.signing import canonical_email
from petitions.security.encryption import fingerprint, lock, unlock

KEPT: Final = timedelta(days=14)
SEAL: Final = b"saved_draft"
_LABEL: Final = b"saved_draft"
_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A saved form, and how long it is kept."""

    answers: dict[str, str]
    expires_at: datetime


async def keep(service: Service, answers: Mapping[str, str], email: str, language: str, *, now: datetime) -> None:
    """Store a form and mail its link to ``email``. The caller cannot see whether the mail is sent.

    It is not sent if five were sent to this address within an hour.
    """
    secret = secrets.token_bytes(_SECRET_BYTES)
    sealed = json.dumps({"token": _text(secret), "email": email, "language": language}).encode()
    async with service.database.connection() as connection:
        await queries.saved_draft_keep(
            connection,
            token_hash=fingerprint(secret),
            address_index=service.vault.index(_LABEL, canonical_email(email)),
            answers=lock(secret, json.dumps(dict(answers), ensure_ascii=False).encode()),
            secret=service.vault.seal(sealed, SEAL),
            now=now,
            expires_at=now + KEPT,
        )


async def find(service: Service, token: str, *, now: datetime) -> SavedDraft:
    """The form behind a link. Raises NotFoundError when there is none (any more)."""
    secret = _secret(token)
    async with service.database.connection() as connection:
        row = await queries.saved_draft_find(connection, token_hash=fingerprint(secret), now=now)
    if row is None:
        raise NotFoundError("saved draft")
    return SavedDraft(json.loads(unlock(secret, row.answers)), row.expires_at)


def key_of(token: str) -> bytes | None:
    """The key under which the form of this link is stored; None for an invalid link."""
    try:
        return fingerprint(_secret(token))
    except NotFoundError:
        return None


async def erase(service: Service, token: str) -> None:
    """Delete the saved form; nothing happens if it is gone already."""
    async with service.database.connection() as connection:
        await erase_kept(connection, fingerprint(_secret(token)))


async def erase_kept(connection: Connection, kept: bytes) -> None:
    """Delete the form under this key (see :func:`key_of`), in the transaction that stores the draft."""
    await queries.saved_draft_erase(connection, token_hash=kept)


async def forget(service: Service, *, now: datetime) -> None:
    """Delete the forms that were kept long enough."""
    async with service.database.connection() as connection:
        await queries.saved_drafts_forget(connection, now=now)


def _text(secret: bytes) -> str:
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def _secret(token: str) -> bytes:
    try:
        secret = base64.b64decode(token.encode("ascii", "replace") + b"=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotFoundError("saved draft") from error
    if len(secret) != _SECRET_BYTES:
        raise NotFoundError("saved draft")
    return secret
