"""Memory of web and worker while journeys go on for minutes: how much at most, and whether it grows."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scripts.benchmark.cases.journey import travel
from scripts.benchmark.cases.writing import concluded
from scripts.benchmark.processes import memory as memory_of
from scripts.benchmark.runs import CaseResult, GoalVerdict, judge, problems_of
from scripts.benchmark.shooting import Play
from scripts.benchmark.terminal import say

MOST_MB: Final = 150.0
MOST_SLOPE: Final = 0.5
"""The growth in MB a minute that still counts as flat: 5 MB over ten minutes."""

INTERVAL_SECONDS: Final = 5.0
WARM_UP_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class MemorySample:
    """The biggest process of a role at a time, and all of them together."""

    at: float
    rss: float
    pss: float
    rss_of_all: float


def slope(samples: Sequence[MemorySample], settling: float) -> float:
    """Growth in MB a minute by least squares, after ``settling`` seconds; 0 for fewer than two samples."""
    later = [sample for sample in samples if sample.at >= settling]
    if len(later) < 2:
        return 0.0
    mean_at = sum(sample.at for sample in later) / len(later)
    mean_rss = sum(sample.rss for sample in later) / len(later)
    spread = sum((sample.at - mean_at) ** 2 for sample in later)
    return 60 * sum((sample.at - mean_at) * (sample.rss - mean_rss) for sample in later) / spread if spread else 0.0


async def _sample(roles: dict[str, int], found: dict[str, list[MemorySample]]) -> None:
    begun = time.monotonic()
    while True:
        for role, pid in roles.items():
            processes = memory_of(pid)
            if processes:
                biggest = processes[0]
                sample = MemorySample(
                    time.monotonic() - begun, biggest.rss, biggest.pss, sum(process.rss for process in processes)
                )
                found[role].append(sample)
        await asyncio.sleep(INTERVAL_SECONDS)


async def memory(play: Play) -> list[CaseResult]:
    """Every five seconds the memory of web and worker, during journeys."""
    site, petitions = await play.ordinary()
    await play.stage.start_worker(site)
    play.stage.stop_web(site)
    play.stage.stop_worker(site)
    await play.stage.start_web(site)  # new processes: earlier cases must not count
    await play.stage.start_worker(site)
    await travel(play, site, petitions[0], WARM_UP_SECONDS)
    assert site.web is not None  # noqa: S101 - it was just started
    assert site.worker is not None  # noqa: S101
    found: dict[str, list[MemorySample]] = {"web": [], "worker": []}
    sampling = asyncio.create_task(_sample({"web": site.web.pid, "worker": site.worker.pid}, found))
    minutes = play.sizes.memory_minutes
    say(f"  memory: journeys for {minutes:g} minutes")
    try:
        journey = await travel(play, site, petitions[0], minutes * 60)
    finally:
        sampling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sampling
    problems = problems_of([journey.shot])
    rate = f"{journey.shot.rate:,.0f} complete signatures/s meanwhile"
    results = [
        _result(role, samples, play.sizes.memory_settling, minutes, (*problems, rate), problems)
        for role, samples in found.items()
    ]
    results[0] = await concluded(play, results[0], site)
    play.stage.stop_worker(site)
    return results


def _result(
    role: str,
    samples: Sequence[MemorySample],
    settling: float,
    minutes: float,
    notes: tuple[str, ...],
    problems: Sequence[str],
) -> CaseResult:
    most, grows = max(sample.rss for sample in samples), slope(samples, settling)
    verdict: GoalVerdict = judge(met=most <= MOST_MB and grows <= MOST_SLOPE, problems=problems)
    pss = max(sample.pss for sample in samples)
    together = max(sample.rss_of_all for sample in samples)
    return CaseResult(
        case="memory",
        label=f"memory of the biggest {role} process over {minutes:g} minutes of journeys",
        measured=f"{most:.0f} MB resident at most (PSS {pss:.0f}; with its parent {together:.0f})",
        compared="–",
        value=f"{most:.0f} MB, {grows:+.2f} MB/min",
        goal=f"≤ {MOST_MB:.0f} MB, flat (≤ {MOST_SLOPE:g} MB/min)",
        verdict=verdict,
        notes=notes,
        detail={"samples": list(samples)},
    )
