"""Corrections: clerks correct the facts of a published step, moderators the words of news, with a public reason.

The event keeps its number, and so its address. The earlier value, the author and the reason are an event of their own
(``corrected``), in the same transaction. Decisions are not corrected: see :mod:`petitions.corrections.rules`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from petitions.corrections import queries
from petitions.corrections.events import CORRECTED, CorrectedFacts
from petitions.corrections.rules import (
    WHERE_PEOPLE_GO,
    Changes,
    MomentRange,
    correct,
    correct_words,
    correctable,
    happened_on,
    withheld,
)
from petitions.database.connection import Connection
from petitions.errors import ConflictError, NotFoundError
from petitions.lifecycle.acts.deciding import moderated_row
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.handling import (
    Clerk,
    LockedReferral,
    SeenReferral,
    first_or_conflict,
    lock_referral,
    publish,
)
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.procedures import StepKind
from petitions.lifecycle.rules.states import Actor
from petitions.lifecycle.rules.steps import MEETINGS, StepInput


@dataclass(frozen=True, slots=True)
class _Step:
    """A recorded step and its event, with earlier corrections applied."""

    event_id: int
    number: int
    code: str
    kind: StepKind
    told_at: datetime
    data: dict[str, Any]


async def correct_step(
    service: Service,
    clerk: Clerk,
    seen: SeenReferral,
    event_id: int,
    facts: StepInput,
    *,
    reason: str,
    withhold: bool = False,
    now: datetime,
) -> int:
    """Correct the facts of a step; return the number of the event that says so.

    ``withhold``: the earlier words hold personal data, and are not stored.

    Raises NotFoundError for an event that is no step of this referral, ForbiddenError for one of another committee,
    ConflictError("changed") when a colleague was first, ConflictError("a_decision") for a step of which nothing can be
    corrected, InvalidInputError by field. Only a new moment or place of a meeting is mailed: people go there.
    """
    async with service.database.transaction() as connection:
        handling = await lock_referral(connection, service, clerk, seen)
        step = await _step(connection, seen, event_id)
        if not correctable(step.kind, step.data):
            raise ConflictError("a_decision")
        span = MomentRange(handling.created_on, step.told_at, now, handling.zone)
        changes = correct(step.kind, step.data, facts, reason, span)
        day = happened_on(step.kind, step.data, facts, handling.zone) if "meeting_at" in changes else None
        await _store(
            service,
            connection,
            seen.petition_id,
            event_id,
            changes,
            withhold=withhold,
            referral_id=seen.referral_id,
            day=day,
        )
        await _follow(connection, handling, step, facts, changes)
        referral, threshold, committee = handling.about
        corrected = CorrectedFacts(
            event=event_id,
            reason=reason,
            changes=withheld(changes) if withhold else changes,
            withheld=withhold,
            referral=referral,
            threshold=threshold,
            committee=committee,
            step=step.code,
        )
        told = not WHERE_PEOPLE_GO.isdisjoint(changes)
        return await publish(connection, handling, CORRECTED, corrected, clerk=clerk, now=now, told=told)


async def correct_news(
    service: Service,
    petition_id: int,
    event_id: int,
    staff_id: int,
    words: Mapping[str, str],
    *,
    corrections: int,
    reason: str,
    withhold: bool = False,
    now: datetime,
) -> int:
    """Correct ``title`` and ``text`` of an initiator's news; return the number of the event that says so.

    ``corrections`` is their number on the page that the moderator saw. Nobody is mailed. Raises NotFoundError,
    ConflictError("changed") when a colleague was first, InvalidInputError by field.
    """
    async with service.database.transaction() as connection:
        await moderated_row(connection, petition_id)
        row = await queries.news_correctable(connection, petition_id=petition_id, event_id=event_id)
        if row is None:
            raise NotFoundError("event")
        if row.corrections != corrections:
            raise ConflictError("changed")
        changes = correct_words(row.data, words, reason)
        await _store(service, connection, petition_id, event_id, changes, withhold=withhold)
        corrected = CorrectedFacts(
            event=event_id,
            reason=reason,
            changes=withheld(changes) if withhold else changes,
            withheld=withhold,
            title=words["title"],
        )
        return await record(
            connection,
            petition_id,
            CORRECTED,
            corrected,
            Actor.MODERATOR,
            now=now,
            staff_id=staff_id,
            told=False,
        )


async def _store(
    service: Service,
    connection: Connection,
    petition_id: int,
    event_id: int,
    changes: Changes,
    *,
    withhold: bool,
    referral_id: int | None = None,
    day: date | None = None,
) -> None:
    if withhold:
        await queries.corrections_withhold(connection, petition_id=petition_id, event_id=event_id, names=list(changes))
        for forget in service.forget_words:
            await forget(connection, petition_id)
    after = {name: change["after"] for name, change in changes.items()}
    await queries.event_correct(
        connection,
        petition_id=petition_id,
        referral_id=referral_id,
        event_id=event_id,
        facts={name: value for name, value in after.items() if value is not None},
        emptied=[name for name, value in after.items() if value is None],
        happened_on=day,
    )


async def _step(connection: Connection, seen: SeenReferral, event_id: int) -> _Step:
    row = await queries.event_correctable(
        connection, petition_id=seen.petition_id, referral_id=seen.referral_id, event_id=event_id
    )
    if row is None or row.number is None or row.step_code is None or row.step_kind is None:
        raise NotFoundError("event")
    return _Step(row.id, row.number, row.step_code, cast("StepKind", row.step_kind), row.occurred_at, row.data)


async def _follow(
    connection: Connection, handling: LockedReferral, step: _Step, facts: StepInput, changes: Changes
) -> None:
    """Update the referral, which shows the latest meeting and rapporteur; earlier ones do not change it."""
    later = {one.kind for one in handling.taken[step.number :]}
    is_meeting = step.kind in MEETINGS and later.isdisjoint(MEETINGS)
    meeting = is_meeting and step.data.get("meeting") != "cancelled"
    appointed = step.kind == "appoint_rapporteur" and step.kind not in later
    first_or_conflict(
        await queries.referral_corrected(
            connection,
            petition_id=handling.petition_id,
            referral_id=handling.referral_id,
            rapporteur=facts.rapporteur if appointed and "rapporteur" in changes else handling.rapporteur,
            meeting_at=facts.meeting_at if meeting else handling.meeting_at,
            meeting_place=facts.place if meeting else handling.meeting_place,
            version=handling.version,
        )
    )
