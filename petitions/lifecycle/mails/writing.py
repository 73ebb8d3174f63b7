"""From the rows of the outbox to mails: those about the life of a petition, and those of the subjects around it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from petitions.database.connection import Connection
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.mails.outbox import write
from petitions.lifecycle.mails.tell import tell
from petitions.lifecycle.queries import events as queries
from petitions.lifecycle.queries.events import OutboxEventsRow, OutboxFactsRow
from petitions.mail.compose import OutgoingMail
from petitions.worker.outbox import Prepared, Unwritten

Events = dict[tuple[int, int], OutboxEventsRow]
"""Events by the number of the petition and their own."""


class EventTeller(Protocol):
    """Queues the mails that follow from a row about an event; returns False on a defect."""

    async def __call__(
        self,
        connection: Connection,
        context: MailContext,
        row: OutboxFactsRow,
        event: OutboxEventsRow | None,
        *,
        now: datetime,
    ) -> bool:
        """Do so in the transaction of the connection."""


@dataclass(frozen=True, slots=True)
class SubjectMail:
    """The mails of a subject: the kinds of their rows, how their facts are read, how they are written, what is told."""

    kinds: frozenset[str]
    read: Callable[[Connection, MailContext, list[Any]], Awaitable[Mapping[int, Any]]]
    write: Callable[[MailContext, Any, Any], OutgoingMail | None]
    tells: Mapping[str, EventTeller]


class Writing:
    """The source of the outbox's mails, for the spine and these subjects."""

    def __init__(self, context: MailContext, subjects: tuple[SubjectMail, ...]) -> None:
        self.context = context
        self._subjects = subjects
        self._by_kind = {kind: subject for subject in subjects for kind in subject.kinds}
        self._tells: dict[str, EventTeller] = {"event": tell}
        for subject in subjects:
            self._tells |= subject.tells

    async def prepare(self, connection: Connection, ids: list[int], *, now: datetime) -> Prepared:
        """Read the rows with these numbers; queue the mails that follow from events; write those of the other rows."""
        rows = await queries.outbox_facts(connection, ids=ids)
        events = await _events(connection, rows)
        failed = []
        for row in rows:
            if row.kind in self._tells:
                told = await self._tells[row.kind](connection, self.context, row, _event(row, events), now=now)
                if not told:  # a defect, which must not hold up the mail behind it
                    failed.append((row.id, "not told"))
        known: dict[int, Any] = {}
        for subject in self._subjects:
            known |= await subject.read(connection, self.context, rows)
        mails = [
            Unwritten(row.id, row.kind, partial(self._write, row, _event(row, events), known.get(row.id)))
            for row in rows
            if row.kind not in self._tells
        ]
        return Prepared(mails, failed)

    def _write(self, row: OutboxFactsRow, event: OutboxEventsRow | None, more: Any) -> OutgoingMail | None:
        """The mail of a row; None when there is no recipient (any more)."""
        subject = self._by_kind.get(row.kind)
        return subject.write(self.context, row, more) if subject else write(self.context, row, event)


async def _events(connection: Connection, rows: list[OutboxFactsRow]) -> Events:
    keys = {(row.petition_id, row.event_id) for row in rows if row.petition_id and row.event_id}
    if not keys:
        return {}
    petitions, numbers = zip(*keys, strict=True)
    found = await queries.outbox_events(connection, petition_ids=list(petitions), event_ids=list(numbers))
    return {(event.petition_id, event.id): event for event in found}


def _event(row: OutboxFactsRow, events: Events) -> OutboxEventsRow | None:
    """The event that a row tells."""
    return events.get((row.petition_id, row.event_id)) if row.petition_id and row.event_id else None
