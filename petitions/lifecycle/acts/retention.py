"""Retention: remind once, then delete; delete failed drafts; erase the personal data of ended petitions."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.queries import drafting as drafting_queries
from petitions.lifecycle.queries import retention as retention_queries
from petitions.lifecycle.rules.retention import data_is_over, draft_is_over
from petitions.lifecycle.rules.states import Stage
from petitions.mail import queries as mail_queries

PORTION: Final = 5000
"""Rows per commit: after a peak there are millions, and one statement for all would exceed its time-out."""


async def remind(service: Service, *, now: datetime) -> None:
    """Queue the one reminder for every signature that has waited as long as its procedure says."""
    await _in_portions(service, retention_queries.reminders_queue, now)


async def forget_pending(service: Service, *, now: datetime) -> None:
    """Delete signatures that were not confirmed in time, and expired traces."""
    await _in_portions(service, retention_queries.pending_signatures_forget, now)
    await _in_portions(service, mail_queries.outbox_forget, now)


async def _in_portions(service: Service, query: Callable[..., Awaitable[int]], now: datetime) -> None:
    """Repeat a query, each time in its own commit, until it finds less than a full batch."""
    found = PORTION
    while found == PORTION:
        async with service.database.connection() as connection:
            found = await query(connection, now=now, most=PORTION)


async def delete_drafts(service: Service, *, now: datetime) -> int:
    """Delete drafts that were not confirmed, and those without enough sponsors; return their number."""
    async with service.database.connection() as connection:
        rows = await drafting_queries.petition_drafts_forget(connection)
    deleted = 0
    for row in rows:
        procedure = service.procedure(row.procedure_code, row.procedure_version)
        if draft_is_over(procedure, Stage(row.stage), row.created_at, row.confirmed_at, now):
            async with service.database.transaction() as connection:
                await drafting_queries.petition_delete(connection, petition_id=row.id)
            deleted += 1
    return deleted


async def forget_people(service: Service, *, now: datetime) -> int:
    """Erase the signatories' data of petitions whose retention period has passed; return the number of petitions."""
    async with service.database.connection() as connection:
        rows = await retention_queries.petitions_ended(connection)
    forgotten = 0
    for row in rows:
        over = data_is_over(
            service.procedure(row.procedure_code, row.procedure_version),
            closed_at=row.closed_at,
            ended_at=row.ended_at,
            decided_at=row.decided_at,
            handling=row.handling,
            now=now,
        )
        if over:
            await _forget_petition(service, row.id, now)
            forgotten += 1
    return forgotten


async def _forget_petition(service: Service, petition_id: int, now: datetime) -> None:
    """Erase its signatures in batches; the key is deleted last, so that after a crash the work is repeated."""
    after, looked_at = b"", PORTION
    while looked_at == PORTION:
        async with service.database.connection() as connection:
            row = await retention_queries.signatures_empty(
                connection, petition_id=petition_id, after=after, most=PORTION
            )
        looked_at, after = row.looked_at, row.last_index or after
    async with service.database.transaction() as connection:
        await retention_queries.petition_forget(connection, petition_id=petition_id, now=now)
        for forget in service.forget_people:
            await forget(connection, petition_id)
