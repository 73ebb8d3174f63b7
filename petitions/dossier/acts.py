"""Prints: requests for a dossier or poster as PDF, and the leases by which workers make each of them once.

The queue is rows with a lease, like the outbox of mails. A print whose facts did not change keeps its file.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from petitions.database.connection import Connection
from petitions.dossier import queries
from petitions.dossier.rules.prints import Edition
from petitions.lifecycle.acts.service import Service

LEASE: Final = timedelta(minutes=2)
MOST_ATTEMPTS: Final = 3
AGAIN_AFTER: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A leased print: this worker may make it until ``held_until``."""

    petition_id: int
    id: int
    edition: Edition
    language: str
    attempts: int
    held_until: datetime


@dataclass(frozen=True, slots=True)
class FinishedPrint:
    """A finished print: its file in the file store, and the hash of the facts that it shows."""

    facts_hash: str
    sha256: str
    size: int
    pages: int
    made_at: datetime


async def ask(
    service: Service, petition_id: int, edition: Edition, language: str, *, staff_id: int | None = None, now: datetime
) -> None:
    """Request a print. Nothing changes if it is queued already."""
    async with service.database.connection() as connection:
        await queries.print_request(
            connection, petition_id=petition_id, edition=edition, language=language, staff_id=staff_id, now=now
        )


async def lease(service: Service, *, now: datetime) -> PrintJob | None:
    """Lease the print that has waited longest; None when nothing waits."""
    until = now + LEASE
    async with service.database.connection() as connection:
        row = await queries.print_lease(connection, now=now, until=until)
    if row is None:
        return None
    return PrintJob(row.petition_id, row.id, row.edition, row.language, row.attempts, until)


async def finish(service: Service, job: PrintJob, product: FinishedPrint) -> bool:
    """Record the finished print; False when the lease had expired and another worker makes it."""
    async with service.database.connection() as connection:
        row = await queries.print_made(
            connection,
            petition_id=job.petition_id,
            id=job.id,
            facts_hash=product.facts_hash,
            made_at=product.made_at,
            sha256=product.sha256,
            size=product.size,
            pages=product.pages,
            held_until=job.held_until,
        )
    return row is not None


async def fail(service: Service, job: PrintJob, problem: str, *, now: datetime) -> None:
    """Record that making it failed: it is tried again later, or given up. ``problem`` is a code, never typed text."""
    again = now + AGAIN_AFTER if job.attempts < MOST_ATTEMPTS else None
    async with service.database.connection() as connection:
        await queries.print_failed(
            connection,
            petition_id=job.petition_id,
            id=job.id,
            problem=problem,
            again_at=again,
            held_until=job.held_until,
        )


async def forget_prints(connection: Connection, petition_id: int) -> None:
    """Delete the prints of a petition, finished or not, because they hold words that must not be stored."""
    await queries.prints_forget(connection, petition_id=petition_id)
