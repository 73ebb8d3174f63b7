"""When the survey asks, until when one may answer, and from how many answers its result is shown."""

from datetime import UTC, datetime, timedelta

import pytest

from petitions.errors import InvalidInputError
from petitions.lifecycle.rules.outcome import ends_handling
from petitions.survey.rules import OPEN_FOR, QUESTIONS, SHOWN_FROM, check_answers, is_open, published_counts

DECIDED = datetime(2026, 3, 2, tzinfo=UTC)


def test_only_the_end_of_a_handling_asks() -> None:
    assert ends_handling("step", {"kind": "decide", "outcome": "motion_adopted"})
    assert ends_handling("step", {"kind": "admissibility", "admissible": False})
    assert not ends_handling("step", {"kind": "admissibility", "admissible": True})
    assert not ends_handling("step", {"kind": "hearing"})
    assert not ends_handling("update", {"kind": "decide"})


def test_open_from_the_decision_for_sixty_days() -> None:
    assert not is_open(None, DECIDED)
    assert not is_open(DECIDED, DECIDED - timedelta(seconds=1))
    assert is_open(DECIDED, DECIDED + OPEN_FOR)
    assert not is_open(DECIDED, DECIDED + OPEN_FOR + timedelta(seconds=1))


def test_every_question_needs_one_of_its_answers() -> None:
    assert check_answers({"understood": "no", "serious": "yes", "else": "x"}) == {"understood": "no", "serious": "yes"}
    with pytest.raises(InvalidInputError) as refused:
        check_answers({"understood": "maybe"})
    assert refused.value.fields == dict.fromkeys(QUESTIONS, "choice")


def test_a_few_answers_are_not_shown() -> None:
    few = {("understood", "yes"): SHOWN_FROM - 1, ("serious", "yes"): SHOWN_FROM - 1, ("serious", "no"): 1}
    assert published_counts(few) == {"serious": {"yes": 9, "partly": 0, "no": 1}}
