"""Outcome: a committee decides on a referral, with reasons, and later reports the follow-up."""

from dataclasses import replace
from datetime import datetime

from petitions.database.connection import Connection
from petitions.lifecycle.acts.handling import (
    Clerk,
    LockedReferral,
    SeenReferral,
    first_or_conflict,
    lock_referral,
    store_step,
)
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.queries import outcome as queries
from petitions.lifecycle.rules.outcome import CommitteeDecision, check_follow_up, decide
from petitions.lifecycle.rules.referral import ReferralState, after
from petitions.lifecycle.rules.steps import StepInput


async def record_outcome(
    service: Service, clerk: Clerk, seen: SeenReferral, step_code: str, facts: StepInput, *, now: datetime
) -> ReferralState:
    """Record the decision or its follow-up; return the new state.

    Raises like ``referral.record_step``: a decision without an outcome of the procedure or without reasons is refused.
    """
    async with service.database.transaction() as connection:
        handling = await lock_referral(connection, service, clerk, seen)
        step = handling.step(step_code)
        if step.kind == "decide":
            decision = decide(handling.procedure, facts, handling.days(now))
            facts = replace(facts, follow_up_on=decision.follow_up_on)
            one = await store_step(connection, handling, step, facts, clerk=clerk, now=now)
            await _decide(connection, handling, decision, now)
        elif step.kind == "follow_up":
            check_follow_up(facts, handling.days(now))
            one = await store_step(connection, handling, step, facts, clerk=clerk, now=now)
            await _conclude(connection, handling)
        else:
            raise ValueError("a step of the handling is recorded by life.referral")
        return after(handling.state, one)


async def _decide(connection: Connection, handling: LockedReferral, decision: CommitteeDecision, now: datetime) -> None:
    first_or_conflict(
        await queries.referral_decide(
            connection,
            petition_id=handling.petition_id,
            referral_id=handling.referral_id,
            outcome=decision.outcome,
            reasons=decision.reasons,
            next_body=decision.next_body,
            follow_up_on=decision.follow_up_on,
            decided_at=handling.moment(decision.decided_on, now),
            version=handling.version,
        )
    )


async def _conclude(connection: Connection, handling: LockedReferral) -> None:
    first_or_conflict(
        await queries.referral_conclude(
            connection,
            petition_id=handling.petition_id,
            referral_id=handling.referral_id,
            version=handling.version,
        )
    )
