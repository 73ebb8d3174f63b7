"""Who may ask and answer in public, and when."""

from datetime import date

import pytest

from petitions.errors import ConflictError, ForbiddenError, InvalidInputError
from petitions.lifecycle.rules.referral import OPEN, ReferralState
from petitions.lifecycle.rules.states import Stage
from petitions.questions.rules import (
    GROUNDS,
    MOST_UNANSWERED,
    QuestionFacts,
    check_answering,
    check_asking,
    check_refusing,
    check_speaking,
    first_state,
)

TODAY = date(2026, 3, 2)


def test_only_the_words_of_a_committee_are_published_at_once() -> None:
    assert first_state("committee") == "published"
    assert first_state("initiator") == "waiting"


@pytest.mark.parametrize("state", list(ReferralState))
def test_nobody_speaks_after_the_handling(state: ReferralState) -> None:
    if state in OPEN:
        check_speaking(Stage.CLOSED, state)
        with pytest.raises(ConflictError, match="handling_ended"):
            check_speaking(Stage.WITHDRAWN, state)
    else:
        with pytest.raises(ConflictError, match="handling_ended"):
            check_speaking(Stage.CLOSED, state)


def test_a_few_questions_may_wait_and_a_day_must_be_to_come() -> None:
    check_asking("initiator", MOST_UNANSWERED - 1, None, TODAY)
    with pytest.raises(ConflictError, match="too_many_questions"):
        check_asking("initiator", MOST_UNANSWERED, None, TODAY)
    check_asking("committee", 0, date(2026, 3, 3), TODAY)
    with pytest.raises(InvalidInputError) as refused:
        check_asking("committee", 0, TODAY, TODAY)
    assert refused.value.fields == {"answer_by": "date_past"}


def test_a_question_has_one_answer_from_the_other_side() -> None:
    check_answering("initiator", QuestionFacts("committee", "published", answered=False))
    with pytest.raises(ForbiddenError):
        check_answering("committee", QuestionFacts("committee", "published", answered=False))
    with pytest.raises(ConflictError, match="not_published"):
        check_answering("committee", QuestionFacts("initiator", "waiting", answered=False))
    with pytest.raises(ConflictError, match="answered"):
        check_answering("committee", QuestionFacts("initiator", "published", answered=True))


def test_not_publishing_needs_a_ground_and_a_reason() -> None:
    check_refusing(GROUNDS[0].code, "Laat de naam weg.")
    with pytest.raises(InvalidInputError) as refused:
        check_refusing("because", "")
    assert refused.value.fields == {"ground": "choice", "reason": "missing"}
