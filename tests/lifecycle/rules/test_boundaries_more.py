"""More rules at their boundaries: texts, links, thresholds, procedures, days of bodies in other time zones."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from petitions.dossier.rules.milestones import milestones
from petitions.dossier.rules.versions import outcomes
from petitions.durations import Duration, add_working_days, end_of_day
from petitions.errors import ConfigurationError, InvalidInputError, NotFoundError
from petitions.following.rules import Topic, due_at
from petitions.lifecycle.procedure_files import FOLDER, load_procedures
from petitions.lifecycle.rules.clauses import LocalizedText, RegionalSpread, Slot, Verification
from petitions.lifecycle.rules.drafting import Decider, course, decider_of, in_force
from petitions.lifecycle.rules.hints import hints, signed_together
from petitions.lifecycle.rules.moderation import ModerationDecision, days_waited
from petitions.lifecycle.rules.outcome import decide
from petitions.lifecycle.rules.outlook import OutlookReferral, PetitionFacts, outlook
from petitions.lifecycle.rules.procedures import Procedure, Threshold, parse
from petitions.lifecycle.rules.referral import Taken
from petitions.lifecycle.rules.slots import beginnings
from petitions.lifecycle.rules.states import TRANSITIONS, Act, Actor, Stage
from petitions.lifecycle.rules.steps import StepDates, StepInput
from petitions.lifecycle.rules.support_validity import oldest_day, valid_since
from petitions.paper.rules import check_counts, read_sheets
from petitions.security.tokens import Link, Tokens
from petitions.text import TextError, clean_line, clean_paragraphs
from petitions.verification.rules import SampleTally, sample_size, seed_problem, wilson

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PROCEDURES = load_procedures()
WORDS = LocalizedText("Iets", "Something")
LINK = "AWtra2tra2tra2tra2tra2s.gsxbnCDTDv25iX2029UW9EkY1uqNBLFiG3_mmRiuJcw"
NEW_YORK, AMSTERDAM = ZoneInfo("America/New_York"), ZoneInfo("Europe/Amsterdam")


def of(code: str) -> Procedure:
    return max((p for (c, _), p in PROCEDURES.items() if c == code), key=lambda p: p.version)


def test_line_ends_of_every_system_are_one() -> None:
    assert clean_paragraphs("a\r\nb\rc\u2028d", maximum=99) == "a\nb\nc\nd"
    assert clean_paragraphs("a\u2029b", maximum=99) == "a\n\nb"
    assert clean_paragraphs("a \t b\n\n\n\n c", maximum=99) == "a b\n\nc"
    assert clean_line(" a  b ", maximum=9) == clean_line("a\u00a0 b", maximum=9) == "a b"
    assert clean_line("", maximum=9) == clean_paragraphs("", maximum=9) == ""
    error = TextError("missing")
    assert (str(error), error.limit) == ("missing", 0)


def test_a_link_of_today_can_be_read_tomorrow() -> None:
    """A fixed link: whoever changes how links are written makes those in mailboxes worthless."""
    tokens = Tokens(("a secret of at least thirty-two characters",))
    for petition, key in ((1, b"k" * 16), (0, b"\0" * 16), (2**40, bytes(range(16)))):
        text = tokens.make("confirm", petition, key)
        assert tokens.read("confirm", text) == Link(petition, key)
        assert "=" not in text
    assert tokens.make("confirm", 1, b"k" * 16) == LINK
    with pytest.raises(NotFoundError, match=r"^token$"):
        tokens.read("confirm", "é" * 40)


@pytest.mark.parametrize("zone", [NEW_YORK, AMSTERDAM])
def test_days_are_those_of_the_body(zone: ZoneInfo) -> None:
    late = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # still Monday in New York
    monday = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    waited = 0 if zone is NEW_YORK else 1
    assert days_waited(monday, late, zone) == waited
    decision = ModerationDecision(monday, late, DAY, zone.key)
    assert (decision.in_time, decision.waited) == (waited == 0, waited)
    assert end_of_day(DAY, zone).tzinfo is UTC
    sunday = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)
    told = due_at("daily", sunday, zone)
    assert told == datetime.combine(DAY + timedelta(days=7), time(7), zone)


def test_working_days_are_counted_one_by_one() -> None:
    assert add_working_days(DAY, 0) == DAY
    assert add_working_days(DAY, 4) == date(2026, 3, 6)
    assert add_working_days(DAY, 5) == date(2026, 3, 9)
    assert Duration(months=1, working_days=10).after(DAY) == date(2026, 4, 16)


def test_the_newest_version_in_force_is_listed_whatever_the_order() -> None:
    one = of("uk-parliament")
    old, new = replace(one, version=1, valid_to=None), replace(one, version=2)
    for given in ([old, new], [new, old]):
        assert in_force(given, DAY) == (new,)
    assert in_force([replace(one, listed=False)], DAY) == ()


def test_a_procedure_of_the_union_is_at_home() -> None:
    union = next((one for one in PROCEDURES.values() if one.body.country == "eu"), None)
    base = of("uk-parliament")
    moved = replace(base, body=replace(base.body, country="eu", level="union"))
    assert decider_of(union or moved) != Decider.ABROAD
    assert decider_of(base) == Decider.ABROAD


def test_a_course_that_says_nothing_was_stopped_at_the_beginning() -> None:
    begun = course(Stage.WITHDRAWN, with_sponsors=True)
    assert begun == course(Stage.WITHDRAWN, with_sponsors=True, stopped_at="write", referred=False, handled=False)
    assert (begun.current, begun.milestones[0]) == (1, ("write", "missed"))
    closed = course(Stage.CLOSED, with_sponsors=False, referred=True)
    assert closed.milestones[-1] == ("committee", "now")
    assert course(Stage.CLOSED, with_sponsors=False).milestones[-1] == ("committee", "missed")


def counted(code: str, count: int, spread: int | None = None) -> Threshold:
    return Threshold(
        code=code,
        effect="publish",
        strength="may",
        what=WORDS,
        who=WORDS,
        count=count,
        spread=RegionalSpread(regions=spread, of=WORDS) if spread else None,
    )


def test_every_row_of_the_table_of_acts_says_who_may_do_what() -> None:
    for found in TRANSITIONS:
        assert isinstance(found.source, Stage)
        assert isinstance(found.target, Stage)
        assert isinstance(found.act, Act)
        assert found.actors
        assert all(isinstance(actor, Actor) for actor in found.actors)


def slot(opens: time, closes: time, minutes: int) -> Slot:
    return Slot(weekday="tuesday", opens=opens, closes=closes, minutes=minutes, words=WORDS)


def test_a_slot_holds_at_least_one_meeting_to_the_minute() -> None:
    assert [f"{one:%H:%M}" for one in beginnings(slot(time(13, 15), time(13, 17), 1), DAY, AMSTERDAM)] == [
        "13:15",
        "13:16",
    ]
    slot(time(9, 50), time(11, 0), 70)
    with pytest.raises(ValueError, match="at least one meeting"):
        slot(time(9, 50), time(11, 0), 71)


def test_a_sample_of_one_is_a_sample() -> None:
    base = of("nl-burgerinitiatief").verification
    assert base is not None
    one = replace(base, size=1, share=None)
    assert isinstance(one, Verification)
    assert sample_size(one, 100) == max(1, one.minimum)
    with pytest.raises(ValueError, match="size"):
        replace(base, size=0, share=None)
    assert sample_size(replace(base, size=None, share=0.5, minimum=1), 0) == 0


def test_support_counts_from_the_first_day_that_is_not_too_old() -> None:
    assert oldest_day(None, DAY) is None
    assert valid_since(None, DAY, AMSTERDAM) is None
    for length in (Duration(months=12), Duration(days=10), Duration(working_days=30), Duration(months=1, days=1)):
        first = oldest_day(length, DAY)
        assert first is not None
        assert length.after(first) >= DAY > length.after(first - timedelta(days=1))


def test_a_seed_is_published_in_the_minute_of_the_list_at_the_earliest() -> None:
    listed = datetime(2026, 3, 2, 10, 0, 30, 500, tzinfo=UTC)
    minute = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert seed_problem(minute, listed, NOW + timedelta(days=1)) == seed_problem(
        listed, listed, NOW + timedelta(days=1)
    )


def test_an_interval_lies_between_nothing_and_everything() -> None:
    for found, drawn in ((0, 3), (3, 3), (1, 2)):
        low, high = wilson(found, drawn)
        assert 0.0 <= low <= found / drawn + 1e-9
        assert found / drawn - 1e-9 <= high <= 1.0
    assert SampleTally(verified=1, refused=2, no_answer=3, gone=4).drawn == 10


def test_an_upheld_objection_undoes_the_rejection_of_that_text() -> None:
    told = outcomes([("draft_started", None), ("submitted", None), ("rejected", "illegal"), ("objection_upheld", None)])
    assert [(one.number, one.ground, one.accepted) for one in told] == [(1, None, False)]
    told = outcomes([("submitted", None), ("rejected", "illegal"), ("resubmitted", None), ("opened", None)])
    assert [(one.number, one.ground, one.accepted) for one in told] == [(1, "illegal", False), (2, None, True)]


def test_milestones_of_nobody_are_none() -> None:
    assert milestones([], []) == milestones([], [2]) == ()
    assert milestones([(DAY, 0)], [0, 1, 2]) == ()
    assert [one.count for one in milestones([(DAY, 3)], [7])] == []
    found = milestones([(DAY, 10_000_000)], [])
    assert [one.count for one in found] == [
        1000,
        5000,
        10_000,
        50_000,
        100_000,
        500_000,
        1_000_000,
        5_000_000,
        10_000_000,
    ]
    assert all(isinstance(one.count, int) for one in milestones([(DAY, 50)], [40]))


def test_hints_of_a_plain_text_are_none_and_sponsors_are_counted_in_their_minute() -> None:
    assert hints("Zorg", "Tekst", level="parliament") == ()
    moments = [NOW + timedelta(seconds=s) for s in (0, 100, 200, 230, 260)]
    assert signed_together(moments) == 3


def test_only_a_petition_has_the_number_of_one() -> None:
    assert Topic("subject", "7").petition_id is None
    assert Topic("petition", "7").petition_id == 7


def test_ranges_that_cannot_be_are_told_at_their_field() -> None:
    for text in ("x", "3-1"):
        with pytest.raises(InvalidInputError) as refused:
            read_sheets(text)
        assert refused.value.fields == {"sheet_numbers": "sheet_numbers"}
    assert of("nl-burgerinitiatief").paper is not None


def test_as_many_refused_as_accepted_are_a_count() -> None:
    paper_ = of("nl-burgerinitiatief").paper
    assert paper_ is not None
    check_counts(paper_, 1, 1, 1)


def test_a_decision_goes_to_the_next_body_that_was_named() -> None:
    procedure = of("nl-burgerinitiatief")
    days = StepDates(DAY, DAY, NOW)
    facts = StepInput(happened_on=DAY, outcome="motion_adopted", reasons="Omdat.", next_body="Eerste Kamer")
    assert decide(procedure, facts, days).next_body == "Eerste Kamer"
    assert decide(procedure, replace(facts, next_body=""), days).next_body is None
    with pytest.raises(InvalidInputError):
        decide(procedure, replace(facts, outcome="unknown"), days)
    with pytest.raises(InvalidInputError):
        decide(procedure, replace(facts, happened_on=None), days)


def text_of(name: str = "nl-burgerinitiatief.v2.toml") -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("part", ["grounds", "thresholds", "steps", "outcomes", "fields"])
def test_what_stands_there_twice_is_named(part: str) -> None:
    procedure = of("nl-burgerinitiatief")
    rows = getattr(procedure, part)
    with pytest.raises(ValueError, match=part):
        replace(procedure, **cast("dict[str, Any]", {part: (*rows, rows[0])}))


def test_a_step_that_is_no_meeting_has_no_slot() -> None:
    procedure = of("nl-burgerinitiatief")
    given = slot(time(13), time(14), 15)
    for step in procedure.steps:
        steps = tuple(replace(one, slot=given) if one is step else one for one in procedure.steps)
        if step.kind in {"hearing", "hand_over", "debate"}:
            replace(procedure, steps=steps)
            continue
        with pytest.raises(ValueError, match=f"step {step.code} is no meeting and has no slot"):
            replace(procedure, steps=steps)


def test_what_is_not_there_is_none() -> None:
    procedure = of("nl-burgerinitiatief")
    assert procedure.threshold("no such threshold") is None
    assert procedure.field("no such field") is None
    assert procedure.field(procedure.fields[0].name) is procedure.fields[0]
    with pytest.raises(ConfigurationError, match=r"^here: procedure: "):
        parse(text_of().replace("unconfirmed = [", 'unconfirmed = ["no.such",', 1), "here")


def test_steps_that_were_shown_after_one_threshold_are_not_shown_after_another() -> None:
    """A referral is under way: its steps stand there once, not again for the number that is still to come."""
    procedure = of("uk-parliament")
    first, second = procedure.thresholds[:2]
    everywhere = replace(procedure, steps=tuple(replace(one, for_thresholds=()) for one in procedure.steps))
    received = OutlookReferral(first.code, DAY, None, (Taken(everywhere.steps[0].code, everywhere.steps[0].kind, DAY),))
    told = outlook(everywhere, PetitionFacts(Stage.OPEN, DAY, reached={first.code: DAY}, referred=(received,)))
    codes = [item.code for item in told if item.kind == "step"]
    assert len(codes) == len(set(codes)) == len(everywhere.steps)
    assert second.code in {item.code for item in told}


def test_lengths_of_a_referral_count_from_its_own_day() -> None:
    procedure = of("uk-parliament")
    (threshold, *_) = procedure.thresholds
    given = tuple(
        replace(one, within=Duration(days=10), required=False, slot=None) for one in procedure.steps_for(threshold.code)
    )
    changed = replace(procedure, steps=given)
    facts = PetitionFacts(
        Stage.OPEN, DAY, reached={threshold.code: DAY}, referred=(OutlookReferral(threshold.code, DAY),)
    )
    steps = [item for item in outlook(changed, facts) if item.kind == "step" and item.threshold is threshold]
    assert {item.due_on for item in steps} == {DAY + timedelta(days=10)}
    assert {item.within for item in steps} == {None}
    assert {item.days_late for item in steps} == {0}
