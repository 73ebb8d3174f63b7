"""Public questions between a committee and an initiator: who may ask and answer, and what is published at once.

A committee speaks for itself, so its words are published at once. A moderator reads the words of an initiator
first, like every text of a citizen. Each question gets one answer, from the other side.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from petitions.errors import ConflictError, ForbiddenError, InvalidInputError
from petitions.lifecycle.rules.procedures import Ground, LocalizedText
from petitions.lifecycle.rules.referral import OPEN, ReferralState
from petitions.lifecycle.rules.states import Stage

Side = Literal["committee", "initiator"]
QuestionState = Literal["waiting", "published", "refused"]

SHORTEST: Final = 10
LONGEST: Final = 2000
MOST_UNANSWERED: Final = 3
"""The most unanswered questions of one side at a time, so that a dossier does not become a chat."""

GROUNDS: Final = (
    Ground(
        "personal", LocalizedText(nl="Er staan gegevens van iemand anders in.", en="It holds data of somebody else.")
    ),
    Ground("insult", LocalizedText(nl="Iemand wordt beledigd of bedreigd.", en="Somebody is insulted or threatened.")),
    Ground("off_topic", LocalizedText(nl="Het gaat niet over deze petitie.", en="It is not about this petition.")),
    Ground("no_question", LocalizedText(nl="Het is geen vraag of antwoord.", en="It is no question or answer.")),
    Ground("advertising", LocalizedText(nl="Het is reclame.", en="It is an advertisement.")),
)
"""The grounds on which a moderator can refuse to publish the words of an initiator."""


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """The facts of a question that the rules need."""

    side: Side
    state: QuestionState
    answered: bool  # an answer is published or waits for a moderator


def first_state(side: Side) -> QuestionState:
    """The first state of a remark: published at once, or waiting for a moderator."""
    return "published" if side == "committee" else "waiting"


def check_speaking(stage: Stage, state: ReferralState) -> None:
    """Raise ConflictError("handling_ended") if the handling of this referral is over."""
    if stage in {Stage.WITHDRAWN, Stage.REMOVED} or state not in OPEN:
        raise ConflictError("handling_ended")


def check_asking(side: Side, own_unanswered: int, answer_by: date | None, today: date) -> None:
    """Raise ConflictError("too_many_questions") if too many are unanswered, InvalidInputError for a past day.

    Only a committee sets a day; it must be after ``today`` by the clock of the body.
    """
    if own_unanswered >= MOST_UNANSWERED:
        raise ConflictError("too_many_questions")
    if side == "committee" and answer_by is not None and answer_by <= today:
        raise InvalidInputError({"answer_by": "date_past"})


def check_answering(side: Side, question: QuestionFacts) -> None:
    """Raise ForbiddenError for one's own question, ConflictError("answered") or ("not_published") otherwise."""
    if question.side == side:
        raise ForbiddenError("own_question")
    if question.state != "published":
        raise ConflictError("not_published")
    if question.answered:
        raise ConflictError("answered")


def check_refusing(ground: str, reason: str) -> None:
    """Raise InvalidInputError unless a known ground and a reason are given."""
    problems = {}
    if ground not in {one.code for one in GROUNDS}:
        problems["ground"] = "choice"
    if not reason:
        problems["reason"] = "missing"
    if problems:
        raise InvalidInputError(problems)
