"""The whole life of a petition, from draft to outcome, by the rules of every real body: no database, no clock.

Every procedure file is walked through: sponsors where it wants them, moderation, opening, its thresholds, and each
referral through all its steps to each of its outcomes, with the dates that follow.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from petitions.durations import end_of_day, local_day
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.outcome import decide
from petitions.lifecycle.rules.procedures import Procedure, Step, Threshold, Trigger
from petitions.lifecycle.rules.referral import (
    OPEN,
    State,
    Taken,
    clock,
    due_after,
    next_required,
    next_steps,
    plan,
    state_of,
    steps_of,
    taken_from,
)
from petitions.lifecycle.rules.states import Act, Actor, Stage, acts, transition
from petitions.lifecycle.rules.steps import MEETINGS, UNLISTED_GROUND, Days, Facts, check, published
from petitions.lifecycle.rules.thresholds import can_open, due_on, reached

PROCEDURES = load_procedures()
EVERY = [pytest.param(procedure, id=f"{code}-v{version}") for (code, version), procedure in PROCEDURES.items()]

REFERRED = date(2026, 4, 1)
DEADLINES = {  # the day that is due after each step, when every step takes a day: no other body sets a deadline
    ("ee-riigikogu", "consider"): {
        "": date(2026, 5, 1),
        "received": date(2026, 5, 1),
        "accepted": date(2026, 10, 3),
        "discussed": date(2026, 10, 3),
    },
    ("tw-join", "reply"): {"": date(2026, 5, 31), "received": date(2026, 5, 31), "meeting": date(2026, 5, 31)},
    ("fi-kansalaisaloite", "parliament"): {"verified": date(2026, 10, 3)},
}


@dataclass
class Life:
    """A petition that is being simulated."""

    procedure: Procedure
    stage: Stage = Stage.DRAFT
    day: date = date(2026, 3, 2)
    reached_on: dict[str, date] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return self.procedure.body.zone

    def do(self, act: Act, actor: Actor) -> None:
        self.stage = transition(self.stage, act, actor)

    def reach(self, moment: Trigger, count: int) -> None:
        regions = 1000
        for one in reached(
            self.procedure.thresholds, moment=moment, count=count, regions=regions, already=self.reached_on
        ):
            self.reached_on[one.code] = self.day


def lived_until_closed(procedure: Procedure) -> Life:
    """From draft to the end of signing, with every threshold reached."""
    life = Life(procedure)
    if procedure.sponsors:
        assert 0 < procedure.sponsors.minimum <= procedure.sponsors.maximum
        life.do(Act.INVITE_SPONSORS, Actor.INITIATOR)
        assert life.stage.value == "sponsoring"
        life.do(Act.SUBMIT, Actor.SYSTEM)
    else:
        life.do(Act.SUBMIT, Actor.INITIATOR)
    assert life.stage.value == "moderation"
    due = procedure.moderation.within.after(life.day)
    assert due > life.day
    life.day = due
    life.do(Act.ACCEPT, Actor.MODERATOR)
    assert life.stage.value == "open"
    life.reach("opening", 0)
    last = procedure.signing.lasts.after(life.day) if procedure.signing.lasts else None
    for number in sorted(one.count for one in procedure.thresholds if one.count):
        life.day += timedelta(days=10)
        life.reach("count", number - 1)
        before = set(life.reached_on)
        life.reach("count", number)
        assert set(life.reached_on) > before, "the number itself is enough"
    if last:
        assert life.day <= last, "every threshold can be reached within the time for signing"
        life.day = local_day(end_of_day(last, life.zone) - timedelta(seconds=1), life.zone)
        assert life.day == last
    life.do(Act.CLOSE, Actor.SYSTEM)
    life.reach("closing", 10**7)
    return life


def facts_of(procedure: Procedure, step: Step, day: date, outcome: str, *, admissible: bool = True) -> Facts:
    """What a clerk would fill in for a step on this day."""
    if step.kind in MEETINGS:
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=procedure.body.zone)
        return Facts(meeting="held", meeting_at=moment, place="Zaal 1", text="Zo ging het.")
    if step.kind == "admissibility" and not admissible:
        grounds = procedure.admissibility_grounds
        ground = grounds[0].code if grounds else UNLISTED_GROUND
        return Facts(day, admissible=False, ground=ground, reasons="Daarom.")
    by_kind = {
        "admissibility": Facts(day, admissible=True),
        "appoint_rapporteur": Facts(day, rapporteur="K. de Boer"),
        "ask_response": Facts(day, to="De minister"),
        "decide": Facts(day, outcome=outcome, reasons="Daarom."),
    }
    return by_kind.get(step.kind, Facts(day, text="Zo ging het."))


def take(procedure: Procedure, step: Step, day: date, outcome: str, *, admissible: bool = True) -> Taken:
    """The step, checked by its rule and as it would be stored."""
    facts = facts_of(procedure, step, day, outcome, admissible=admissible)
    evening = datetime(day.year, day.month, day.day, 20, tzinfo=procedure.body.zone)
    days = Days(day, day, evening)
    if step.kind == "decide":
        made = decide(procedure, facts, days)
        facts = Facts(day, outcome=made.outcome, reasons=made.reasons, follow_up_on=made.follow_up_on)
    elif step.kind != "follow_up":
        check(procedure, step.kind, facts, days)
    return taken_from(step.code, step.kind, day, published(step.kind, facts))


def handled(procedure: Procedure, threshold: Threshold, outcome: str) -> None:
    """Walk one referral through all its steps to ``outcome``; its states and days are right all the way."""
    created = REFERRED
    due = due_on(threshold, created)
    deadlines = DEADLINES.get((procedure.code, threshold.code), {})
    taken: list[Taken] = []
    assert due == deadlines.get("")
    for number, step in enumerate(procedure.steps_for(threshold.code), start=1):
        if step.kind == "follow_up":
            continue
        assert step in next_steps(procedure, threshold.code, taken)
        assert state_of(taken) in OPEN
        taken.append(take(procedure, step, created + timedelta(days=number), outcome))
        due = due_after(procedure, threshold, taken, due)
        assert due == deadlines.get(step.code), step.code
    decided = taken[-1]
    assert state_of(taken) == State.DECIDED
    assert due is None
    assert next_required(procedure, threshold.code, taken) is None
    length = len(procedure.steps_for(threshold.code)) - sum(s.kind == "follow_up" for s in procedure.steps)
    time = clock(State.DECIDED, created, due, decided.happened_on, date(2030, 1, 1))
    assert time.days == length
    promised = procedure.outcome(outcome)
    assert promised is not None
    expected = promised.follow_up.after(decided.happened_on) if promised.follow_up else None
    assert decided.follow_up_on == expected
    followed(procedure, threshold, taken)


def followed(procedure: Procedure, threshold: Threshold, taken: list[Taken]) -> None:
    """What came of the decision can be told where the procedure or the outcome asks for it, and then it ends."""
    steps = steps_of(procedure, threshold.code, taken)
    following = next_steps(procedure, threshold.code, taken)
    assert following == tuple(step for step in steps if step.kind == "follow_up")
    if taken[-1].follow_up_on:
        assert following, "a promise needs a step that keeps it"
    for step in following:
        taken.append(take(procedure, step, date(2027, 1, 4), ""))
        assert state_of(taken) == State.CONCLUDED
    items = plan(procedure, threshold.code, taken, created_on=REFERRED, due_on=None)
    assert all(item.state == "done" for item in items)


@pytest.mark.parametrize("procedure", EVERY)
def test_petition_lives_from_draft_to_the_end_of_signing(procedure: Procedure) -> None:
    life = lived_until_closed(procedure)
    assert life.stage == Stage.CLOSED
    assert set(life.reached_on) == {threshold.code for threshold in procedure.thresholds}
    assert acts(Stage.CLOSED, Actor.INITIATOR) == ()


@pytest.mark.parametrize("procedure", EVERY)
def test_every_referral_can_come_to_every_outcome(procedure: Procedure) -> None:
    referred = [threshold for threshold in procedure.thresholds if threshold.effect != "publish"]
    assert referred
    assert procedure.outcomes
    for threshold in referred:
        for outcome in procedure.outcomes:
            handled(procedure, threshold, outcome.code)


@pytest.mark.parametrize("procedure", EVERY)
def test_every_referral_ends_with_a_decision_that_everything_required_comes_before(procedure: Procedure) -> None:
    for threshold in procedure.thresholds:
        steps = procedure.steps_for(threshold.code) if threshold.effect != "publish" else ()
        kinds = [step.kind for step in steps]
        if not steps:
            continue
        assert kinds[0] == "receive"
        assert kinds.count("decide") == 1
        last = kinds.index("decide")
        assert steps[last].required
        assert all(kind == "follow_up" for kind in kinds[last + 1 :])
        assert "follow_up" not in kinds[:last]


@pytest.mark.parametrize("procedure", EVERY)
def test_refusal_by_the_committee_ends_the_life(procedure: Procedure) -> None:
    for threshold in procedure.thresholds:
        taken: list[Taken] = []
        for number, step in enumerate(procedure.steps_for(threshold.code)):
            refusing = step.kind == "admissibility"
            taken.append(
                take(
                    procedure,
                    step,
                    REFERRED + timedelta(days=number),
                    procedure.outcomes[0].code,
                    admissible=not refusing,
                )
            )
            if refusing:
                assert state_of(taken) == State.INADMISSIBLE
                assert next_steps(procedure, threshold.code, taken) == ()
                assert due_after(procedure, threshold, taken, date(2026, 9, 1)) is None
                break


def test_bodies_that_ask_for_more_than_an_address_load_but_cannot_open() -> None:
    closed = {procedure.code for procedure in PROCEDURES.values() if can_open(procedure)}
    assert closed >= {"ee-riigikogu", "fi-kansalaisaloite", "fr-assemblee", "fr-senat"}
    assert not {"nl-burgerinitiatief", "nl-kamer-petitie", "nl-gemeente-initiatief", "uk-parliament"} & closed
