"""The growth of a made-up petition, hour by hour: a pure function with a seed, for realistic charts.

People sign during the day and in the evening, less on Saturdays, a lot on the first days and when the news reports on
it. The hours are those of Europe/Amsterdam.
"""

import itertools
import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_ZONE: Final = ZoneInfo("Europe/Amsterdam")
_A_MONDAY: Final = datetime(2024, 1, 1, tzinfo=_ZONE).astimezone(UTC)

# The weight of each hour of a Dutch day, from midnight: peaks at breakfast, lunch, and above all in the evening.
_BY_HOUR: Final = (6, 3, 1, 1, 1, 2, 8, 22, 36, 40, 42, 41, 46, 44, 38, 37, 40, 42, 44, 58, 70, 66, 44, 18)
_BY_WEEKDAY: Final = (1.0, 1.06, 1.04, 1.0, 0.88, 0.72, 0.92)  # from Monday


def hourly(total: int, days: int, curve: str, seed: str, *, start: datetime | None = None) -> list[int]:
    """Realistic counts of confirmed signatures for each hour of ``days`` days, adding up to exactly ``total``.

    ``curve`` is steady, launch, media, late or two_waves. The same arguments always give the same list. Entry ``n`` is
    the hour that begins ``n`` hours after ``start`` (aware); without it, after midnight of some Monday. Raises
    ValueError for an unknown curve, a negative total or days, or signatures in no time at all.
    """
    if curve not in _CURVES:
        raise ValueError(f"not a curve: {curve!r}")
    if total < 0 or days < 0 or (total and not days):
        raise ValueError("total and days must not be negative, and signatures need at least one day")
    chance = random.Random(f"{seed}/{curve}/{days}")
    begin = (start or _A_MONDAY).astimezone(UTC)
    by_day = [weight * chance.lognormvariate(0, 0.16) for weight in _CURVES[curve](days, chance)]
    weights = [by_day[hour // 24] * _rhythm(begin + timedelta(hours=hour)) for hour in range(days * 24)]
    counts = [0] * len(weights)
    if total:
        cumulative = list(itertools.accumulate(weights))
        for hour in chance.choices(range(len(weights)), cum_weights=cumulative, k=total):
            counts[hour] += 1
    return counts


def _rhythm(moment: datetime) -> float:
    local = moment.astimezone(_ZONE)
    return _BY_HOUR[local.hour] * _BY_WEEKDAY[local.weekday()]


def _steady(days: int, _chance: random.Random) -> list[float]:
    """Slightly more in the first days, then about the same every day."""
    return [1.0 + 1.2 * math.exp(-day / 4) for day in range(days)]


def _launch(days: int, _chance: random.Random) -> list[float]:
    """Most in the first week (friends, members, the local paper), then few."""
    return [0.25 + 9.0 * math.exp(-day / 3.5) for day in range(days)]


def _media(days: int, chance: random.Random) -> list[float]:
    """A slow start, then one large peak because of the news, often a smaller one later, each fading within a week."""
    weights = [0.5 + 0.7 * math.exp(-day / 5) for day in range(days)]
    _add_peak(weights, at=chance.uniform(0.25, 0.5) * days, height=chance.uniform(16, 24), fade=2.6)
    _add_peak(weights, at=chance.uniform(0.6, 0.85) * days, height=chance.uniform(4, 9), fade=2.0)
    return weights


def _late(days: int, _chance: random.Random) -> list[float]:
    """Slow for a long time, then faster and faster towards the end."""
    return [0.3 + 0.8 * math.exp(-day / 4) + 5.0 / (1 + math.exp(-14 * (day / days - 0.78))) for day in range(days)]


def _two_waves(days: int, chance: random.Random) -> list[float]:
    """Two slow waves: a first one by word of mouth, a larger one after others joined in."""
    first, second = chance.uniform(0.08, 0.16), chance.uniform(0.55, 0.66)
    return [
        0.35
        + 2.0 * math.exp(-(((day / days - first) / 0.09) ** 2))
        + 4.2 * math.exp(-(((day / days - second) / 0.11) ** 2))
        for day in range(days)
    ]


def _add_peak(weights: list[float], *, at: float, height: float, fade: float) -> None:
    peak = int(at)
    for day in range(peak, len(weights)):
        weights[day] += height * math.exp(-(day - peak) / fade)


_CURVES: Final[dict[str, Callable[[int, random.Random], list[float]]]] = {
    "steady": _steady,
    "launch": _launch,
    "media": _media,
    "late": _late,
    "two_waves": _two_waves,
}
