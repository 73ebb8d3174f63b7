"""The answers of the sample, by the person with the link from the mail or recorded by a clerk; and the result."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from petitions.database.connection import Connection
from petitions.durations import local_day
from petitions.errors import ConflictError, GoneError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts.handling import Clerk, SeenReferral, lock_referral, publish
from petitions.lifecycle.acts.service import Service
from petitions.security.tokens import Link
from petitions.verification import queries
from petitions.verification.acts.sampling import locked_check
from petitions.verification.events import SAMPLE_RESULT, SampleResultFacts
from petitions.verification.rules import RECORDED, CheckResult, SampleTally, may_finish

ANSWERS: Final[dict[str, CheckResult]] = {"yes": "verified", "no": "refused"}


@dataclass(frozen=True, slots=True)
class SampledSupport:
    """A drawn signature for the page behind the link in the mail: nothing about the person."""

    petition_id: int
    title: str  # empty if the text is hidden
    language: str
    answer: str  # "", "yes" or "no"
    answer_by: date


async def read_sampled(service: Service, link: Link, *, now: datetime) -> SampledSupport:
    """The question behind this link. Raises NotFoundError, or GoneError when it cannot be answered any more."""
    async with service.database.transaction() as connection:
        return _asked(await _row(connection, link, now))


async def answer(service: Service, link: Link, word: str, *, now: datetime) -> SampledSupport:
    """Store an answer ("yes" or "no"); until the last day it can be changed. Raises like :func:`read_sampled`.

    InvalidInputError for anything else.
    """
    if word not in ANSWERS:
        raise InvalidInputError({"answer": "choice"})
    async with service.database.transaction() as connection:
        row = await _row(connection, link, now)
        await queries.verification_answer(
            connection,
            petition_id=row.petition_id,
            referral_id=row.referral_id,
            place=row.place,
            result=ANSWERS[word],
            now=now,
        )
        return _asked(replace(row, result=ANSWERS[word]))


async def _row(connection: Connection, link: Link, now: datetime) -> queries.VerificationAskedRow:
    row = await queries.verification_asked(connection, petition_id=link.petition_id, token_id=link.key)
    if row is None:
        raise NotFoundError("sample")
    late = row.answer_by is None or local_day(now, ZoneInfo(row.timezone)) > row.answer_by
    if late or row.state != "drawn" or not row.is_there:
        raise GoneError("sample")
    return row


def _asked(row: queries.VerificationAskedRow) -> SampledSupport:
    said = next((word for word, result in ANSWERS.items() if result == row.result), "")
    assert row.answer_by is not None  # noqa: S101 - set when it was drawn
    return SampledSupport(row.petition_id, "" if row.hidden else row.title, row.language, said, row.answer_by)


async def record_results(
    service: Service, clerk: Clerk, seen: SeenReferral, places: Collection[int], result: str, *, now: datetime
) -> int:
    """Record the results of letters for these places; return their number. Earlier results are replaced.

    Raises InvalidInputError ("places": the places that were not drawn, as text), ConflictError with "sample_not_drawn"
    or "sample_finished".
    """
    if result not in RECORDED:
        raise InvalidInputError({"result": "choice"})
    async with service.database.transaction() as connection:
        await lock_referral(connection, service, clerk, seen)
        await _drawn(connection, seen)
        written = {
            row.place
            for row in await queries.verification_record(
                connection,
                petition_id=seen.petition_id,
                referral_id=seen.referral_id,
                places=list(places),
                result=result,
                staff_id=clerk.staff_id,
                now=now,
            )
        }
        if unknown := sorted(set(places) - written):
            raise InvalidInputError({"places": ", ".join(str(place) for place in unknown[:20])})
    return len(written)


async def _drawn(connection: Connection, seen: SeenReferral) -> queries.VerificationLockedRow:
    row = await locked_check(connection, seen)
    if row is None or row.state == "listed":
        raise ConflictError("sample_not_drawn")
    if row.state == "finished":
        raise ConflictError("sample_finished")
    return row


async def finish(service: Service, clerk: Clerk, seen: SeenReferral, *, now: datetime) -> SampleTally:
    """Establish the result and publish it: only counts, nothing about any person. It decides nothing.

    Raises ConflictError with "answers_come_in" before the last day while somebody has not answered, "sample_not_drawn"
    or "sample_finished".
    """
    async with service.database.transaction() as connection:
        handling = await lock_referral(connection, service, clerk, seen)
        row = await _drawn(connection, seen)
        key = {"petition_id": seen.petition_id, "referral_id": seen.referral_id}
        waiting = await queries.verification_waiting(connection, **key)
        assert row.answer_by is not None  # noqa: S101 - set when it was drawn
        if not may_finish(row.answer_by, local_day(now, handling.zone), waiting):
            raise ConflictError("answers_come_in")
        settled = await queries.verification_settle(connection, **key, staff_id=clerk.staff_id, now=now)
        counts = {
            "verified": settled.verified,
            "refused": settled.refused,
            "no_answer": settled.no_answer,
            "gone": settled.gone,
        }
        await queries.verification_finish(connection, **key, **counts, staff_id=clerk.staff_id, now=now)
        assert row.size is not None  # noqa: S101 - set when it was drawn
        facts = SampleResultFacts(*handling.about, row.listed, row.size, *counts.values())
        await publish(connection, handling, SAMPLE_RESULT, facts, clerk=clerk, now=now)
    return SampleTally(**counts)
