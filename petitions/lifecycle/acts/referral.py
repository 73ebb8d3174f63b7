"""Referral: a committee handles a petition, step by step, in public, or extends its term, with a reason.

Each step is stored with its event in one transaction. The decision and its follow-up are in outcome.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from petitions.database.connection import Connection
from petitions.durations import local_day
from petitions.errors import ConflictError, InvalidInputError
from petitions.lifecycle.acts.handling import (
    Clerk,
    LockedReferral,
    SeenReferral,
    first_or_conflict,
    lock_referral,
    publish,
    store_step,
)
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.facts import ExtendedFacts
from petitions.lifecycle.events.table import EXTENDED
from petitions.lifecycle.queries import desk as desk_queries
from petitions.lifecycle.queries import referral as referral_queries
from petitions.lifecycle.rules.referral import OPEN, ReferralState, Taken, after, due_after, extension_problem
from petitions.lifecycle.rules.steps import MEETINGS, OUTCOMES, StepInput, check


async def record_step(
    service: Service, clerk: Clerk, seen: SeenReferral, step_code: str, facts: StepInput, *, now: datetime
) -> ReferralState:
    """Record a step of the handling; return the new state.

    Raises NotFoundError for an unknown referral or step,
    ForbiddenError for one of another committee, ConflictError("changed") when a colleague was first, StepRefusedError
    when the step is out of order, InvalidInputError by field when required facts are missing.
    """
    async with service.database.transaction() as connection:
        handling = await lock_referral(connection, service, clerk, seen)
        step = handling.step(step_code)
        if step.kind in OUTCOMES:
            raise ValueError("a decision, and what came of it, is recorded by life.outcome")
        facts = await _name_member(connection, handling, facts)
        check(handling.procedure, step.kind, facts, handling.days(now))
        one = await store_step(connection, handling, step, facts, clerk=clerk, now=now)
        state = after(handling.state, one)
        if state == ReferralState.INADMISSIBLE:
            await _refuse(connection, handling, facts, one, now)
        else:
            await _move(connection, handling, facts, one)
    return state


async def _name_member(connection: Connection, handling: LockedReferral, facts: StepInput) -> StepInput:
    """The facts with the public name of the member who is rapporteur, in front of that of a second one.

    Raises InvalidInputError when they are not a member of this committee (any more).
    """
    if facts.member is None:
        return facts
    name = await desk_queries.referral_member(connection, staff_id=facts.member, committee=handling.committee)
    if name is None:
        raise InvalidInputError({"member": "choice"})
    return replace(facts, rapporteur=f"{name}, {facts.rapporteur}" if facts.rapporteur else name)


async def _refuse(
    connection: Connection, handling: LockedReferral, facts: StepInput, one: Taken, now: datetime
) -> None:
    first_or_conflict(
        await referral_queries.referral_refuse(
            connection,
            petition_id=handling.petition_id,
            referral_id=handling.referral_id,
            ground=facts.ground,
            reasons=facts.reasons,
            decided_at=handling.moment(one.happened_on, now),
            version=handling.version,
        )
    )


async def _move(connection: Connection, handling: LockedReferral, facts: StepInput, one: Taken) -> None:
    meeting = _meeting(handling, one, facts)
    first_or_conflict(
        await referral_queries.referral_move(
            connection,
            petition_id=handling.petition_id,
            referral_id=handling.referral_id,
            state=after(handling.state, one).value,
            due_on=due_after(handling.procedure, handling.threshold, (*handling.taken, one), handling.due_on),
            rapporteur=facts.rapporteur or handling.rapporteur,
            rapporteur_id=facts.member if one.kind == "appoint_rapporteur" else handling.rapporteur_id,
            meeting_at=meeting.at,
            meeting_place=meeting.place,
            version=handling.version,
        )
    )


@dataclass(frozen=True, slots=True)
class _Meeting:
    at: datetime | None
    place: str | None


def _meeting(handling: LockedReferral, one: Taken, facts: StepInput) -> _Meeting:
    """The meeting to show with the referral: the latest planned or held one, none when it was cancelled."""
    if one.kind not in MEETINGS:
        return _Meeting(handling.meeting_at, handling.meeting_place)
    if facts.meeting == "cancelled":
        return _Meeting(None, None)
    return _Meeting(facts.meeting_at, facts.place)


async def extend(
    service: Service, clerk: Clerk, seen: SeenReferral, *, due_on: date | None, reason: str, now: datetime
) -> None:
    """Set a later day by which the committee answers, with a reason; both are published and mailed.

    Raises like :func:`record_step`; ConflictError("handling_ended") when the committee has decided already.
    """
    async with service.database.transaction() as connection:
        handling = await lock_referral(connection, service, clerk, seen)
        if handling.state not in OPEN:
            raise ConflictError("handling_ended")
        problems = {"due_on": extension_problem(handling.due_on, due_on, local_day(now, handling.zone))}
        problems["reason"] = "" if reason else "missing"
        if any(problems.values()) or due_on is None:
            raise InvalidInputError({name: problem for name, problem in problems.items() if problem})
        first_or_conflict(
            await referral_queries.referral_extend(
                connection,
                petition_id=seen.petition_id,
                referral_id=seen.referral_id,
                due_on=due_on,
                version=seen.version,
            )
        )
        facts = ExtendedFacts(*handling.about, due_on=due_on, was_due_on=handling.due_on, reason=reason)
        await publish(connection, handling, EXTENDED, facts, clerk=clerk, now=now)
