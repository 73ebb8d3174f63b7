"""Who may start or sign: every condition, with known facts, a declaration, and nothing at all."""

from datetime import date
from typing import get_args

import pytest

from petitions.lifecycle.rules.eligibility import Person, Standing, age_on, condition_problem, failures, standing
from petitions.lifecycle.rules.procedures import Condition, ConditionName

DAY = date(2026, 4, 12)
ADULT = Condition("min_age", 18)
DUTCH = Condition("nationality", ("nl",))
RESIDENT = Condition("residence", ("ee",))
HERE = Condition("residence")
BRITISH = Condition("nationality_or_residence", ("gb",))
VOTER = Condition("voter")
ANYONE = Condition("anyone")


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 4, 12), date(2026, 4, 11), 17),
        (date(2008, 4, 12), date(2026, 4, 12), 18),
        (date(2008, 12, 31), date(2026, 1, 1), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),  # no 29 February in 2026
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 4, 12), date(2026, 4, 12), 0),
    ],
)
def test_age(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("condition", "person", "expected"),
    [
        (ANYONE, Person(), "met"),
        (ADULT, Person(birth_date=date(2008, 4, 12)), "met"),
        (ADULT, Person(birth_date=date(2008, 4, 13)), "not_met"),
        (ADULT, Person(birth_date=date(2008, 4, 13), declared=True), "not_met"),  # a fact beats a declaration
        (ADULT, Person(declared=True), "met"),
        (ADULT, Person(), "unknown"),
        (DUTCH, Person(nationality="NL"), "met"),
        (DUTCH, Person(nationality="be", declared=True), "not_met"),
        (DUTCH, Person(declared=True), "met"),
        (DUTCH, Person(country="nl"), "unknown"),  # living here is no nationality
        (RESIDENT, Person(country="ee"), "met"),
        (RESIDENT, Person(country="fi"), "not_met"),
        (RESIDENT, Person(), "unknown"),
        (HERE, Person(country="nl"), "unknown"),  # which municipality is not known
        (HERE, Person(country="nl", declared=True), "met"),
        (BRITISH, Person(nationality="gb", country="fr"), "met"),
        (BRITISH, Person(nationality="fr", country="gb"), "met"),
        (BRITISH, Person(country="gb"), "met"),
        (BRITISH, Person(nationality="fr", country="fr"), "not_met"),
        (BRITISH, Person(country="fr"), "unknown"),  # may be a citizen abroad
        (BRITISH, Person(country="fr", declared=True), "met"),
        (VOTER, Person(), "unknown"),
        (VOTER, Person(declared=True), "met"),
    ],
)
def test_standing(condition: Condition, person: Person, expected: Standing) -> None:
    assert standing(condition, person, DAY) == expected


def test_failures_keep_the_order_and_what_is_unknown_is_none() -> None:
    conditions = (DUTCH, ADULT, VOTER)
    child = Person(birth_date=date(2015, 1, 1), nationality="be")
    assert failures(conditions, child, DAY) == (DUTCH, ADULT)
    assert failures(conditions, Person(), DAY) == ()


@pytest.mark.parametrize("name", get_args(ConditionName))
def test_every_condition_has_a_function(name: ConditionName) -> None:
    assert standing(Condition(name), Person(declared=True), DAY) == "met"


@pytest.mark.parametrize("condition", [ANYONE, ADULT, DUTCH, RESIDENT, HERE, BRITISH, VOTER])
def test_sensible_values(condition: Condition) -> None:
    assert condition_problem(condition) is None


@pytest.mark.parametrize(
    "condition",
    [
        Condition("min_age"),
        Condition("min_age", 0),
        Condition("min_age", ("nl",)),
        Condition("nationality"),
        Condition("nationality", 18),
        Condition("nationality_or_residence"),
        Condition("residence", 18),
        Condition("anyone", 18),
        Condition("voter", ("nl",)),
    ],
)
def test_senseless_values(condition: Condition) -> None:
    problem = condition_problem(condition)
    assert problem is not None
    assert condition.name in problem
