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

import hypothesis
import pytest

from scripts.mutation import covering
from scripts.mutation.equivalent import Equivalents
from scripts.mutation.fresh import OPTIONS, import_libraries, in_child, try_fresh
from scripts.mutation.mutants import Mutant, Verdict
from scripts.mutation.python_mutants import python_mutants
from scripts.mutation.sql_mutants import query_text, sql_mutants
from scripts.mutation.targets import REQUIRED, TARGETS, Target
from scripts.mutation.trying import Trial, Trier


class Results:
    """What became of the mutants of one group."""

    def __init__(self) -> None:
        self.verdicts: list[tuple[Mutant, Verdict]] = []
        self.began = time.monotonic()

    def tell(self, trial: Trial, verdict: Verdict, killer: str) -> None:
        """One more."""
        self.verdicts.append((trial.mutant, verdict))
        if len(self.verdicts) % 200 == 0:
            print(f"  {len(self.verdicts)} tried, {time.monotonic() - self.began:.0f} s", file=sys.stderr, flush=True)


def main() -> int:
    """Try the groups; 1 when the tests notice too few of the faults of one."""
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=__doc__)
    parser.add_argument("groups", nargs="*", choices=[*TARGETS, []], help="rules, acts, sql; all of them if none")
    parser.add_argument("--only", default="*", help="a glob of files, to try these only")
    parser.add_argument("--function", default="*", help="a glob of functions or queries")
    parser.add_argument("--jobs", type=int, default=int(os.environ.get("TEST_JOBS", "2")), help="at a time")
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
    mutants = [one for path in files for one in make(path) if fnmatch.fnmatch(one.where, arguments.function)]
    equivalents = Equivalents.read()
    mutants = [one for one in mutants if not equivalents.names(one)]
    print(f"{name}: {len(mutants)} mutants in {len(files)} files", flush=True)
    known = _map(target.test_files())
    warm, fresh, uncovered = _sort(mutants, known)
    results = Results()
    if warm:
        _try_warm(warm, known, results, arguments.jobs)
    if fresh:
        try_fresh(fresh, results.tell, jobs=arguments.jobs)
    results.verdicts.extend((one, "uncovered") for one in uncovered)
    return _report(name, results, equivalents, whole=arguments.only == "*" and arguments.function == "*")


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
            if recorder.failed:
                print("these tests fail without any fault:", *recorder.failed, sep="\n  ")
                return 1
            covering.keep(recorder.map)
            return 0

        if os.waitpid(in_child(record), 0)[1] != 0:
            sys.exit(2)
    return covering.read(test_files)[0]


def _sort(mutants: Sequence[Mutant], known: covering.Map) -> tuple[list[Trial], list[Trial], list[Mutant]]:
    """Those to try in the running process, those whose module must be imported anew, and those that no test runs."""
    warm, fresh, uncovered = [], [], []
    by_query = known.tests_of_queries()
    by_file: dict[str, dict[int, set[str]]] = {}
    for one in mutants:
        if one.path.endswith(".sql"):
            tests, imported = by_query.get(covering.digest(query_text(one)), set()), False
        else:
            lines = by_file.setdefault(one.path, known.tests_of_lines(one.path))
            tests, imported = _python_tests(one, lines)
        if not tests:
            uncovered.append(one)
            continue
        ordered = tuple(sorted(tests, key=lambda test: known.seconds.get(test, 1.0)))
        (fresh if imported else warm).append(Trial(one, ordered))
    return warm, fresh, uncovered


def _python_tests(mutant: Mutant, lines: dict[int, set[str]]) -> tuple[set[str], bool]:
    """The tests that run the function of a mutant, and whether that is run by an import too."""
    function = [tests for line, tests in lines.items() if mutant.body[0] <= line <= mutant.body[1]]
    everything = set().union(*function) if function else set()
    imported = mutant.at_import or covering.IMPORT in everything
    if imported:
        tests = set().union(*lines.values()) if lines else set()
    else:
        # a fault in the middle of a statement of several lines: the line that is counted is that of the statement
        at = [line for line in lines if mutant.body[0] <= line <= mutant.line]
        exact = lines.get(mutant.line, set()) & everything
        tests = exact or (lines[max(at)] if at else set())
    return tests - {covering.IMPORT}, imported


def _try_warm(trials: list[Trial], known: covering.Map, results: Results, jobs: int) -> None:
    """In a child, because that imports the project; what it finds comes back through a file."""
    found = covering.FOLDER / "found.json"
    nodes = sorted({test for trial in trials for test in trial.tests})
    files = sorted({test.split("::")[0] for test in nodes})
    places = {id(trial.mutant): place for place, trial in enumerate(trials)}

    def work() -> int:
        with found.open("w") as out:

            def told(trial: Trial, verdict: Verdict, killer: str) -> None:
                results.tell(trial, verdict, killer)
                out.write(json.dumps([places[id(trial.mutant)], verdict, killer]) + "\n")

            return int(pytest.main([*OPTIONS, *files], plugins=[Trier(trials, known.seconds, told, jobs=jobs)]))

    status = os.waitpid(in_child(work), 0)[1]
    if status != 0:
        sys.exit("the trial ended early")
    for line in found.read_text().splitlines():
        place, verdict, _ = json.loads(line)
        results.verdicts.append((trials[place].mutant, verdict))


def _report(name: str, results: Results, equivalents: Equivalents, *, whole: bool) -> bool:
    """Print what became of the mutants of each file, and every one that no test noticed; whether enough were."""
    by_file: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for mutant, verdict in results.verdicts:
        by_file[mutant.path][verdict] += 1
    for path, counts in sorted(by_file.items()):
        print(f"  {path:<40} " + "  ".join(f"{verdict} {count}" for verdict, count in sorted(counts.items())))
    for mutant, verdict in sorted(results.verdicts, key=lambda one: (one[0].path, one[0].line, one[0].start)):
        if verdict in {"survived", "uncovered"}:
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
