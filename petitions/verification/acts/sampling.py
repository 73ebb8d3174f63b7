"""Drawing the sample: a clerk closes the list, then enters the seed from outside; both determine the sample.

Both acts belong to the step in which the conditions are checked, and happen once. The published facts
let anybody repeat the draw, but never say who was drawn.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from petitions.database.connection import Connection
from petitions.durations import local_day
from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts.handling import Clerk, LockedReferral, SeenReferral, lock_referral, publish
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.procedures import Method, Verification
from petitions.lifecycle.rules.support_validity import valid_since
from petitions.verification import queries
from petitions.verification.events import SAMPLE_DRAWN, SAMPLE_LISTED, SampleDrawnFacts, SampleListedFacts
from petitions.verification.rules import draw, list_digest, remind_at, sample_size, seed_problem

PORTION: Final = 10_000
"""Keys of a list per batch."""


@dataclass(frozen=True, slots=True)
class SampleSeed:
    """A value that nobody here controls, where and when it was published, and the method of asking the sample."""

    value: str
    source: str
    link: str
    published_at: datetime | None
    method: Method


def checked_by_sample(handling: LockedReferral) -> Verification:
    """The rules for checking support of a referral. Raises NotFoundError if that is not done by a sample."""
    found = handling.procedure.verification
    if found is None or found.kind != "sample":
        raise NotFoundError("verification")
    return found


async def locked_check(connection: Connection, seen: SeenReferral) -> queries.VerificationLockedRow | None:
    """The row of a referral's check, locked until the end of the transaction; None if its list is still open."""
    return await queries.verification_locked(connection, petition_id=seen.petition_id, referral_id=seen.referral_id)


def _within_its_step(handling: LockedReferral) -> None:
    """Raise StepRefusedError unless the conditions can be checked now."""
    steps = handling.procedure.steps_for(handling.threshold.code)
    handling.step(next((step.code for step in steps if step.kind == "check_conditions"), ""))


async def close_list(service: Service, clerk: Clerk, seen: SeenReferral, *, now: datetime) -> None:
    """Close the list of statements that are valid now, and publish its length and digest.

    Raises NotFoundError if support is not checked by a sample, ForbiddenError, StepRefusedError outside of the step of
    the check, ConflictError with "list_closed" if it was closed before, or "list_empty".
    """
    async with service.database.transaction() as connection:
        handling = await lock_referral(connection, service, clerk, seen)
        checked_by_sample(handling)
        _within_its_step(handling)
        key = {"petition_id": seen.petition_id, "referral_id": seen.referral_id}
        if await locked_check(connection, seen) is not None:
            raise ConflictError("list_closed")
        since = valid_since(
            handling.procedure.signing.signature_valid_for, local_day(now, handling.zone), handling.zone
        )
        closed = await queries.verification_list_close(connection, **key, valid_since=since)
        if not closed.listed:
            raise ConflictError("list_empty")
        counts = {
            "listed": closed.listed,
            "collected": closed.collected,
            "erased": closed.erased,
            "too_old": closed.too_old,
        }
        digest = list_digest([one async for one in _keys(connection, seen)])
        await queries.verification_begin(connection, **key, **counts, digest=digest, staff_id=clerk.staff_id, now=now)
        facts = SampleListedFacts(
            *handling.about, closed.listed, closed.collected, closed.erased, closed.too_old, digest
        )
        await publish(connection, handling, SAMPLE_LISTED, facts, clerk=clerk, now=now)


async def _keys(connection: Connection, seen: SeenReferral) -> AsyncIterator[bytes]:
    """The keys of a list, in its order."""
    after, found = 0, PORTION
    while found == PORTION:
        found = 0
        for row in await queries.verification_list_keys(
            connection, petition_id=seen.petition_id, referral_id=seen.referral_id, after=after, most=PORTION
        ):
            found, after = found + 1, row.place
            yield row.token_id


async def draw_sample(service: Service, clerk: Clerk, seen: SeenReferral, seed: SampleSeed, *, now: datetime) -> None:
    """Draw the sample from the closed list with a seed, and ask the drawn people: by mail at once, or by letter.

    Raises InvalidInputError for a seed that was published before the list was closed, ConflictError with "list_open"
    if there is no list yet, "sample_drawn" if a colleague was first; otherwise like :func:`close_list`.
    """
    async with service.database.transaction() as connection:
        handling = await lock_referral(connection, service, clerk, seen)
        rules = checked_by_sample(handling)
        _within_its_step(handling)
        key = {"petition_id": seen.petition_id, "referral_id": seen.referral_id}
        row = await locked_check(connection, seen)
        if row is None:
            raise ConflictError("list_open")
        if row.state != "listed":
            raise ConflictError("sample_drawn")
        _refuse_seed(seed, rules, row.listed_at, now)
        size = sample_size(rules, row.listed)
        places = await asyncio.to_thread(draw, row.digest, seed.value, row.listed, size)
        answer_by = _answer_by(rules, local_day(now, handling.zone))
        await queries.verification_draw(
            connection,
            **key,
            seed=seed.value,
            seed_source=seed.source,
            seed_link=seed.link or None,
            seed_at=seed.published_at,
            size=size,
            method=seed.method,
            answer_by=answer_by,
            remind_at=remind_at(now, answer_by, handling.zone),
            places=list(places),
            staff_id=clerk.staff_id,
            now=now,
        )
        facts = SampleDrawnFacts(
            *handling.about,
            listed=row.listed,
            size=size,
            digest=row.digest,
            seed=seed.value,
            source=seed.source,
            seed_at=seed.published_at,
            method=seed.method,
            answer_by=answer_by,
            link=seed.link,
        )
        event = await publish(connection, handling, SAMPLE_DRAWN, facts, clerk=clerk, now=now)
        if seed.method == "mail":
            await queries.verification_mail(connection, **key, event_id=event, now=now)


def _refuse_seed(seed: SampleSeed, rules: Verification, listed_at: datetime, now: datetime) -> None:
    """Raise InvalidInputError for missing or wrong values, by field."""
    wrong = {name: "missing" for name, value in (("seed", seed.value), ("source", seed.source)) if not value}
    if problem := seed_problem(seed.published_at, listed_at, now):
        wrong["seed_day"] = problem
    if seed.method not in rules.methods:
        wrong["method"] = "choice"
    if wrong:
        raise InvalidInputError(wrong)


def _answer_by(rules: Verification, today: date) -> date:
    assert rules.answer_within is not None  # noqa: S101 - loading a procedure with a sample checks it
    return max(rules.answer_within.after(today), today + timedelta(days=1))


async def remind(service: Service, *, now: datetime) -> None:
    """Queue the one reminder for everybody who was asked by mail and has not answered, once it is due."""
    async with service.database.transaction() as connection:
        await queries.verification_remind(connection, now=now)
