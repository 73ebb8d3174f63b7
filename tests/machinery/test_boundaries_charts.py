"""The growth chart to the decimal: every stroke of some small charts, worked out by hand from the sizes of the drawing.

The wide drawing is 720 by 300 with 26 above, 16 at the right and 36 below, so the curve lies between y = 26 and y = 264
and ends at x = 704; the narrow one is 380 by 290. The left margin is 18, 7.6 a digit and 3.6 a separator.
"""

from datetime import date, timedelta

import pytest

from petitions.charts import (
    CountTick,
    Crossing,
    DateTick,
    GrowthChart,
    PeriodRow,
    Point,
    ThresholdLine,
    growth_chart,
    nice_step,
)

START = date(2026, 2, 2)
ANSWER, DEBATE = (500, "an answer"), (2000, "a debate")


def chart_of(*counts: int, thresholds: list[tuple[int, str]] | None = None) -> GrowthChart:
    days = [(START + timedelta(n), count) for n, count in enumerate(counts)]
    chart = growth_chart(days, thresholds or [])
    assert chart is not None
    return chart


def test_every_stroke_of_the_wide_drawing() -> None:
    """Eleven days, a hundred more each; the top is 2000 and six percent: 2120."""
    chart = chart_of(*range(0, 1100, 100), thresholds=[ANSWER, DEBATE])
    wide = chart.wide
    assert (wide.left, wide.right, wide.base) == (52.0, 704, 264)
    line = (
        "52,264 117.2,252.8 182.4,241.5 247.6,230.3 312.8,219.1 378,207.9 443.2,196.6 508.4,185.4 573.6,174.2"
        " 638.8,163 704,151.7"
    )
    assert wide.line == line
    assert wide.area == f"52,264 {line} 704,264"
    assert wide.counts == (
        CountTick(264.0, 0, line=True),
        CountTick(207.9, 500, line=False),  # the line of a threshold lies there
        CountTick(151.7, 1000, line=True),
        CountTick(95.6, 1500, line=True),
        CountTick(39.5, 2000, line=False),
    )
    assert wide.dates == (
        DateTick(52.0, date(2026, 2, 2), "start"),
        DateTick(182.4, date(2026, 2, 4), "middle"),
        DateTick(312.8, date(2026, 2, 6), "middle"),
        DateTick(443.2, date(2026, 2, 8), "middle"),
        DateTick(573.6, date(2026, 2, 10), "middle"),
        DateTick(704.0, date(2026, 2, 12), "end"),
    )
    assert wide.thresholds == (
        ThresholdLine(207.9, 500, "an answer", 60.0, 199.9, "start"),
        ThresholdLine(39.5, 2000, "a debate", 60.0, 31.5, "start"),
    )
    assert wide.marks == (Point(378.0, 207.9),)
    assert wide.end == Point(704.0, 151.7)


def test_the_narrow_drawing_and_the_table() -> None:
    chart = chart_of(*range(0, 1100, 100), thresholds=[ANSWER, DEBATE])
    narrow = chart.narrow
    assert (narrow.left, narrow.right, narrow.base) == (52.0, 364, 254)
    assert [tick.x for tick in narrow.dates] == [52.0, 208.0, 364.0]
    assert narrow.line.endswith("364,146.5")
    assert chart.periods == (
        PeriodRow(until=date(2026, 2, 8), new=600, total=600),
        PeriodRow(until=date(2026, 2, 12), new=400, total=1000),
    )
    assert chart.crossings == (Crossing(date(2026, 2, 7), 500, "an answer"),)
    assert (chart.first, chart.last, chart.total, chart.long) == (START, date(2026, 2, 12), 1000, False)


def test_the_label_stands_at_the_right_where_the_curve_is_high_from_the_start() -> None:
    high = chart_of(900, 950, 1000, thresholds=[(60, "low"), (800, "x")]).wide.thresholds
    assert high == (
        ThresholdLine(250.5, 60, "low", 700, 242.5, "end"),
        ThresholdLine(84.4, 800, "x", 700, 76.4, "end"),
    )


