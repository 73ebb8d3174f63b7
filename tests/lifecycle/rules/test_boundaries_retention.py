"""The last moment at which personal data is kept, and the first at which it is to be forgotten."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.durations import end_of_day, local_day
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.retention import data_is_over, draft_is_over
from petitions.lifecycle.rules.states import Stage
from petitions.procedures import load_procedures

BEGUN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
PROCEDURES = list(load_procedures().values())
WITH_SPONSORS = [one for one in PROCEDURES if one.sponsors and one.sponsors.within]
WITHOUT_LIMIT = [one for one in PROCEDURES if not (one.sponsors and one.sponsors.within)]
MOMENTS = st.one_of(st.none(), st.integers(-400, 400).map(lambda hours: BEGUN + timedelta(hours=37 * hours)))


def over(
    procedure: Procedure,
    now: datetime,
    closed: datetime | None = None,
    ended: datetime | None = None,
    decided: datetime | None = None,
    *,
    handling: bool = False,
) -> bool:
    return data_is_over(procedure, closed_at=closed, ended_at=ended, decided_at=decided, handling=handling, now=now)


def last_moment(procedure: Procedure, end: datetime) -> datetime:
    zone = procedure.body.zone
    return end_of_day(procedure.retention.contact.after(local_day(end, zone)), zone)


def test_a_draft_that_nobody_confirms_is_kept_for_fourteen_days() -> None:
    limit = BEGUN + timedelta(days=14)
    assert not draft_is_over(PROCEDURES[0], Stage.DRAFT, BEGUN, None, limit - INSTANT)
    assert draft_is_over(PROCEDURES[0], Stage.DRAFT, BEGUN, None, limit)
    assert draft_is_over(PROCEDURES[0], Stage.DRAFT, BEGUN, None, limit + INSTANT)


@pytest.mark.parametrize("procedure", WITH_SPONSORS, ids=lambda one: f"{one.code}.v{one.version}")
def test_sponsors_have_until_the_end_of_the_last_day(procedure: Procedure) -> None:
    assert procedure.sponsors is not None
    assert procedure.sponsors.within is not None
    zone = procedure.body.zone
    limit = end_of_day(procedure.sponsors.within.after(local_day(BEGUN, zone)), zone)
    long_ago = BEGUN - timedelta(days=13)  # the day of the confirmation counts, not that of the draft
    assert not draft_is_over(procedure, Stage.SPONSORING, long_ago, BEGUN, limit - INSTANT)
    assert draft_is_over(procedure, Stage.SPONSORING, long_ago, BEGUN, limit)
    assert not draft_is_over(procedure, Stage.SPONSORING, long_ago, None, limit)
    for stage in set(Stage) - {Stage.DRAFT, Stage.SPONSORING}:
        assert not draft_is_over(procedure, stage, long_ago, BEGUN, limit + timedelta(days=999))


def test_a_sponsor_round_without_a_limit_never_ends_by_itself() -> None:
    assert WITHOUT_LIMIT
    for procedure in WITHOUT_LIMIT:
        assert not draft_is_over(procedure, Stage.SPONSORING, BEGUN, BEGUN, BEGUN + timedelta(days=9999))


@pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda one: f"{one.code}.v{one.version}")
def test_the_last_end_counts_whichever_it_is(procedure: Procedure) -> None:
    """Closed in March, a decision a year later: the days are counted from the decision, not from the closing."""
    limit = last_moment(procedure, BEGUN + timedelta(days=365))
    for closed, ended, decided in permutations([BEGUN, BEGUN + timedelta(days=365), None]):
        assert not over(procedure, limit - INSTANT, closed, ended, decided)
        assert over(procedure, limit, closed, ended, decided)


@given(st.sampled_from(PROCEDURES), st.tuples(MOMENTS, MOMENTS, MOMENTS))
def test_nothing_is_forgotten_before_the_time_after_any_end_has_passed(
    procedure: Procedure, ends: tuple[datetime | None, datetime | None, datetime | None]
) -> None:
    limits = [last_moment(procedure, end) for end in ends if end is not None]
    if not limits:
        assert not over(procedure, BEGUN + timedelta(days=9999), *ends)
        return
    assert over(procedure, max(limits), *ends)
    assert not over(procedure, max(limits) - INSTANT, *ends)
    assert not over(procedure, max(limits) + timedelta(days=9999), *ends, handling=True)


def test_twenty_eight_days_are_twenty_eight_days() -> None:
    """A fixed day, worked out by hand: closed on 2 March, kept up to and including 30 March in Amsterdam."""
    procedure = next(one for one in PROCEDURES if one.code == "nl-burgerinitiatief" and one.version == 2)
    summer_time = datetime(2026, 3, 30, 22, 0, tzinfo=UTC)
    assert not over(procedure, summer_time - INSTANT, BEGUN)
    assert over(procedure, summer_time, BEGUN)
    assert local_day(summer_time, procedure.body.zone) == date(2026, 3, 31)
