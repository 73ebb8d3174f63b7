"""What happens next with a petition, from its procedure, its facts and a day: who must, normally does or may do what.

It is shown before somebody signs, so it must not promise more than the rule. What follows from a threshold is at most
as strong as that threshold, an optional step is never a duty, and a deadline is given only where the procedure has one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from petitions.durations import Duration
from petitions.lifecycle.rules.procedures import LocalizedText, Procedure, Step, Strength, Threshold
from petitions.lifecycle.rules.referral import Planned, Taken, overdue_days, plan
from petitions.lifecycle.rules.states import ENDINGS, Stage
from petitions.lifecycle.rules.steps import MeetingState

OutlookKind = Literal["sponsors", "check", "signing", "threshold", "step"]
OutlookState = Literal["done", "now", "next", "missed"]

STRENGTHS: Final[tuple[Strength, ...]] = ("may", "normally", "must")
"""From the weakest to the strongest."""


@dataclass(frozen=True, slots=True)
class OutlookReferral:
    """A threshold that was reached and referred to a committee, with the steps taken so far."""

    threshold_code: str
    created_on: date
    due_on: date | None = None
    taken: tuple[Taken, ...] = ()


@dataclass(frozen=True, slots=True)
class PetitionFacts:
    """The state of a petition on ``day``; all days in the body's time zone."""

    stage: Stage
    day: date
    count: int = 0
    opened_on: date | None = None
    closes_on: date | None = None  # the last day of signing
    closed_on: date | None = None
    reached: Mapping[str, date] = field(default_factory=dict)  # by the code of a threshold
    required: Mapping[str, int] = field(default_factory=dict)  # this petition's own numbers, where they differ
    referred: tuple[OutlookReferral, ...] = ()


@dataclass(frozen=True, slots=True)
class OutlookItem:
    """One thing that happened, happens now or is to come. Facts only; templates and feeds put them into words."""

    kind: OutlookKind
    state: OutlookState
    code: str = ""
    strength: Strength | None = None
    who: LocalizedText | None = None
    what: LocalizedText | None = None  # of a threshold: completes "who must ..."; of a step: its name
    usually: LocalizedText | None = None  # of a meeting to come: when and where the body holds such meetings
    threshold: Threshold | None = None
    count: int | None = None  # signatures that it takes
    remaining: int | None = None
    within: Duration | None = None  # the length of a deadline that has not begun
    due_on: date | None = None
    days_late: int = 0
    on: date | None = None  # when it happened
    meeting: MeetingState = ""
    if_taken_up: bool = False  # only happens if the body decides to take the petition up, which it has not yet done
    unconfirmed: bool = False


def weakest(*strengths: Strength) -> Strength:
    """The weakest of these: a chain of events is no stronger than its weakest part."""
    return min(strengths, key=STRENGTHS.index)


def step_strength(step: Step, threshold: Threshold) -> Strength:
    """How strongly this step follows from this threshold: the weaker of the two, and no duty when optional."""
    cap: Strength = "must" if step.required else "normally"
    return weakest(step.strength, threshold.strength, cap)


def outlook(procedure: Procedure, facts: PetitionFacts) -> tuple[OutlookItem, ...]:
    """What has happened, happens now and comes next, in chronological order; empty after an ending."""
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


def promise(procedure: Procedure) -> tuple[OutlookItem, ...]:
    """The whole life of a petition under this procedure, as nothing of it has happened yet."""
    facts = PetitionFacts(Stage.DRAFT, date.min)
    begun = (*_before(procedure, facts), _signing(procedure, facts))
    items: list[OutlookItem] = []
    for threshold in _in_order(procedure.thresholds, facts):
        items.append(_threshold(procedure, threshold, facts))
        shown = {item.code for item in items if item.kind == "step"}
        items.extend(step for step in _steps(procedure, threshold) if step.code not in shown)
    return (*begun, *items)


def next_number(items: Iterable[OutlookItem]) -> OutlookItem | None:
    """The item with the lowest number that is still to be reached; None when there is none."""
    waiting = (item for item in items if item.kind == "threshold" and item.state == "next")
    return next((item for item in waiting if item.count is not None), None)


