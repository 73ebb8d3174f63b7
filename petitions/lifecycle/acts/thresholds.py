"""Thresholds reached by closing: the last day ends, too few have signed, or the initiator hands the petition over."""

from datetime import datetime
from typing import Literal

from petitions.database.connection import Connection
from petitions.durations import end_of_day, local_day
from petitions.errors import ConflictError
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.links import managed_row
from petitions.lifecycle.acts.opening import reach
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.facts import ClosedFacts
from petitions.lifecycle.events.table import CLOSED
from petitions.lifecycle.queries import thresholds as queries
from petitions.lifecycle.rules.states import Act, Actor, Stage, transition
from petitions.security.tokens import Link


async def hand_over(service: Service, link: Link, *, now: datetime) -> None:
    """End signing on the initiator's request, if the procedure allows it, so that the petition goes to its committee.

    Raises NotFoundError for an unknown link, ConflictError when the petition is not open or may not be ended.
    """
    async with service.database.transaction() as connection:
        row = await managed_row(connection, link)
        transition(Stage(row.stage), Act.CLOSE, Actor.INITIATOR)
        if not service.procedure(row.procedure_code, row.procedure_version).signing.initiator_may_close:
            raise ConflictError("closing_not_allowed")
        await _close(connection, row.id, Actor.INITIATOR, now, ClosedFacts())


async def close_due(service: Service, *, now: datetime) -> int:
    """Close the petitions whose last day has ended, and those with too few signatures after the early-stop period.

    Each in its own transaction, so that a failure does not hold up the others; return their number.
    """
    early = [(code, version) for (code, version), p in service.procedures.items() if p.signing.early_stop]
    async with service.database.connection() as connection:
        rows = await queries.petitions_to_close(
            connection, now=now, early_codes=[c for c, _ in early], early_versions=[v for _, v in early]
        )
    closed = 0
    for row in rows:
        reason = _why_close(service, row, now)
        if reason:
            async with service.database.transaction() as connection:
                closed += await _close(connection, row.id, Actor.SYSTEM, now, ClosedFacts(reason))
    return closed


def _why_close(
    service: Service, row: queries.PetitionsToCloseRow, now: datetime
) -> Literal["last_day", "too_few"] | None:
    if row.closes_at is not None and row.closes_at <= now:
        return "last_day"
    procedure = service.procedure(row.procedure_code, row.procedure_version)
    stop = procedure.signing.early_stop
    if stop is None or row.supported >= stop.minimum:
        return None
    zone = procedure.body.zone
    ends = end_of_day(stop.after.after(local_day(row.opened_at, zone)), zone)
    return "too_few" if ends <= now else None


async def _close(connection: Connection, petition_id: int, actor: Actor, now: datetime, facts: ClosedFacts) -> bool:
    if await queries.petition_close(connection, petition_id=petition_id, now=now) is None:
        return False
    await record(connection, petition_id, CLOSED, facts, actor, now=now)
    if facts.because != "too_few":
        await reach(connection, petition_id, moment="closing", now=now)
    return True
