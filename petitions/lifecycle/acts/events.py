"""The record of every change: one event, in the transaction of the change, and the mails about it."""

from datetime import datetime

from petitions.database.connection import Connection
from petitions.lifecycle.events.kind import EventKind, F
from petitions.lifecycle.queries import events as queries
from petitions.lifecycle.rules.states import Actor


async def record(
    connection: Connection,
    petition_id: int,
    kind: EventKind[F],
    facts: F,
    actor: Actor,
    *,
    now: datetime,
    staff_id: int | None = None,
    told: bool = True,
) -> int:
    """Record an event, queue the mail about it, and return its number. Must run in the transaction of the change.

    If not ``told``, nobody is mailed: the event is old, or people were told already.
    """
    number: int = await queries.event_record(
        connection,
        petition_id=petition_id,
        now=now,
        kind=kind.name,
        actor=actor.value,
        staff_id=staff_id,
        public=kind.is_public,
        data=kind.to_data(facts),
        facts_version=kind.version,
        tell=told and bool(kind.told),
    )
    return number
