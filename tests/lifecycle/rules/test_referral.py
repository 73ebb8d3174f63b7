"""The states of a referral, the order of its steps, and its days."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.errors import ConflictError
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.procedures import Procedure, StepKind
from petitions.lifecycle.rules.referral import (
    MOST_TIME,
    OPEN,
    TRANSITIONS,
    WHAT_CAME_OF_IT,
    ReferralState,
    Taken,
    after,
    clock,
    due_after,
    extension_problem,
    last_required_on,
    next_required,
    next_steps,
    obstacle,
    overdue_days,
    plan,
    state_of,
    steps_of,
    taken_from,
    waiting_days,
)
from petitions.lifecycle.rules.steps import ADDS, MEETINGS, NEEDS, MeetingState

PROCEDURES = load_procedures()
KINDS: tuple[StepKind, ...] = tuple(NEEDS)
DAY = date(2026, 3, 2)
TRACKS = [(p, t.code) for p in PROCEDURES.values() for t in p.thresholds if t.effect != "publish"]


def procedure(code: str, version: int = 1) -> Procedure:
    return PROCEDURES[code, version]


def taken(
    step: str, kind: StepKind, day: int = 0, *, meeting: MeetingState = "", admissible: bool | None = None
) -> Taken:
    return Taken(step, kind, DAY + timedelta(days=day), meeting, admissible)


def burgerinitiatief(*codes: str) -> list[Taken]:
    """The steps of a citizens' initiative up to these."""
    kinds = {step.code: step.kind for step in procedure("nl-burgerinitiatief").steps}
    return [taken(code, kinds[code], number) for number, code in enumerate(codes)]


def test_table_has_every_kind_of_step_and_no_way_back() -> None:
    acts = {row.act for row in TRANSITIONS}
    assert acts == {*KINDS, "admit", "refuse"} - {"admissibility"}
    order = [*OPEN, ReferralState.INADMISSIBLE, ReferralState.DECIDED, ReferralState.CONCLUDED]
    assert all(order.index(row.target) >= order.index(row.source) for row in TRANSITIONS)
    assert {row.source for row in TRANSITIONS} == {*OPEN, ReferralState.DECIDED}
    assert len({(row.source, row.act) for row in TRANSITIONS}) == len(TRANSITIONS)


@pytest.mark.parametrize(
    ("source", "step", "target"),
    [
        (ReferralState.WAITING, taken("a", "receive"), ReferralState.RECEIVED),
        (ReferralState.WAITING, taken("a", "check_conditions"), ReferralState.EXAMINED),
        (ReferralState.EXAMINED, taken("a", "report"), ReferralState.EXAMINED),
        (ReferralState.RECEIVED, taken("a", "admissibility", admissible=True), ReferralState.ADMISSIBLE),
        (ReferralState.EXAMINED, taken("a", "admissibility", admissible=False), ReferralState.INADMISSIBLE),
        (ReferralState.ADMISSIBLE, taken("a", "check_conditions"), ReferralState.ADMISSIBLE),
        (ReferralState.ADMISSIBLE, taken("a", "hearing", meeting="planned"), ReferralState.ADMISSIBLE),
        (ReferralState.RECEIVED, taken("a", "decide"), ReferralState.DECIDED),
        (ReferralState.DECIDED, taken("a", "follow_up"), ReferralState.CONCLUDED),
    ],
)
def test_step_moves_the_referral(source: ReferralState, step: Taken, target: ReferralState) -> None:
    assert after(source, step) == target


@pytest.mark.parametrize(
    ("source", "kind", "reason"),
    [
        (ReferralState.DECIDED, "decide", "decided"),
        (ReferralState.DECIDED, "hearing", "decided"),
        (ReferralState.INADMISSIBLE, "decide", "handling_ended"),
        (ReferralState.CONCLUDED, "follow_up", "handling_ended"),
        (ReferralState.WAITING, "follow_up", "not_decided"),
    ],
)
def test_impossible_moves_are_refused(source: ReferralState, kind: StepKind, reason: str) -> None:
    with pytest.raises(ConflictError, match=reason):
        after(source, taken("a", kind))


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()), max_size=30))
def test_random_acts_never_decide_twice(acts: list[tuple[StepKind, bool]]) -> None:
    state, decisions, refusals = ReferralState.WAITING, 0, 0
    for kind, admissible in acts:
        step = taken("a", kind, admissible=admissible if kind == "admissibility" else None)
        try:
            target = after(state, step)
        except ConflictError:
            continue
        assert not (state not in OPEN and target in OPEN), "an ended handling begins again"
        decisions += target == ReferralState.DECIDED
        refusals += target == ReferralState.INADMISSIBLE
        assert not (target == ReferralState.CONCLUDED and not decisions)
        state = target
    assert decisions + refusals <= 1
    assert (state in {ReferralState.DECIDED, ReferralState.CONCLUDED}) == (decisions == 1)


