"""Moderation: claim a waiting petition, add a note, accept it, reject it with a coded ground, or take it down later.

Every decision needs a reason and is an event; the first decision counts, a second one is a conflict.
"""

from datetime import datetime

from petitions.durations import end_of_day, local_day
from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts.deciding import end, moderated_row, next_stage, procedure_of
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.opening import copy_thresholds, reach
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.facts import EventFacts, ReasonFacts
from petitions.lifecycle.events.table import CLAIMED, OPENED, RELEASED
from petitions.lifecycle.queries import moderation as queries
from petitions.lifecycle.rules.moderation import CLAIM_LASTS
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.states import Act, Actor, Stage
from petitions.lifecycle.rules.thresholds import can_open


async def claim(service: Service, petition_id: int, staff_id: int, *, now: datetime) -> None:
    """Claim a petition, or renew one's claim for two hours.

    Raises ConflictError("claimed") while a colleague holds it, "own_proposal" if it needs another second reader.
    """
    async with service.database.transaction() as connection:
        claimed = await queries.petition_claim(
            connection, petition_id=petition_id, staff_id=staff_id, now=now, expired_before=now - CLAIM_LASTS
        )
        if claimed is None:
            row = await moderated_row(connection, petition_id)
            raise ConflictError(_why_not(row, staff_id))
        await record(connection, petition_id, CLAIMED, EventFacts(), Actor.MODERATOR, now=now, staff_id=staff_id)


def _why_not(row: queries.PetitionModeratedRow, staff_id: int) -> str:
    if row.stage != Stage.MODERATION:
        return "already_decided"
    return "own_proposal" if row.proposed_by == staff_id else "claimed"


async def claim_oldest(service: Service, staff_id: int, *, now: datetime, procedure: str = "") -> int | None:
    """Claim the unclaimed petition that is due first; return its number, or None when all are claimed.

    ``procedure`` limits it to one procedure. Two moderators who do this at the same moment get two petitions.
    """
    async with service.database.transaction() as connection:
        petition_id = await queries.petition_claim_oldest(
            connection, staff_id=staff_id, now=now, expired_before=now - CLAIM_LASTS, procedure=procedure
        )
        if petition_id is not None:
            await record(connection, petition_id, CLAIMED, EventFacts(), Actor.MODERATOR, now=now, staff_id=staff_id)
    return petition_id


async def release(service: Service, petition_id: int, staff_id: int, *, now: datetime) -> None:
    """Release one's claim; nothing happens if one has none."""
    async with service.database.transaction() as connection:
        if await queries.petition_release(connection, petition_id=petition_id, staff_id=staff_id):
            await record(connection, petition_id, RELEASED, EventFacts(), Actor.MODERATOR, now=now, staff_id=staff_id)


async def note(service: Service, petition_id: int, staff_id: int, text: str, *, now: datetime) -> None:
    """Add a private note for colleagues. Raises NotFoundError for a petition that was never submitted."""
    async with service.database.transaction() as connection:
        row = await moderated_row(connection, petition_id)
        if row.stage == Stage.DRAFT:
            raise NotFoundError("petition")
        await queries.moderation_note_add(connection, petition_id=petition_id, staff_id=staff_id, text=text, now=now)


async def accept(
    service: Service, petition_id: int, staff_id: int, *, reason: str, version: int | None = None, now: datetime
) -> None:
    """Open a petition for signing: its thresholds are copied, its last day is set, those reached at once are recorded.

    ``reason`` is published with the decision; ``version`` is the text that was read, if the caller knows it. Raises
    InvalidInputError without a reason, ConflictError when somebody decided first, a colleague has claimed it, the text
    has changed, or the procedure requires an identity that this service cannot check.
    """
    if not reason:
        raise InvalidInputError({"reason": "missing"})
    async with service.database.transaction() as connection:
        row = await moderated_row(connection, petition_id)
        next_stage(service, row, Act.ACCEPT, staff_id, version=version, now=now)
        procedure = procedure_of(service, row)
        if can_open(procedure):
            raise ConflictError("identity_not_available")
        closes_at = closing_moment(procedure, now)
        await queries.petition_open(connection, petition_id=petition_id, now=now, closes_at=closes_at)
        await record(connection, petition_id, OPENED, ReasonFacts(reason), Actor.MODERATOR, now=now, staff_id=staff_id)
        await copy_thresholds(connection, service, procedure, petition_id, row.subject)
        await reach(connection, petition_id, moment="opening", now=now)


def closing_moment(procedure: Procedure, opened_at: datetime) -> datetime | None:
    """When signing ends: at the end of the last day in the body's time zone; None if it is open-ended."""
    if procedure.signing.lasts is None:
        return None
    zone = procedure.body.zone
    return end_of_day(procedure.signing.lasts.after(local_day(opened_at, zone)), zone)


async def reject(
    service: Service,
    petition_id: int,
    staff_id: int,
    *,
    ground: str,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> None:
    """Reject a waiting petition with a coded ground and a reason; some grounds hide the text.

    If the procedure requires a second reader, see :mod:`petitions.lifecycle.acts.second_reading`.

    Raises InvalidInputError for an unknown ground or without a reason, ConflictError when
    somebody decided first, a colleague has claimed it, or the text is not that of ``version`` any more.
    """
    await _end(service, petition_id, staff_id, Act.REJECT, ground=ground, reason=reason, version=version, now=now)


async def remove(
    service: Service,
    petition_id: int,
    staff_id: int,
    *,
    ground: str,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> None:
    """Take a public petition down, with a coded ground and a reason. Raises like :func:`reject`."""
    await _end(service, petition_id, staff_id, Act.REMOVE, ground=ground, reason=reason, version=version, now=now)


async def _end(
    service: Service,
    petition_id: int,
    staff_id: int,
    act: Act,
    *,
    ground: str,
    reason: str,
    version: int | None,
    now: datetime,
) -> None:
    async with service.database.transaction() as connection:
        row = await moderated_row(connection, petition_id)
        target = next_stage(service, row, act, staff_id, version=version, now=now)
        await end(connection, service, row, target, staff_id, ground=ground, reason=reason, now=now)
        if act is Act.REMOVE:
            for forget in service.forget_words:
                await forget(connection, petition_id)
