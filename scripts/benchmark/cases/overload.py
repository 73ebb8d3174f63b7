"""Overload by a factor of three: load is shed early, admitted requests are fast, it recovers, and nothing is lost."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from petitions.security.encryption import Vault
from scripts.benchmark.cases.writing import concluded
from scripts.benchmark.load import THREADS, Shot, WrkFigures, form_body, wrk
from scripts.benchmark.runs import CaseResult, busy_of, judge, spread
from scripts.benchmark.seeding import PetitionKeys
from scripts.benchmark.shooting import WAITING, Play, clear_waiting, settled, sign_paths, sign_shot, signing, unlike
from scripts.benchmark.sizes import OVERLOAD_FACTOR, PROBES_PER_SECOND
from scripts.benchmark.stage import Installation
from scripts.benchmark.terminal import Failure, say

MOST_SECONDS: Final = 1.0
RECOVERED_WITHIN: Final = 5.0
LIGHT_BYTES: Final = 20_000
QUIET_SECONDS: Final = 3.0
NORMAL_AT_MOST: Final = 0.25
_THROTTLE: Final = 503


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """One request of the probe, with its time on the clock that the case uses too."""

    at: float
    status: int
    seconds: float
    retry_after: bool
    size: int
    email: str


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def recovered_after(answers: Sequence[ProbeAnswer], ended: float, normal: float) -> float:
    """Seconds from the end of the overload until every later answer is a success within ``normal`` seconds."""
    bad = [a.at + a.seconds for a in answers if a.at >= ended and (a.status != 200 or a.seconds > normal)]
    return max(bad) - ended if bad else 0.0


def read_answers(output: str) -> list[ProbeAnswer]:
    """The answers that the probe printed, in the order of the requests."""
    found: list[dict[str, Any]] = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    answers = [
        ProbeAnswer(one["at"], one["status"], one["seconds"], one["retry_after"], one["bytes"], one["email"])
        for one in found
    ]
    return sorted(answers, key=lambda answer: answer.at)


@dataclass(frozen=True, slots=True)
class Storm:
    """The measurements of one overload."""

    offered: float
    capacity: float
    began: float
    ended: float
    figures: WrkFigures
    answers: list[ProbeAnswer]
    rows: int
    busy: dict[str, float]

    def during(self, status: int) -> list[ProbeAnswer]:
        """The probe's answers with this status to requests during the overload."""
        return [a for a in self.answers if self.began <= a.at < self.ended and a.status == status]


async def _storm(play: Play, site: Installation, petition: PetitionKeys, capacity: float) -> Storm:
    sizes = play.sizes
    offered = capacity * OVERLOAD_FACTOR
    before = await settled(site, WAITING)
    length = QUIET_SECONDS + sizes.overload_seconds + sizes.recovery_seconds
    path = sign_paths([petition])[0]
    prober = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "scripts.benchmark.probe", str(site.port), path, form_body(), f"probe{os.getpid()}",
        str(PROBES_PER_SECOND), str(length), stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    reading = asyncio.create_task(prober.communicate())
    try:
        await asyncio.sleep(QUIET_SECONDS + 0.5)  # the probe takes a moment to start
        connections = sizes.overload_connections
        say(f"  overload: {offered:,.0f}/s for {sizes.overload_seconds:g} s, over {connections:,} connections")
        environment = signing(play, [path]) | {"BENCH_RATE": str(offered)}
        began = time.monotonic()
        with play.stage.meter() as busy:
            figures = await wrk("paced", site.port, sizes.overload_seconds, environment, connections=connections)
            ended = time.monotonic()
        busy["wrk"] = round(figures.cpu / (ended - began), 2)
        output, _ = await asyncio.wait_for(reading, length + 30)
    finally:
        reading.cancel()
        if prober.returncode is None:
            prober.kill()
            await prober.wait()
    rows = await settled(site, WAITING) - before
    return Storm(offered, capacity, began, ended, figures, read_answers(output.decode()), rows, busy)


async def _lost(site: Installation, petition: PetitionKeys, answers: Sequence[ProbeAnswer]) -> int:
    """The number of acknowledged addresses of the probe that have no row."""
    vault = Vault(site.secret)
    indexes = [vault.index(petition.salt, answer.email) for answer in answers if answer.status == 200]
    connection = await asyncpg.connect(site.url)
    try:
        found = await connection.fetchval(
            "select count(*) from pending_signature where petition_id = $1 and email_index = any($2::bytea[])",
            petition.id,
            indexes,
        )
    finally:
        await connection.close()
    return len(indexes) - int(found)


async def overload(play: Play) -> list[CaseResult]:
    """The capacity first, then three times as much."""
    site, petitions = await play.ordinary()
    play.stage.stop_worker(site)
    await clear_waiting(site)
    await sign_shot(play, site, petitions[:1], play.sizes.warm_up)
    shots = [await sign_shot(play, site, petitions[:1], play.sizes.seconds) for _ in range(play.sizes.runs)]
    capacity = spread([shot.rate for shot in shots]).middle
    say(f"  overload: it can carry {capacity:,.0f} signatures/s")
    storm = await _storm(play, site, petitions[0], capacity)
    if not storm.answers:
        raise Failure("the probe said nothing")
    lost = await _lost(site, petitions[0], storm.answers)
    results = [_shedding(storm), _admitted(storm), _recovery(storm), _kept(play, storm, lost)]
    results[-1] = await concluded(play, results[-1], site)
    await clear_waiting(site)
    return results


