"""Whether a person may start or sign: the closed set of conditions, each a pure function of declared facts and a day.

A known fact decides. Where the fact is not asked for, a declaration ("I meet the conditions") counts as met. Without
either the result is *unknown*, which is not a refusal.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from petitions.lifecycle.rules.procedures import Condition, ConditionName

Standing = Literal["met", "not_met", "unknown"]


@dataclass(frozen=True, slots=True)
class Person:
    """Facts that somebody declared about themselves. Countries as ISO 3166-1 alpha-2, in upper or lower case."""

    birth_date: date | None = None
    nationality: str | None = None
    country: str | None = None  # where they live
    declared: bool = False  # ticked "I meet the conditions"


def age_on(birth_date: date, day: date) -> int:
    """The age in full years; somebody born on 29 February turns a year older on 1 March in ordinary years."""
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday)


def standing(condition: Condition, person: Person, day: date) -> Standing:
    """Whether ``person`` meets ``condition`` on ``day`` (of signing or of receipt, as the procedure says)."""
    return _CHECKS[condition.name](condition, person, day)


def failures(conditions: Iterable[Condition], person: Person, day: date) -> tuple[Condition, ...]:
    """The conditions that this person certainly does not meet, in order; unknown ones are left out."""
    return tuple(c for c in conditions if standing(c, person, day) == "not_met")


def condition_problem(condition: Condition) -> str | None:
    """What is wrong with the value of a condition in a file, in one line; None when nothing is."""
    value = condition.value
    needs_years = condition.name == "min_age"
    needs_countries = condition.name in ("nationality", "nationality_or_residence")
    may_have_countries = needs_countries or condition.name == "residence"
    if needs_years and not (isinstance(value, int) and value > 0):
        return f"condition {condition.name}: value must be a number of years"
    if needs_countries and not isinstance(value, tuple):
        return f"condition {condition.name}: value must be a list of countries"
    if value is not None and not needs_years and not (may_have_countries and isinstance(value, tuple)):
        return f"condition {condition.name}: takes no such value"
    return None


def _declared(person: Person) -> Standing:
    return "met" if person.declared else "unknown"


def _is_among(value: str | None, condition: Condition) -> bool | None:
    """Whether a country is one of those of the condition; None when it is unknown or the condition names none."""
    if value is None or not isinstance(condition.value, tuple):
        return None
    return value.casefold() in {country.casefold() for country in condition.value}


def _from_answer(answer: bool | None, person: Person) -> Standing:
    if answer is None:
        return _declared(person)
    return "met" if answer else "not_met"


def _anyone(_condition: Condition, _person: Person, _day: date) -> Standing:
    return "met"


def _min_age(condition: Condition, person: Person, day: date) -> Standing:
    if person.birth_date is None or not isinstance(condition.value, int):
        return _declared(person)
    return _from_answer(age_on(person.birth_date, day) >= condition.value, person)


def _nationality(condition: Condition, person: Person, _day: date) -> Standing:
    return _from_answer(_is_among(person.nationality, condition), person)


def _residence(condition: Condition, person: Person, _day: date) -> Standing:
    """Without countries the condition is: lives in the area of the body, which only a declaration can tell."""
    return _from_answer(_is_among(person.country, condition), person)


def _nationality_or_residence(condition: Condition, person: Person, _day: date) -> Standing:
    answers = (_is_among(person.nationality, condition), _is_among(person.country, condition))
    if True in answers:
        return "met"
    return _from_answer(None if None in answers else False, person)


def _voter(_condition: Condition, person: Person, _day: date) -> Standing:
    """Entitled to vote for the body: this service has no register, so only a declaration can tell."""
    return _declared(person)


_CHECKS: Final[Mapping[ConditionName, Callable[[Condition, Person, date], Standing]]] = {
    "anyone": _anyone,
    "min_age": _min_age,
    "nationality": _nationality,
    "residence": _residence,
    "nationality_or_residence": _nationality_or_residence,
    "voter": _voter,
}
