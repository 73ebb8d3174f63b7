"""The whole journey of a signatory: page, sign, the mail at the sink, the page behind its link, the button."""

import asyncio
import contextlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

import asyncpg

from scripts.benchmark.cases.writing import concluded
from scripts.benchmark.load import THREADS, Shot, shot, wrk
from scripts.benchmark.runs import CaseResult, busy_of, in_words, judge, problems_of, spread, with_problem
from scripts.benchmark.seeding import PetitionKeys
from scripts.benchmark.shooting import CONFIRMED, QUEUED, Play, clear_waiting, drained, settled, sign_paths, signing
from scripts.benchmark.sizes import CONNECTIONS, STORM
from scripts.benchmark.stage import Installation
from scripts.benchmark.terminal import Failure, say

GOAL: Final = 1_000
MOST_BEHIND_SECONDS: Final = 1.0
_FIRST_PART: Final = 0.25  # of a journey, in which the pipeline fills


@dataclass(frozen=True, slots=True)
class Moment:
    """The counts at a point in time: confirmed signatures, and mails that waited."""

    at: float
    confirmed: int
    queued: int


async def watch(site: Installation, moments: list[Moment], interval: float = 1.0) -> None:
    """Record the counts at intervals, until cancelled."""
    connection = await asyncpg.connect(site.url)
    try:
        while True:
            row = await connection.fetchrow(f"select ({CONFIRMED}) as confirmed, ({QUEUED}) as queued")
            if row is not None:
                moments.append(Moment(time.monotonic(), row["confirmed"], row["queued"]))
            await asyncio.sleep(interval)
    finally:
        await connection.close()


def steady_part(moments: Sequence[Moment]) -> list[Moment]:
    """The moments after the pipeline has filled."""
    begun = moments[0].at + (moments[-1].at - moments[0].at) * _FIRST_PART
    return [moment for moment in moments if moment.at >= begun]


def steady_rate(moments: Sequence[Moment]) -> float:
    """Confirmed signatures a second, without the first part. Raises Failure when there are too few moments."""
    if len(moments) < 3:
        raise Failure("a journey was too short to be measured")
    steady = steady_part(moments)
    first, last = steady[0], steady[-1]
    return (last.confirmed - first.confirmed) / (last.at - first.at)


@dataclass(frozen=True, slots=True)
class Journey:
    """One run: its rate, and how far mail was behind."""

    shot: Shot
    moments: list[Moment]

    @property
    def behind_seconds(self) -> float:
        """By how many seconds of signing mail was behind, in the steady part."""
        waited = median(moment.queued for moment in steady_part(self.moments))
        return waited / self.shot.rate if self.shot.rate else float("inf")


async def travel(play: Play, site: Installation, petition: PetitionKeys, seconds: float) -> Journey:
    """Run journeys for some seconds, as many as the machine can do."""
    await drained(play, site)  # a mail of an earlier run would have a link to a deleted signature
    await clear_waiting(site)
    before = await settled(site, CONFIRMED)
    environment = signing(play, sign_paths([petition])) | {
        "BENCH_LINKS": str(play.stage.links),
        "BENCH_PATH": f"/nl/petitions/{petition.id}",
        "BENCH_UNDERWAY": str(play.sizes.journeys_underway),
    }
    moments: list[Moment] = []
    watching = asyncio.create_task(watch(site, moments))
    begun = time.monotonic()
    try:
        with play.stage.meter() as busy:
            figures = await wrk("journey", site.port, seconds, environment)
            elapsed = time.monotonic() - begun
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
    measured = shot(figures.raw)
    rows = await settled(site, CONFIRMED) - before
    pressed = figures.raw["confirmed"]
    if not pressed - CONNECTIONS * THREADS <= rows <= pressed:
        measured = with_problem(measured, f"the button was pressed {pressed:,} times, but {rows:,} were counted")
    busy |= {"wrk": round(figures.cpu / elapsed, 2)}
    return Journey(replace(measured, rate=steady_rate(moments), busy=busy), moments)


async def mail_count(play: Play) -> tuple[int, int]:
    """How many messages the sink took, and how many of them were repeats."""
    reader, writer = await asyncio.open_connection("127.0.0.1", play.stage.sink_port)
    try:
        await reader.readline()
        writer.write(b"XCOUNT\r\nQUIT\r\n")
        answer = (await reader.readline()).split()
        return int(answer[1]), int(answer[2])
    finally:
        writer.close()


def how_long(rate: float) -> str:
    """The time that the 6.1 million signatures of 2019 would take at this rate."""
    if rate <= 0:
        return f"{STORM:,} would never be done"
    hours, minutes = divmod(round(STORM / rate / 60), 60)
    return f"{STORM:,} take {hours} h {minutes:02d} min"


async def journey(play: Play) -> list[CaseResult]:
    """Complete signatures a second, and whether mail keeps up."""
    site, petitions = await play.ordinary()
    await play.stage.start_worker(site)
    length = play.sizes.seconds * play.sizes.journey_factor
    await travel(play, site, petitions[0], max(play.sizes.warm_up, 3.0))
    journeys = []
    for number in range(1, play.sizes.runs + 1):
        found = await travel(play, site, petitions[0], length)
        journeys.append(found)
        say(f"  journey: run {number} of {play.sizes.runs}: {found.shot.rate:,.0f} complete signatures/s")
        if found.shot.problem:
            say(f"  journey: {found.shot.problem}")
    shots = [found.shot for found in journeys]
    rates = spread([found.rate for found in shots])
    problems = problems_of(shots)
    messages, repeats = await mail_count(play)
    complete = CaseResult(
        case="journey",
        label="whole journey: page, sign, mail, confirm page, confirm",
        measured=in_words(rates, " signatures/s"),
        compared="–",
        value=f"{rates.middle:,.0f}/s",
        goal=f"≥ {GOAL:,}/s",
        verdict=judge(met=rates.middle >= GOAL, problems=problems),
        notes=(*problems, how_long(rates.middle), f"everything on {_cores()} cores, wrk too"),
        busy=busy_of(shots),
        detail={"measured": shots, "moments": [found.moments for found in journeys]},
    )
    behind = spread([found.behind_seconds for found in journeys])
    mail_problems = [f"{repeats} of {messages} mails came twice"] if repeats else []
    mail = CaseResult(
        case="journey",
        label="mail keeps up with the journey",
        measured=f"{behind.middle:.2f} s of signing behind ({behind.lowest:.2f}-{behind.highest:.2f})",
        compared="–",
        value=f"{behind.middle:.2f} s",
        goal=f"≤ {MOST_BEHIND_SECONDS:g} s",
        verdict=judge(met=behind.middle <= MOST_BEHIND_SECONDS, problems=mail_problems),
        notes=(*mail_problems, f"{messages:,} mails taken, {repeats} repeats; no journey goes on without its mail"),
    )
    results = [await concluded(play, complete, site), mail]
    play.stage.stop_worker(site)
    return results


def _cores() -> int:
    return len(os.sched_getaffinity(0))