def test_the_label_goes_below_the_line_where_the_curve_runs_along_it() -> None:
    """It begins above the line, so not at the left; it ends just above it, so not above it at the right."""
    (line,) = chart_of(505, 510, 515, 520, thresholds=[ANSWER]).wide.thresholds
    assert (line.anchor, line.label_x) == ("end", 700)
    assert line.label_y == line.y + 18


def test_near_the_axis_the_label_stays_above_the_line() -> None:
    """At 50 of 1000 the line lies 12 above the axis: below it there is no room for words."""
    (line,) = chart_of(55, 55, 55, 1000, thresholds=[(50, "low")]).wide.thresholds
    assert line.y > 238
    assert (line.anchor, line.label_y) == ("end", line.y - 8)


def test_a_threshold_that_is_reached_to_the_number_is_marked_and_crossed() -> None:
    chart = chart_of(0, 100, 200, thresholds=[(200, "reached"), (1000, "five times"), (1001, "too far")])
    assert [line.count for line in chart.wide.thresholds] == [200, 1000]
    assert chart.crossings == (Crossing(START + timedelta(2), 200, "reached"),)
    assert chart.wide.marks == (chart.wide.end,)


def test_one_signature_on_two_days_is_a_chart_and_a_threshold_of_one_is_drawn() -> None:
    chart = chart_of(0, 1, thresholds=[(1, "one"), (5, "five"), (6, "six")])
    assert chart.wide.left == 25.6
    assert [line.count for line in chart.wide.thresholds] == [1, 5]
    assert [tick.count for tick in chart.wide.counts] == [0, 1, 2, 3, 4, 5]
    assert chart.wide.line == "25.6,264 704,216.4"


def test_the_margin_grows_with_the_digits_and_the_separators() -> None:
    margins = {total: chart_of(0, total).wide.left for total in (4, 40, 400, 4000, 400_000, 4_000_000)}
    assert margins == {4: 25.6, 40: 33.2, 400: 40.8, 4000: 52.0, 400_000: 67.2, 4_000_000: 78.4}


def test_weeks_until_half_a_year_then_spans_of_four() -> None:
    weeks, spans = chart_of(*range(182)).periods, chart_of(*range(183)).periods
    assert (len(weeks), weeks[0].until, weeks[1].new) == (26, date(2026, 2, 8), 7)
    assert (len(spans), spans[0].until, spans[1].new) == (7, date(2026, 3, 1), 28)
    assert (spans[-1].until, spans[-1].new, spans[-1].total) == (date(2026, 8, 3), 15, 182)


@pytest.mark.parametrize(("days", "points"), [(159, 159), (160, 160), (161, 160), (320, 160)])
def test_the_curve_has_a_point_for_every_day_up_to_a_hundred_and_sixty(days: int, points: int) -> None:
    line = chart_of(*range(days)).wide.line.split()
    assert len(line) == points
    assert (line[0].split(",")[0], line[-1].split(",")[0]) == ("40.8", "704")


def test_dates_are_spread_evenly_and_named_with_their_year_after_a_year() -> None:
    year, longer = chart_of(*range(367)), chart_of(*range(368))
    assert (year.long, longer.long) == (False, True)
    assert [str(tick.day) for tick in longer.wide.dates] == [
        "2026-02-02",
        "2026-04-16",
        "2026-06-29",
        "2026-09-10",
        "2026-11-23",
        "2027-02-04",
    ]


def test_days_without_a_count_are_filled_in_order() -> None:
    chart = growth_chart([(START, 3), (START + timedelta(10), 9)])
    assert chart is not None
    assert [(row.until, row.total) for row in chart.periods] == [
        (START + timedelta(6), 3),
        (START + timedelta(10), 9),
    ]


@pytest.mark.parametrize(
    ("highest", "step"),
    [(1, 1), (2, 1), (5, 1), (6, 2), (10, 2), (11, 5), (25, 5), (26, 10), (50, 10), (51, 20), (1_234_567, 500_000)],
)
def test_the_smallest_round_step_of_at_most_five(highest: int, step: int) -> None:
    assert nice_step(highest) == step
