"""Deadlines: calendar months, weeks, days and working days, by the body's own clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from petitions.durations import Duration, add_months, add_working_days, end_of_day, local_day, working_days_between

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P6M", Duration(months=6)),
        ("P1Y", Duration(months=12)),
        ("P1Y6M", Duration(months=18)),
        ("P6W", Duration(days=42)),
        ("P30D", Duration(days=30)),
        ("P0D", Duration()),
        ("P5WD", Duration(working_days=5)),
        ("P1M2W3D", Duration(months=1, days=17)),
    ],
)
def test_parse(text: str, expected: Duration) -> None:
    assert Duration.parse(text) == expected


@pytest.mark.parametrize("text", ["", "P", "6M", "P6", "P-1D", "PT6H", "P1D2M", "P1.5Y", "p6m", "P6M ", "P5DW"])
def test_parse_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        (date(2026, 8, 31), "P6M", date(2027, 2, 28)),  # no 31 February
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2024, 2, 29), "P4Y", date(2028, 2, 29)),
        (date(2026, 12, 15), "P1M", date(2027, 1, 15)),
        (date(2026, 3, 1), "P6W", date(2026, 4, 12)),
        (date(2026, 1, 1), "P60D", date(2026, 3, 2)),
        (date(2026, 5, 1), "P5WD", date(2026, 5, 8)),  # Friday to Friday
        (date(2026, 5, 2), "P1WD", date(2026, 5, 4)),  # Saturday to Monday
        (date(2026, 5, 2), "P0D", date(2026, 5, 2)),
    ],
)
def test_after(start: date, duration: str, expected: date) -> None:
    assert Duration.parse(duration).after(start) == expected


def test_months_and_working_days() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_working_days(date(2026, 5, 1), 0) == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 5, 1), date(2026, 5, 1), 0),
        (date(2026, 5, 1), date(2026, 5, 3), 0),  # a weekend
        (date(2026, 5, 1), date(2026, 5, 4), 1),
        (date(2026, 5, 4), date(2026, 5, 1), -1),
        (date(2026, 5, 1), date(2026, 5, 15), 10),
    ],
)
def test_working_days_between(start: date, end: date, expected: int) -> None:
    assert working_days_between(start, end) == expected


@pytest.mark.parametrize("count", range(1, 15))
def test_working_days_there_and_back(count: int) -> None:
    start = date(2026, 5, 6)
    assert working_days_between(start, add_working_days(start, count)) == count


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 31), datetime(2026, 1, 31, 23, tzinfo=UTC)),
        (date(2026, 7, 1), datetime(2026, 7, 1, 22, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the night before summer time
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),  # the day with 23 hours
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),  # the day with 25 hours
    ],
)
def test_end_of_day(day: date, expected: datetime) -> None:
    assert end_of_day(day, AMSTERDAM) == expected


def test_local_day_is_the_day_of_the_body() -> None:
    moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert local_day(moment, AMSTERDAM) == date(2026, 7, 2)
    assert local_day(moment, ZoneInfo("Europe/London")) == date(2026, 7, 1)
