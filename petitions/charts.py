"""The geometry of a growth chart: from counts per day to points, grid lines and labels.

The template (``templates/parts/chart.html``) writes words, numbers and dates. There is a wide and a narrow drawing, so
that text keeps its size on a phone.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

DayCount = tuple[date, int]
"""A day and the number of confirmed signatures at its end."""

MOST_POINTS: Final = 160  # more are indistinguishable at this width and only make the page larger
WORTH_A_LINE: Final = 0.2  # a threshold far above the count would flatten the curve
LETTER: Final = 7.4  # approximate width of a character of a label, in units of the drawing


@dataclass(frozen=True, slots=True)
class DrawingSize:
    """The size of one of the two drawings, and how many dates fit under it."""

    name: Literal["wide", "narrow"]
    width: int
    height: int
    dates: int
    top: int = 26
    right: int = 16
    bottom: int = 36


WIDE: Final = DrawingSize("wide", 720, 300, 6)
NARROW: Final = DrawingSize("narrow", 380, 290, 3)


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the drawing."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class CountTick:
    """A count on the axis, with a grid line unless a threshold has its line there."""

    y: float
    count: int
    line: bool


@dataclass(frozen=True, slots=True)
class DateTick:
    """A day under the axis; ``anchor`` keeps the first and the last inside the drawing."""

    x: float
    day: date
    anchor: Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class ThresholdLine:
    """A threshold with its label on the side where the curve does not cross the text."""

    y: float
    count: int
    label: str
    label_x: float
    label_y: float
    anchor: Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """All elements of one drawing. ``left``, ``right`` and ``base`` bound the area of the curve."""

    size: DrawingSize
    left: float
    right: float
    base: float
    line: str
    area: str
    counts: tuple[CountTick, ...]
    dates: tuple[DateTick, ...]
    thresholds: tuple[ThresholdLine, ...]
    marks: tuple[Point, ...]
    end: Point


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A row of the table: the new signatures up to and including a day, and the total then."""

    until: date
    new: int
    total: int


@dataclass(frozen=True, slots=True)
class Crossing:
    """The day on which a threshold was reached."""

    day: date
    count: int
    label: str


@dataclass(frozen=True, slots=True)
class GrowthChart:
    """The growth of one petition, drawn twice and as a table."""

    first: date
    last: date
    total: int
    long: bool  # more than a year: dates need their year
    wide: Drawing
    narrow: Drawing
    periods: tuple[PeriodRow, ...]
    crossings: tuple[Crossing, ...]


def growth_chart(counts: Iterable[DayCount], thresholds: Sequence[tuple[int, str]] = ()) -> GrowthChart | None:
    """The chart of cumulative ``counts``, with a line for each threshold (count, short label) that is within reach.

    Days without a count keep the count of the day before. None where there are fewer than two days, or no signatures.
    """
    days = _every_day(counts)
    if len(days) < 2 or days[-1][1] <= 0:
        return None
    total = days[-1][1]
    lines = [(count, label) for count, label in thresholds if 0 < count * WORTH_A_LINE <= total]
    return GrowthChart(
        first=days[0][0],
        last=days[-1][0],
        total=total,
        long=(days[-1][0] - days[0][0]).days > 366,
        wide=_draw(days, lines, WIDE),
        narrow=_draw(days, lines, NARROW),
        periods=_periods(days),
        crossings=tuple(
            Crossing(next(day for day, value in days if value >= count), count, label)
            for count, label in lines
            if count <= total
        ),
    )


def nice_step(highest: int, intervals: int = 5) -> int:
    """The smallest round step (1, 2, 5, 10, 20 ...) that reaches ``highest`` in at most so many intervals."""
    rough = max(1, highest) / intervals
    power: int = 10 ** max(0, math.floor(math.log10(rough)))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)


