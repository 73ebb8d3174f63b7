"""The lists of the moderators' desk: waiting petitions, those with sponsors, objections, decisions; and its figures."""

from collections.abc import Mapping
from datetime import datetime

from petitions.database.pool import Database
from petitions.lifecycle.queries import moderation as moderation_queries
from petitions.lifecycle.queries import objections as objections_queries
from petitions.lifecycle.rules.moderation import FIGURES_OVER, ModerationDecision, ModerationFigures, figures

PAGE_SIZE = 50
MOST_WAITING = 2000
"""The most waiting petitions in the queue, due first; the filters and their counts are about these."""


QueueCounts = moderation_queries.ModerationCountsRow
"""The numbers of waiting cases, and of those (objections too) that are due today or overdue by the body's clock."""


WaitingPetition = moderation_queries.ModerationQueueRow
"""A petition that waits for a decision, or (``proposed_by``) for the second reader of a refusal."""

WaitingObjection = objections_queries.ModerationObjectionsRow
"""An objection that waits for a decision, and who may not take it."""

SponsoringPetition = moderation_queries.ModerationSponsoringRow
"""A petition that waits for its sponsors."""

RecentDecision = moderation_queries.ModerationDecidedRow
"""A recent decision."""


async def read_counts(database: Database, procedure: str, *, now: datetime) -> QueueCounts:
    """The counts of one procedure, or with "" of all."""
    async with database.connection() as connection:
        return await moderation_queries.moderation_counts(connection, procedure=procedure, now=now)


async def read_waiting(database: Database) -> list[WaitingPetition]:
    """The petitions that wait for a decision or a second reader, due first."""
    async with database.connection() as connection:
        return await moderation_queries.moderation_queue(connection, at_most=MOST_WAITING)


async def read_objections(database: Database, procedure: str, page: int) -> list[WaitingObjection]:
    """A page of the waiting objections, due first."""
    async with database.connection() as connection:
        return await objections_queries.moderation_objections(
            connection, procedure=procedure, page_size=PAGE_SIZE, skipped=skipped(page)
        )


async def read_sponsoring(database: Database, procedure: str, page: int) -> list[SponsoringPetition]:
    """A page of the petitions that wait for their sponsors, oldest first."""
    async with database.connection() as connection:
        return await moderation_queries.moderation_sponsoring(
            connection, procedure=procedure, page_size=PAGE_SIZE, skipped=skipped(page)
        )


async def read_decided(
    database: Database, procedure: str, page: int, *, now: datetime
) -> tuple[list[RecentDecision], int]:
    """A page of the decisions of the last 30 days, newest first, and their total."""
    async with database.connection() as connection:
        rows = await moderation_queries.moderation_decided(
            connection, procedure=procedure, since=now - FIGURES_OVER, page_size=PAGE_SIZE, skipped=skipped(page)
        )
    return rows, rows[0].total if rows else 0


async def read_figures(database: Database, *, now: datetime) -> Mapping[str, ModerationFigures]:
    """The punctuality of the desk in the last 30 days, by procedure and (under "") overall; never by person."""
    by_procedure: dict[str, list[ModerationDecision]] = {"": []}
    async with database.connection() as connection:
        for row in await moderation_queries.moderation_answers(connection, since=now - FIGURES_OVER):
            decision = ModerationDecision(row.submitted_at, row.decided_at, row.due_on, row.timezone)
            by_procedure[""].append(decision)
            by_procedure.setdefault(row.procedure_code, []).append(decision)
    return {code: figures(decisions) for code, decisions in by_procedure.items()}


def skipped(page: int) -> int:
    """The number of rows before this page."""
    return (page - 1) * PAGE_SIZE
