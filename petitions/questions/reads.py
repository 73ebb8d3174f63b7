"""Public questions as they are read: by everybody, by the two sides, and by the moderators who publish them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.questions.rules import QuestionState, Side


@dataclass(frozen=True, slots=True)
class Remark:
    """A question or an answer: what somebody wrote and what became of it."""

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
    """A question with its answer, and with the answers that were not published."""

    asked: Remark
    answer: Remark | None
    refused: tuple[Remark, ...]


async def read_questions(
    database: Database, petition_id: int, *, referral_id: int | None = None, published: bool = True
) -> tuple[Question, ...]:
    """The questions of a petition (or of one referral) in the order in which they were asked.

    ``published``: only what everybody may read. Otherwise also what waits and what was refused.
    """
    async with database.connection() as connection:
        rows = [_remark(row) async for row in queries.questions_of_petition(connection, petition_id=petition_id)]
    seen = [row for row in rows if not published or row.state == "published"]
    return tuple(_question(row, seen) for row in seen if row.answers is None and referral_id in {None, row.referral_id})


def _remark(row: Any) -> Remark:
    return Remark(**{name: row[name] for name in Remark.__dataclass_fields__})


def _question(asked: Remark, remarks: Sequence[Remark]) -> Question:
    answers = [one for one in remarks if one.answers == asked.number]
    standing = next((one for one in answers if one.state != "refused"), None)
    return Question(asked, standing, tuple(one for one in answers if one.state == "refused"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an initiator wrote and a moderator must look at; ``question`` is what it answers."""

    petition_id: int
    number: int
    name: str
    text: str
    written_at: datetime
    title: str
    language: str
    procedure_code: str
    procedure_version: int
    question: str | None


async def read_waiting(database: Database) -> tuple[Waiting, ...]:
    """What waits for a moderator, oldest first; at most 200."""
    async with database.connection() as connection:
        rows = [row async for row in queries.questions_waiting(connection)]
    return tuple(Waiting(**{name: row[name] for name in Waiting.__dataclass_fields__}) for row in rows)
