"""Motions at the desk: a clerk records a motion, its result with the votes, and corrections with a reason.

Motions from the open data of a body are corrected there; here only a result that it lacks can be added.
"""

from dataclasses import dataclass
from datetime import datetime

from petitions.database.connection import Connection
from petitions.errors import ConflictError, ForbiddenError, InvalidInputError
from petitions.lifecycle.acts.handling import Clerk
from petitions.lifecycle.acts.service import Service
from petitions.motions.acts.book import (
    MotionAuthor,
    MotionReferral,
    StoredMotion,
    known_motion,
    open_motion,
    referral_of,
    rewrite,
    write_new,
)
from petitions.motions.queries import parties as queries
from petitions.motions.rules.votes import VOTED, DecidedMotion, Motion, problems


@dataclass(frozen=True, slots=True)
class SeenMotion:
    """The motion on which a clerk acts, with its version on the page that they saw."""

    petition_id: int
    referral_id: int
    motion_id: int
    version: int


async def add_motion(
    service: Service, clerk: Clerk, petition_id: int, referral_id: int, motion: Motion, *, now: datetime
) -> int:
    """Store a motion of a referral; return its number.

    Raises NotFoundError, ForbiddenError for a referral of another committee, InvalidInputError by field.
    """
    async with service.database.transaction() as connection:
        place = await _place(connection, service, clerk, petition_id, referral_id)
        _check_motion(motion, place, now)
        by = MotionAuthor("desk", clerk.staff_id)
        number = await write_new(connection, place, motion, by, now=now, told=True)
        if number is None:
            raise InvalidInputError({"case_number": "known_case"})
    return number


async def correct_motion(
    service: Service, clerk: Clerk, seen: SeenMotion, motion: Motion, *, reason: str, now: datetime
) -> None:
    """Correct the facts of a motion; the earlier ones are kept. Raises like :func:`add_motion`.

    ConflictError("changed") when a colleague was first, ConflictError("imported") for a motion of the open data.
    """
    async with service.database.transaction() as connection:
        place, kept = await _open(connection, service, clerk, seen)
        if kept.source == "import":
            raise ConflictError("imported")
        _check_motion(motion, place, now)
        if await known_motion(connection, seen.petition_id, motion.case_number) not in {None, kept.id}:
            raise InvalidInputError({"case_number": "known_case"})
        by = MotionAuthor("desk", clerk.staff_id, reason)
        await rewrite(connection, place, kept, motion, kept.decided, by, now=now)


async def record_vote(
    service: Service, clerk: Clerk, seen: SeenMotion, decided: DecidedMotion, *, reason: str = "", now: datetime
) -> None:
    """Store the result of a motion, with the votes; or correct it, with a reason.

    Raises like :func:`correct_motion`. A result that contradicts the votes is refused, unless it explains why.
    """
    async with service.database.transaction() as connection:
        place, kept = await _open(connection, service, clerk, seen)
        if kept.source == "import" and kept.decided is not None:
            raise ConflictError("imported")
        body = place.procedure.body.code
        seats = {row.id: row.seats for row in await queries.party_seats(connection, body=body)}
        found = problems(decided, place.today(now), seats)
        if kept.decided is not None and kept.decided.outcome in VOTED and not reason:
            found["reason"] = "missing"
        if kept.motion.submitted_on and decided.voted_on < kept.motion.submitted_on:
            found["voted_on"] = "before_motion"
        if found:
            raise InvalidInputError(found)
        by = MotionAuthor("desk", clerk.staff_id, reason)
        await rewrite(connection, place, kept, kept.motion, decided, by, removed_at=kept.removed_at, now=now)


async def link_case(
    service: Service, clerk: Clerk, petition_id: int, referral_id: int, case_number: str, *, now: datetime
) -> bool:
    """Link a case of the open data to a referral, for the next import. False if it was linked before."""
    async with service.database.transaction() as connection:
        await _place(connection, service, clerk, petition_id, referral_id)
        linked = await queries.case_link(
            connection,
            petition_id=petition_id,
            case_number=case_number,
            referral_id=referral_id,
            now=now,
            staff_id=clerk.staff_id,
        )
    return linked is not None


async def _place(
    connection: Connection, service: Service, clerk: Clerk, petition_id: int, referral_id: int
) -> MotionReferral:
    place = await referral_of(connection, service, petition_id, referral_id)
    if place.committee not in clerk.committees:
        raise ForbiddenError("committee")
    return place


async def _open(
    connection: Connection, service: Service, clerk: Clerk, seen: SeenMotion
) -> tuple[MotionReferral, StoredMotion]:
    place = await _place(connection, service, clerk, seen.petition_id, seen.referral_id)
    kept = await open_motion(connection, seen.petition_id, seen.motion_id)
    if kept.referral_id != seen.referral_id:
        raise ForbiddenError("committee")
    if kept.version != seen.version:
        raise ConflictError("changed")
    return place, kept


def _check_motion(motion: Motion, place: MotionReferral, now: datetime) -> None:
    found = {"title": "missing"} if not motion.title else {}
    if motion.submitted_on and motion.submitted_on > place.today(now):
        found["submitted_on"] = "date_future"
    if found:
        raise InvalidInputError(found)
