"""Put small faults into rules, acts and SQL and see whether the tests notice: ``scripts/mutants [group ...]``."""

import argparse
import fnmatch
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import hypothesis
import pytest

from scripts.mutation import covering
from scripts.mutation.equivalent import Equivalents
from scripts.mutation.fresh import OPTIONS, import_libraries, in_child, try_fresh
from scripts.mutation.kept import PageCache
from scripts.mutation.mutants import FOLDER, Mutant, Verdict, made
from scripts.mutation.python_mutants import python_mutants
from scripts.mutation.sql_mutants import query_text, sql_mutants
from scripts.mutation.targets import REQUIRED, TARGETS, Target
from scripts.mutation.trying import Trial, Trier

MOST_LEFT_OUT: Final = 5
"""So many tests may fail when they are run the first time (a busy machine); with more there is no use in going on."""
_NOT_NOTICED: Final = {"survived", "uncovered"}


class Results:
    """What became of the mutants of one group."""

    def __init__(self, kept: PageCache) -> None:
        self.verdicts: list[tuple[Mutant, Verdict]] = []
        self.began = time.monotonic()
        self._kept = kept

    def take(self, mutant: Mutant) -> bool:
        """Whether it is known that a test notices it."""
        known = self._kept.notices(mutant)
        if known:
            self.verdicts.append((mutant, "killed"))
        return known

    def tell(self, trial: Trial, verdict: Verdict, killer: str) -> None:
        """One more."""
        self.verdicts.append((trial.mutant, verdict))
        if verdict == "killed":
            self._kept.add(trial.mutant, killer)
        if len(self.verdicts) % 200 == 0:
            self._kept.write()
            print(f"  {len(self.verdicts)} known, {time.monotonic() - self.began:.0f} s", file=sys.stderr, flush=True)


