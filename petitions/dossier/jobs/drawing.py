"""The growth chart for a print: the same strokes as on the petition's page, as numbers that typst draws."""

from typing import Any

from petitions.charts import Drawing, GrowthChart
from petitions.mail.letters import Wording


def draw(wording: Wording, chart: GrowthChart) -> dict[str, Any]:
    """The strokes, with labels in the reader's language, and a sentence that describes the chart."""
    say, formats, drawn = wording.say, wording.formats, chart.wide
    sentences = [
        say(
            "The line runs from %(first)s and stands at %(total)s on %(last)s.",
            first=formats.day(chart.first),
            last=formats.day(chart.last),
            total=formats.number(chart.total),
        )
    ]
    for crossing in chart.crossings:
        day, count = formats.day(crossing.day), formats.number(crossing.count)
        sentences.append(say("On %(day)s the petition passed %(count)s.", day=day, count=count))
    written = formats.month if chart.long else formats.day_month
    return {
        "kind": "chart",
        "alt": " ".join([say("Signatures since the start") + ".", *sentences]),
        "caption": say("Confirmed signatures only."),
        **_strokes(drawn),
        "grid": [tick.y for tick in drawn.counts if tick.line],
        "counts": [{"y": tick.y, "text": formats.number(tick.count)} for tick in drawn.counts],
        "dates": [{"x": tick.x, "text": written(tick.day), "anchor": tick.anchor} for tick in drawn.dates],
        "thresholds": [
            {"y": one.y, "x": one.label_x, "label_y": one.label_y, "anchor": one.anchor, "text": label}
            for one, label in ((one, formats.number(one.count)) for one in drawn.thresholds)
        ],
    }


def _strokes(drawn: Drawing) -> dict[str, Any]:
    return {
        "height": drawn.size.height,
        "left": drawn.left,
        "right": drawn.right,
        "line": _points(drawn.line),
        "area": _points(drawn.area),
        "marks": [[point.x, point.y] for point in (*drawn.marks, drawn.end)],
    }


def _points(text: str) -> list[list[float]]:
    return [[float(part) for part in point.split(",")] for point in text.split()]
