"""Storing a motion with its votes, its corrections and its events, in one transaction.

Shared by motions (typed by a clerk) and imported (from the open data of a body).
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from petitions.database.connection import Connection
from petitions.durations import local_day
from petitions.errors import ConflictError, NotFoundError
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.kind import EventKind, F
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.states import Actor
from petitions.motions.events import MOTION, VOTE, MotionFacts, VoteFacts
from petitions.motions.queries import motions as queries
from petitions.motions.rules.votes import (
    DecidedMotion,
    Motion,
    Vote,
    decision_changes,
    is_news,
    motion_changes,
)

MotionSource = Literal["desk", "import"]


@dataclass(frozen=True, slots=True)
class MotionReferral:
    """The referral to which a motion belongs."""

    petition_id: int
    referral_id: int
    threshold: str
    committee: str
    procedure: Procedure

    @property
    def about(self) -> tuple[int, str, str]:
        """The common facts of its events: see :class:`petitions.lifecycle.events.facts.ReferralFacts`."""
        return self.referral_id, self.threshold, self.committee

    def today(self, now: datetime) -> date:
        """The current day by the clock of the body."""
        return local_day(now, self.procedure.body.zone)

    def moment(self, day: date, now: datetime) -> datetime:
        """The moment to store for a day: now for today, else noon of that day by the body's clock."""
        return now if day == self.today(now) else datetime.combine(day, time(12), self.procedure.body.zone)


@dataclass(frozen=True, slots=True)
class MotionAuthor:
    """The author of a change: a clerk with a reason, or an import (no ``staff_id``)."""

    source: MotionSource
    staff_id: int | None = None
    reason: str = ""

    @property
    def actor(self) -> Actor:
        """The actor for the event."""
        return Actor.COMMITTEE if self.source == "desk" else Actor.SYSTEM


@dataclass(frozen=True, slots=True)
class StoredMotion:
    """A stored motion."""

    id: int
    referral_id: int
    source: MotionSource
    version: int
    motion: Motion
    decided: DecidedMotion | None
    removed_at: datetime | None
    external_ids: tuple[str, ...]


async def referral_of(connection: Connection, service: Service, petition_id: int, referral_id: int) -> MotionReferral:
    """The referral with this number. Raises NotFoundError."""
    row = await queries.motion_place(connection, petition_id=petition_id, referral_id=referral_id)
    if row is None:
        raise NotFoundError("referral")
    procedure = service.procedure(row.procedure_code, row.procedure_version)
    return MotionReferral(petition_id, referral_id, row.threshold_code, row.committee_slug, procedure)


async def known_motion(
    connection: Connection, petition_id: int, case_number: str | None, external_id: str | None = None
) -> int | None:
    """The number of the motion of a petition with this case number, or this id in the open data; None for a new one."""
    return await queries.motion_known(
        connection, petition_id=petition_id, external_id=external_id, case_number=case_number
    )


async def open_motion(connection: Connection, petition_id: int, motion_id: int) -> StoredMotion:
    """A motion with its votes, its row locked until the end of the transaction. Raises NotFoundError."""
    row = await queries.motion_locked(connection, petition_id=petition_id, motion_id=motion_id)
    if row is None:
        raise NotFoundError("motion")
    votes = tuple(
        Vote(vote.party_id, vote.member_id, vote.choice, vote.seats, vote.mistaken)
        for vote in await queries.motion_votes(connection, petition_id=petition_id, motion_id=motion_id)
    )
    decided = None
    if row.outcome and row.voted_on and row.vote_kind:
        decided = DecidedMotion(row.outcome, row.voted_on, row.vote_kind, votes, row.difference)
    return StoredMotion(
        id=row.id,
        referral_id=row.referral_id,
        source=row.source,
        version=row.version,
        motion=Motion(
            title=row.title,
            summary=row.summary,
            case_number=row.case_number,
            submitters=row.submitters,
            document=row.document,
            advice=row.advice,
            link=row.link,
            submitted_on=row.submitted_on,
        ),
        decided=decided,
        removed_at=row.removed_at,
        external_ids=tuple(row.external_ids),
    )


async def write_new(
    connection: Connection,
    place: MotionReferral,
    motion: Motion,
    by: MotionAuthor,
    *,
    external_id: str = "",
    now: datetime,
    told: bool,
) -> int | None:
    """Store a new motion with its event; return its number, or None if its case is stored already."""
    number = await queries.motion_add(
        connection,
        petition_id=place.petition_id,
        referral_id=place.referral_id,
        source=by.source,
        external_ids=[external_id] if external_id else [],
        now=now,
        case_number=motion.case_number,
        title=motion.title,
        summary=motion.summary,
        submitters=motion.submitters,
        document=motion.document,
        advice=motion.advice,
        link=motion.link,
        submitted_on=motion.submitted_on,
    )
    if number is not None:
        day = motion.submitted_on or place.today(now)
        told = told and is_news(day, place.today(now))
        facts = MotionFacts(
            *place.about, number, motion.title, day, "submitted", motion.link, motion.submitters, quiet=not told
        )
        await _tell(connection, place, MOTION, facts, day, by=by, now=now, told=told)
    return number


