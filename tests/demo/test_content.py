"""The demo's content: within the limits of its procedures, in all stages, and with growth that adds up."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import pytest

from petitions.demo.content import DemoContent, DemoPetition, load_content
from petitions.demo.growth import hourly
from petitions.errors import ConfigurationError
from petitions.lifecycle.procedure_files import load_committees, load_procedures
from petitions.lifecycle.rules.procedures import Procedure

CONTENT = load_content()
PROCEDURES = {procedure.code: procedure for procedure in load_procedures().values()}
NOW = datetime(2026, 4, 14, 12, tzinfo=UTC)
REQUIRED = {"nl-kamer-petitie": 26, "nl-burgerinitiatief": 8, "nl-gemeente-initiatief": 6, "uk-parliament": 4}
WAITING = 7

every_petition = pytest.mark.parametrize("petition", CONTENT.petitions, ids=lambda petition: petition.key)
with_referral = pytest.mark.parametrize(
    "petition", [p for p in CONTENT.petitions if p.referral], ids=lambda petition: petition.key
)


def _procedure(petition: DemoPetition) -> Procedure:
    return PROCEDURES[petition.procedure]


def _days_since_referral(petition: DemoPetition) -> int | None:
    """How many days ago the first referral began: the crossing of a number, or closing where that is what counts."""
    first = _procedure(petition).thresholds[0]
    if first.count is None:
        return petition.ended_days_ago if petition.stage == "closed" else None
    start = NOW - timedelta(days=petition.age_days)
    counts = hourly(petition.signatures, petition.collected_days, petition.curve, petition.key, start=start)
    hours = next((n for n, count in enumerate(accumulate(counts), 1) if count >= first.count), None)
    return None if hours is None else petition.age_days - hours // 24


def test_there_is_enough_of_everything() -> None:
    assert len(CONTENT.petitions) >= 44
    procedures = Counter(petition.procedure for petition in CONTENT.petitions)
    assert {code: count for code, count in REQUIRED.items() if procedures[code] < count} == {}
    stages = Counter(petition.stage for petition in CONTENT.petitions)
    assert set(stages) == {"sponsoring", "moderation", "open", "closed", "rejected", "withdrawn", "removed"}
    assert stages["moderation"] == WAITING
    assert sum(bool(petition.updates) for petition in CONTENT.petitions) >= 12
    assert sum(bool(petition.referral) for petition in CONTENT.petitions) >= 14


def test_keys_titles_and_initiators_are_unique() -> None:
    for values in (
        [petition.key for petition in CONTENT.petitions],
        [petition.title for petition in CONTENT.petitions],
        [petition.initiator.name for petition in CONTENT.petitions],
    ):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_all_committee_states_are_shown() -> None:
    steps = {step.step for petition in CONTENT.petitions for step in petition.referral}
    assert steps == {
        "receive", "check_conditions", "report", "admissibility", "hand_over", "publish_response", "debate", "decide",
        "follow_up",
        "appoint_rapporteur",
        "hearing",
    }  # fmt: skip
    decisions = [step for petition in CONTENT.petitions for step in petition.referral if step.step == "decide"]
    assert {step.outcome_hint for step in decisions} == {"positive", "neutral", "negative"}
    assert any((step.date_in_days or 0) > 0 for petition in CONTENT.petitions for step in petition.referral)
    follow_up_is_late = [
        petition.key
        for petition in CONTENT.petitions
        if petition.referral
        and petition.referral[-1].step == "decide"
        and (petition.referral[-1].date_in_days or 0) < 0
    ]
    assert len(follow_up_is_late) == 2


@every_petition
def test_texts_keep_to_the_limits_of_the_procedure(petition: DemoPetition) -> None:
    texts = _procedure(petition).texts
    assert texts.title.minimum <= len(petition.title) <= texts.title.maximum
    assert texts.request.minimum <= len(petition.request) <= texts.request.maximum
    assert texts.reasons.minimum <= len(petition.reasons) <= texts.reasons.maximum
    assert "  " not in petition.reasons
    assert "lorem" not in petition.reasons.lower()
    assert petition.language == ("en" if petition.procedure == "uk-parliament" else "nl")
    assert not petition.initiator.organisation or _procedure(petition).starter.organisations


@every_petition
def test_stage_and_facts_agree(petition: DemoPetition) -> None:
    public = petition.stage in {"open", "closed", "withdrawn", "removed"}
    ended = petition.stage in {"closed", "rejected", "withdrawn", "removed"}
    assert (petition.ended_days_ago > 0) == ended
    assert petition.ended_days_ago <= petition.age_days
    assert (petition.due_in_days is not None) == (petition.stage == "moderation")
    assert bool(petition.reason) == (petition.stage in {"rejected", "withdrawn", "removed"})
    assert bool(petition.ground_hint) == bool(petition.ground) == (petition.stage in {"rejected", "removed"})
    assert not petition.ground or _procedure(petition).ground(petition.ground) is not None
    assert bool(petition.proposed_ground) == bool(petition.proposed_reason)
    assert not petition.proposed_ground or _procedure(petition).ground(petition.proposed_ground) is not None
    assert not petition.proposed_ground or (
        petition.stage == "moderation" and _procedure(petition).moderation.second_reader
    )
    assert not petition.objection or petition.stage == "rejected"
    if petition.objection:  # in time: the rejection is at most two weeks older
        assert 0 <= petition.ended_days_ago - petition.objected_days_ago <= 14
    assert not public or petition.signatures > 0
    assert public or not petition.updates
    assert all(update.days_ago < petition.age_days for update in petition.updates)
    if petition.procedure == "uk-parliament" and petition.stage == "open":
        assert petition.age_days < 181


@with_referral
def test_steps_follow_the_procedure_and_the_referral(petition: DemoPetition) -> None:
    procedure = _procedure(petition)
    order = [step.kind for step in procedure.steps_for(procedure.thresholds[0].code)]
    required = [step.kind for step in procedure.steps_for(procedure.thresholds[0].code) if step.required]
    told = [step.step for step in petition.referral]
    assert told == sorted(told, key=order.index)
    assert [kind for kind in told if kind in required] == required[: sum(kind in required for kind in told)]
    days = [step.days_ago for step in petition.referral]
    assert days == sorted(days, reverse=True)
    began = _days_since_referral(petition)
    assert began is not None
    assert days[0] < began


@with_referral
def test_decisions_name_an_outcome_or_a_ground_of_the_procedure(petition: DemoPetition) -> None:
    procedure = _procedure(petition)
    for step in petition.referral:
        if step.step == "decide":
            outcome = procedure.outcome(step.outcome)
            assert outcome is not None
            assert outcome.tone == step.outcome_hint
            assert step.reasons
        elif step.step == "admissibility" and step.outcome_hint == "negative":
            assert procedure.admissibility_ground(step.ground) is not None
            assert step.reasons
            assert step is petition.referral[-1]
        elif step.step == "admissibility":
            assert step.outcome_hint == "positive"
        else:
            assert not step.outcome
            assert step.outcome_hint is None


def test_an_initiative_has_just_passed_its_number_and_others_are_close() -> None:
    open_now = {petition.key: petition for petition in CONTENT.petitions if petition.stage == "open"}
    passed = _days_since_referral(open_now["leegstand"])
    assert passed is not None
    assert passed <= 5
    assert open_now["nachtzorg"].signatures == 38_214
    assert open_now["rural-trains"].signatures == 9_630
    assert open_now["hondenveld"].signatures == 21


def test_people_are_many_and_staff_belongs_to_committees_that_exist() -> None:
    people = CONTENT.people
    assert len(set(people.first_names)) == len(people.first_names) >= 150
    assert len(set(people.surnames)) == len(people.surnames) >= 200
    assert len({place.name for place in people.places}) == len(people.places) >= 120
    assert all(1000 <= low <= high <= 9999 for low, high in (place.postcodes for place in people.places))
    committees = load_committees()
    served = [slug for member in people.staff for slug in member.committees]
    assert set(served) <= set(committees)
    assert {slug for member in people.staff for slug in member.sits_on} <= set(committees)
    assert not [member.name for member in people.staff if set(member.committees) & set(member.sits_on)]
    clerks = {member.name for member in people.staff if member.committees}
    colleagues = clerks | {member.name for member in people.staff if member.sits_on}
    assert {petition.assigned_to for petition in CONTENT.petitions} - {""} <= clerks
    assert {note.by for petition in CONTENT.petitions for note in petition.note} <= colleagues
    assert any(petition.note for petition in CONTENT.petitions)
    needed = {code for code in REQUIRED for code in [PROCEDURES[code].body.code]}
    assert {slug for slug, committee in committees.items() if committee.body in needed} == set(served)
    assert all(member.email.endswith(f"@{people.staff_domain}") for member in people.staff)
    assert Counter(member.role for member in people.staff)["moderator"] == 2


@pytest.mark.parametrize("curve", ["steady", "launch", "media", "late", "two_waves"])
@pytest.mark.parametrize(("total", "days"), [(0, 0), (0, 3), (1, 1), (17, 126), (5_000, 60), (40_912, 118)])
def test_growth_adds_up_and_is_the_same_every_time(curve: str, total: int, days: int) -> None:
    counts = hourly(total, days, curve, "a seed", start=NOW)
    assert len(counts) == days * 24
    assert sum(counts) == total
    assert min(counts, default=0) >= 0
    assert counts == hourly(total, days, curve, "a seed", start=NOW)


def test_growth_knows_night_and_day_in_amsterdam() -> None:
    start = datetime(2026, 6, 30, 22, tzinfo=UTC)  # midnight there
    counts = hourly(20_000, 28, "steady", "clock", start=start)
    by_hour = [sum(counts[hour::24]) for hour in range(24)]
    assert max(by_hour) == by_hour[20]
    assert sum(by_hour[1:6]) * 20 < sum(by_hour)


def test_growth_has_the_shape_of_its_curve() -> None:
    def share_of_last_quarter(curve: str) -> float:
        counts = hourly(10_000, 100, curve, "shape")
        return sum(counts[75 * 24 :]) / 10_000

    assert share_of_last_quarter("launch") < 0.2
    assert 0.2 < share_of_last_quarter("steady") < 0.3
    assert share_of_last_quarter("late") > 0.5


@pytest.mark.parametrize(("total", "days", "curve"), [(5, 0, "steady"), (-1, 3, "steady"), (5, 3, "sideways")])
def test_growth_refuses_nonsense(total: int, days: int, curve: str) -> None:
    with pytest.raises(ValueError, match=r"curve|negative"):
        hourly(total, days, curve, "seed")


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "open.toml").write_text('[[petition]]\nkey = "x"\ncolour = "blue"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"open\.toml"):
        load_content(tmp_path)


def test_lines_are_joined_and_paragraphs_kept() -> None:
    content: DemoContent = CONTENT
    text = next(petition.reasons for petition in content.petitions if petition.key == "nachtzorg")
    assert text.count("\n\n") == 3
    assert "\n" not in text.replace("\n\n", "")


def test_referrals_stand_at_many_steps_under_several_procedures() -> None:
    referred = [petition for petition in CONTENT.petitions if petition.referral]
    at = {(petition.procedure, max(petition.referral, key=lambda step: -step.days_ago).step) for petition in referred}
    assert len({step for _, step in at}) >= 6
    assert len({procedure for procedure, _ in at}) >= 3
    decided = [petition for petition in referred if any(step.step == "decide" for step in petition.referral)]
    assert any(petition.motions and any(motion.by_name for motion in petition.motions) for petition in decided)
