"""Runs in alternation with their baseline, medians and spread, and the verdict."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, Final, Literal

from scripts.benchmark.load import Shot
from scripts.benchmark.sizes import Sizes
from scripts.benchmark.terminal import say

Shoot = Callable[[float], Awaitable[Shot]]
GoalVerdict = Literal["met", "missed", "failed", "for orientation"]
WRK_AT_MOST: Final = 0.8
_ROLES: Final = ("web", "bare", "postgres", "worker", "sink", "callers", "pgbench", "wrk")


@dataclass(frozen=True, slots=True)
class Spread:
    """The median, lowest and highest value of several runs."""

    middle: float
    lowest: float
    highest: float


def spread(values: Sequence[float]) -> Spread:
    """Median, lowest and highest. Raises ValueError for no values."""
    return Spread(median(values), min(values), max(values))


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A row of the table."""

    case: str
    label: str
    measured: str
    compared: str
    value: str
    goal: str
    verdict: GoalVerdict
    notes: tuple[str, ...] = ()
    busy: dict[str, float] = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)


def judge(*, met: bool, problems: Sequence[str]) -> GoalVerdict:
    """The verdict on a goal: a run with problems cannot meet it."""
    if problems:
        return "failed"
    return "met" if met else "missed"


def problems_of(*groups: Sequence[Shot]) -> tuple[str, ...]:
    """The problems of these shots, without duplicates."""
    return tuple(dict.fromkeys(shot.problem for group in groups for shot in group if shot.problem))


def in_words(found: Spread, unit: str = "/s") -> str:
    """``1,234/s (1,200-1,300)``."""
    return f"{found.middle:,.0f}{unit} ({found.lowest:,.0f}-{found.highest:,.0f})"


def busy_of(shots: Sequence[Shot]) -> dict[str, float]:
    """How busy each role was, the median of the shots; in the order in which a request passes them."""
    names = {name for shot in shots for name in shot.busy}
    found = {name: round(median(shot.busy.get(name, 0.0) for shot in shots), 2) for name in names}
    return {name: found[name] for name in _ROLES if found.get(name)}


def held_back(*groups: Sequence[Shot]) -> tuple[str, ...]:
    """A note when wrk itself used nearly a whole core, so that it may have limited the rate."""
    most = max((shot.busy.get("wrk", 0.0) for group in groups for shot in group), default=0.0)
    return (f"wrk was busy for {most * 100:.0f}% of a core: it may be the bottleneck",) if most >= WRK_AT_MOST else ()


def ratio_result(
    case: str, label: str, measured: Sequence[Shot], compared: Sequence[Shot], *, goal: float, against: str
) -> CaseResult:
    """The row of a case that is compared with a baseline of the same run."""
    ours, theirs = spread([shot.rate for shot in measured]), spread([shot.rate for shot in compared])
    ratio = ours.middle / theirs.middle if theirs.middle else 0.0
    problems = problems_of(measured, compared)
    return CaseResult(
        case=case,
        label=label,
        measured=in_words(ours),
        compared=f"{against}: {in_words(theirs)}",
        value=f"{ratio:.2f}",
        goal=f"≥ {goal:g}",
        verdict=judge(met=ratio >= goal, problems=problems),
        notes=(*problems, *held_back(measured, compared)),
        busy=busy_of(measured),
        detail={"measured": list(measured), "compared": list(compared), "ratio": ratio},
    )


async def alternate(label: str, ours: Shoot, theirs: Shoot, sizes: Sizes) -> tuple[list[Shot], list[Shot]]:
    """Warm both up, then A B A B A B."""
    await ours(sizes.warm_up)
    await theirs(sizes.warm_up)
    measured, compared = [], []
    for number in range(1, sizes.runs + 1):
        measured.append(await ours(sizes.seconds))
        compared.append(await theirs(sizes.seconds))
        say(f"  {label}: run {number} of {sizes.runs}: {measured[-1].rate:,.0f}/s and {compared[-1].rate:,.0f}/s")
        for shot in (measured[-1], compared[-1]):
            if shot.problem:
                say(f"  {label}: {shot.problem}")
    return measured, compared


def with_problem(shot: Shot, problem: str) -> Shot:
    """The same shot with one more problem."""
    return replace(shot, problem="; ".join(part for part in (shot.problem, problem) if part)) if problem else shot
