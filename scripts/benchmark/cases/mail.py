"""Mail alone, and signing while a backlog of mail drains."""

import asyncio
import time
from dataclasses import replace
from typing import Final

from scripts.benchmark.cases.journey import mail_count
from scripts.benchmark.cases.writing import concluded
from scripts.benchmark.load import Shot
from scripts.benchmark.runs import (
    CaseResult,
    alternate,
    busy_of,
    in_words,
    problems_of,
    ratio_result,
    spread,
    with_problem,
)
from scripts.benchmark.seeding import write_waiting
from scripts.benchmark.shooting import QUEUED, Play, clear_waiting, drained, sign_shot
from scripts.benchmark.stage import Installation
from scripts.benchmark.terminal import Failure, say

GOAL: Final = 0.8
_QUEUE: Final = (
    "insert into outbox (kind, priority, petition_id, token_id, created_at, next_at)"
    " select 'confirm', 1, petition_id, token_id, now(), now() from pending_signature limit {count}"
)
_STILL_SECONDS: Final = 20.0


async def drain_shot(play: Play, site: Installation, count: int) -> Shot:
    """Let the worker hand over ``count`` mails; the rate from the first mail to the last."""
    before, _ = await mail_count(play)
    with play.stage.meter() as busy:
        await site.execute(_QUEUE.format(count=count))
        moments = [(time.monotonic(), 0)]
        while moments[-1][1] < count:
            await asyncio.sleep(0.02)
            moments.append((time.monotonic(), (await mail_count(play))[0] - before))
            if moments[-1][0] - _latest_progress(moments) > _STILL_SECONDS:
                raise Failure(f"mail stands still after {moments[-1][1]:,} of {count:,}")
    first = next(moment for moment in moments if moment[1] > 0)
    last = moments[-1]
    if last[0] <= first[0]:
        raise Failure("too few mails to be measured")
    shot = Shot((last[1] - first[1]) / (last[0] - first[0]), count, last[0] - first[0], busy=busy)
    return with_problem(shot, f"{last[1] - count} mails too many" if last[1] > count else "")


def _latest_progress(moments: list[tuple[float, int]]) -> float:
    return next(at for at, count in moments if count == moments[-1][1])


async def mail(play: Play) -> list[CaseResult]:
    """Mails a second handed to SMTP by one worker, with nothing else going on."""
    site, petitions = await play.ordinary()
    await clear_waiting(site)
    await play.stage.start_worker(site)
    await write_waiting(site, petitions[:1], play.sizes.mails)
    await drain_shot(play, site, min(4_000, play.sizes.mails))
    shots = []
    for number in range(1, play.sizes.runs + 1):
        shots.append(await drain_shot(play, site, play.sizes.mails))
        say(f"  mail: run {number} of {play.sizes.runs}: {shots[-1].rate:,.0f} mails/s")
    rates = spread([shot.rate for shot in shots])
    problems = problems_of(shots)
    play.stage.stop_worker(site)
    return [
        CaseResult(
            case="mail",
            label="mail: confirmation mails handed to SMTP, by one worker",
            measured=in_words(rates, " mails/s"),
            compared="–",
            value=f"{rates.middle:,.0f}/s",
            goal="see the journey",
            verdict="failed" if problems else "for orientation",
            notes=problems,
            busy=busy_of(shots),
            detail={"measured": shots},
        )
    ]


async def dropped(site: Installation) -> None:
    """Drop the waiting mail, so that the next run begins without any; leased mail is still sent."""
    await site.execute("delete from outbox where state = 'waiting'")
    await asyncio.sleep(1)


async def backlog(play: Play) -> list[CaseResult]:
    """Signing while a backlog drains, against signing with the same worker and none."""
    site, petitions = await play.ordinary()
    await clear_waiting(site)
    await play.stage.start_worker(site)
    amount = play.sizes.backlog
    await write_waiting(site, petitions[:1], amount)
    left: list[int] = []
    took: list[float] = []

    async def with_backlog(seconds: float) -> Shot:
        await site.execute(_QUEUE.format(count=amount))
        begun = time.monotonic()
        shot = await sign_shot(play, site, petitions[:1], seconds)
        left.append(await site.fetchval(QUEUED))
        if len(left) <= play.sizes.runs:  # the warm-up is the first; only the last one is waited for
            await dropped(site)
        else:
            try:
                await drained(play, site)
            except Failure as failure:
                shot = with_problem(shot, str(failure))
                await dropped(site)
            took.append(time.monotonic() - begun)
            say(f"  backlog: {left[-1]:,} mails waited after signing; all gone after {took[-1]:.0f} s")
        return shot

    async def without(seconds: float) -> Shot:
        shot = await sign_shot(play, site, petitions[:1], seconds)
        await dropped(site)
        return shot

    measured, compared = await alternate("backlog", with_backlog, without, play.sizes)
    result = ratio_result(
        "backlog",
        f"sign while a backlog of {amount:,} mails drains",
        measured,
        compared,
        goal=GOAL,
        against="no backlog, same worker",
    )
    result.detail.update({"left after signing": left, "seconds until drained": took})
    _, repeats = await mail_count(play)
    result = await concluded(play, result, site)
    play.stage.stop_worker(site)
    await clear_waiting(site)
    note = f"the last one with its new mails was gone {took[-1]:.0f} s after it began, {repeats} repeats"
    return [_with_note(result, note)]


def _with_note(result: CaseResult, note: str) -> CaseResult:
    return replace(result, notes=(*result.notes, note))
