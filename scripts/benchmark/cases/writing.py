"""Signing and confirming, against a bare application that parses the same form; and one petition against a thousand."""

from dataclasses import replace

from scripts.benchmark.runs import CaseResult, Shoot, alternate, judge, ratio_result
from scripts.benchmark.shooting import (
    Play,
    bare_form_shot,
    clear_waiting,
    confirm_shot,
    recounted,
    sign_shot,
)
from scripts.benchmark.stage import Installation

GOAL = 0.5
SPREAD_GOAL = 0.9


async def concluded(play: Play, result: CaseResult, *sites: Installation) -> CaseResult:
    """The result, failed when the recount of a site finds something wrong."""
    problems = [problem for site in sites if (problem := await recounted(play, site))]
    notes = (*result.notes, *(problems or ["recount exact"]))
    return replace(result, notes=notes, verdict=judge(met=False, problems=problems) if problems else result.verdict)


async def _against_bare(play: Play, case: str, label: str, ours: Shoot, site: Installation) -> CaseResult:
    """Measure against the bare application. Worker and sink are stopped: a mail costs only its durable outbox row."""
    play.stage.stop_worker(site)
    play.stage.stop_sink()
    await play.stage.start_bare()
    await clear_waiting(site)
    measured, compared = await alternate(case, ours, lambda seconds: bare_form_shot(play, seconds), play.sizes)
    result = ratio_result(case, label, measured, compared, goal=GOAL, against="bare form POST")
    return await concluded(play, replace(result, notes=(*result.notes, "worker and sink stopped")), site)


async def sign(play: Play) -> list[CaseResult]:
    """Sign: validated, encrypted, durable, mail queued."""
    site, petitions = await play.ordinary()
    label = "POST sign (validated, encrypted, durable, mail queued)"
    return [
        await _against_bare(play, "sign", label, lambda seconds: sign_shot(play, site, petitions[:1], seconds), site)
    ]


async def confirm(play: Play) -> list[CaseResult]:
    """Confirm: durable, counted, threshold checked."""
    site, petitions = await play.ordinary()
    label = "POST confirm (durable, counted, threshold checked)"
    return [
        await _against_bare(
            play, "confirm", label, lambda seconds: confirm_shot(play, site, petitions[:1], seconds), site
        )
    ]


async def spread(play: Play) -> list[CaseResult]:
    """All signatures on one petition against the same over a thousand."""
    site, petitions = await play.site("spread", play.sizes.spread)
    await play.stage.start_web(site)
    results = []
    for verb, take in (("sign", sign_shot), ("confirm", confirm_shot)):
        await clear_waiting(site)
        measured, compared = await alternate(
            f"spread, {verb}",
            lambda seconds, take=take: take(play, site, petitions[:1], seconds),  # type: ignore[misc]
            lambda seconds, take=take: take(play, site, petitions, seconds),  # type: ignore[misc]
            play.sizes,
        )
        result = ratio_result(
            "spread",
            f"all on one petition: {verb}",
            measured,
            compared,
            goal=SPREAD_GOAL,
            against=f"over {len(petitions):,}",
        )
        results.append(await concluded(play, result, site))
    await clear_waiting(site)
    play.stage.stop_web(site)
    return results