@given(st.sampled_from(TRACKS), st.data())
def test_random_walks_through_real_procedures_stay_possible(track: tuple[Procedure, str], data: st.DataObject) -> None:
    rules, threshold = track
    walked: list[Taken] = []
    for number in range(40):
        possible = next_steps(rules, threshold, walked)
        everything = steps_of(rules, threshold, walked)
        assert all(obstacle(rules, threshold, walked, step) for step in everything if step not in possible)
        if not possible:
            break
        step = data.draw(st.sampled_from(possible))
        told: dict[str, Any] = (
            {"meeting": data.draw(st.sampled_from(["planned", "held", "cancelled"]))} if step.kind in MEETINGS else {}
        )
        if step.kind == "admissibility":
            told = {"admissible": data.draw(st.booleans())}
        if step.kind == "decide" and data.draw(st.booleans()):
            told = {"follow_up_on": "2027-01-01"}
        walked.append(taken_from(step.code, step.kind, DAY + timedelta(days=number), told))
        state_of(walked)  # never raises
        assert sum(one.kind == "decide" for one in walked) <= 1
        done = [one.step_code for one in walked if one.completes]
        assert len(done) == len(set(done)), "a step is done once"
        items = plan(rules, threshold, walked, created_on=DAY, due_on=None)
        assert tuple(item.step for item in items if item.possible) == next_steps(rules, threshold, walked)
        assert sum(item.state == "now" for item in items) <= 1
    if state_of(walked) in {ReferralState.DECIDED, ReferralState.CONCLUDED}:
        required = {step.code for step in rules.steps_for(threshold) if step.required}
        assert required <= {one.step_code for one in walked if one.completes}


def test_first_step_is_the_only_one_at_the_start() -> None:
    rules = procedure("nl-burgerinitiatief")
    assert [step.code for step in next_steps(rules, "examine", [])] == ["received"]


def test_optional_steps_may_be_skipped_but_not_taken_up_again_after_a_required_one() -> None:
    rules = procedure("nl-kamer-petitie")
    walked = [taken("received", "receive"), taken("whether_and_when", "admissibility", 1, admissible=True)]
    assert [step.code for step in next_steps(rules, "offer", walked)] == ["hand_over", "debate", "closed"]
    assert next_required(rules, "offer", walked) == rules.steps[4]
    walked.append(taken("debate", "debate", 2))
    assert [step.code for step in next_steps(rules, "offer", walked)] == ["hand_over", "closed"]
    walked.append(taken("closed", "decide", 3))
    assert [step.code for step in next_steps(rules, "offer", walked)] == ["follow_up"]
    refused = obstacle(rules, "offer", walked, rules.steps[2])
    assert refused is not None
    assert refused.reason == "decided"


def test_passed_optional_step_is_missed_unless_it_was_planned() -> None:
    rules = procedure("fi-kansalaisaloite")
    hearing = next(step for step in rules.steps if step.code == "hearing")
    walked = [taken("received", "receive"), taken("verified", "check_conditions"), taken("handed_over", "hand_over")]
    walked.append(taken("referral_debate", "debate"))
    assert obstacle(rules, "parliament", walked, hearing) is None
    walked.append(taken("decided", "decide"))
    items = {item.step.code: item for item in plan(rules, "parliament", walked, created_on=DAY, due_on=None)}
    assert items["hearing"].state == "missed"
    assert items["decided"].state == "done"


def test_step_too_early_names_the_required_step_before_it() -> None:
    rules = procedure("nl-burgerinitiatief")
    steps = {step.code: step for step in rules.steps}
    refused = obstacle(rules, "examine", burgerinitiatief("received"), steps["plenary_debate"])
    assert refused is not None
    assert (refused.reason, refused.waits_for) == ("step_too_early", steps["sample_check"])


def test_outcome_that_promises_a_follow_up_gets_a_step_for_it() -> None:
    rules = procedure("uk-parliament")
    decided = Taken("debate_decided", "decide", DAY, follow_up_on=date(2026, 9, 1))
    walked = [taken("considered", "receive"), decided]
    assert next_steps(rules, "debate", walked) == (WHAT_CAME_OF_IT,)
    item = plan(rules, "debate", walked, created_on=DAY, due_on=None)[-1]
    assert (item.step, item.due_on, item.state) == (WHAT_CAME_OF_IT, date(2026, 9, 1), "next")
    unpromised = [taken("considered", "receive"), taken("debate_decided", "decide")]
    assert next_steps(rules, "debate", unpromised) == ()


