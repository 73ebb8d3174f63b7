"""Public questions: a committee asks and the initiator answers, or the other way round; a moderator publishes.

Sending the same words twice (pressing the button again) stores them once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from petitions.database.connection import Connection
from petitions.durations import local_day
from petitions.errors import ConflictError, ForbiddenError, NotFoundError
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.handling import Clerk
from petitions.lifecycle.acts.links import managed_row
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.referral import ReferralState
from petitions.lifecycle.rules.states import Actor, Stage
from petitions.questions import queries
from petitions.questions.events import ANSWER, QUESTION, QUESTION_REFUSED, RemarkFacts, RemarkRefusedFacts
from petitions.questions.rules import (
    QuestionFacts,
    Side,
    check_answering,
    check_asking,
    check_refusing,
    check_speaking,
)
from petitions.questions.rules import first_state as first_state_of
from petitions.security.tokens import Link


@dataclass(frozen=True, slots=True)
class QuestionedReferral:
    """The referral of a question or answer, its row locked until the end of the transaction."""

    petition_id: int
    referral_id: int
    committee: str
    threshold: str
    today: date  # by the clock of the body
    remarks: Sequence[queries.QuestionsSoFarRow]


@dataclass(frozen=True, slots=True)
class Written:
    """A question or answer that is published at once; ``question`` is the one that it answers."""

    petition_id: int
    referral_id: int
    committee_slug: str
    threshold_code: str
    number: int
    side: Side
    name: str
    text: str
    question: str | None


@dataclass(frozen=True, slots=True)
class QuestionAuthor:
    """The author of a question or answer: the side, the published name, and the member of staff, if any."""

    side: Side
    name: str
    staff_id: int | None = None

    @property
    def actor(self) -> Actor:
        """The actor of the event."""
        return Actor.COMMITTEE if self.side == "committee" else Actor.INITIATOR


async def committee_asks(
    service: Service,
    clerk: Clerk,
    petition_id: int,
    referral_id: int,
    *,
    text: str,
    name: str,
    answer_by: date | None,
    now: datetime,
) -> None:
    """Ask the initiator something in public. ``name``: the person who asks, besides the committee.

    Raises NotFoundError, ForbiddenError for another committee, ConflictError (``handling_ended``,
    ``too_many_questions``), InvalidInputError for a day that has passed.
    """
    async with service.database.transaction() as connection:
        about = await _about(connection, service, petition_id, referral_id, now)
        _own(clerk, about)
        await _ask(connection, about, QuestionAuthor("committee", name, clerk.staff_id), text, answer_by, now)


async def committee_answers(
    service: Service,
    clerk: Clerk,
    petition_id: int,
    referral_id: int,
    number: int,
    *,
    text: str,
    name: str,
    now: datetime,
) -> None:
    """Answer a question of the initiator in public. Raises like :func:`committee_asks`; ConflictError("answered")."""
    async with service.database.transaction() as connection:
        about = await _about(connection, service, petition_id, referral_id, now)
        _own(clerk, about)
        await _answer(connection, about, QuestionAuthor("committee", name, clerk.staff_id), number, text, now)


async def initiator_asks(service: Service, link: Link, referral_id: int, *, text: str, now: datetime) -> None:
    """Ask the committee something; a moderator publishes it. Raises like :func:`committee_asks`."""
    async with service.database.transaction() as connection:
        row = await managed_row(connection, link)
        about = await _about(connection, service, row.id, referral_id, now)
        await _ask(connection, about, QuestionAuthor("initiator", row.initiator_name), text, None, now)


async def initiator_answers(service: Service, link: Link, number: int, *, text: str, now: datetime) -> None:
    """Answer a question of the committee; a moderator publishes it. Raises like :func:`committee_answers`."""
    async with service.database.transaction() as connection:
        row = await managed_row(connection, link)
        referral_id = await queries.question_referral(connection, petition_id=row.id, number=number)
        if referral_id is None:
            raise NotFoundError("question")
        about = await _about(connection, service, row.id, referral_id, now)
        await _answer(connection, about, QuestionAuthor("initiator", row.initiator_name), number, text, now)


async def publish(service: Service, petition_id: int, number: int, staff_id: int, *, now: datetime) -> None:
    """Publish an initiator's words. Raises NotFoundError; ConflictError("changed") when a colleague was first."""
    async with service.database.transaction() as connection:
        row = await _waiting(connection, petition_id, number)
        await _decide(connection, row, "published", staff_id, now)
        await _tell(connection, row, answering=row.answers is not None, now=now, staff_id=staff_id)


async def refuse(
    service: Service, petition_id: int, number: int, staff_id: int, *, ground: str, reason: str, now: datetime
) -> None:
    """Refuse to publish them; the initiator gets ground and reason by mail and may write again.

    Raises like :func:`publish`; InvalidInputError without a ground or reason.
    """
    check_refusing(ground, reason)
    async with service.database.transaction() as connection:
        row = await _waiting(connection, petition_id, number)
        await _decide(connection, row, "refused", staff_id, now, ground=ground, reason=reason)
        facts = RemarkRefusedFacts(number, ground, reason)
        await record(connection, petition_id, QUESTION_REFUSED, facts, Actor.MODERATOR, now=now, staff_id=staff_id)


