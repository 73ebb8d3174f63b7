"""Public questions for all readers: the public, the two sides, and the moderators who publish them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from petitions.database.pool import Database
from petitions.questions import queries
from petitions.questions.rules import QuestionState, Side


@dataclass(frozen=True, slots=True)
class Remark:
    """A question or an answer: its words and its state."""

    number: int
    referral_id: int
    committee_slug: str
    answers: int | None
    side: Side
    name: str
    text: str
    answer_by: date | None
    state: QuestionState
    written_at: datetime
    decided_at: datetime | None
    ground: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its published answer, and with the others."""

    asked: Remark
    answer: Remark | None
    refused: tuple[Remark, ...]


async def read_questions(
    database: Database, petition_id: int, *, referral_id: int | None = None, published: bool = True
) -> tuple[Question, ...]:
    """The questions of a petition (or of one referral), oldest first.

    ``published``: only public ones. Otherwise also those that wait or were refused.
    """
    async with database.connection() as connection:
        rows = [_remark(row) for row in await queries.questions_of_petition(connection, petition_id=petition_id)]
    seen = [row for row in rows if not published or row.state == "published"]
    return tuple(_question(row, seen) for row in seen if row.answers is None and referral_id in {None, row.referral_id})


def _remark(row: queries.QuestionsOfPetitionRow) -> Remark:
    return Remark(
        number=row.number,
        referral_id=row.referral_id,
        committee_slug=row.committee_slug,
        answers=row.answers,
        side=row.side,
        name=row.name,
        text=row.text,
        answer_by=row.answer_by,
        state=row.state,
        written_at=row.written_at,
        decided_at=row.decided_at,
        ground=row.ground,
        reason=row.reason,
    )


def _question(asked: Remark, remarks: Sequence[Remark]) -> Question:
    answers = [one for one in remarks if one.answers == asked.number]
    standing = next((one for one in answers if one.state != "refused"), None)
    return Question(asked, standing, tuple(one for one in answers if one.state == "refused"))


WaitingRemark = queries.QuestionsWaitingRow
"""An initiator's words that a moderator must check; ``question`` is the one that they answer."""


async def read_waiting(database: Database) -> tuple[WaitingRemark, ...]:
    """The remarks that wait for a moderator, oldest first; at most 200."""
    async with database.connection() as connection:
        return tuple(await queries.questions_waiting(connection))