def test_deadline_of_the_threshold_runs_until_its_effect_is_there() -> None:
    rules = procedure("ee-riigikogu")
    threshold = rules.thresholds[0]
    first = date(2026, 4, 1)  # thirty days after the referral
    walked = [taken("received", "receive", 3)]
    assert due_after(rules, threshold, walked, first) == first
    walked.append(taken("accepted", "admissibility", 20, admissible=True))
    half_a_year = date(2026, 9, 22)
    assert due_after(rules, threshold, walked, first) == half_a_year, "six months from acceptance"
    items = {item.step.code: item for item in plan(rules, "consider", walked, created_on=DAY, due_on=half_a_year)}
    assert (items["discussed"].due_on, items["decided"].due_on) == (date(2026, 6, 22), half_a_year)
    walked.append(taken("discussed", "hearing", 60, meeting="planned"))
    assert due_after(rules, threshold, walked, half_a_year) == half_a_year
    walked.append(taken("discussed", "hearing", 70, meeting="held"))
    assert due_after(rules, threshold, walked, half_a_year) == half_a_year, "optional: the clock runs on"
    walked.append(taken("decided", "decide", 90))
    assert due_after(rules, threshold, walked, half_a_year) is None


def test_answer_within_the_deadline_of_the_threshold_ends_it() -> None:
    rules = procedure("tw-join")
    due = date(2026, 5, 1)
    walked = [taken("received", "receive", 1)]
    assert due_after(rules, rules.thresholds[0], walked, due) == due
    walked.append(taken("reply", "publish_response", 50))
    assert due_after(rules, rules.thresholds[0], walked, due) is None


def test_refusal_ends_every_deadline() -> None:
    rules = procedure("ee-riigikogu")
    walked = [taken("received", "receive"), taken("accepted", "admissibility", 9, admissible=False)]
    assert due_after(rules, rules.thresholds[0], walked, date(2026, 4, 1)) is None
    assert next_steps(rules, "consider", walked) == ()


def test_deadlines_run_from_the_last_required_step() -> None:
    rules = procedure("fi-kansalaisaloite")
    walked = [taken("received", "receive", 4), taken("verified", "check_conditions", 10)]
    assert last_required_on(rules, "parliament", walked, DAY) == DAY + timedelta(days=10)
    assert due_after(rules, rules.thresholds[0], walked, None) == date(2026, 9, 12)
    assert last_required_on(rules, "parliament", [], DAY) == DAY


def test_clock_counts_days_and_what_is_overdue() -> None:
    due = date(2026, 4, 1)
    assert (waiting_days(DAY, date(2026, 4, 12)), overdue_days(due, date(2026, 4, 15))) == (41, 14)
    on_time = clock(ReferralState.RECEIVED, DAY, due, None, due)
    assert (on_time.days_left, on_time.days_overdue) == (0, 0), "the due day itself is in time"
    late = clock(ReferralState.RECEIVED, DAY, due, None, due + timedelta(days=1))
    assert (late.days_left, late.days_overdue) == (None, 1)
    ended = clock(ReferralState.DECIDED, DAY, None, DAY + timedelta(days=9), DAY + timedelta(days=500))
    assert (ended.days, ended.days_overdue, ended.ended_on) == (9, 0, DAY + timedelta(days=9))
    endless = clock(ReferralState.WAITING, DAY, None, None, DAY)
    assert (endless.days, endless.due_on, endless.days_left) == (0, None, None)


@pytest.mark.parametrize(
    ("due_on", "wanted", "problem"),
    [
        (None, None, "missing"),
        (None, DAY, "date_past"),
        (None, DAY + timedelta(days=1), ""),
        (DAY + timedelta(days=5), DAY + timedelta(days=5), "not_later"),
        (DAY - timedelta(days=5), DAY + timedelta(days=1), ""),
        (None, DAY + MOST_TIME, ""),
        (None, DAY + MOST_TIME + timedelta(days=1), "too_far"),
    ],
)
def test_more_time_lies_after_today_and_after_the_present_day(
    due_on: date | None, wanted: date | None, problem: str
) -> None:
    assert extension_problem(due_on, wanted, DAY) == problem


def test_every_kind_of_step_says_what_it_needs_and_adds() -> None:
    assert set(NEEDS) == set(ADDS)
    assert not any(set(NEEDS[kind]) & set(ADDS[kind]) for kind in KINDS)
