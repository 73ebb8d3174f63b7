"""Objections: an initiator objects once to a rejection; a moderator who took no part in it decides, with a reason."""

from dataclasses import dataclass
from datetime import date, datetime

from petitions.database.connection import Connection
from petitions.errors import ConflictError, InvalidInputError
from petitions.lifecycle.acts.deciding import moderated_row
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.links import managed_row
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.facts import CheckDueFacts, ReasonFacts, UpheldFacts
from petitions.lifecycle.events.table import OBJECTED, OBJECTION_DISMISSED, OBJECTION_UPHELD
from petitions.lifecycle.queries import objections as queries
from petitions.lifecycle.rules.objections import check_objecting, last_day_to_object, may_judge
from petitions.lifecycle.rules.states import Act, Actor, Stage, transition
from petitions.security.tokens import Link


@dataclass(frozen=True, slots=True)
class OwnObjection:
    """The objection to the latest rejection of a petition, as its initiator sees it."""

    until: date  # the last day to object
    open: bool  # whether an objection is still possible
    made_at: datetime | None
    due_on: date | None
    outcome: str | None
    reason: str | None


async def object_to(service: Service, link: Link, *, text: str, now: datetime) -> None:
    """Object to the rejection of one's petition. The initiator gets a mail with the day of the decision.

    Raises ConflictError when the petition is not rejected (any more), there was an objection, or it is too late.
    """
    if not text:
        raise InvalidInputError({"objection": "missing"})
    async with service.database.transaction() as connection:
        row = await managed_row(connection, link)
        await moderated_row(connection, row.id)
        row = await managed_row(connection, link)
        transition(Stage(row.stage), Act.OBJECT, Actor.INITIATOR)
        if row.data_key is None:
            raise ConflictError("too_late_to_object")  # its personal data was erased: it cannot open any more
        rejection = await _rejection(connection, row.id)
        procedure = service.procedure(row.procedure_code, row.procedure_version)
        check_objecting(procedure, objected=rejection.made_at is not None, rejected_at=rejection.rejected_at, now=now)
        due_on = await queries.objection_make(
            connection, petition_id=row.id, rejected_event_id=rejection.event_id, text=text, now=now
        )
        await record(connection, row.id, OBJECTED, CheckDueFacts(due_on), Actor.INITIATOR, now=now)


async def read_objection(service: Service, link: Link, *, now: datetime) -> OwnObjection | None:
    """The initiator's possible or actual objection; None if there is no relevant rejection.

    It is relevant while the petition is rejected, and while it is checked again because the objection was upheld.
    """
    async with service.database.connection() as connection:
        row = await managed_row(connection, link)
        if row.stage not in {Stage.REJECTED, Stage.MODERATION}:
            return None
        rejection = await _find_rejection(connection, row.id)
    if rejection is None or (row.stage == Stage.MODERATION and rejection.outcome != "upheld"):
        return None
    procedure = service.procedure(row.procedure_code, row.procedure_version)
    possible = row.data_key is not None
    try:
        check_objecting(procedure, objected=rejection.made_at is not None, rejected_at=rejection.rejected_at, now=now)
    except ConflictError:
        possible = False
    return OwnObjection(
        until=last_day_to_object(procedure, rejection.rejected_at),
        open=possible,
        made_at=rejection.made_at,
        due_on=rejection.due_on,
        outcome=rejection.outcome,
        reason=rejection.reason,
    )


async def dismiss(service: Service, petition_id: int, staff_id: int, *, reason: str, now: datetime) -> None:
    """Decide that the rejection stands. Raises like :func:`uphold`."""
    await _decide(service, petition_id, staff_id, Act.DISMISS, reason=reason, now=now)


async def uphold(service: Service, petition_id: int, staff_id: int, *, reason: str, now: datetime) -> None:
    """Decide that the initiator is right: the rejection is undone, and the same moderator checks the petition again.

    Raises InvalidInputError without a reason, ConflictError when no objection waits (any more) or this person took
    part in the rejection (``own_refusal``).
    """
    await _decide(service, petition_id, staff_id, Act.UPHOLD, reason=reason, now=now)


async def _decide(service: Service, petition_id: int, staff_id: int, act: Act, *, reason: str, now: datetime) -> None:
    if not reason:
        raise InvalidInputError({"objection_reason": "missing"})
    async with service.database.transaction() as connection:
        row = await moderated_row(connection, petition_id)
        transition(Stage(row.stage), act, Actor.MODERATOR)
        rejection = await _rejection(connection, petition_id)
        if rejection.made_at is None or rejection.outcome is not None:
            raise ConflictError("no_objection")
        if not may_judge(staff_id, rejection.refused_by):
            raise ConflictError("own_refusal")
        outcome = "upheld" if act == Act.UPHOLD else "dismissed"
        await queries.objection_decide(
            connection,
            petition_id=petition_id,
            rejected_event_id=rejection.event_id,
            outcome=outcome,
            reason=reason,
            staff_id=staff_id,
            now=now,
        )
        if act == Act.UPHOLD:
            due_on: date = await queries.petition_check_anew(
                connection, petition_id=petition_id, staff_id=staff_id, now=now
            )
            upheld = UpheldFacts(reason, due_on)
            await record(connection, petition_id, OBJECTION_UPHELD, upheld, Actor.MODERATOR, now=now, staff_id=staff_id)
        else:
            dismissed = ReasonFacts(reason)
            await record(
                connection, petition_id, OBJECTION_DISMISSED, dismissed, Actor.MODERATOR, now=now, staff_id=staff_id
            )


async def _rejection(connection: Connection, petition_id: int) -> queries.ObjectionToRejectionRow:
    """The latest rejection, who took part in it, and the objection to it if there is one."""
    row = await _find_rejection(connection, petition_id)
    if row is None:
        raise ConflictError("no_objection")
    return row


async def _find_rejection(connection: Connection, petition_id: int) -> queries.ObjectionToRejectionRow | None:
    return await queries.objection_to_rejection(connection, petition_id=petition_id)