def _shedding(storm: Storm) -> CaseResult:
    raw, seconds = storm.figures.raw, storm.figures.raw["microseconds"] / 1e6
    admitted, shed = raw["admitted"], raw["shed"]
    probe_shed = storm.during(_THROTTLE)
    size = max((answer.size for answer in probe_shed), default=0)
    early = percentile([answer.seconds for answer in probe_shed], 0.99)
    problems = []
    if raw["other"]:
        problems.append(f"{raw['other']:,} answers were neither 200 nor 503")
    if shed != raw["retry_after"]:
        problems.append(f"{shed - raw['retry_after']:,} of the 503 had no Retry-After")
    broken = raw["connect"] + raw["read"] + raw["write"] + raw["timeout"]
    if broken:
        problems.append(f"{broken:,} connections failed or timed out")
    reached = raw["requests"] / seconds
    return CaseResult(
        case="overload",
        label=f"offered {OVERLOAD_FACTOR} times what it can carry: sheds with 503, Retry-After and a light page",
        measured=f"{reached:,.0f}/s answered: {admitted / seconds:,.0f} admitted, {shed / seconds:,.0f} shed",
        compared=f"can carry {storm.capacity:,.0f}/s, offered {storm.offered:,.0f}/s",
        value=f"{size:,} bytes after {early:.2f} s (p99)" if shed else "nothing shed",
        goal=f"≤ {LIGHT_BYTES // 1000} kB, p99 < {MOST_SECONDS:g} s",
        verdict=judge(met=bool(shed) and size <= LIGHT_BYTES and early < MOST_SECONDS, problems=problems),
        notes=(*problems, f"{raw['late']:,} could not be offered: every connection waited for an answer"),
        busy=busy_of([Shot(0.0, busy=storm.busy)]),
        detail={"raw": dict(raw), "answers": storm.answers},
    )


def _admitted(storm: Storm) -> CaseResult:
    times = [answer.seconds for answer in storm.during(200)]
    refused = [answer.seconds for answer in storm.during(_THROTTLE)]
    broken = len(storm.during(0))
    middle, high = percentile(times, 0.5), percentile(times, 0.99)
    problems = [f"{broken} requests of the probe broke or had no answer in 10 s"] if broken else []
    if not times:
        problems.append("none of the probe was admitted")
    return CaseResult(
        case="overload",
        label="those admitted meanwhile (a probe of 50/s with new connections)",
        measured=f"p50 {middle * 1000:,.0f} ms, p99 {high * 1000:,.0f} ms of {len(times):,} admitted",
        compared=f"{len(refused):,} shed: p50 {percentile(refused, 0.5) * 1000:,.0f} ms",
        value=f"p99 {high:.2f} s",
        goal=f"p99 < {MOST_SECONDS:g} s",
        verdict=judge(met=high < MOST_SECONDS, problems=problems),
        notes=tuple(problems),
    )


def _recovery(storm: Storm) -> CaseResult:
    quiet = [answer.seconds for answer in storm.answers if answer.at < storm.began - 0.2 and answer.status == 200]
    normal = max(NORMAL_AT_MOST, 2 * percentile(quiet, 0.99))
    after = recovered_after(storm.answers, storm.ended, normal)
    later = [answer for answer in storm.answers if answer.at >= storm.ended]
    return CaseResult(
        case="overload",
        label="recovers: nothing shed any more, answers as before",
        measured=f"{after:.1f} s after the end ({len(later):,} probes looked)",
        compared=f"before: p50 {percentile(quiet, 0.5) * 1000:,.0f} ms; normal is ≤ {normal * 1000:,.0f} ms",
        value=f"{after:.1f} s",
        goal=f"≤ {RECOVERED_WITHIN:g} s",
        verdict=judge(met=after <= RECOVERED_WITHIN, problems=[] if later else ["nobody looked after the end"]),
    )


def _kept(play: Play, storm: Storm, lost: int) -> CaseResult:
    probed = sum(answer.status == 200 for answer in storm.answers)
    acknowledged = storm.figures.raw["admitted"] + probed
    underway = play.sizes.overload_connections * THREADS + len(storm.during(0))
    problems = [unlike(acknowledged, storm.rows, underway, "signatures wait")]
    if lost:
        problems.append(f"{lost} acknowledged addresses of the probe have no row")
    problems = [problem for problem in problems if problem]
    return CaseResult(
        case="overload",
        label="nothing acknowledged is lost",
        measured=f"{acknowledged:,} acknowledged, {storm.rows:,} rows"
        f" ({storm.rows - acknowledged:,} written unanswered)",
        compared="–",
        value=f"{lost} of {probed:,} probed lost",
        goal="0 lost, recount exact",
        verdict=judge(met=not problems, problems=problems),
        notes=tuple(problems),
    )