def _every_day(counts: Iterable[DayCount]) -> list[DayCount]:
    known = sorted(dict(counts).items())
    days: list[DayCount] = []
    for (day, count), (following, _) in pairwise(known):
        days.extend((day + timedelta(n), count) for n in range((following - day).days))
    return days + known[-1:]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Converts the index of a day and a count to a point in the drawing."""

    days: int
    top: int
    left: float
    right: float
    ceiling: float
    base: float

    def x(self, index: int) -> float:
        return round(self.left + (self.right - self.left) * index / (self.days - 1), 1)

    def y(self, count: int) -> float:
        return round(self.base - (self.base - self.ceiling) * count / self.top, 1)

    def point(self, index: int, count: int) -> Point:
        return Point(self.x(index), self.y(count))


def _draw(days: Sequence[DayCount], thresholds: Sequence[tuple[int, str]], size: DrawingSize) -> Drawing:
    total = days[-1][1]
    highest = max([total, *(count for count, _ in thresholds)])
    step = nice_step(highest)
    top = max(step * math.ceil(highest / step), round(highest * 1.06))
    scale = _Scale(
        days=len(days),
        top=top,
        left=_margin(top),
        right=size.width - size.right,
        ceiling=size.top,
        base=size.height - size.bottom,
    )
    crossed = [_day_of(days, count) for count, _ in thresholds if count <= total]
    curve = [scale.point(index, days[index][1]) for index in sorted({*_sample(len(days), MOST_POINTS), *crossed})]
    points = " ".join(f"{point.x:g},{point.y:g}" for point in curve)
    drawn = {count for count, _ in thresholds}
    return Drawing(
        size=size,
        left=scale.left,
        right=scale.right,
        base=scale.base,
        line=points,
        area=f"{curve[0].x:g},{scale.base:g} {points} {curve[-1].x:g},{scale.base:g}",
        counts=tuple(CountTick(scale.y(count), count, count not in drawn) for count in range(0, top + 1, step)),
        dates=tuple(_date_ticks(days, size, scale)),
        thresholds=tuple(_threshold_line(count, label, curve, scale) for count, label in thresholds),
        marks=tuple(scale.point(index, days[index][1]) for index in crossed),
        end=curve[-1],
    )


def _margin(top: int) -> float:
    """The width of the longest number at the left of the axis."""
    digits = len(str(top))
    return round(18 + 7.6 * digits + 3.6 * ((digits - 1) // 3), 1)


def _day_of(days: Sequence[DayCount], count: int) -> int:
    return next(index for index, (_, value) in enumerate(days) if value >= count)


def _sample(length: int, most: int) -> list[int]:
    """At most ``most`` indexes from 0 to ``length`` - 1, evenly spread, with the first and the last."""
    if length <= most:
        return list(range(length))
    return sorted({round(index * (length - 1) / (most - 1)) for index in range(most)})


def _date_ticks(days: Sequence[DayCount], size: DrawingSize, scale: _Scale) -> Iterable[DateTick]:
    places = _sample(len(days), size.dates)
    for index in places:
        at_end: Literal["middle", "end"] = "end" if index == places[-1] else "middle"
        yield DateTick(scale.x(index), days[index][0], "start" if index == 0 else at_end)


def _threshold_line(count: int, label: str, curve: Sequence[Point], scale: _Scale) -> ThresholdLine:
    """The line of a threshold, with its label where the curve does not cross it.

    The label is at the left above the line if the curve is below it there, else at the right: above the line if the
    curve is above the label, or below the line.
    """
    y = scale.y(count)
    width = LETTER * (len(label) + len(str(count)) + 4)
    if min(point.y for point in curve if point.x <= scale.left + 8 + width) > y + 4:
        return ThresholdLine(y, count, label, scale.left + 8, y - 8, "start")
    beside = max(point.y for point in curve if point.x >= scale.right - 4 - width)
    label_y = y - 8 if beside < y - 26 or y > scale.base - 26 else y + 18
    return ThresholdLine(y, count, label, scale.right - 4, label_y, "end")


def _periods(days: Sequence[DayCount]) -> tuple[PeriodRow, ...]:
    """The counts per week, or per four weeks for more than half a year; the last period may be shorter."""
    length = 7 if len(days) <= 26 * 7 else 28
    ends = [*range(length - 1, len(days) - 1, length), len(days) - 1]
    before = 0
    rows: list[PeriodRow] = []
    for end in ends:
        day, total = days[end]
        rows.append(PeriodRow(until=day, new=total - before, total=total))
        before = total
    return tuple(rows)
