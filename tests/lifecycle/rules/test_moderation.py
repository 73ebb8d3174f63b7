"""The moderators' desk: due days by the body's clock and figures."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from petitions.durations import add_working_days
from petitions.lifecycle.rules.moderation import Due, ModerationDecision, Nearness, days_waited, due, figures

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("on", "now", "expected"),
    [
        (FRIDAY, datetime(2026, 3, 6, 10, tzinfo=UTC), Due(FRIDAY, Nearness.TODAY, 0)),
        (FRIDAY, datetime(2026, 3, 6, 22, 59, tzinfo=UTC), Due(FRIDAY, Nearness.TODAY, 0)),
        # one minute to midnight in London is past midnight in Amsterdam
        (FRIDAY, datetime(2026, 3, 6, 23, 0, tzinfo=UTC), Due(FRIDAY, Nearness.OVERDUE, 1)),
        (FRIDAY, datetime(2026, 3, 5, 10, tzinfo=UTC), Due(FRIDAY, Nearness.TOMORROW, 1)),
        (FRIDAY, datetime(2026, 3, 4, 10, tzinfo=UTC), Due(FRIDAY, Nearness.LATER, 2)),
        (FRIDAY, datetime(2026, 3, 16, 10, tzinfo=UTC), Due(FRIDAY, Nearness.OVERDUE, 10)),
        (date(2026, 3, 9), datetime(2026, 3, 6, 10, tzinfo=UTC), Due(date(2026, 3, 9), Nearness.SOON, 3)),
        (date(2026, 3, 9), datetime(2026, 3, 5, 10, tzinfo=UTC), Due(date(2026, 3, 9), Nearness.LATER, 4)),
    ],
)
def test_due(on: date, now: datetime, expected: Due) -> None:
    assert due(on, now, AMSTERDAM) == expected


def test_due_follows_the_clock_of_the_body() -> None:
    now = datetime(2026, 3, 6, 17, tzinfo=UTC)
    assert due(FRIDAY, now, ZoneInfo("Europe/London")).nearness == Nearness.TODAY
    assert due(FRIDAY, now, ZoneInfo("Asia/Taipei")).nearness == Nearness.OVERDUE


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 17, tzinfo=UTC), 0),
        (datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 6, 8, tzinfo=UTC), 4),
        (datetime(2026, 3, 6, 8, tzinfo=UTC), datetime(2026, 3, 9, 8, tzinfo=UTC), 1),
        (datetime(2026, 3, 7, 8, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC), 0),
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), datetime(2026, 3, 2, 8, tzinfo=UTC), 0),
    ],
)
def test_days_waited(since: datetime, until: datetime, expected: int) -> None:
    assert days_waited(since, until, AMSTERDAM) == expected


def _decision(days: int, *, due_on: date = FRIDAY) -> ModerationDecision:
    begun = datetime(2026, 2, 27, 10, tzinfo=UTC)
    return ModerationDecision(begun, begun + timedelta(days=days), due_on, "Europe/Amsterdam")


def test_figures_are_measured() -> None:
    made = figures([_decision(3), _decision(4), _decision(7), _decision(10)])
    assert made.decided == 4
    assert made.share_in_time == 0.75  # the fourth came on the Monday after
    assert made.median_wait == 3.5  # 1, 2, 5 and 6 working days
    assert made.slow_wait == 6


@pytest.mark.parametrize(
    ("waits", "slow"), [([3], 3), (list(range(1, 10)), 9), (list(range(1, 11)), 9), (list(range(1, 101)), 90)]
)
def test_nine_of_ten_took_at_most_that_long(waits: list[int], slow: int) -> None:
    begun = datetime(2026, 3, 2, 10, tzinfo=UTC)
    ended = [datetime.combine(add_working_days(begun.date(), wait), begun.time(), UTC) for wait in waits]
    assert figures([ModerationDecision(begun, end, FRIDAY, "UTC") for end in ended]).slow_wait == slow


def test_figures_without_decisions_claim_nothing() -> None:
    assert figures([]).share_in_time is None
    assert figures([]).median_wait is None
    assert figures([]).slow_wait is None
