"""From an event to the mails about it: initiator and clerks at once, the signatories who want news in batches.

A petition may have millions of signatories. Each batch is one commit, in which the event's row of the outbox
stores its progress; if a worker crashes, another one continues from there. Between batches the row
waits for its turn like any other, so that confirmations, which have priority, are not held up and the database is
not overloaded.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from petitions.database.connection import Connection
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.mails.outbox import audience
from petitions.lifecycle.queries import events as queries

PORTION: Final = 2000
PAUSE: Final = timedelta(seconds=1)

log = logging.getLogger(__name__)


async def tell(
    connection: Connection,
    context: MailContext,
    row: queries.OutboxFactsRow,
    event: queries.OutboxEventsRow | None,
    *,
    now: datetime,
) -> bool:
    """Queue the next mails about an event; False on a defect, which must not hold up the mail behind it."""
    if event is None:
        log.error("an event of kind ? could not be told: it is gone")
        return False
    try:
        told = audience(context.event_kinds, event, context.procedure(row))
    except Exception as error:
        log.error(  # noqa: TRY400 - a traceback could contain typed text
            "an event of kind %s could not be told: %s", event.kind, type(error).__name__
        )
        return False
    if row.token_id is None:  # nobody was told yet
        await queries.event_tell(
            connection,
            petition_id=event.petition_id,
            event_id=event.id,
            to_initiator=told.initiator,
            committee=told.committee,
            now=now,
        )
    await queries.event_tell_signatories(
        connection,
        id=row.id,
        petition_id=event.petition_id,
        after=row.token_id,
        to_signatories=told.signatories,
        most=PORTION,
        next_at=now + PAUSE,
        now=now,
    )
    return True
