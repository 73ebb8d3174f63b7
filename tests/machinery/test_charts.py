"""The geometry of the growth chart: scales, labels, table and the cases in which there is nothing to draw."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.charts import MOST_POINTS, Drawing, growth_chart, nice_step

START = date(2026, 2, 2)


def days(*counts: int) -> list[tuple[date, int]]:
    return [(START + timedelta(n), count) for n, count in enumerate(counts)]


@pytest.mark.parametrize("counts", [[], days(5), days(0, 0, 0)])
def test_too_little_is_no_chart(counts: list[tuple[date, int]]) -> None:
    assert growth_chart(counts) is None


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1), (3, 1), (7, 2), (10, 2), (41, 10), (412, 100), (38_214, 10_000), (1_000_000, 200_000)]
)
def test_steps_are_round_and_few(highest: int, step: int) -> None:
    assert nice_step(highest) == step


def test_missing_days_keep_the_count_of_the_day_before() -> None:
    chart = growth_chart([(START, 3), (START + timedelta(3), 9)])
    assert chart is not None
    assert len(chart.wide.line.split()) == 4
    assert [point.split(",")[1] for point in chart.wide.line.split()[:3]] == [
        chart.wide.line.split()[0].split(",")[1]
    ] * 3


def test_the_order_of_the_counts_does_not_matter() -> None:
    counts = days(1, 5, 9)
    assert growth_chart(counts) == growth_chart(reversed(counts))


def test_a_threshold_is_drawn_when_it_is_within_reach() -> None:
    chart = growth_chart(days(0, 100, 300), [(200, "an answer"), (1_000, "a debate"), (10_000, "a law")])
    assert chart is not None
    assert [line.count for line in chart.wide.thresholds] == [200, 1_000]
    assert [(crossing.day, crossing.count) for crossing in chart.crossings] == [(START + timedelta(2), 200)]
    assert len(chart.narrow.marks) == 1


def test_a_label_stays_off_the_curve() -> None:
    chart = growth_chart(days(*range(0, 40_000, 500)), [(10_000, "written answer"), (40_000, "on the agenda")])
    assert chart is not None
    low, high = chart.wide.thresholds
    assert (high.anchor, high.label_y) == ("start", high.y - 8)
    assert (low.anchor, low.label_y) == ("end", low.y - 8)


def test_a_long_petition_has_few_points_and_rows_of_four_weeks() -> None:
    chart = growth_chart(days(*range(1, 800)))
    assert chart is not None
    assert chart.long
    assert len(chart.wide.line.split()) <= MOST_POINTS
    assert len(chart.periods) == 29
    assert chart.periods[-1].until == chart.last


@given(st.lists(st.integers(0, 50_000), min_size=2, max_size=400), st.lists(st.integers(1, 200_000), max_size=3))
def test_everything_lies_inside_and_adds_up(new: list[int], thresholds: list[int]) -> None:
    total, counts = 0, []
    for number in new:
        total += number
        counts.append(total)
    chart = growth_chart(days(*counts), [(count, "label") for count in thresholds])
    if chart is None:
        assert total == 0
        return
    assert sum(period.new for period in chart.periods) == chart.total == total
    for drawing in (chart.wide, chart.narrow):
        assert_inside(drawing)


def assert_inside(drawing: Drawing) -> None:
    for pair in drawing.line.split():
        x, y = map(float, pair.split(","))
        assert drawing.left - 0.1 <= x <= drawing.right + 0.1
        assert drawing.size.top - 0.1 <= y <= drawing.base + 0.1
    assert len(drawing.counts) <= 7
    assert len(drawing.dates) <= drawing.size.dates
    assert all(0 < line.label_y < drawing.size.height for line in drawing.thresholds)
