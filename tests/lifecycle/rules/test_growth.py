"""The estimate: only for a steady petition, never further ahead than was seen, and no more exact than it is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.lifecycle.rules.growth import GrowthEstimate, estimate, rounded

TODAY = date(2026, 3, 30)
OPENED = TODAY - timedelta(days=60)


def week(*per_day: int) -> dict[date, int]:
    """The signatures of the days before today, yesterday first."""
    return {TODAY - timedelta(days=n): gained for n, gained in enumerate(per_day, 1)}


def told(
    gained: dict[date, int], count: int = 1_000, *, opened: date = OPENED, closes: date | None = None, aim: int | None
) -> GrowthEstimate | None:
    return estimate(gained, count, opened_on=opened, today=TODAY, closes_on=closes, aim=aim)


STEADY = week(10, 12, 9, 11, 8, 10, 10)  # 70


def test_a_steady_petition_reaches_its_number() -> None:
    assert told(STEADY, aim=1_280) == GrowthEstimate(70, reaches=1_280, weeks=4)
    assert told(STEADY, aim=1_001) == GrowthEstimate(70, reaches=1_001, weeks=1)


def test_what_is_not_reached_in_time_is_told_as_the_count_at_the_end() -> None:
    closes = TODAY + timedelta(days=14)
    assert told(STEADY, aim=40_000, closes=closes) == GrowthEstimate(70, at_the_end=1_100)
    assert told(STEADY, aim=1_200, closes=closes) == GrowthEstimate(70, at_the_end=1_100)  # 20 days are needed, 14 left
    assert told(STEADY, aim=None, closes=closes) == GrowthEstimate(70, at_the_end=1_100)


@pytest.mark.parametrize(
    ("gained", "why"),
    [
        (week(3, 2, 2, 3, 3, 3, 3), "19 signatures"),
        (week(200, 5, 5, 5, 5, 5, 5), "a day in the news"),
        (week(20, 0, 0, 20, 0, 0, 20), "three days"),
        (week(), "nothing"),
        (week(-5, -5, -5, -5, 1, 1, 1), "more taken back"),
    ],
)
def test_no_estimate_of_what_is_no_pace(gained: dict[date, int], why: str) -> None:
    assert told(gained, aim=1_100) is None, why


def test_no_estimate_of_a_young_petition() -> None:
    assert told(STEADY, aim=1_100, opened=TODAY - timedelta(days=7)) is None
    # open for eight days: the week after the opening day is whole; and no further ahead than eight days
    assert told(STEADY, aim=1_080, opened=TODAY - timedelta(days=8)) == GrowthEstimate(70, reaches=1_080, weeks=1)
    assert told(STEADY, aim=1_100, opened=TODAY - timedelta(days=8)) is None


def test_no_estimate_further_ahead_than_half_a_year() -> None:
    long_ago = TODAY - timedelta(days=900)
    assert told(STEADY, aim=2_800, opened=long_ago) == GrowthEstimate(70, reaches=2_800, weeks=26)
    assert told(STEADY, aim=2_811, opened=long_ago) is None
    assert told(STEADY, aim=None, opened=long_ago, closes=TODAY + timedelta(days=181)) is None


def test_today_does_not_count_and_neither_does_the_last_evening() -> None:
    assert told(STEADY | {TODAY: 5_000}, aim=1_280) == GrowthEstimate(70, reaches=1_280, weeks=4)
    assert told(STEADY, aim=None, closes=TODAY) is None


@pytest.mark.parametrize(
    ("number", "about"), [(0, 0), (7, 7), (99, 99), (104, 100), (105, 110), (1_140, 1_100), (12_345, 12_000)]
)
def test_numbers_are_rounded(number: int, about: int) -> None:
    assert rounded(number) == about


@given(
    st.lists(st.integers(-50, 5_000), min_size=7, max_size=7),
    st.integers(0, 10**6),
    st.integers(0, 400),
    st.none() | st.integers(0, 400),
    st.none() | st.integers(1, 10**6),
)
def test_an_estimate_never_promises_less_than_there_is(
    days: list[int], count: int, age: int, left: int | None, aim: int | None
) -> None:
    closes = None if left is None else TODAY + timedelta(days=left)
    found = told(week(*days), count, opened=TODAY - timedelta(days=age), closes=closes, aim=aim)
    if found is None:
        return
    assert (found.reaches is None) != (found.at_the_end is None)
    if found.reaches is not None:
        assert found.reaches > count
        assert found.weeks is not None
        assert 1 <= found.weeks <= 26
    else:
        assert found.at_the_end is not None
        assert found.at_the_end >= rounded(count)
