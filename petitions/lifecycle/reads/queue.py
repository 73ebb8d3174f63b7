"""What the moderators' desk lists: what waits, what waits for sponsors, objections, what was decided; its own speed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.database.rows import made
from petitions.lifecycle.rules.moderation import FIGURES_OVER, ModerationDecision, ModerationFigures, figures

PAGE_SIZE = 50
MOST_WAITING = 2000
"""How many waiting petitions the queue looks at, due first; the filters and their counts are about these."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits, and how much of it (objections too) is due today or overdue by the clock of its body."""

    waiting: int
    second: int
    due_today: int
    overdue: int
    objections: int
    sponsoring: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A petition that waits for a decision, or (``proposed_by``) for the second reader of a refusal."""

    id: int
    procedure_code: str
    procedure_version: int
    timezone: str
    language: str
    subject: str
    title: str
    request: str
    reasons: str
    previous_action: str | None
    initiator_name: str
    initiator_place: str | None
    submitted_at: datetime
    due_on: date
    claimed_by: int | None
    claimed_at: datetime | None
    claimed_name: str | None
    proposed_by: int | None
    proposed_name: str | None
    versions: int
    alike: int
    sponsored: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Objecting:
    """An objection that waits for a decision, and who may not take it."""

    id: int
    procedure_code: str
    procedure_version: int
    timezone: str
    language: str
    title: str
    initiator_name: str
    initiator_place: str | None
    made_at: datetime
    due_on: date
    ground: str
    refused_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sponsoring:
    """A petition that waits for its sponsors."""

    id: int
    procedure_code: str
    procedure_version: int
    language: str
    title: str
    initiator_name: str
    initiator_place: str | None
    confirmed_at: datetime
    sponsors: int
    sponsors_required: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was taken lately."""

    id: int
    procedure_code: str
    procedure_version: int
    timezone: str
    language: str
    title: str
    initiator_name: str
    initiator_place: str | None
    kind: str
    occurred_at: datetime
    ground: str | None
    staff_name: str | None


async def read_counts(database: Database, procedure: str, *, now: datetime) -> Counts:
    """How much waits; of one procedure, or with "" of all."""
    async with database.connection() as connection:
        return made(Counts, await queries.moderation_counts(connection, procedure=procedure, now=now))


async def read_waiting(database: Database) -> list[Waiting]:
    """What waits for a decision or a second reader, due first."""
    async with database.connection() as connection:
        return [made(Waiting, row) async for row in queries.moderation_queue(connection, at_most=MOST_WAITING)]


async def read_objections(database: Database, procedure: str, page: int) -> list[Objecting]:
    """A page of the objections that wait, due first."""
    async with database.connection() as connection:
        rows = queries.moderation_objections(
            connection, procedure=procedure, page_size=PAGE_SIZE, skipped=skipped(page)
        )
        return [made(Objecting, row) async for row in rows]


async def read_sponsoring(database: Database, procedure: str, page: int) -> list[Sponsoring]:
    """A page of what waits for its sponsors, oldest first."""
    async with database.connection() as connection:
        rows = queries.moderation_sponsoring(
            connection, procedure=procedure, page_size=PAGE_SIZE, skipped=skipped(page)
        )
        return [made(Sponsoring, row) async for row in rows]


async def read_decided(database: Database, procedure: str, page: int, *, now: datetime) -> tuple[list[Decided], int]:
    """A page of the decisions of the last 30 days, newest first, and how many there are."""
    async with database.connection() as connection:
        rows = queries.moderation_decided(
            connection, procedure=procedure, since=now - FIGURES_OVER, page_size=PAGE_SIZE, skipped=skipped(page)
        )
        found = [row async for row in rows]
    return [made(Decided, row) for row in found], found[0]["total"] if found else 0


async def read_figures(database: Database, *, now: datetime) -> Mapping[str, ModerationFigures]:
    """How well the desk kept its word in the last 30 days, by procedure and (under "") of all; never by person."""
    by_procedure: dict[str, list[ModerationDecision]] = {"": []}
    async with database.connection() as connection:
        async for row in queries.moderation_answers(connection, since=now - FIGURES_OVER):
            decision = made(ModerationDecision, row)
            by_procedure[""].append(decision)
            by_procedure.setdefault(row["procedure_code"], []).append(decision)
    return {code: figures(decisions) for code, decisions in by_procedure.items()}


def skipped(page: int) -> int:
    """How many rows come before this page."""
    return (page - 1) * PAGE_SIZE
