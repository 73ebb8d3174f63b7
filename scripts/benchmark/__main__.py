"""``scripts/bench``: run the cases, show the table, write everything to var/bench. All child processes are ended."""

import argparse
import asyncio
import contextlib
import fcntl
import os
import resource
import shlex
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from petitions.errors import PetitionsError
from scripts.benchmark import report
from scripts.benchmark.cases import CASES
from scripts.benchmark.machine import crowded, lasting_settings, machine, versions
from scripts.benchmark.processes import Children
from scripts.benchmark.runs import CaseResult
from scripts.benchmark.shooting import Play
from scripts.benchmark.sizes import QUICK, Sizes
from scripts.benchmark.stage import FOLDER, BenchmarkStage, postgres
from scripts.benchmark.terminal import Failure, say, show


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """The parsed arguments."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=sorted(CASES), metavar="NAME", help="only these cases")
    parser.add_argument("--list", action="store_true", help="list the cases")
    parser.add_argument("--quick", action="store_true", help="one short run of each; its figures mean nothing")
    parser.add_argument("--seconds", type=float, help="length of one run of wrk (default 6)")
    parser.add_argument("--runs", type=int, help="runs of each case and its comparison (default 3)")
    parser.add_argument("--memory-minutes", type=float, help="how long memory is watched (default 10)")
    parser.add_argument("--workers", type=int, default=1, help="web processes (default 1)")
    parser.add_argument("--statuses", action="store_true", help="have wrk count each status (costs it some time)")
    parser.add_argument("--markdown", type=Path, help="also write the tables as Markdown to this file")
    return parser.parse_args(given)


def sizes(asked: argparse.Namespace) -> Sizes:
    """The sizes for these arguments."""
    chosen = QUICK if asked.quick else Sizes()
    changed = {"seconds": asked.seconds, "runs": asked.runs, "memory_minutes": asked.memory_minutes}
    return replace(chosen, **{name: value for name, value in changed.items() if value is not None})


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Allow only one benchmark at a time in this folder. Raises Failure when another one runs."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Failure("another benchmark is running here") from error
        yield


def listen_to_signals() -> None:
    """Let SIGTERM stop the benchmark as Ctrl-C does, also when it was started in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda _number, _frame: signal.raise_signal(signal.SIGINT))


def allow_many_connections() -> None:
    """Raise the limit of open files for the overload case; child processes inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def ignore_signals() -> None:
    """Ignore signals during clean-up, so that no process is left behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


async def play_all(play: Play, names: Sequence[str], results: list[CaseResult]) -> None:
    """Run the cases one after another; one that cannot be measured becomes a row with the reason."""
    for number, name in enumerate(names, 1):
        say(f"{name} ({number} of {len(names)}): {(CASES[name].__doc__ or '').splitlines()[0]}")
        try:
            results += await CASES[name](play)
        except Exception as error:
            say(f"  {name} could not be measured: {error}")
            for site in play.stage.sites.values():  # its processes must not take time from other cases
                play.stage.stop_worker(site)
                play.stage.stop_web(site)
            with (FOLDER / "logs" / "bench.log").open("a", encoding="utf-8") as log:
                traceback.print_exception(error, file=log)
            results.append(CaseResult(name, name, "–", "–", "–", "–", "failed", (f"{type(error).__name__}: {error}",)))


def measure(asked: argparse.Namespace, command: str) -> int:
    """Run the whole benchmark; returns the exit status: 0 unless a case failed."""
    names = [name for name in CASES if not asked.only or name in asked.only]
    if crowded():
        say("this machine is not quiet: figures will be lower than it can do")
    facts: dict[str, dict[str, str]] = {"versions": versions()}
    begun = datetime.now(UTC)
    children = Children(FOLDER / "logs")
    results: list[CaseResult] = []
    stopped = False
    with alone(FOLDER), postgres(FOLDER / "postgres") as url:
        try:
            shutil.rmtree(FOLDER / "logs", ignore_errors=True)
            (FOLDER / "logs").mkdir()
            facts = {"machine": machine(FOLDER), **facts}
            facts["database"] = lasting_settings(url)
            postmaster = int((FOLDER / "postgres" / "postmaster.pid").read_text("ascii").splitlines()[0])
            stage = BenchmarkStage(url, postmaster, children, workers=asked.workers)
            asyncio.run(play_all(Play(stage, sizes(asked)), names, results))
        except KeyboardInterrupt:
            stopped = True
        finally:
            ignore_signals()
            say("ending everything that was started")
            children.end_all()
            for name in ("links.txt", "confirm.txt", "paths.txt", "naive.sql", "sink-port"):
                (FOLDER / name).unlink(missing_ok=True)
    facts["run"] = {
        "begun": begun.isoformat(timespec="seconds"),
        "command": command,
        "web processes": str(asked.workers),
    }
    if not results:
        raise KeyboardInterrupt
    finish(asked, results, facts, command, FOLDER / f"{begun:%Y%m%dT%H%M%SZ}.json")
    if stopped:
        raise KeyboardInterrupt
    return 1 if any(result.verdict == "failed" for result in results) else 0


def finish(
    asked: argparse.Namespace,
    results: Sequence[CaseResult],
    facts: dict[str, dict[str, str]],
    command: str,
    path: Path,
) -> None:
    """Show and write the results."""
    report.write_json(path, results, facts)
    if asked.markdown:
        asked.markdown.write_text(report.as_markdown(results, facts, command, quick=asked.quick), "utf-8")
    show(report.as_table(results))
    for line in report.facts_in_words(facts):
        show(line)
    if asked.quick:
        show(report.QUICK)
    show(f"Everything: {path}")


def without_markdown(given: Sequence[str]) -> list[str]:
    """The arguments that say what was measured, without the path of the result."""
    kept, skip = [], False
    for argument in given:
        if not skip and not argument.startswith("--markdown"):
            kept.append(argument)
        skip = argument == "--markdown"
    return kept


def main() -> None:
    """Run the command."""
    given = sys.argv[1:]
    asked = arguments(given)
    if asked.list:
        for name, case in CASES.items():
            show(f"{name:<10} {(case.__doc__ or '').splitlines()[0]}")
        return
    if asked.statuses:
        os.environ["BENCH_STATUSES"] = "1"
    listen_to_signals()
    allow_many_connections()
    command = shlex.join(["scripts/bench", *without_markdown(given)])
    begun = time.monotonic()
    try:
        status = measure(asked, command)
    except KeyboardInterrupt:
        sys.exit("stopped; nothing of it runs any more")
    except (Failure, PetitionsError) as error:
        sys.exit(f"bench: {error}")
    say(f"done in {(time.monotonic() - begun) / 60:.1f} minutes")
    sys.exit(status)


if __name__ == "__main__":
    main()