async def rewrite(
    connection: Connection,
    place: MotionReferral,
    kept: StoredMotion,
    motion: Motion,
    decided: DecidedMotion | None,
    by: MotionAuthor,
    *,
    removed_at: datetime | None = None,
    now: datetime,
) -> bool:
    """Update a motion, keep its earlier state, and announce news; return whether anything changed.

    Old results are not announced, and nothing is announced twice: an event has a key that is unique in the database.
    """
    result = decision_changes(kept.decided, decided)
    changed = motion_changes(kept.motion, motion) | result
    if (kept.removed_at is None) != (removed_at is None):
        changed["removed"] = [kept.removed_at is not None, removed_at is not None]
    if not changed:
        return False
    version = await _store(connection, place, kept, motion, decided, by, removed_at)
    if "votes" in result:
        await _store_votes(connection, place, kept.id, decided.votes if decided else ())
    if kept.decided is not None or not result.keys() >= changed.keys():
        await queries.motion_change_record(
            connection,
            petition_id=place.petition_id,
            motion_id=kept.id,
            version=version,
            now=now,
            staff_id=by.staff_id,
            reason=by.reason,
            data=changed,
        )
    if "removed" in changed:
        today = place.today(now)
        removed, key = removed_at is not None, f"removed/{version}"
        facts = MotionFacts(*place.about, kept.id, motion.title, today, key, motion.link, removed=removed, quiet=True)
        await _tell(connection, place, MOTION, facts, today, by=by, now=now, told=False)
    if result:
        await _tell_result(connection, place, kept, motion, decided, version, by=by, now=now)
    return True


async def _store(
    connection: Connection,
    place: MotionReferral,
    kept: StoredMotion,
    motion: Motion,
    decided: DecidedMotion | None,
    by: MotionAuthor,
    removed_at: datetime | None,
) -> int:
    version = await queries.motion_change(
        connection,
        petition_id=place.petition_id,
        motion_id=kept.id,
        version=kept.version,
        outcome=decided.outcome if decided else None,
        vote_kind=decided.kind if decided else None,
        voted_on=decided.voted_on if decided else None,
        difference=decided.difference if decided else "",
        removed_at=removed_at,
        source="import" if "import" in {by.source, kept.source} else "desk",
        case_number=motion.case_number,
        title=motion.title,
        summary=motion.summary,
        submitters=motion.submitters,
        document=motion.document,
        advice=motion.advice,
        link=motion.link,
        submitted_on=motion.submitted_on,
    )
    if version is None:
        raise ConflictError("changed")
    return version


async def _store_votes(connection: Connection, place: MotionReferral, motion_id: int, votes: tuple[Vote, ...]) -> None:
    about = {"petition_id": place.petition_id, "motion_id": motion_id}
    await queries.motion_votes_clear(connection, **about)
    await queries.motion_votes_store(
        connection,
        parties=[vote.party_id for vote in votes],
        members=[vote.member_id for vote in votes],
        choices=[vote.choice for vote in votes],
        seats=[vote.seats for vote in votes],
        mistaken=[vote.mistaken for vote in votes],
        **about,
    )


async def _tell_result(
    connection: Connection,
    place: MotionReferral,
    kept: StoredMotion,
    motion: Motion,
    decided: DecidedMotion | None,
    version: int,
    *,
    by: MotionAuthor,
    now: datetime,
) -> None:
    """Announce the result once; or a later vote on the same motion; or a correction of an announced result."""
    before, today = kept.decided, place.today(now)
    if decided is None:
        told = before is not None and is_news(before.voted_on, today)
        undone = VoteFacts(
            *place.about, kept.id, motion.title, today, f"undone/{version}", True, motion.link, quiet=not told
        )
        await _tell(connection, place, VOTE, undone, today, by=by, now=now, told=told)
        return
    again = before is not None and before.voted_on != decided.voted_on
    corrected = before is not None and not again
    if corrected and before is not None and (before.outcome, before.tally) == (decided.outcome, decided.tally):
        return
    told = is_news(decided.voted_on, today) and (before is None or again or before.outcome != decided.outcome)
    sums = decided.tally if decided.votes else None
    facts = VoteFacts(
        *place.about,
        motion=kept.id,
        title=motion.title,
        date_=decided.voted_on,
        key=f"{decided.voted_on}/{version}" if before else decided.voted_on.isoformat(),
        corrected=corrected,
        link=motion.link,
        outcome=decided.outcome,
        vote_kind=decided.kind,
        difference=decided.difference,
        for_=sums.for_ if sums else None,
        against=sums.against if sums else None,
        abstained=sums.abstained if sums else None,
        absent=sums.absent if sums else None,
        quiet=not told,
    )
    await _tell(connection, place, VOTE, facts, decided.voted_on, by=by, now=now, told=told)


async def _tell(
    connection: Connection,
    place: MotionReferral,
    kind: EventKind[F],
    facts: F,
    day: date,
    *,
    by: MotionAuthor,
    now: datetime,
    told: bool,
) -> None:
    """Record a public event of a motion. An old one is in feeds at its own moment, and nobody is mailed."""
    await record(
        connection,
        place.petition_id,
        kind,
        facts,
        by.actor,
        now=now if told else min(place.moment(day, now), now),
        staff_id=by.staff_id,
        told=told,
    )
