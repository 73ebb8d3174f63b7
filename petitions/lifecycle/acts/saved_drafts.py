"""Saved drafts: who cannot finish the start form now gets a link by mail, and goes on later.

Only the petition's text is kept, nothing about the person, under a key that stands in the link alone.
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
    """A form as it was left, and how long it is kept."""

    answers: dict[str, str]
    expires_at: datetime


async def keep(service: Service, answers: Mapping[str, str], email: str, language: str, *, now: datetime) -> None:
    """Keep a form and mail its link to ``email``. The same is said whether or not the mail is sent.

    It is not sent when five were sent to this address in an hour.
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
    """By what the form of this link is known in the database; None for what is no link."""
    try:
        return fingerprint(_secret(token))
    except NotFoundError:
        return None


async def erase(service: Service, token: str) -> None:
    """Erase what was kept; nothing happens where it is gone already."""
    async with service.database.connection() as connection:
        await erase_kept(connection, fingerprint(_secret(token)))


async def erase_kept(connection: Connection, kept: bytes) -> None:
    """Erase what is kept under this (see :func:`key_of`), in the transaction in which the petition is begun."""
    await queries.saved_draft_erase(connection, token_hash=kept)


async def forget(service: Service, *, now: datetime) -> None:
    """Forget the forms that were kept long enough."""
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
