"""Assigning referrals to clerks, and private notes. Nothing here is public or mailed."""

from collections.abc import Collection
from datetime import datetime

from petitions.errors import ConflictError, NotFoundError
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.handling import Clerk
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.facts import AssignedFacts
from petitions.lifecycle.events.table import ASSIGNED
from petitions.lifecycle.queries import desk as queries
from petitions.lifecycle.rules.states import Actor


async def assign(
    service: Service,
    clerk: Clerk,
    petition_id: int,
    referral_id: int,
    *,
    to: int | None,
    seen: int | None,
    now: datetime,
) -> None:
    """Assign a referral to a clerk of its committee (``to``: their number), or to nobody.

    ``seen`` is the assignee on the page that the clerk saw. Raises ConflictError("assigned") when that is not so
    any more, or when ``to`` is no clerk of this committee (any more).
    """
    async with service.database.transaction() as connection:
        committee = await queries.referral_assign(
            connection,
            petition_id=petition_id,
            referral_id=referral_id,
            assigned_to=to,
            seen=seen,
            committees=list(clerk.committees),
        )
        if committee is None:
            raise ConflictError("assigned")
        facts = AssignedFacts(referral_id, committee, to)
        await record(connection, petition_id, ASSIGNED, facts, Actor.COMMITTEE, now=now, staff_id=clerk.staff_id)


async def note(
    service: Service,
    staff_id: int,
    committees: Collection[str],
    petition_id: int,
    referral_id: int,
    text: str,
    *,
    now: datetime,
) -> None:
    """Add a private note, as somebody of these committees (slugs). Raises NotFoundError for a referral elsewhere."""
    async with service.database.connection() as connection:
        added = await queries.referral_note_add(
            connection,
            petition_id=petition_id,
            referral_id=referral_id,
            staff_id=staff_id,
            committees=list(committees),
            text=text,
            now=now,
        )
    if added is None:
        raise NotFoundError("referral")


async def delete_note(service: Service, staff_id: int, petition_id: int, referral_id: int, note_id: int) -> None:
    """Delete one's own note. Raises NotFoundError for an unknown note or somebody else's."""
    async with service.database.connection() as connection:
        gone = await queries.referral_note_delete(
            connection, petition_id=petition_id, referral_id=referral_id, note_id=note_id, staff_id=staff_id
        )
    if gone is None:
        raise NotFoundError("note")