def has_unconfirmed(procedure: Procedure, path: str) -> bool:
    """Whether the body has not confirmed the value at this dotted path, one above it or one below it."""
    return procedure.is_unconfirmed(path) or any(known.startswith(f"{path}.") for known in procedure.unconfirmed)


_BEGUN: Final = {Stage.DRAFT: 0, Stage.SPONSORING: 1, Stage.MODERATION: 2, Stage.OPEN: 3, Stage.CLOSED: 4}


def _label(stage: Stage, own: int) -> OutlookState:
    """Done, now or next for the part of the life at position ``own``."""
    place = _BEGUN[stage]
    return "done" if place > own else "now" if place == own else "next"


def _before(procedure: Procedure, facts: PetitionFacts) -> Iterable[OutlookItem]:
    if procedure.sponsors:
        yield OutlookItem(
            "sponsors",
            _label(facts.stage, 1),
            count=procedure.sponsors.minimum,
            within=procedure.sponsors.within,
            unconfirmed=has_unconfirmed(procedure, "sponsors"),
        )
    yield OutlookItem(
        "check",
        _label(facts.stage, 2),
        who=procedure.moderation.by,
        within=procedure.moderation.within,
        on=facts.opened_on,
        unconfirmed=has_unconfirmed(procedure, "moderation"),
    )


def _signing(procedure: Procedure, facts: PetitionFacts) -> OutlookItem:
    return OutlookItem(
        "signing",
        _label(facts.stage, 3),
        within=procedure.signing.lasts,
        due_on=facts.closes_on,
        on=facts.closed_on,
        unconfirmed=has_unconfirmed(procedure, "signing"),
    )


def _number(threshold: Threshold, facts: PetitionFacts) -> int | None:
    return None if threshold.count is None else facts.required.get(threshold.code, threshold.count)


def _in_order(thresholds: Iterable[Threshold], facts: PetitionFacts) -> list[Threshold]:
    """In the order in which they can be reached: at the opening, by rising numbers, at the closing."""
    moments = {"opening": 0, "count": 1, "closing": 2}
    return sorted(thresholds, key=lambda t: (moments[t.at], _number(t, facts) or 0))


def _following(waiting: Sequence[Threshold], facts: PetitionFacts) -> list[Threshold]:
    """The thresholds whose steps are shown: the next number, and those of the opening and the closing."""
    if facts.stage == Stage.CLOSED:
        return []
    numbers = [t for t in _in_order(waiting, facts) if t.count is not None]
    return [*(t for t in waiting if t.count is None), *numbers[:1]]


def _threshold(procedure: Procedure, threshold: Threshold, facts: PetitionFacts) -> OutlookItem:
    number = _number(threshold, facts)
    reached_on = facts.reached.get(threshold.code)
    missed: OutlookState = "missed" if facts.stage == Stage.CLOSED else "next"
    due = next((r.due_on for r in facts.referred if r.threshold_code == threshold.code), None)
    return OutlookItem(
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
        unconfirmed=has_unconfirmed(procedure, f"thresholds.{threshold.code}"),
    )


def _followed(procedure: Procedure, threshold: Threshold, facts: PetitionFacts) -> Iterable[OutlookItem]:
    """A threshold that was reached, and the progress of its handling."""
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
    procedure: Procedure, threshold: Threshold, one: Planned, referred: OutlookReferral, day: date, *, depends: bool
) -> OutlookItem:
    own = [taken for taken in referred.taken if taken.step_code == one.step.code]
    waits = one.state in {"now", "next"}
    return OutlookItem(
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
        unconfirmed=has_unconfirmed(procedure, f"steps.{one.step.code}"),
    )


def _steps(procedure: Procedure, threshold: Threshold) -> Iterable[OutlookItem]:
    """The steps that follow from a threshold that is still to come; publication needs none."""
    if threshold.effect == "publish":
        return
    steps = procedure.steps_for(threshold.code)
    depending = _depending(steps)
    for step in steps:
        yield OutlookItem(
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
            unconfirmed=has_unconfirmed(procedure, f"steps.{step.code}"),
        )
