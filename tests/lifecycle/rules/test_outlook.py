"""What happens next: never stronger than the rule, with a deadline only where there is one, nothing after an end."""

from datetime import date

import pytest

from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.outlook import (
    STRENGTHS,
    OutlookItem,
    OutlookReferral,
    PetitionFacts,
    next_number,
    outlook,
    promise,
    step_strength,
)
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.referral import Taken
from petitions.lifecycle.rules.states import ENDINGS, Stage

PROCEDURES = load_procedures()
DAY = date(2026, 3, 2)


def of(code: str) -> Procedure:
    return max((p for (c, _), p in PROCEDURES.items() if c == code), key=lambda p: p.version)


def items(procedure: Procedure, kind: str, facts: PetitionFacts) -> list[OutlookItem]:
    return [item for item in outlook(procedure, facts) if item.kind == kind]


@pytest.mark.parametrize("key", PROCEDURES, ids=lambda key: f"{key[0]}.v{key[1]}")
def test_nothing_is_promised_more_strongly_than_the_rule(key: tuple[str, int]) -> None:
    procedure = PROCEDURES[key]
    steps = {step.code: step for step in procedure.steps}
    for item in promise(procedure):
        if item.strength is None or item.threshold is None:
            continue
        assert STRENGTHS.index(item.strength) <= STRENGTHS.index(item.threshold.strength)
        if item.kind == "step":
            assert STRENGTHS.index(item.strength) <= STRENGTHS.index(steps[item.code].strength)
            assert steps[item.code].required or item.strength != "must"


@pytest.mark.parametrize("key", PROCEDURES, ids=lambda key: f"{key[0]}.v{key[1]}")
def test_a_deadline_stands_only_where_the_procedure_has_one(key: tuple[str, int]) -> None:
    procedure = PROCEDURES[key]
    lengths = {("threshold", t.code): t.within for t in procedure.thresholds}
    lengths |= {("step", s.code): s.within for s in procedure.steps}
    for item in promise(procedure):
        assert item.due_on is None
        if item.kind in {"threshold", "step"}:
            assert item.within == lengths[item.kind, item.code]


@pytest.mark.parametrize("key", PROCEDURES, ids=lambda key: f"{key[0]}.v{key[1]}")
def test_the_promise_names_every_threshold_and_nothing_has_happened(key: tuple[str, int]) -> None:
    told = promise(PROCEDURES[key])
    assert {item.code for item in told if item.kind == "threshold"} == {t.code for t in PROCEDURES[key].thresholds}
    assert {item.state for item in told} == {"next"}


@pytest.mark.parametrize("stage", sorted(ENDINGS))
def test_nothing_follows_an_ending(stage: Stage) -> None:
    assert outlook(of("nl-burgerinitiatief"), PetitionFacts(stage, DAY)) == ()


def test_an_open_initiative_waits_for_its_number() -> None:
    facts = PetitionFacts(Stage.OPEN, DAY, count=38_214, opened_on=date(2026, 2, 2))
    told = outlook(of("nl-burgerinitiatief"), facts)
    assert [(item.kind, item.state) for item in told[:3]] == [
        ("check", "done"),
        ("signing", "now"),
        ("threshold", "next"),
    ]
    waits = next_number(told)
    assert waits is not None
    assert (waits.count, waits.remaining, waits.strength) == (40_000, 1_786, "must")
    assert {item.state for item in told[3:]} == {"next"}


def test_the_numbers_of_the_petition_itself_count() -> None:
    facts = PetitionFacts(Stage.OPEN, DAY, count=3, required={"examine": 5})
    waits = next_number(outlook(of("nl-burgerinitiatief"), facts))
    assert waits is not None
    assert (waits.count, waits.remaining) == (5, 2)


def test_what_comes_after_the_admissibility_depends_on_it() -> None:
    procedure = of("nl-burgerinitiatief")
    facts = PetitionFacts(Stage.OPEN, DAY)
    depends = {item.code: item.if_taken_up for item in items(procedure, "step", facts)}
    assert not depends["report"]
    assert not depends["admissibility"]
    assert depends["plenary_debate"]
    assert depends["votes"]


def test_once_taken_up_nothing_depends_on_it_any_more() -> None:
    procedure = of("nl-kamer-petitie")
    taken = (
        Taken("received", "receive", date(2026, 2, 3)),
        Taken("whether_and_when", "admissibility", date(2026, 2, 20), admissible=True),
    )
    facts = PetitionFacts(
        Stage.CLOSED,
        DAY,
        reached={"offer": date(2026, 2, 1)},
        referred=(OutlookReferral("offer", date(2026, 2, 1), None, taken),),
    )
    steps = items(procedure, "step", facts)
    assert [(step.code, step.state) for step in steps[:3]] == [
        ("received", "done"),
        ("whether_and_when", "done"),
        ("hand_over", "next"),
    ]
    assert not any(step.if_taken_up for step in steps)
    assert {step.strength for step in steps} == {"may"}  # the committee may receive it: nothing after that is a duty


def test_a_step_that_is_late_says_by_how_many_days() -> None:
    procedure = of("ee-riigikogu")
    facts = PetitionFacts(
        Stage.CLOSED,
        date(2026, 3, 13),
        reached={"consider": date(2026, 2, 1)},
        referred=(OutlookReferral("consider", date(2026, 2, 1), date(2026, 3, 3)),),
    )
    now = [item for item in items(procedure, "step", facts) if item.state == "now"]
    assert [(item.due_on, item.days_late) for item in now] == [(date(2026, 3, 3), 10)]


def test_a_closed_petition_missed_what_it_did_not_reach() -> None:
    facts = PetitionFacts(Stage.CLOSED, DAY, count=9_000, closed_on=DAY)
    told = outlook(of("uk-parliament"), facts)
    assert [item.state for item in told if item.kind == "threshold"] == ["missed", "missed"]
    assert not [item for item in told if item.kind == "step"]
    assert next_number(told) is None


def test_only_the_next_number_tells_its_steps() -> None:
    facts = PetitionFacts(Stage.OPEN, DAY, count=12)
    codes = [item.code for item in items(of("uk-parliament"), "step", facts)]
    assert codes == ["response_requested", "response_published", "response_reviewed"]


def test_being_published_is_handled_by_nobody() -> None:
    procedure = of("fr-assemblee")
    facts = PetitionFacts(Stage.OPEN, DAY, reached={"rapporteur": DAY}, referred=(OutlookReferral("rapporteur", DAY),))
    told = outlook(procedure, facts)
    places = [item.code for item in told if item.kind == "threshold"]
    assert places == ["rapporteur", "publication", "debate"]
    assert told[[item.code for item in told].index("publication") + 1].code == "debate"


def test_the_weakest_link_decides() -> None:
    procedure = of("uk-parliament")
    threshold = procedure.threshold("response")
    assert threshold is not None
    assert threshold.strength == "normally"
    assert step_strength(procedure.steps_for("response")[0], threshold) == "normally"


def test_unconfirmed_values_are_marked() -> None:
    told = promise(of("nl-burgerinitiatief"))
    marks = {item.code or item.kind: item.unconfirmed for item in told}
    assert marks["check"]
    assert marks["what_came_of_it"]
    assert not marks["examine"]
