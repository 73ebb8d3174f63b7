"""The topics to follow, the group of news of each event, and when mails are sent."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from petitions.following.rules import (
    ALL,
    FOLLOW_GROUPS,
    Follow,
    Topic,
    default_choice,
    due_at,
    group_of,
    may_be_told,
    offered,
    read_topic,
    reason_to_tell,
    stored_topic,
    topics_of,
)
from petitions.lifecycle.rules.states import Stage
from petitions.subjects import EVENT_KINDS

ZONE = ZoneInfo("Europe/Amsterdam")
OWN, OTHER = Topic("petition", "7"), Topic("petition", "8")
COMMITTEE, SUBJECT = Topic("committee", "zorg"), Topic("subject", "health")
MOMENT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TOLD = sorted(kind.name for kind in EVENT_KINDS if kind.group)
STEP, REJECTED = EVENT_KINDS["step"], EVENT_KINDS["rejected"]


def test_every_public_kind_of_event_has_a_place_and_no_other() -> None:
    assert set(TOLD) == EVENT_KINDS.on_timeline | EVENT_KINDS.beside_their_event
    assert {kind.group for kind in EVENT_KINDS} - {None} == set(FOLLOW_GROUPS)


@pytest.mark.parametrize("kind", TOLD)
def test_who_follows_a_petition_can_choose_every_kind_of_its_events(kind: str) -> None:
    for data in ({}, {"kind": "decide"}, {"kind": "hearing"}, {"committee": "zorg"}, {"admissible": False}):
        assert group_of(EVENT_KINDS[kind], data, OWN) in offered(OWN)


@pytest.mark.parametrize("topic", [COMMITTEE, SUBJECT, ALL], ids=str)
@pytest.mark.parametrize("kind", TOLD)
def test_who_follows_many_petitions_hears_what_was_offered_and_not_of_their_checks(kind: str, topic: Topic) -> None:
    found = group_of(EVENT_KINDS[kind], {}, topic)
    checks = {"rejected", "objected", "objection_dismissed", "objection_upheld", "removed"}
    assert (found is None) == (kind in checks or (kind == "opened" and topic == COMMITTEE))
    assert found is None or found in offered(topic)


@pytest.mark.parametrize(
    ("kind", "data", "topic", "what"),
    [
        ("opened", {}, ALL, "petitions"),
        ("opened", {}, OWN, "milestones"),
        ("referred", {"committee": "zorg"}, COMMITTEE, "petitions"),
        ("referred", {"committee": "andere"}, COMMITTEE, "milestones"),
        ("referred", {"committee": "zorg"}, ALL, "milestones"),
        ("step", {"kind": "hearing"}, OWN, "steps"),
        ("step", {"kind": "decide"}, OWN, "decisions"),
        ("step", {"kind": "follow_up"}, ALL, "decisions"),
        ("step", {"kind": "admissibility", "admissible": False}, OWN, "decisions"),
        ("step", {"kind": "admissibility", "admissible": True}, OWN, "steps"),
        ("update", {}, SUBJECT, "news"),
        ("assigned", {}, OWN, None),
    ],
)
def test_place_of_an_event(kind: str, data: dict[str, object], topic: Topic, what: str | None) -> None:
    assert group_of(EVENT_KINDS[kind], data, topic) == what


def test_an_event_is_told_under_its_petition_first_then_more_widely() -> None:
    topics = topics_of(7, "health", ["zorg", "andere"], STEP, {"kind": "decide"})
    assert list(topics) == [OWN, Topic("committee", "andere"), COMMITTEE, SUBJECT, ALL]
    assert set(topics.values()) == {"decisions"}
    assert list(topics_of(7, "health", [], REJECTED, {})) == [OWN]


@pytest.mark.parametrize("topic", [OWN, COMMITTEE, SUBJECT, ALL], ids=str)
def test_a_topic_is_read_as_it_was_written(topic: Topic) -> None:
    assert read_topic(str(topic), {"zorg"}) == topic
    assert stored_topic(str(topic)) == topic


@pytest.mark.parametrize(
    "text",
    [
        "", "al", "all:", "all:x", "petition", "petition:", "petition:0", "petition:-1", "petition:07", "petition:x",
        "petition:٧", f"petition:{10**18}", "petition:" + "9" * 5000, "committee:onbekend", "subject:none", "subject:",
        "signature:1",
    ],
)  # fmt: skip
def test_nothing_else_can_be_followed(text: str) -> None:
    assert read_topic(text, {"zorg"}) is None


@pytest.mark.parametrize("topic", [OWN, COMMITTEE, SUBJECT, ALL], ids=str)
def test_what_a_form_proposes_can_be_chosen(topic: Topic) -> None:
    what, _ = default_choice(topic)
    assert what
    assert set(what) <= set(offered(topic))


def test_the_nearest_follow_that_wants_it_is_the_reason_and_none_from_before_it_was_confirmed() -> None:
    topics = topics_of(7, "health", ["zorg"], STEP, {"kind": "decide"})
    everything = Follow(ALL, frozenset({"decisions"}), "weekly", MOMENT)
    own = Follow(OWN, frozenset({"news"}), "at_once", MOMENT)
    committee = Follow(COMMITTEE, frozenset({"decisions", "news"}), "daily", MOMENT)
    assert reason_to_tell([everything, own, committee], topics, MOMENT) == committee
    assert reason_to_tell([own], topics, MOMENT) is None
    assert reason_to_tell([everything], topics, MOMENT - timedelta(microseconds=1)) is None
    assert reason_to_tell([], topics, MOMENT) is None
    assert reason_to_tell([Follow(OTHER, frozenset(FOLLOW_GROUPS), "daily", MOMENT)], topics, MOMENT) is None


@pytest.mark.parametrize(
    ("kind", "stage", "is_public", "hidden", "told"),
    [
        ("opened", Stage.OPEN, True, False, True),
        ("update", Stage.OPEN, True, True, False),
        ("update", Stage.REMOVED, True, True, False),
        ("removed", Stage.REMOVED, True, True, True),
        ("rejected", Stage.REJECTED, True, False, True),
        ("rejected", Stage.OPEN, True, False, False),
        ("objected", Stage.MODERATION, False, False, False),
        ("objection_upheld", Stage.OPEN, True, False, True),
    ],
)
def test_what_may_be_told(kind: str, stage: Stage, *, is_public: bool, hidden: bool, told: bool) -> None:
    assert may_be_told(EVENT_KINDS[kind], stage, is_public=is_public, hidden=hidden) is told


@pytest.mark.parametrize(
    ("how", "moment", "due"),
    [
        ("daily", "2026-03-02T06:59:59+01:00", "2026-03-02T07:00:00+01:00"),
        ("daily", "2026-03-02T07:00:00+01:00", "2026-03-03T07:00:00+01:00"),
        ("daily", "2026-03-28T12:00:00+01:00", "2026-03-29T07:00:00+02:00"),  # the clock goes forward in that night
        ("daily", "2026-10-24T12:00:00+02:00", "2026-10-25T07:00:00+01:00"),  # and back
        ("daily", "2026-10-25T02:30:00+02:00", "2026-10-25T07:00:00+01:00"),
        ("weekly", "2026-03-02T06:59:00+01:00", "2026-03-02T07:00:00+01:00"),  # a Monday
        ("weekly", "2026-03-02T07:00:00+01:00", "2026-03-09T07:00:00+01:00"),
        ("weekly", "2026-03-08T23:59:00+01:00", "2026-03-09T07:00:00+01:00"),
        ("weekly", "2026-03-25T10:00:00+01:00", "2026-03-30T07:00:00+02:00"),
        ("weekly", "2026-12-31T23:30:00+00:00", "2027-01-04T07:00:00+01:00"),
        ("at_once", "2026-03-02T06:59:59+01:00", "2026-03-02T06:59:59+01:00"),
    ],
)
def test_when_news_is_told(how: str, moment: str, due: str) -> None:
    assert due_at(how, datetime.fromisoformat(moment), ZONE) == datetime.fromisoformat(due)  # type: ignore[arg-type]


def test_no_moment_of_a_year_is_due_late_or_in_the_past() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year == 2026:
        for how, days in (("daily", 1), ("weekly", 7)):
            due = due_at(how, moment, ZONE)  # type: ignore[arg-type]
            assert moment < due <= moment + timedelta(days=days, hours=1)
            assert (due.astimezone(ZONE).hour, due.astimezone(ZONE).minute) == (7, 0)
            assert how == "daily" or due.astimezone(ZONE).weekday() == 0
        moment += timedelta(hours=7, minutes=13)
