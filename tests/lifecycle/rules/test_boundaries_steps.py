"""Steps of a committee at their boundaries: which reason is given, what a deadline is counted from, what is planned."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from petitions.durations import Duration
from petitions.errors import ConflictError, ForbiddenError, InvalidInputError
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.procedures import LocalizedText, Procedure, Step, Threshold
from petitions.lifecycle.rules.referral import (
    WHAT_CAME_OF_IT,
    ReferralState,
    StepRefusedError,
    Taken,
    after,
    clock,
    due_after,
    is_planned,
    last_required_on,
    next_required,
    obstacle,
    overdue_days,
    plan,
    taken_from,
)
from petitions.lifecycle.rules.states import Act, Actor, Stage, transition
from petitions.lifecycle.rules.steps import MeetingState, StepDates, StepInput, check, needed, published

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
PROCEDURES = load_procedures()
WORDS = LocalizedText("Iets", "Something")
DAYS = StepDates(DAY - timedelta(days=30), DAY, NOW)


def step(code: str, kind: str, *, required: bool = True, days: int = 0, only: str = "") -> Step:
    return Step(
        code=code,
        kind=kind,  # type: ignore[arg-type]
        name=WORDS,
        who=WORDS,
        within=Duration(days=days) if days else None,
        required=required,
        for_thresholds=(only,) if only else (),
    )


RECEIVE = step("receive", "receive", days=5)
ASK = step("ask", "ask_response", required=False)
HEARING = step("hearing", "hearing", required=False, days=7)
REPORT = step("report", "report", days=20)
DEBATE = step("debate", "debate", required=False)
DECIDE = step("decide", "decide", days=10)
ELSEWHERE = step("elsewhere", "report", only="other")
LAST = step("last", "check_conditions", required=False)


def made(*steps: Step) -> Procedure:
    """A procedure with these steps, for two thresholds."""
    base = PROCEDURES["uk-parliament", 1]
    first = replace(base.thresholds[0], code="own", effect="refer", within=Duration(days=60))
    return replace(base, steps=steps, thresholds=(first, replace(first, code="other")))


PROCEDURE = made(RECEIVE, ASK, ELSEWHERE, HEARING, REPORT, DEBATE, DECIDE, LAST)
OWN: Threshold = PROCEDURE.thresholds[0]


def took(one: Step, day: int = 0, meeting: MeetingState = "", **more: object) -> Taken:
    return replace(Taken(one.code, one.kind, DAY + timedelta(days=day), meeting), **more)  # type: ignore[arg-type]


def why(taken: list[Taken], one: Step) -> tuple[str, str, str] | None:
    """The reason, the step that is refused, and the one that it waits for."""
    refused = obstacle(PROCEDURE, "own", taken, one)
    if refused is None:
        return None
    assert isinstance(refused, StepRefusedError)
    return str(refused), refused.step.code, refused.waits_for.code if refused.waits_for else ""


def test_each_reason_is_given_with_its_step() -> None:
    done = [took(RECEIVE), took(REPORT), took(DECIDE)]
    assert why([], RECEIVE) is None
    assert why([], REPORT) == ("step_too_early", "report", "receive")
    assert why([took(RECEIVE)], RECEIVE) == ("step_done", "receive", "")
    assert why([took(RECEIVE), took(REPORT)], ASK) == ("step_passed", "ask", "")
    assert why([took(RECEIVE), took(REPORT)], HEARING) == ("step_passed", "hearing", "")
    assert why([took(RECEIVE)], ASK) is None
    assert why(done, LAST) == ("decided", "last", "")
    follow_up = replace(done[-1], follow_up_on=DAY + timedelta(days=90))
    assert why([*done[:-1], follow_up], WHAT_CAME_OF_IT) is None
    assert why([took(RECEIVE)], WHAT_CAME_OF_IT) == ("not_decided", WHAT_CAME_OF_IT.code, "")
    concluded = [*done[:-1], follow_up, took(WHAT_CAME_OF_IT, 100)]
    assert why(concluded, DECIDE) == ("handling_ended", "decide", "")
    assert why(concluded, ASK) == ("handling_ended", "ask", "")


def test_a_planned_meeting_is_held_although_a_later_step_was_done() -> None:
    planned = [took(RECEIVE), took(HEARING, 1, "planned"), took(REPORT, 2)]
    assert is_planned(HEARING, planned)
    assert not is_planned(REPORT, planned)
    assert not is_planned(HEARING, [*planned, took(HEARING, 3, "cancelled")])
    assert is_planned(HEARING, [took(HEARING, 1, "cancelled"), took(HEARING, 2, "planned")])
    assert why(planned, HEARING) is None
    assert why([took(RECEIVE), took(HEARING, 1, "cancelled"), took(REPORT, 2)], HEARING) == (
        "step_passed",
        "hearing",
        "",
    )


def test_only_the_steps_of_this_threshold_are_waited_for() -> None:
    taken = [took(RECEIVE)]
    own, other = next_required(PROCEDURE, "own", taken), next_required(PROCEDURE, "other", taken)
    assert (own, other) == (REPORT, ELSEWHERE)
    assert next_required(PROCEDURE, "own", [took(RECEIVE), took(REPORT), took(DECIDE)]) is None


def test_deadlines_run_from_the_last_required_step_that_was_done() -> None:
    created = DAY - timedelta(days=9)
    assert last_required_on(PROCEDURE, "own", [], created) == created
    assert last_required_on(PROCEDURE, "own", [took(RECEIVE, 1), took(ASK, 5)], created) == DAY + timedelta(days=1)
    elsewhere = [took(RECEIVE, 1), took(ELSEWHERE, 5)]
    assert last_required_on(PROCEDURE, "own", elsewhere, created) == DAY + timedelta(days=1)
    assert last_required_on(PROCEDURE, "other", elsewhere, created) == DAY + timedelta(days=5)
    must_meet = made(RECEIVE, replace(HEARING, required=True))
    planned = [took(RECEIVE, 1), took(HEARING, 5, "planned")]
    assert last_required_on(must_meet, "own", planned, created) == DAY + timedelta(days=1)
    held = [*planned, took(HEARING, 7, "held")]
    assert last_required_on(must_meet, "own", held, created) == DAY + timedelta(days=7)


def test_until_when_the_body_has_after_each_step() -> None:
    present = DAY + timedelta(days=40)
    assert due_after(PROCEDURE, OWN, [took(RECEIVE, 1)], present) == DAY + timedelta(days=21)
    assert due_after(PROCEDURE, OWN, [took(RECEIVE, 1), took(ASK, 2)], present) == present
    assert due_after(PROCEDURE, OWN, [took(RECEIVE, 1), took(HEARING, 2, "planned")], present) == present
    assert due_after(PROCEDURE, OWN, [took(RECEIVE, 1), took(ELSEWHERE, 2)], present) == present
    assert due_after(PROCEDURE, OWN, [took(RECEIVE), took(REPORT, 3)], present) == DAY + timedelta(days=13)
    assert due_after(PROCEDURE, OWN, [took(RECEIVE), took(REPORT), took(DECIDE)], present) is None


def test_the_plan_says_what_is_now_and_until_when() -> None:
    created = DAY - timedelta(days=4)
    due = DAY + timedelta(days=33)
    shown = {one.step.code: one for one in plan(PROCEDURE, "own", [took(RECEIVE, 1)], created_on=created, due_on=due)}
    assert [(code, one.state) for code, one in shown.items()] == [
        ("receive", "done"),
        ("ask", "next"),
        ("hearing", "next"),
        ("report", "now"),
        ("debate", "next"),
        ("decide", "next"),
        ("last", "next"),
    ]
    assert (shown["report"].due_on, shown["report"].possible) == (due, True)
    assert shown["hearing"].due_on == DAY + timedelta(days=8)  # seven days after the last required step
    assert (shown["ask"].due_on, shown["ask"].possible) == (None, True)
    assert (shown["decide"].due_on, shown["decide"].possible) == (None, False)
    assert not any(one.planned for one in shown.values())
    at_first = plan(made(HEARING, REPORT), "own", [], created_on=created, due_on=due)
    assert at_first[0].due_on == created + timedelta(days=7)


def test_a_meeting_with_a_day_is_what_happens_now() -> None:
    taken = [took(RECEIVE, 1), took(HEARING, 2, "planned")]
    shown = {one.step.code: one for one in plan(PROCEDURE, "own", taken, created_on=DAY, due_on=None)}
    assert (shown["hearing"].state, shown["hearing"].planned) == ("now", True)
    assert (shown["report"].state, shown["report"].planned) == ("next", False)


def test_what_follows_is_due_on_the_day_that_was_promised() -> None:
    promised = DAY + timedelta(days=90)
    taken = [took(RECEIVE), took(REPORT), took(DECIDE, 5, follow_up_on=promised)]
    shown = {one.step.code: one for one in plan(PROCEDURE, "own", taken, created_on=DAY, due_on=None)}
    told = shown[WHAT_CAME_OF_IT.code]
    assert (told.possible, told.due_on) == (True, promised)
    assert shown["last"].state == shown["hearing"].state == "missed"


def test_why_a_step_cannot_follow_is_told_in_one_word() -> None:
    for state, taken, reason in (
        (ReferralState.DECIDED, took(REPORT), "decided"),
        (ReferralState.WAITING, took(WHAT_CAME_OF_IT), "not_decided"),
        (ReferralState.CONCLUDED, took(REPORT), "handling_ended"),
        (ReferralState.INADMISSIBLE, took(REPORT), "handling_ended"),
    ):
        with pytest.raises(ConflictError) as refused:
            after(state, taken)
        assert str(refused.value) == reason


def test_a_stored_step_is_read_with_what_was_told() -> None:
    told = {"meeting": "planned", "admissible": True, "follow_up_on": "2026-06-01"}
    assert taken_from("x", "hearing", DAY, told) == Taken("x", "hearing", DAY, "planned", True, date(2026, 6, 1))
    assert taken_from("x", "report", DAY, {}) == Taken("x", "report", DAY, "", None, None)


def test_the_clock_of_a_referral() -> None:
    due = DAY + timedelta(days=2)
    waits = clock(ReferralState.WAITING, DAY - timedelta(days=3), due, None, DAY)
    assert (waits.days, waits.due_on, waits.days_left, waits.days_overdue, waits.ended_on) == (3, due, 2, 0, None)
    late = clock(ReferralState.WAITING, DAY, due, None, DAY + timedelta(days=3))
    assert (late.days, late.due_on, late.days_left, late.days_overdue) == (3, due, None, 1)
    assert clock(ReferralState.WAITING, DAY, due, None, due).days_left == 0
    assert overdue_days(None, DAY) == 0


def test_what_a_step_needs_depends_on_what_was_chosen() -> None:
    assert needed("debate", StepInput(meeting="held")) == ("meeting", "meeting_at", "place", "text")
    assert needed("debate", StepInput(meeting="planned")) == ("meeting", "meeting_at", "place")
    assert needed("hearing", StepInput(meeting="held")) == ("meeting", "meeting_at", "place")
    assert needed("hearing", StepInput(meeting="cancelled")) == ("meeting", "text")
    refused = ("happened_on", "admissible", "ground", "reasons")
    assert needed("admissibility", StepInput(admissible=False)) == refused
    assert needed("admissibility", StepInput(admissible=True)) != refused
    assert needed("report", StepInput(admissible=False)) == needed("report", StepInput())


def refused(kind: str, facts: StepInput) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as error:
        check(PROCEDURES["nl-burgerinitiatief", 2], kind, facts, DAYS)  # type: ignore[arg-type]
    return error.value.fields


def meeting(what: MeetingState, at: datetime | None, **more: object) -> StepInput:
    return replace(StepInput(meeting=what, meeting_at=at, place="Zaal", text="Verslag."), **more)  # type: ignore[arg-type]


def test_a_meeting_is_planned_for_later_and_was_held_before() -> None:
    procedure = PROCEDURES["nl-burgerinitiatief", 2]
    check(procedure, "hearing", meeting("planned", NOW + INSTANT), DAYS)
    check(procedure, "hearing", meeting("held", NOW), DAYS)
    check(procedure, "hearing", meeting("cancelled", None), DAYS)
    check(procedure, "hearing", meeting("cancelled", NOW + timedelta(days=9)), DAYS)
    check(procedure, "hearing", meeting("planned", NOW + timedelta(days=9), happened_on=DAY + timedelta(days=9)), DAYS)
    assert refused("hearing", meeting("planned", NOW)) == {"meeting_at": "date_past"}
    assert refused("hearing", meeting("held", NOW + INSTANT)) == {"meeting_at": "date_future"}
    assert refused("hearing", meeting("planned", None)) == {"meeting_at": "missing"}
    assert refused("hearing", meeting("planned", NOW, place="")) == {"meeting_at": "date_past", "place": "missing"}


def test_another_step_happened_between_the_referral_and_today() -> None:
    facts = StepInput(happened_on=DAYS.earliest, text="Verslag.", meeting_at=NOW + timedelta(days=9), meeting="held")
    check(PROCEDURES["nl-burgerinitiatief", 2], "report", facts, DAYS)
    assert refused("report", replace(facts, happened_on=DAYS.earliest - timedelta(days=1))) == {
        "happened_on": "date_too_early"
    }
    assert refused("report", replace(facts, happened_on=DAY + timedelta(days=1), text="")) == {
        "happened_on": "date_future",
        "text": "missing",
    }
    ground = StepInput(happened_on=DAY, admissible=False, ground="no such ground", reasons="Omdat.")
    assert refused("admissibility", ground) == {"ground": "choice"}
    assert refused("admissibility", replace(ground, ground="")) == {"ground": "missing"}


def test_what_was_said_is_published_once_the_meeting_was_held() -> None:
    facts = StepInput(
        meeting="held",
        meeting_at=NOW,
        place="Zaal",
        text="Verslag.",
        transcript="https://a.example",
        video="https://b.example",
    )
    held = published("debate", facts)
    assert (held["transcript"], held["video"]) == ("https://a.example", "https://b.example")
    planned = published("debate", replace(facts, meeting="planned"))
    assert not {"transcript", "video"} & set(planned)
    assert (planned["meeting_at"], planned["place"]) == (NOW.isoformat(), "Zaal")
    assert not {"meeting_at", "place"} & set(published("debate", replace(facts, meeting="cancelled")))


def test_what_cannot_happen_in_a_stage_says_so() -> None:
    with pytest.raises(ConflictError) as refused_:
        transition(Stage.OPEN, Act.ACCEPT, Actor.MODERATOR)
    assert str(refused_.value) == f"{Act.ACCEPT}_in_{Stage.OPEN}"
    with pytest.raises(ForbiddenError) as forbidden:
        transition(Stage.MODERATION, Act.ACCEPT, Actor.INITIATOR)
    assert str(forbidden.value) == f"{Actor.INITIATOR} may not {Act.ACCEPT}"
