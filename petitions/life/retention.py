"""Retention: remind once, then forget; delete drafts that failed; forget the people of ended petitions."""

from datetime import datetime

from petitions.database.queries import queries
from petitions.life.service import Service
from petitions.rules.retention import data_is_over, draft_is_over
from petitions.rules.states import Stage


async def remind(service: Service, *, now: datetime) -> None:
    """Queue the one reminder for every signature that waits longer than its procedure says."""
    async with service.database.connection() as connection:
        await queries.reminders_queue(connection, now=now)


async def forget_pending(service: Service, *, now: datetime) -> None:
    """Forget signatures that were not confirmed in time, and traces that are over."""
    async with service.database.connection() as connection:
        await queries.pending_signatures_forget(connection, now=now)
        await queries.outbox_forget(connection, now=now)
        await queries.staff_traces_forget(connection, now=now)


async def delete_drafts(service: Service, *, now: datetime) -> int:
    """Delete drafts that nobody confirmed and sponsor rounds that failed; how many."""
    async with service.database.connection() as connection:
        rows = [row async for row in queries.petition_drafts_forget(connection)]
    deleted = 0
    for row in rows:
        procedure = service.procedure(row["procedure_code"], row["procedure_version"])
        if draft_is_over(procedure, Stage(row["stage"]), row["created_at"], row["confirmed_at"], now):
            async with service.database.transaction() as connection:
                await queries.petition_delete(connection, petition_id=row["id"])
            deleted += 1
    return deleted


async def forget_people(service: Service, *, now: datetime) -> int:
    """Forget the signatories of petitions whose retention has passed; of how many petitions."""
    async with service.database.connection() as connection:
        rows = [row async for row in queries.petitions_ended(connection)]
    forgotten = 0
    for row in rows:
        over = data_is_over(
            service.procedure(row["procedure_code"], row["procedure_version"]),
            closed_at=row["closed_at"],
            ended_at=row["ended_at"],
            decided_at=row["decided_at"],
            handling=row["handling"],
            now=now,
        )
        if over:
            async with service.database.transaction() as connection:
                await queries.petition_forget(connection, petition_id=row["id"], now=now)
            forgotten += 1
    return forgotten


async def beat(service: Service, name: str, *, now: datetime) -> None:
    """Say that a process is alive."""
    async with service.database.connection() as connection:
        await queries.heartbeat_beat(connection, name=name, now=now)