async def _about(
    connection: Connection, service: Service, petition_id: int, referral_id: int, now: datetime
) -> QuestionedReferral:
    row = await queries.questions_about(connection, petition_id=petition_id, referral_id=referral_id)
    if row is None:
        raise NotFoundError("referral")
    check_speaking(Stage(row.stage), ReferralState(row.state))
    procedure = service.procedure(row.procedure_code, row.procedure_version)
    remarks = await queries.questions_so_far(connection, petition_id=petition_id, referral_id=referral_id)
    return QuestionedReferral(
        petition_id=petition_id,
        referral_id=referral_id,
        committee=row.committee_slug,
        threshold=row.threshold_code,
        today=local_day(now, procedure.body.zone),
        remarks=remarks,
    )


def _own(clerk: Clerk, about: QuestionedReferral) -> None:
    if about.committee not in clerk.committees:
        raise ForbiddenError("committee")


async def _ask(
    connection: Connection,
    about: QuestionedReferral,
    speaker: QuestionAuthor,
    text: str,
    answer_by: date | None,
    now: datetime,
) -> None:
    own = [one for one in about.remarks if one.side == speaker.side]
    asked = [one for one in own if one.answers is None and one.state != "refused"]
    if any(one.text == text for one in asked):
        return
    answered = {one.answers for one in about.remarks if one.state == "published"}
    check_asking(speaker.side, sum(one.number not in answered for one in asked), answer_by, about.today)
    await _write(connection, about, speaker, text, None, answer_by, now)


async def _answer(
    connection: Connection, about: QuestionedReferral, speaker: QuestionAuthor, number: int, text: str, now: datetime
) -> None:
    question = next((one for one in about.remarks if one.number == number and one.answers is None), None)
    if question is None:
        raise NotFoundError("question")
    standing = [one for one in about.remarks if one.answers == number and one.state != "refused"]
    if any(one.text == text and one.side == speaker.side for one in standing):
        return
    check_answering(speaker.side, QuestionFacts(question.side, question.state, bool(standing)))
    await _write(connection, about, speaker, text, question, None, now)


async def _write(
    connection: Connection,
    about: QuestionedReferral,
    speaker: QuestionAuthor,
    text: str,
    question: queries.QuestionsSoFarRow | None,
    answer_by: date | None,
    now: datetime,
) -> None:
    state = first_state_of(speaker.side)
    number = await queries.question_write(
        connection,
        petition_id=about.petition_id,
        referral_id=about.referral_id,
        answers=question.number if question else None,
        side=speaker.side,
        name=speaker.name,
        staff_id=speaker.staff_id,
        text=text,
        answer_by=answer_by,
        state=state,
        now=now,
    )
    if state == "published":
        written = Written(
            petition_id=about.petition_id,
            referral_id=about.referral_id,
            committee_slug=about.committee,
            threshold_code=about.threshold,
            number=number,
            side=speaker.side,
            name=speaker.name,
            text=text,
            question=question.text if question else None,
        )
        await _tell(
            connection, written, answering=question is not None, now=now, staff_id=speaker.staff_id, answer_by=answer_by
        )


async def _tell(
    connection: Connection,
    row: Written | queries.QuestionLockedRow,
    *,
    answering: bool,
    now: datetime,
    staff_id: int | None,
    answer_by: date | None = None,
) -> None:
    """Record the public event, with the published words."""
    facts = RemarkFacts(
        referral=row.referral_id,
        threshold=row.threshold_code,
        committee=row.committee_slug,
        number=row.number,
        side=row.side,
        name=row.name,
        text=row.text,
        question=row.question,
        due_on=answer_by,
    )
    await record(
        connection,
        row.petition_id,
        ANSWER if answering else QUESTION,
        facts,
        Actor.COMMITTEE if row.side == "committee" else Actor.INITIATOR,
        now=now,
        staff_id=staff_id,
    )


async def _waiting(connection: Connection, petition_id: int, number: int) -> queries.QuestionLockedRow:
    row = await queries.question_locked(connection, petition_id=petition_id, number=number)
    if row is None:
        raise NotFoundError("question")
    if row.state != "waiting":
        raise ConflictError("changed")
    return row


async def _decide(
    connection: Connection,
    row: queries.QuestionLockedRow,
    state: str,
    staff_id: int,
    now: datetime,
    *,
    ground: str | None = None,
    reason: str | None = None,
) -> None:
    await queries.question_decide(
        connection,
        petition_id=row.petition_id,
        number=row.number,
        state=state,
        staff_id=staff_id,
        ground=ground,
        reason=reason,
        now=now,
    )
