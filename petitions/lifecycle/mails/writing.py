"""What the rows of the outbox become: the mails of the life of a petition, and those of the subjects around it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from petitions.database.connection import Connection
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.mails.outbox import write
from petitions.lifecycle.mails.tell import tell
from petitions.mail.compose import OutgoingMail


class Tell(Protocol):
    """Makes the rows that follow from a row about an event; False for a defect."""

    async def __call__(
        self, connection: Connection, context: MailContext, row: Any, event: Any, *, now: datetime
    ) -> bool:
        """Do so in the transaction of the connection."""


@dataclass(frozen=True, slots=True)
class SubjectMail:
    """The mails of a subject: the kinds of their rows, what they need to know, how they are written, what is told."""

    kinds: frozenset[str]
    read: Callable[[Connection, list[Any]], Awaitable[Mapping[int, Any]]]
    write: Callable[[MailContext, Any, Any], OutgoingMail | None]
    tells: Mapping[str, Tell]


class Writing:
    """The source of the outbox's mails: the spine and these subjects."""

    def __init__(self, context: MailContext, subjects: tuple[SubjectMail, ...]) -> None:
        self.context = context
        self._subjects = subjects
        self._by_kind = {kind: subject for subject in subjects for kind in subject.kinds}
        self._tells: dict[str, Tell] = {"event": tell}
        for subject in subjects:
            self._tells |= subject.tells

    def is_told(self, kind: str) -> bool:
        """Whether no mail is written of rows of this kind, but more rows are made."""
        return kind in self._tells

    async def tell(self, connection: Connection, row: Any, event: Any, *, now: datetime) -> bool:
        """Make the rows that follow from this one; False for a defect."""
        return await self._tells[row["kind"]](connection, self.context, row, event, now=now)

    async def read(self, connection: Connection, rows: list[Any]) -> Mapping[int, Any]:
        """What the subjects need to know to write the mails of these rows, by their numbers."""
        known: dict[int, Any] = {}
        for subject in self._subjects:
            known |= await subject.read(connection, rows)
        return known

    def write(self, row: Any, event: Any, more: Any) -> OutgoingMail | None:
        """The mail of a row; None when there is nobody (any more) to send it to."""
        subject = self._by_kind.get(row["kind"])
        return subject.write(self.context, row, more) if subject else write(self.context, row, event)
