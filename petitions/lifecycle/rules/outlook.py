"""What happens next with a petition, from its procedure, its facts and a day: who must, normally does or may do what.

Shown before somebody signs, so it may never promise more than the rule does. What follows from a threshold is at most
as strong as that threshold, a step that may be skipped is never a duty, and a deadline stands here only where the
procedure has one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from petitions.durations import Duration
from petitions.lifecycle.rules.procedures import Procedure, Step, Strength, Text, Threshold
from petitions.lifecycle.rules.referral import Planned, Taken, overdue_days, plan
from petitions.lifecycle.rules.states import ENDINGS, Stage
from petitions.lifecycle.rules.steps import Meeting

Kind = Literal["sponsors", "check", "signing", "threshold", "step"]
State = Literal["done", "now", "next", "missed"]

STRENGTHS: Final[tuple[Strength, ...]] = ("may", "normally", "must")
"""From the weakest to the strongest."""


@dataclass(frozen=True, slots=True)
class Referred:
    """A threshold that was reached and lies before a committee, with the steps taken so far."""

    threshold_code: str
    created_on: date
    due_on: date | None = None
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Where a petition stands on ``day``; all days by the clock of the body."""

    stage: Stage
    day: date
    count: int = 0
    opened_on: date | None = None
    closes_on: date | None = None  # the last day of signing
    closed_on: date | None = None
    reached: Mapping[str, date] = field(default_factory=dict)  # by the code of a threshold
    required: Mapping[str, int] = field(default_factory=dict)  # this petition's own numbers, where they differ
    referred: tuple[Referred, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that happened, happens now or is to come. Facts only; the words are made at the edge."""

    kind: Kind
    state: State
    code: str = ""
    strength: Strength | None = None
    who: Text | None = None
    what: Text | None = None  # of a threshold: completes "who must ..."; of a step: its name
    usually: Text | None = None  # of a meeting that waits: on what day and where the body holds such meetings
    threshold: Threshold | None = None
    count: int | None = None  # signatures that it takes
    remaining: int | None = None
    within: Duration | None = None  # the length of a deadline that has not begun
    due_on: date | None = None
    days_late: int = 0
    on: date | None = None  # when it happened
    meeting: Meeting = ""
    if_taken_up: bool = False  # only happens when the body decides to take the petition up, which it has not yet
    unconfirmed: bool = False


def weakest(*strengths: Strength) -> Strength:
    """The weakest of these, because a chain of events is no stronger than that."""
    return min(strengths, key=STRENGTHS.index)


def step_strength(step: Step, threshold: Threshold) -> Strength:
    """How strongly this step follows from this threshold: never more than either of them, nor a duty when optional."""
    cap: Strength = "must" if step.required else "normally"
    return weakest(step.strength, threshold.strength, cap)


def outlook(procedure: Procedure, facts: Facts) -> tuple[Item, ...]:
    """What has happened, happens now and comes next, in that order of life; nothing after an ending."""
    if facts.stage in ENDINGS:
        return ()
    begun = (*_before(procedure, facts), _signing(procedure, facts))
    reached = [t for t in procedure.thresholds if t.code in facts.reached]
    waiting = [t for t in procedure.thresholds if t.code not in facts.reached]
    items = [item for threshold in reached for item in _followed(procedure, threshold, facts)]
    shown = {item.code for item in items if item.kind == "step"}
    following = _following(waiting, facts)
    for threshold in _in_order(waiting, facts):
        items.append(_threshold(procedure, threshold, facts))
        if threshold in following:
            items.extend(step for step in _steps(procedure, threshold) if step.code not in shown)
    return (*begun, *items)


def promise(procedure: Procedure) -> tuple[Item, ...]:
    """The whole life under this procedure before any petition has begun: all of it is still to come."""
    facts = Facts(Stage.DRAFT, date.min)
    begun = (*_before(procedure, facts), _signing(procedure, facts))
    items: list[Item] = []
    for threshold in _in_order(procedure.thresholds, facts):
        items.append(_threshold(procedure, threshold, facts))
        shown = {item.code for item in items if item.kind == "step"}
        items.extend(step for step in _steps(procedure, threshold) if step.code not in shown)
    return (*begun, *items)


def next_number(items: Iterable[Item]) -> Item | None:
    """Of an outlook, the lowest number that is still to be reached; None when there is none."""
    waiting = (item for item in items if item.kind == "threshold" and item.state == "next")
    return next((item for item in waiting if item.count is not None), None)


def marked(procedure: Procedure, path: str) -> bool:
    """Whether the body has not confirmed the value at this dotted path, one above it or one below it."""
    return procedure.is_unconfirmed(path) or any(mark.startswith(f"{path}.") for mark in procedure.unconfirmed)


_BEGUN: Final = {Stage.DRAFT: 0, Stage.SPONSORING: 1, Stage.MODERATION: 2, Stage.OPEN: 3, Stage.CLOSED: 4}


def _label(stage: Stage, own: int) -> State:
    """Done, now or next for the part of the life that lies at place ``own``."""
    place = _BEGUN[stage]
    return "done" if place > own else "now" if place == own else "next"


def _before(procedure: Procedure, facts: Facts) -> Iterable[Item]:
    if procedure.sponsors:
        yield Item(
            "sponsors",
            _label(facts.stage, 1),
            count=procedure.sponsors.minimum,
            within=procedure.sponsors.within,
            unconfirmed=marked(procedure, "sponsors"),
        )
    yield Item(
        "check",
        _label(facts.stage, 2),
        who=procedure.moderation.by,
        within=procedure.moderation.within,
        on=facts.opened_on,
        unconfirmed=marked(procedure, "moderation"),
    )


def _signing(procedure: Procedure, facts: Facts) -> Item:
    return Item(
        "signing",
        _label(facts.stage, 3),
        within=procedure.signing.lasts,
        due_on=facts.closes_on,
        on=facts.closed_on,
        unconfirmed=marked(procedure, "signing"),
    )


def _number(threshold: Threshold, facts: Facts) -> int | None:
    return None if threshold.count is None else facts.required.get(threshold.code, threshold.count)


def _in_order(thresholds: Iterable[Threshold], facts: Facts) -> list[Threshold]:
    """As they come in the life: at the opening, by rising numbers, at the closing."""
    moments = {"opening": 0, "count": 1, "closing": 2}
    return sorted(thresholds, key=lambda t: (moments[t.at], _number(t, facts) or 0))


def _following(waiting: Sequence[Threshold], facts: Facts) -> list[Threshold]:
    """The thresholds whose steps are worth telling now: the next number, and what the opening or closing brings."""
    if facts.stage == Stage.CLOSED:
        return []
    numbers = [t for t in _in_order(waiting, facts) if t.count is not None]
    return [*(t for t in waiting if t.count is None), *numbers[:1]]


def _threshold(procedure: Procedure, threshold: Threshold, facts: Facts) -> Item:
    number = _number(threshold, facts)
    reached_on = facts.reached.get(threshold.code)
    missed: State = "missed" if facts.stage == Stage.CLOSED else "next"
    due = next((r.due_on for r in facts.referred if r.threshold_code == threshold.code), None)
    return Item(
        "threshold",
        "done" if reached_on else missed,
        code=threshold.code,
        strength=threshold.strength,
        who=threshold.who,
        what=threshold.what,
        threshold=threshold,
        count=number,
        remaining=None if number is None else max(0, number - facts.count),
        within=threshold.within,
        due_on=due,
        on=reached_on,
        unconfirmed=marked(procedure, f"thresholds.{threshold.code}"),
    )


def _followed(procedure: Procedure, threshold: Threshold, facts: Facts) -> Iterable[Item]:
    """A threshold that was reached, and how far its handling has come."""
    yield _threshold(procedure, threshold, facts)
    for referred in facts.referred:
        if referred.threshold_code == threshold.code:
            planned = plan(
                procedure, threshold.code, referred.taken, created_on=referred.created_on, due_on=referred.due_on
            )
            open_question = _depending(tuple(one.step for one in planned if one.state != "done"))
            for one in planned:
                yield _planned(procedure, threshold, one, referred, facts.day, depends=one.step.code in open_question)


def _depending(steps: Sequence[Step]) -> frozenset[str]:
    """The steps (codes) that come after a decision whether to take the petition up."""
    at = next((place for place, step in enumerate(steps) if step.kind == "admissibility"), len(steps))
    return frozenset(step.code for step in steps[at + 1 :])


def _planned(
    procedure: Procedure, threshold: Threshold, one: Planned, referred: Referred, day: date, *, depends: bool
) -> Item:
    own = [taken for taken in referred.taken if taken.step_code == one.step.code]
    waits = one.state in {"now", "next"}
    return Item(
        "step",
        one.state,
        code=one.step.code,
        strength=step_strength(one.step, threshold),
        who=one.step.who,
        what=one.step.name,
        usually=one.step.slot.words if one.step.slot and waits else None,
        threshold=threshold,
        within=one.step.within if one.due_on is None and waits else None,
        due_on=one.due_on if waits else None,
        days_late=overdue_days(one.due_on, day) if one.state == "now" else 0,
        on=own[-1].happened_on if own else None,
        meeting=own[-1].meeting if own else "",
        if_taken_up=depends,
        unconfirmed=marked(procedure, f"steps.{one.step.code}"),
    )


def _steps(procedure: Procedure, threshold: Threshold) -> Iterable[Item]:
    """What follows from a threshold that is still to come; being published is not handled by anybody."""
    if threshold.effect == "publish":
        return
    steps = procedure.steps_for(threshold.code)
    depending = _depending(steps)
    for step in steps:
        yield Item(
            "step",
            "next",
            code=step.code,
            strength=step_strength(step, threshold),
            who=step.who,
            what=step.name,
            usually=step.slot.words if step.slot else None,
            threshold=threshold,
            within=step.within,
            if_taken_up=step.code in depending,
            unconfirmed=marked(procedure, f"steps.{step.code}"),
        )
