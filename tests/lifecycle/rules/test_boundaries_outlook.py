"""The outlook field by field: what each thing that is to come says is what the procedure says, and nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from petitions.dossier.rules.ahead import Ahead, ahead
from petitions.lifecycle.rules.outlook import Facts, Item, Referred, marked, outlook, promise
from petitions.lifecycle.rules.procedures import Procedure, Step, Strength, Threshold
from petitions.lifecycle.rules.referral import Taken
from petitions.lifecycle.rules.states import Stage
from petitions.procedures import load_procedures

PROCEDURES = load_procedures()
IDS = [f"{code}.v{version}" for code, version in PROCEDURES]
DAY = date(2026, 3, 2)
OPENED, CLOSES, CLOSED = date(2026, 2, 2), date(2026, 8, 2), date(2026, 7, 1)
EVERY = pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=IDS)
RANK: tuple[Strength, ...] = ("may", "normally", "must")


def of(code: str) -> Procedure:
    return max((p for (c, _), p in PROCEDURES.items() if c == code), key=lambda p: p.version)


def unsure(procedure: Procedure, path: str) -> bool:
    """Whether a mark stands on this value, on something around it, or on a part of it."""
    parts = path.split(".")
    around = {".".join(parts[: n + 1]) for n in range(len(parts))}
    return any(mark in around or mark.startswith(f"{path}.") for mark in procedure.unconfirmed)


def step_item(procedure: Procedure, threshold: Threshold, step: Step, *, depends: bool) -> Item:
    """A step that is still to come after a threshold that is still to come."""
    cap: Strength = "must" if step.required else "normally"
    strength: Strength = min(step.strength, threshold.strength, cap, key=RANK.index)
    return Item(
        "step",
        "next",
        code=step.code,
        strength=strength,
        who=step.who,
        what=step.name,
        usually=step.slot.words if step.slot else None,
        threshold=threshold,
        within=step.within,
        if_taken_up=depends,
        unconfirmed=unsure(procedure, f"steps.{step.code}"),
    )


def threshold_item(procedure: Procedure, threshold: Threshold, count: int = 0) -> Item:
    """A threshold that is still to come."""
    return Item(
        "threshold",
        "next",
        code=threshold.code,
        strength=threshold.strength,
        who=threshold.who,
        what=threshold.what,
        threshold=threshold,
        count=threshold.count,
        remaining=None if threshold.count is None else threshold.count - count,
        within=threshold.within,
        unconfirmed=unsure(procedure, f"thresholds.{threshold.code}"),
    )


def in_order(procedure: Procedure) -> list[Threshold]:
    places = {"opening": 0, "count": 1, "closing": 2}
    return sorted(procedure.thresholds, key=lambda one: (places[one.at], one.count or 0))


def expected_steps(procedure: Procedure, threshold: Threshold, shown: set[str]) -> list[Item]:
    if threshold.effect == "publish":
        return []
    kinds = [step.kind for step in procedure.steps_for(threshold.code)]
    asked = kinds.index("admissibility") if "admissibility" in kinds else len(kinds)
    return [
        step_item(procedure, threshold, step, depends=place > asked)
        for place, step in enumerate(procedure.steps_for(threshold.code))
        if step.code not in shown
    ]


@EVERY
def test_the_promise_is_the_procedure_in_the_order_of_life(procedure: Procedure) -> None:
    told = promise(procedure)
    wanted: list[Item] = []
    if procedure.sponsors:
        wanted.append(
            Item(
                "sponsors",
                "next",
                count=procedure.sponsors.minimum,
                within=procedure.sponsors.within,
                unconfirmed=unsure(procedure, "sponsors"),
            )
        )
    wanted.append(
        Item(
            "check",
            "next",
            who=procedure.moderation.by,
            within=procedure.moderation.within,
            unconfirmed=unsure(procedure, "moderation"),
        )
    )
    wanted.append(Item("signing", "next", within=procedure.signing.lasts, unconfirmed=unsure(procedure, "signing")))
    shown: set[str] = set()
    for threshold in in_order(procedure):
        wanted.append(threshold_item(procedure, threshold))
        steps = expected_steps(procedure, threshold, shown)
        wanted.extend(steps)
        shown |= {step.code for step in steps}
    assert list(told) == wanted


@EVERY
@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.SPONSORING, Stage.MODERATION, Stage.OPEN, Stage.CLOSED])
def test_what_was_and_is_depends_on_the_stage(procedure: Procedure, stage: Stage) -> None:
    order = [Stage.DRAFT, Stage.SPONSORING, Stage.MODERATION, Stage.OPEN, Stage.CLOSED]
    facts = Facts(stage, DAY, opened_on=OPENED, closes_on=CLOSES, closed_on=CLOSED)
    told: dict[str, Item] = {item.kind: item for item in outlook(procedure, facts)}
    for kind, own in (("sponsors", Stage.SPONSORING), ("check", Stage.MODERATION), ("signing", Stage.OPEN)):
        if kind == "sponsors" and not procedure.sponsors:
            assert kind not in told
            continue
        distance = order.index(stage) - order.index(own)
        assert told[kind].state == ("done" if distance > 0 else "now" if distance == 0 else "next")
    assert told["check"].on == OPENED
    assert (told["signing"].due_on, told["signing"].on) == (CLOSES, CLOSED)


@EVERY
def test_an_open_petition_is_told_of_the_next_number_and_of_what_closing_brings(procedure: Procedure) -> None:
    told = [item for item in outlook(procedure, Facts(Stage.OPEN, DAY, count=1)) if item.kind in {"threshold", "step"}]
    numbers = [one for one in in_order(procedure) if one.count is not None]
    wanted: list[Item] = []
    for threshold in in_order(procedure):
        wanted.append(threshold_item(procedure, threshold, count=1))
        if threshold.count is None or threshold is numbers[0]:
            wanted.extend(expected_steps(procedure, threshold, set()))
    assert told == wanted


def test_a_number_that_was_passed_needs_no_more_and_one_that_was_missed_says_so() -> None:
    procedure = of("uk-parliament")
    first = procedure.thresholds[0]
    facts = Facts(
        Stage.CLOSED, DAY, count=10**9, reached={first.code: DAY}, referred=(Referred(first.code, DAY, CLOSES),)
    )
    thresholds = [item for item in outlook(procedure, facts) if item.kind == "threshold"]
    assert [(item.state, item.remaining, item.on, item.due_on) for item in thresholds] == [
        ("done", 0, DAY, CLOSES),
        ("missed", 0, None, None),
    ]


def test_a_referral_shows_what_was_done_what_is_awaited_and_what_may_come() -> None:
    """Bundestag: steps with lengths; the first was taken, the next one is late by two days on the third."""
    procedure = of("nl-burgerinitiatief")
    threshold = procedure.thresholds[0]
    steps = procedure.steps_for(threshold.code)
    first = Taken(steps[0].code, steps[0].kind, OPENED)
    referred = Referred(threshold.code, OPENED - timedelta(days=3), DAY - timedelta(days=2), (first,))
    facts = Facts(Stage.CLOSED, DAY, reached={threshold.code: OPENED}, referred=(referred,))
    told = [item for item in outlook(procedure, facts) if item.kind == "step"]
    assert [item.code for item in told] == [step.code for step in steps]
    done, rest = told[0], told[1:]
    assert (done.state, done.on, done.within, done.due_on, done.days_late, done.usually) == (
        "done",
        OPENED,
        None,
        None,
        0,
        None,
    )
    (now,) = [item for item in rest if item.state == "now"]
    assert (now.due_on, now.days_late, now.within) == (DAY - timedelta(days=2), 2, None)
    for item, step in zip(told, steps, strict=True):
        assert (item.who, item.what, item.threshold) == (step.who, step.name, threshold)
        assert item.unconfirmed == unsure(procedure, f"steps.{step.code}")
        assert item.meeting == ""
        if item.state == "next":
            assert item.days_late == 0
            assert item.usually == (step.slot.words if step.slot else None)
            assert (item.within == step.within) == (item.due_on is None)


def test_a_planned_meeting_is_shown_with_its_day() -> None:
    procedure = of("nl-burgerinitiatief")
    threshold = procedure.thresholds[0]
    steps = procedure.steps_for(threshold.code)
    meeting = next(step for step in steps if step.kind in {"debate", "hearing"})
    before = [step for step in steps[: steps.index(meeting)] if step.required]
    taken = [
        Taken(one.code, one.kind, OPENED, admissible=True if one.kind == "admissibility" else None) for one in before
    ]
    planned = [
        Taken(meeting.code, meeting.kind, OPENED, meeting="cancelled"),
        Taken(meeting.code, meeting.kind, CLOSED, meeting="planned"),
    ]
    referred = Referred(threshold.code, OPENED, None, (*taken, *planned))
    facts = Facts(Stage.CLOSED, DAY, reached={threshold.code: OPENED}, referred=(referred,))
    (shown,) = [item for item in outlook(procedure, facts) if item.code == meeting.code]
    assert (shown.state, shown.meeting, shown.on) == ("now", "planned", CLOSED)
    assert shown.usually == (meeting.slot.words if meeting.slot else None)


def test_only_steps_of_a_referral_of_this_threshold_are_shown() -> None:
    procedure = of("uk-parliament")
    first, second = procedure.thresholds[:2]
    facts = Facts(
        Stage.OPEN, DAY, reached={first.code: DAY, second.code: DAY}, referred=(Referred(second.code, DAY, CLOSES),)
    )
    told = [item for item in outlook(procedure, facts) if item.kind in {"threshold", "step"}]
    assert [item.code for item in told[:2]] == [first.code, second.code]
    assert [item.due_on for item in told[:2]] == [None, CLOSES]
    assert {item.threshold for item in told[2:]} == {second}


def test_a_mark_on_a_part_marks_the_whole() -> None:
    procedure = replace(of("uk-parliament"), unconfirmed=("moderation.within", "steps"))
    assert marked(procedure, "moderation")
    assert marked(procedure, "moderation.within")
    assert marked(procedure, "steps.any")
    assert not marked(procedure, "mod")
    assert not marked(procedure, "signing")


def step(state: str, threshold: Threshold | None, code: str = "one") -> Item:
    return Item("step", state, code=code, threshold=threshold)  # type: ignore[arg-type]


def test_ahead_is_what_happens_now_and_then_what_is_next() -> None:
    first, second = of("uk-parliament").thresholds[:2]
    items = [step("done", first), step("next", first, "a"), step("now", second, "b"), step("missed", first)]
    items.append(Item("signing", "now", code="c"))
    referred = [Referred(first.code, DAY - timedelta(days=50)), Referred(second.code, DAY - timedelta(days=9))]
    told = ahead(items, referred, DAY)
    assert [(one.item.code, one.waits) for one in told] == [("b", 9), ("c", None), ("a", None)]
    assert ahead([step("done", first)], referred, DAY) == ()


def test_it_is_waited_for_since_the_last_step() -> None:
    (threshold, *_) = of("uk-parliament").thresholds
    taken = (Taken("x", "receive", DAY - timedelta(days=7)), Taken("y", "report", DAY - timedelta(days=4)))
    referred = [
        Referred("another", DAY - timedelta(days=1)),
        Referred(threshold.code, DAY - timedelta(days=20), taken=taken),
    ]
    now = step("now", threshold)
    assert ahead([now], referred, DAY) == (Ahead(now, 4),)
    assert ahead([now], [], DAY) == (Ahead(now, None),)
    assert ahead([step("now", None)], referred, DAY) == (Ahead(step("now", None), None),)
