"""What decisions about a petition share: locking its row, detecting conflicts, and ending a petition.

Shared by moderation and by the second reading of refusals.
"""

from datetime import datetime
from typing import Final

from petitions.database.connection import Connection
from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.facts import GroundFacts
from petitions.lifecycle.events.table import REJECTED, REMOVED
from petitions.lifecycle.queries import moderation as queries
from petitions.lifecycle.rules.moderation import claim_holds
from petitions.lifecycle.rules.objections import check_refusing
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.states import Act, Actor, Stage, transition

_ENDINGS: Final = {Stage.REJECTED: REJECTED, Stage.REMOVED: REMOVED}


async def moderated_row(connection: Connection, petition_id: int) -> queries.PetitionModeratedRow:
    """The petition for a decision, locked until the end of the transaction. Raises NotFoundError."""
    row = await queries.petition_moderated(connection, petition_id=petition_id)
    if row is None:
        raise NotFoundError("petition")
    return row


def next_stage(
    service: Service, row: queries.PetitionModeratedRow, act: Act, staff_id: int, *, version: int | None, now: datetime
) -> Stage:
    """The next stage after a decision. Raises ConflictError when somebody decided first or two people are needed."""
    other = row.claimed_by is not None and row.claimed_by != staff_id
    if other and claim_holds(row.claimed_at, now):
        raise ConflictError("claimed")
    target = transition(Stage(row.stage), act, Actor.MODERATOR)
    if version is not None and row.version != version:
        raise ConflictError("changed")
    check_refusing(
        act,
        second_reader=procedure_of(service, row).moderation.second_reader,
        proposed_by=row.proposed_by,
        staff_id=staff_id,
    )
    return target


def procedure_of(service: Service, row: queries.PetitionModeratedRow) -> Procedure:
    """The procedure that the petition of this row is pinned to."""
    return service.procedure(row.procedure_code, row.procedure_version)


def check_ground(procedure: Procedure, ground: str, reason: str) -> bool:
    """Return whether the ground hides the text. Raises InvalidInputError for an unknown ground or a missing reason."""
    found = procedure.ground(ground)
    if found is None:
        raise InvalidInputError({"ground": "unknown"})
    if not reason:
        raise InvalidInputError({"reason": "missing"})
    return found.hides_text


async def end(
    connection: Connection,
    service: Service,
    row: queries.PetitionModeratedRow,
    target: Stage,
    staff_id: int,
    *,
    ground: str,
    reason: str,
    now: datetime,
) -> None:
    """Reject a petition or take it down, with ground and reason; the event says who did it."""
    hides_text = check_ground(procedure_of(service, row), ground, reason)
    await queries.petition_end(
        connection,
        petition_id=row.id,
        source=row.stage,
        target=target.value,
        ground=ground,
        reason=reason,
        text_hidden=hides_text,
        now=now,
    )
    kind, facts = _ENDINGS[target], GroundFacts(ground, reason)
    await record(connection, row.id, kind, facts, Actor.MODERATOR, now=now, staff_id=staff_id)
