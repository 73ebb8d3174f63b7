"""The dependencies of every use case: the database, the procedures, the secrets and the writers of the hot path."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from petitions.database.connection import Connection
from petitions.database.group_commit import GroupCommit
from petitions.database.pool import Database
from petitions.errors import NotFoundError
from petitions.lifecycle.acts.signable import Signables, make_signables
from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.queries.signing import SignaturesFindRow
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.procedures import Procedure
from petitions.papers.file_store import FileStore
from petitions.security.encryption import Vault
from petitions.security.tokens import Link, Tokens


class SignatureWrite(NamedTuple):
    """One signature for the group commit of new signatures."""

    petition_id: int
    email_index: bytes
    token_id: bytes
    kind: str
    contact: bytes
    show_name: bool
    wants_news: bool
    language: str
    signed_at: datetime


class ConfirmationWrite(NamedTuple):
    """One confirmation for the group commit of confirmations."""

    petition_id: int
    token_id: bytes
    now: datetime


class ConfirmedSignature(NamedTuple):
    """The result of a confirmation: the number of the signature and the total; None if nothing changed."""

    number: int | None
    kind: str | None
    total: int | None


Forget = Callable[[Connection, int], Awaitable[None]]
"""Deletes data of a subject about a petition (by its number), in the transaction of the caller."""


@dataclass(frozen=True, slots=True)
class Service:
    """The dependencies that live as long as the process."""

    database: Database
    procedures: dict[tuple[str, int], Procedure]
    committees: dict[str, Committee]
    vault: Vault
    tokens: Tokens
    signing: GroupCommit[SignatureWrite, bool]
    confirming: GroupCommit[ConfirmationWrite, ConfirmedSignature]
    finding: GroupCommit[Link, SignaturesFindRow | None]
    event_kinds: EventKinds
    signables: Signables = field(default_factory=make_signables)
    replica: Database | None = None
    forget_people: tuple[Forget, ...] = ()  # of the subjects, when the personal data of a petition is erased
    forget_words: tuple[Forget, ...] = ()  # of the subjects, when words of a petition must not be stored any more
    file_store: FileStore = field(default_factory=FileStore)

    @property
    def readers(self) -> Database:
        """The database for public pages: the replica if there is one. Never for decisions."""
        return self.replica or self.database

    def start(self) -> None:
        """Start the group commits in the running event loop."""
        for writer in (self.signing, self.confirming, self.finding):
            writer.start()

    async def stop(self) -> None:
        """Commit everything that waits, then stop."""
        for writer in (self.signing, self.confirming, self.finding):
            await writer.stop()

    def procedure(self, code: str, version: int) -> Procedure:
        """The procedure version of a petition."""
        try:
            return self.procedures[code, version]
        except KeyError as error:
            raise NotFoundError(f"procedure {code} version {version}") from error
