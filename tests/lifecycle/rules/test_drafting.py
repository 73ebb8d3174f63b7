"""The chooser as a table, and the course of a petition as its initiator sees it."""

from dataclasses import replace
from datetime import date

import pytest

from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.drafting import (
    Alternative,
    Decider,
    Scope,
    choose,
    course,
    decider_of,
    deciders,
    in_force,
    milestone_reached,
)
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.states import Stage

DAY = date(2026, 3, 2)
PROCEDURES = tuple(load_procedures().values())


@pytest.mark.parametrize(
    ("scope", "decider", "expected"),
    [
        (Scope.SELF, None, Alternative.PERSONAL),
        (Scope.SELF, Decider.NATIONAL, Alternative.PERSONAL),
        (Scope.SELF, Decider.COMPANY, Alternative.PERSONAL),
        (Scope.MANY, Decider.NATIONAL, ["nl-burgerinitiatief", "nl-kamer-petitie"]),
        (Scope.MANY, Decider.UNSURE, ["nl-burgerinitiatief", "nl-kamer-petitie"]),
        (Scope.MANY, Decider.MUNICIPALITY, ["nl-gemeente-initiatief"]),
        (Scope.MANY, Decider.OTHER_MUNICIPALITY, Alternative.OTHER_COUNCIL),
        (Scope.MANY, Decider.REGION, Alternative.REGION),
        (Scope.MANY, Decider.EUROPE, Alternative.EUROPE),
        (Scope.MANY, Decider.ABROAD, ["uk-parliament"]),
        (Scope.MANY, Decider.COMPANY, Alternative.COMPANY),
    ],
)
def test_chooser(scope: Scope, decider: Decider | None, expected: Alternative | list[str]) -> None:
    way = choose(scope, decider, PROCEDURES, DAY)
    if isinstance(expected, Alternative):
        assert (way.alternative, way.offers) == (expected, ())
    else:
        assert way.alternative is None
        assert [offer.procedure.code for offer in way.offers] == expected
        assert all(offer.obstacle is None for offer in way.offers)


def test_every_answer_leads_somewhere() -> None:
    for decider in Decider:
        way = choose(Scope.MANY, decider, PROCEDURES, DAY)
        assert bool(way.offers) != (way.alternative is not None)


def test_without_a_procedure_an_alternative_is_shown() -> None:
    assert choose(Scope.MANY, Decider.MUNICIPALITY, (), DAY).alternative is Alternative.OTHER_COUNCIL
    assert choose(Scope.MANY, Decider.NATIONAL, (), DAY).alternative is Alternative.NOWHERE


def test_what_nobody_offers_is_not_asked() -> None:
    assert Decider.ABROAD in deciders(PROCEDURES, DAY)
    dutch = [procedure for procedure in PROCEDURES if procedure.body.country == "nl"]
    assert Decider.ABROAD not in deciders(dutch, DAY)
    assert Decider.MUNICIPALITY not in deciders((), DAY)
    assert Decider.OTHER_MUNICIPALITY in deciders((), DAY)


def test_a_procedure_that_needs_an_eid_is_shown_with_the_reason() -> None:
    finnish = next(procedure for procedure in PROCEDURES if procedure.code == "fi-kansalaisaloite")
    way = choose(Scope.MANY, Decider.ABROAD, [replace(finnish, listed=True)], DAY)
    assert [offer.obstacle for offer in way.offers] == ["identity_not_available"]


def _version(procedure: Procedure, number: int, first: date, end: date | None) -> Procedure:
    return replace(procedure, version=number, valid_from=first, valid_to=end)


def test_only_the_newest_version_in_force_is_offered() -> None:
    one = next(procedure for procedure in PROCEDURES if procedure.code == "nl-kamer-petitie")
    old = _version(one, 1, date(2020, 1, 1), None)
    new = _version(one, 2, date(2026, 3, 2), None)
    later = _version(one, 3, date(2026, 3, 3), None)
    ended = _version(one, 4, date(2020, 1, 1), DAY)
    assert [p.version for p in in_force([old, new, later, ended], DAY)] == [2]
    assert in_force([replace(old, listed=False)], DAY) == ()


def test_the_page_of_a_procedure_knows_its_answer() -> None:
    answers = {p.code: decider_of(p) for p in in_force(PROCEDURES, DAY)}
    assert answers == {
        "nl-burgerinitiatief": Decider.NATIONAL,
        "nl-kamer-petitie": Decider.NATIONAL,
        "nl-gemeente-initiatief": Decider.MUNICIPALITY,
        "uk-parliament": Decider.ABROAD,
    }


@pytest.mark.parametrize(
    ("stage", "referred", "handled", "states", "current"),
    [
        (Stage.DRAFT, False, False, "now next next next next", 1),
        (Stage.SPONSORING, False, False, "done now next next next", 2),
        (Stage.MODERATION, False, False, "done done now next next", 3),
        (Stage.REJECTED, False, False, "done done now next next", 3),
        (Stage.OPEN, False, False, "done done done now next", 4),
        (Stage.OPEN, True, False, "done done done now now", 4),
        (Stage.CLOSED, True, False, "done done done done now", 5),
        (Stage.CLOSED, True, True, "done done done done done", 5),
        (Stage.CLOSED, False, False, "done done done done missed", 5),
        (Stage.REMOVED, True, False, "done done done missed missed", 4),
    ],
)
def test_course(stage: Stage, referred: bool, handled: bool, states: str, current: int) -> None:
    found = course(stage, with_sponsors=True, referred=referred, handled=handled)
    assert " ".join(state for _, state in found.milestones) == states
    assert (found.current, found.total) == (current, 5)


def test_course_without_sponsors_is_shorter() -> None:
    found = course(Stage.MODERATION, with_sponsors=False)
    assert (found.current, found.total) == (2, 4)
    assert [name for name, _ in found.milestones] == ["write", "check", "sign", "committee"]


@pytest.mark.parametrize(
    ("confirmed", "submitted", "opened", "with_sponsors", "where"),
    [
        (False, False, False, True, "write"),
        (True, False, False, True, "sponsors"),
        (True, False, False, False, "write"),
        (True, True, False, True, "check"),
        (True, True, True, False, "sign"),
    ],
)
def test_where_a_withdrawn_petition_stopped(
    confirmed: bool, submitted: bool, opened: bool, with_sponsors: bool, where: str
) -> None:
    stopped = milestone_reached(confirmed=confirmed, submitted=submitted, opened=opened, with_sponsors=with_sponsors)
    assert stopped == where
    found = course(Stage.WITHDRAWN, with_sponsors=with_sponsors, stopped_at=stopped)
    assert dict(found.milestones)[stopped] == "missed"
