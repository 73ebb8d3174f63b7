"""The shots that several cases share: read, sign, confirm, post to the baseline; all are checked in the database."""

import asyncio
import itertools
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from scripts.benchmark.load import THREADS, Shot, WrkFigures, form_body, shot, wrk
from scripts.benchmark.runs import with_problem
from scripts.benchmark.seeding import PetitionKeys, open_petitions, write_waiting
from scripts.benchmark.sizes import CONNECTIONS, Sizes
from scripts.benchmark.stage import BenchmarkStage, Installation
from scripts.benchmark.terminal import Failure, say

WAITING: Final = "select count(*) from pending_signature"
CONFIRMED: Final = "select coalesce(sum(confirmed), 0)::bigint from signature_count"
QUEUED: Final = "select count(*) from outbox where state = 'waiting'"
_marks = itertools.count(1)


@dataclass(slots=True)
class Play:
    """The context of a case: the processes, the sizes, and the databases that earlier cases have filled."""

    stage: BenchmarkStage
    sizes: Sizes
    petitions: dict[str, list[PetitionKeys]] = field(default_factory=dict)
    confirm_rate: float = 0.0  # pending signatures are made beforehand for this rate; updated after each shot

    async def site(self, name: str, petitions: int) -> tuple[Installation, list[PetitionKeys]]:
        """The installation of that name with so many open petitions; made at its first use."""
        if name not in self.petitions:
            say(f"  making the database '{name}' with {petitions:,} petitions")
            site = await self.stage.site(name)
            self.petitions[name] = await open_petitions(site, petitions)
        return self.stage.sites[name], self.petitions[name]

    async def ordinary(self) -> tuple[Installation, list[PetitionKeys]]:
        """The installation of most cases: as many petitions as the demonstration; web processes run, nothing waits."""
        site, petitions = await self.site("ordinary", self.sizes.petitions)
        await self.stage.start_web(site)
        return site, petitions


async def clear_waiting(site: Installation) -> None:
    """Delete pending signatures and mail of an installation, so that a case begins with empty tables."""
    await site.execute("truncate pending_signature", "truncate outbox", "vacuum (analyze) signature")


async def drained(play: Play, site: Installation) -> None:
    """Wait until no mail waits or is being handed over. Raises Failure when it takes too long."""
    begun = time.monotonic()
    while await site.fetchval(QUEUED):
        if time.monotonic() - begun > play.sizes.backlog_patience:
            raise Failure(f"the mail was not drained after {play.sizes.backlog_patience:.0f} s")
        await asyncio.sleep(0.25)


def sign_paths(petitions: Sequence[PetitionKeys]) -> list[str]:
    """The paths to which the forms of these petitions are posted."""
    return [f"/nl/petitions/{petition.id}/sign" for petition in petitions]


def signing(play: Play, paths: Sequence[str]) -> dict[str, str]:
    """The environment of the scripts that sign: paths, the form, and a prefix that makes every address new."""
    number = next(_marks)
    file = play.stage.folder / "paths.txt"
    file.write_text("\n".join(paths) + "\n", "ascii")
    return {"BENCH_PATHS": str(file), "BENCH_BODY": form_body(), "BENCH_MARK": f"b{os.getpid()}r{number:05d}"}


async def metered(play: Play, script: str, port: int, seconds: float, environment: dict[str, str]) -> Shot:
    """A shot, with how busy each process was."""
    begun = time.monotonic()
    with play.stage.meter() as busy:
        figures: WrkFigures = await wrk(script, port, seconds, environment)
        elapsed = time.monotonic() - begun
    return replace(shot(figures.raw), busy=busy | {"wrk": round(figures.cpu / elapsed, 2)})


async def get_shot(play: Play, port: int, path: str, seconds: float) -> Shot:
    """Read one page again and again."""
    return await metered(play, "get", port, seconds, {"BENCH_PATH": path})


async def bare_form_shot(play: Play, seconds: float) -> Shot:
    """Post the same forms to the baseline."""
    return await metered(play, "sign", play.stage.bare_port, seconds, signing(play, ["/form"]))


async def sign_shot(play: Play, site: Installation, petitions: Sequence[PetitionKeys], seconds: float) -> Shot:
    """Sign; every acknowledged request must have a pending row."""
    before = await settled(site, WAITING)
    measured = await metered(play, "sign", site.port, seconds, signing(play, sign_paths(petitions)))
    rows = await settled(site, WAITING) - before
    return with_problem(measured, unlike(measured.requests - measured.failed, rows, CONNECTIONS, "signatures wait"))


async def confirm_shot(play: Play, site: Installation, petitions: Sequence[PetitionKeys], seconds: float) -> Shot:
    """Confirm pending signatures that were made beforehand; every acknowledged request must be counted."""
    expected = play.confirm_rate or play.sizes.confirm_rate
    paths = await write_waiting(site, petitions, round(max(1.0, seconds) * expected))
    file = play.stage.folder / "confirm.txt"
    await asyncio.to_thread(file.write_text, "\n".join(paths) + "\n", "ascii")
    await site.execute("analyze pending_signature")
    before = await settled(site, CONFIRMED)
    measured = await metered(play, "confirm", site.port, seconds, {"BENCH_LINKS": str(file)})
    rows = await settled(site, CONFIRMED) - before
    await site.execute("truncate pending_signature", "truncate outbox")
    enough = measured.requests <= len(paths)
    play.confirm_rate = max(1_000.0, 2 * (measured.rate if enough else expected))
    if not enough:
        return with_problem(measured, "more links were needed than had been made (sizes.py, confirm_rate)")
    return with_problem(measured, unlike(measured.requests - measured.failed, rows, CONNECTIONS, "were counted"))


async def settled(site: Installation, statement: str) -> int:
    """A number from the database once it no longer changes, because all requests are written."""
    known = await site.fetchval(statement)
    for _ in range(50):
        await asyncio.sleep(0.2)
        now = await site.fetchval(statement)
        if now == known:
            return now
        known = now
    raise Failure(f"still changing after ten seconds: {statement}")


def unlike(acknowledged: int, rows: int, underway: int, words: str) -> str:
    """The problem when rows and acknowledgements differ; the last requests may be written but not answered."""
    if acknowledged <= rows <= acknowledged + underway * THREADS:
        return ""
    return f"{acknowledged:,} were acknowledged, but {rows:,} {words}"


async def recounted(play: Play, site: Installation) -> str:
    """The problems that the service's own recount finds; empty when all counts are right."""
    try:
        await play.stage.command(site, "check")
    except Failure as failure:
        return f"recount: {failure}"
    return ""
