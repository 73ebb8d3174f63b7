"""The second reading of a refusal: one moderator proposes it, another one agrees or sends it back."""

from datetime import datetime

from petitions.database.connection import Connection
from petitions.errors import ConflictError, InvalidInputError
from petitions.lifecycle.acts.deciding import check_ground, end, moderated_row, next_stage, procedure_of
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.facts import GroundFacts, ReturnFacts
from petitions.lifecycle.events.table import PROPOSED, SENT_BACK, TAKEN_BACK
from petitions.lifecycle.queries import objections as queries
from petitions.lifecycle.rules.states import Act, Actor


async def propose(
    service: Service,
    petition_id: int,
    staff_id: int,
    *,
    ground: str,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> None:
    """Propose to refuse a waiting petition; a colleague can then claim it. The initiator is not told yet.

    Raises like :func:`petitions.lifecycle.acts.moderation.reject`, and ConflictError if no second reader is required.
    """
    async with service.database.transaction() as connection:
        row = await moderated_row(connection, petition_id)
        next_stage(service, row, Act.PROPOSE, staff_id, version=version, now=now)
        check_ground(procedure_of(service, row), ground, reason)
        await queries.refusal_propose(
            connection, petition_id=petition_id, staff_id=staff_id, ground=ground, reason=reason, now=now
        )
        facts = GroundFacts(ground, reason)
        await record(connection, petition_id, PROPOSED, facts, Actor.MODERATOR, now=now, staff_id=staff_id)


async def agree(service: Service, petition_id: int, staff_id: int, *, proposal: int, now: datetime) -> None:
    """Agree with the refusal that a colleague proposed: the petition is rejected, with that ground and reason.

    ``proposal`` is the number of the one that was read. Raises ConflictError when it was answered or replaced in the
    meantime, a colleague has the petition, or it is one's own.
    """
    async with service.database.transaction() as connection:
        row = await moderated_row(connection, petition_id)
        target = next_stage(service, row, Act.AGREE, staff_id, version=None, now=now)
        answered = await _answered(connection, petition_id, proposal)
        await end(connection, service, row, target, staff_id, ground=answered.ground, reason=answered.reason, now=now)


async def send_back(
    service: Service, petition_id: int, staff_id: int, *, proposal: int, reason: str, now: datetime
) -> None:
    """Send a colleague's proposal back with a reason, or withdraw one's own; the petition waits as before.

    Raises InvalidInputError without a reason (not needed for one's own), ConflictError like :func:`agree`.
    """
    async with service.database.transaction() as connection:
        row = await moderated_row(connection, petition_id)
        next_stage(service, row, Act.SEND_BACK, staff_id, version=None, now=now)
        own = row.proposed_by == staff_id
        if not reason and not own:
            raise InvalidInputError({"back_reason": "missing"})
        await _answered(connection, petition_id, proposal)
        kind, facts = TAKEN_BACK if own else SENT_BACK, ReturnFacts(reason)
        await record(connection, petition_id, kind, facts, Actor.MODERATOR, now=now, staff_id=staff_id)


async def _answered(connection: Connection, petition_id: int, proposal: int) -> queries.RefusalAnsweredRow:
    """Remove the answered proposal; return its ground and reason. Raises ConflictError when it was replaced."""
    row = await queries.refusal_answered(connection, petition_id=petition_id, proposal=proposal)
    if row is None:
        raise ConflictError("not_proposed")
    return row
