"""The survey after the outcome: a signatory answers two questions, once; only the counts of answers are stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from petitions.errors import ConflictError, NotFoundError
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.states import PUBLIC, Stage
from petitions.security.tokens import Link
from petitions.survey import queries
from petitions.survey.rules import check_answers, is_open


@dataclass(frozen=True, slots=True)
class Survey:
    """The survey behind a link."""

    petition_id: int
    title: str
    language: str
    state: Literal["open", "answered", "closed"]


async def look_up(service: Service, link: Link, *, now: datetime) -> Survey:
    """The survey of a link. Raises NotFoundError when the signature is gone or the petition is not public."""
    async with service.database.connection() as connection:
        row = await queries.survey_about(connection, petition_id=link.petition_id, token_id=link.key)
    if row is None or not row.signed or Stage(row.stage) not in PUBLIC:
        raise NotFoundError("survey")
    hidden = row.text_hidden or row.stage == Stage.REMOVED
    open_now = is_open(row.decided_at, now)
    return Survey(
        petition_id=row.id,
        title="" if hidden else row.title,
        language=row.language,
        state="answered" if row.taken else "open" if open_now else "closed",
    )


async def answer(service: Service, link: Link, given: Mapping[str, str], *, now: datetime) -> None:
    """Count the answers of a signatory.

    Raises NotFoundError like :func:`look_up`, InvalidInputError for a question without an answer, ConflictError
    (``answered``, ``closed``).
    """
    survey = await look_up(service, link, now=now)
    if survey.state != "open":
        raise ConflictError(survey.state)
    answers = check_answers(given)
    async with service.database.transaction() as connection:
        if await queries.survey_take(connection, petition_id=link.petition_id, token_id=link.key) is None:
            raise ConflictError("answered")
        await queries.survey_add(
            connection, petition_id=link.petition_id, questions=list(answers), answers=list(answers.values())
        )
