"""No decision without an outcome of the procedure and reasons; and a day on which somebody looks what came of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.errors import InvalidInputError
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.outcome import check_follow_up, decide, follow_up_due
from petitions.lifecycle.rules.steps import UNLISTED_GROUND, StepDates, StepInput, check, published

PROCEDURES = load_procedures()
RULES = PROCEDURES["nl-burgerinitiatief", 2]
TODAY = date(2026, 5, 20)
NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
DAYS = StepDates(TODAY - timedelta(days=30), TODAY, NOW)
DECISION = StepInput(happened_on=TODAY, outcome="motion_adopted", reasons="De Kamer vindt dit nodig.")


def test_decision_has_the_follow_up_of_its_outcome_unless_another_day_was_chosen() -> None:
    assert decide(RULES, DECISION, DAYS).follow_up_on == date(2026, 11, 20)
    chosen = StepInput(happened_on=TODAY, outcome="motion_adopted", reasons="Ja.", follow_up_on=date(2026, 7, 1))
    assert decide(RULES, chosen, DAYS).follow_up_on == date(2026, 7, 1)
    plain = StepInput(happened_on=TODAY, outcome="position_taken", reasons="Ja.")
    assert decide(RULES, plain, DAYS).follow_up_on is None


@pytest.mark.parametrize(
    ("facts", "problems"),
    [
        (StepInput(), {"happened_on": "missing", "outcome": "missing", "reasons": "missing"}),
        (StepInput(happened_on=TODAY, outcome="motion_adopted"), {"reasons": "missing"}),
        (StepInput(happened_on=TODAY, outcome="adopted", reasons="Ja."), {"outcome": "choice"}),
        (
            StepInput(happened_on=TODAY + timedelta(days=1), outcome="position_taken", reasons="Ja."),
            {"happened_on": "date_future"},
        ),
        (
            StepInput(happened_on=TODAY - timedelta(days=31), outcome="position_taken", reasons="Ja."),
            {"happened_on": "date_too_early"},
        ),
        (
            StepInput(happened_on=TODAY, outcome="position_taken", reasons="Ja.", follow_up_on=TODAY),
            {"follow_up_on": "date_past"},
        ),
    ],
)
def test_incomplete_decisions_are_refused_by_field(facts: StepInput, problems: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        decide(RULES, facts, DAYS)
    assert caught.value.fields == problems


@given(
    st.sampled_from(sorted(PROCEDURES)),
    st.sampled_from(["", "won", "closed", "debated", "rejected"]),
    st.sampled_from(["", "Daarom."]),
    st.integers(-40, 3),
)
def test_a_decision_always_has_an_outcome_of_its_procedure_and_reasons(
    key: tuple[str, int], outcome: str, reasons: str, day: int
) -> None:
    rules = PROCEDURES[key]
    try:
        made = decide(rules, StepInput(happened_on=TODAY + timedelta(days=day), outcome=outcome, reasons=reasons), DAYS)
    except InvalidInputError:
        return
    assert rules.outcome(made.outcome) is not None
    assert made.reasons
    assert made.decided_on <= TODAY


def test_follow_up_must_say_what_came_of_it() -> None:
    check_follow_up(StepInput(happened_on=TODAY, text="De wet is er."), DAYS)
    with pytest.raises(InvalidInputError) as caught:
        check_follow_up(StepInput(happened_on=TODAY), DAYS)
    assert caught.value.fields == {"text": "missing"}


def test_follow_up_is_due_from_its_day_until_it_is_told() -> None:
    assert follow_up_due(TODAY, concluded=False, day=TODAY)
    assert not follow_up_due(TODAY, concluded=True, day=TODAY)
    assert not follow_up_due(TODAY + timedelta(days=1), concluded=False, day=TODAY)
    assert not follow_up_due(None, concluded=False, day=TODAY)


def test_body_without_listed_grounds_refuses_with_reasons_alone() -> None:
    rules = PROCEDURES["fr-senat", 1]
    check(rules, "admissibility", StepInput(TODAY, admissible=False, ground=UNLISTED_GROUND, reasons="Nee."), DAYS)
    with pytest.raises(InvalidInputError):
        check(RULES, "admissibility", StepInput(TODAY, admissible=False, ground=UNLISTED_GROUND, reasons="Nee."), DAYS)


@pytest.mark.parametrize(
    ("kind", "facts", "told"),
    [
        ("receive", StepInput(TODAY, outcome="motion_adopted"), {}),
        ("appoint_rapporteur", StepInput(TODAY, rapporteur="K. de Boer"), {"rapporteur": "K. de Boer"}),
        ("admissibility", StepInput(TODAY, admissible=True, ground="taxes"), {"admissible": True}),
        (
            "admissibility",
            StepInput(TODAY, admissible=False, ground="taxes", reasons="Nee."),
            {"admissible": False, "ground": "taxes", "reasons": "Nee."},
        ),
        (
            "hearing",
            StepInput(meeting="planned", meeting_at=NOW, place="Zaal"),
            {"meeting": "planned", "meeting_at": NOW.isoformat(), "place": "Zaal"},
        ),
        (
            "hearing",
            StepInput(meeting="cancelled", meeting_at=NOW, place="Zaal", text="Ziek."),
            {"meeting": "cancelled", "text": "Ziek."},
        ),
    ],
)
def test_only_the_fields_of_a_step_are_published(kind: Any, facts: StepInput, told: dict[str, Any]) -> None:
    assert published(kind, facts) == told
