"""The survey after the outcome: two questions to signatories who asked for news, and when the result is shown.

It asks about the handling, not about the outcome: whether people understand why it was decided like this, and whether
they felt taken seriously. Answers are counted, never stored per person; a few answers are not shown, because they could
be traced back to people.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from petitions.errors import InvalidInputError

QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "understood": ("yes", "partly", "no"),
    "serious": ("yes", "partly", "no"),
}
"""The options of each question."""

OPEN_FOR: Final = timedelta(days=60)
SHOWN_FROM: Final = 10
"""The least number of answers to a question before they are shown."""


def is_open(decided_at: datetime | None, now: datetime) -> bool:
    """Whether answers are accepted: for sixty days from the decision."""
    return decided_at is not None and decided_at <= now <= decided_at + OPEN_FOR


def check_answers(given: Mapping[str, str]) -> dict[str, str]:
    """The answer to every question. Raises InvalidInputError (``choice``) for each that is missing."""
    answers = {question: given.get(question, "") for question in QUESTIONS}
    if problems := {question: "choice" for question, answer in answers.items() if answer not in QUESTIONS[question]}:
        raise InvalidInputError(problems)
    return answers


def published_counts(counts: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """The counts by question and answer, zeros included; only of questions that enough people answered."""
    found = {
        question: {answer: counts.get((question, answer), 0) for answer in answers}
        for question, answers in QUESTIONS.items()
    }
    return {question: answers for question, answers in found.items() if sum(answers.values()) >= SHOWN_FROM}