def main() -> int:
    """Try the groups; 1 when the tests notice too few of the faults of one."""
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=__doc__)
    parser.add_argument("groups", nargs="*", choices=[*TARGETS, []], help="rules, acts, sql; all of them if none")
    parser.add_argument("--only", default="*", help="a glob of files, to try these only")
    parser.add_argument("--function", default="*", help="a glob of functions or queries")
    parser.add_argument("--every", type=int, default=1, help="only every so many mutants, for a quick look")
    parser.add_argument("--jobs", type=int, default=int(os.environ.get("TEST_JOBS", "2")), help="at a time")
    parser.add_argument("--anew", action="store_true", help="try those too that the same test noticed before")
    arguments = parser.parse_args()
    import_libraries()
    hypothesis.settings.register_profile(
        "mutants",
        database=None,
        derandomize=True,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutants")
    good = True
    for name in arguments.groups or TARGETS:
        good &= _group(name, TARGETS[name], arguments)
    return 0 if good else 1


def _group(name: str, target: Target, arguments: argparse.Namespace) -> bool:
    files = [path for path in target.paths() if fnmatch.fnmatch(path, arguments.only)]
    make = python_mutants if target.kind == "python" else sql_mutants
    mutants = [
        one
        for path in files
        for one in made(path, make)
        if fnmatch.fnmatch(one.where, arguments.function) and target.holds(path, one.where)
    ]
    equivalents = Equivalents.read()
    mutants = [one for one in mutants if not equivalents.names(one)][:: arguments.every]
    print(f"{name}: {len(mutants)} mutants in {len(files)} files", flush=True)
    known = _map(target.test_files())
    kept = PageCache(name, anew=arguments.anew)
    results = Results(kept)
    warm, fresh = _sort([one for one in mutants if not results.take(one)], known, results)
    if warm:
        fresh += _try_warm(warm, known, results, jobs=arguments.jobs, remembered=target.remembered)
    if fresh:
        try_fresh(fresh, results.tell, jobs=arguments.jobs)
    kept.write()
    if target.kind == "python":
        run, code = covering.share_run(known, files)
        print(f"  the tests run {run} of {code} lines of code, {100 * run / max(1, code):.1f} %")
    whole = arguments.only == arguments.function == "*" and arguments.every == 1
    return _report(name, results, equivalents, whole=whole)


def _map(test_files: Sequence[str]) -> covering.Map:
    """The map of these tests, made where it is not known."""
    _, unknown = covering.read(test_files)
    if unknown:
        print(f"  running the tests of {len(unknown)} files to see what they cover", flush=True)
        sources = [path for target in TARGETS.values() if target.kind == "python" for path in target.paths()]
        recorder = covering.Recorder(sources)

        def record() -> int:
            recorder.begin()
            pytest.main([*OPTIONS, *unknown], plugins=[recorder])
            recorder.end()
            for test in sorted(recorder.failed):
                print(f"  left out, because it fails without any fault: {test}", flush=True)
            covering.keep(recorder.map, recorder.failed)
            return 1 if len(recorder.failed) > MOST_LEFT_OUT else 0

        if os.waitpid(in_child(record), 0)[1] != 0:
            sys.exit("too many tests fail without any fault")
    return covering.read(test_files)[0]


def _sort(mutants: Sequence[Mutant], known: covering.Map, results: Results) -> tuple[list[Trial], list[Trial]]:
    """Those to try in the running process, and those whose module must be imported anew."""
    warm: list[Trial] = []
    fresh: list[Trial] = []
    by_query = known.tests_of_queries()
    by_file: dict[str, dict[int, set[str]]] = {}
    for one in mutants:
        if one.path.endswith(".sql"):
            tests, imported, of_file = by_query.get(covering.digest(query_text(one)), set()), False, set[str]()
        else:
            lines = by_file.setdefault(one.path, known.tests_of_lines(one.path))
            tests, imported = _python_tests(one, lines)
            of_file = set().union(*lines.values()) - {covering.IMPORT}
        trial = Trial(one, known.fastest_first(tests), imported, known.fastest_first(of_file))
        if tests and not one.at_import:
            warm.append(trial)
        elif imported and of_file:
            fresh.append(trial)
        else:
            results.tell(trial, "uncovered", "")
    return warm, fresh


def _python_tests(mutant: Mutant, lines: dict[int, set[str]]) -> tuple[set[str], bool]:
    """The tests that run the function of a mutant, and whether that is run by an import too."""
    function = [tests for line, tests in lines.items() if mutant.body[0] <= line <= mutant.body[1]]
    everything = set().union(*function) if function else set()
    imported = mutant.at_import or covering.IMPORT in everything
    # a fault in the middle of a statement of several lines: the line that is counted is that of the statement
    at = [line for line in lines if mutant.body[0] <= line <= mutant.line]
    exact = lines.get(mutant.line, set()) & everything
    tests = exact or (lines[max(at)] if at else set())
    return tests - {covering.IMPORT}, imported


def _try_warm(
    trials: list[Trial], known: covering.Map, results: Results, *, jobs: int, remembered: bool
) -> list[Trial]:
    """In a child, because that imports the project; what it finds comes back through a file.

    Those that could not be put into a running process come back, and what survived there but is run by an import too.
    """
    found = FOLDER / f"found-{os.getpid()}.json"
    nodes = sorted({test for trial in trials for test in trial.tests})
    files = sorted({test.split("::")[0] for test in nodes})
    places = {id(trial.mutant): place for place, trial in enumerate(trials)}

    def work() -> int:
        with found.open("w", buffering=1) as out:

            def told(trial: Trial, verdict: Verdict, killer: str) -> None:
                out.write(json.dumps([places[id(trial.mutant)], verdict, killer]) + "\n")

            trier = Trier(trials, known.seconds, told, jobs=jobs, remembered=remembered)
            return int(pytest.main([*OPTIONS, *files], plugins=[trier]))

    if os.waitpid(in_child(work), 0)[1] != 0:
        print("  the trial ended early; what was found until then counts", file=sys.stderr)
    once_more = []
    for line in found.read_text().splitlines():
        place, verdict, killer = json.loads(line)
        trial = trials[place]
        if verdict == "untried" or (verdict == "survived" and trial.imported):
            once_more.append(trial)
        else:
            results.tell(trial, verdict, killer)
    found.unlink()
    return once_more


def _report(name: str, results: Results, equivalents: Equivalents, *, whole: bool) -> bool:
    """Print what became of the mutants of each file, and every one that no test noticed; whether enough were."""
    by_file: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for mutant, verdict in results.verdicts:
        by_file[mutant.path][verdict] += 1
    for path, counts in sorted(by_file.items()):
        print(f"  {path:<40} " + "  ".join(f"{verdict} {count}" for verdict, count in sorted(counts.items())))
    for mutant, verdict in sorted(results.verdicts, key=lambda one: (one[0].path, one[0].line, one[0].start)):
        if verdict in _NOT_NOTICED:
            before, after = mutant.lines()
            print(f"  {verdict} {mutant.path}:{mutant.line} {mutant.where}\n    - {before}\n    + {after}")
    total = sum(by_file.values(), Counter[Verdict]())
    noticed = total["killed"] + total["timeout"]
    percent = 100.0 * noticed / max(1, total.total())
    seconds = time.monotonic() - results.began
    print(f"{name}: {noticed} of {total.total()} noticed, {percent:.1f} % ({REQUIRED:.0f} % wanted), {seconds:.0f} s")
    stale = equivalents.stale(set(by_file)) if whole else []
    for one in stale:
        print(f"  no such mutant (any more): {one}")
    return percent >= REQUIRED and not stale


if __name__ == "__main__":
    Path("var").mkdir(exist_ok=True)
    sys.exit(main())
