"""The pure parts of the benchmark: reading figures, medians, verdicts, tables. Nothing here is timed."""

import json
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from petitions.lifecycle.pages.person_form import check_person
from scripts.benchmark import report
from scripts.benchmark.__main__ import arguments, sizes, without_markdown
from scripts.benchmark.cases import CASES
from scripts.benchmark.cases.database import parse_tps
from scripts.benchmark.cases.journey import Moment, how_long, steady_rate
from scripts.benchmark.cases.memory import MemorySample, slope
from scripts.benchmark.cases.overload import ProbeAnswer, percentile, read_answers, recovered_after
from scripts.benchmark.load import Shot, form_body, parse, shot
from scripts.benchmark.runs import CaseResult, busy_of, judge, ratio_result, spread, with_problem
from scripts.benchmark.seeding import newest_procedure
from scripts.benchmark.shooting import unlike
from scripts.benchmark.sink import confirm_link
from scripts.benchmark.terminal import Failure

FIGURES = {
    "requests": 12_000, "microseconds": 2_000_000, "bytes": 1, "p50": 1_500, "p99": 9_000, "max": 20_000,
    "status": 0, "connect": 0, "read": 0, "write": 0, "timeout": 0,
}  # fmt: skip


def test_the_figures_of_wrk_are_read() -> None:
    output = f"Running 2s test\n  Requests/sec: 6000.00\nBENCH {json.dumps(FIGURES | {'signed': 7})}\n"
    found = shot(parse(output))
    assert (found.rate, found.requests, found.seconds) == (6_000, 12_000, 2)
    assert (found.p50, found.p99, found.slowest) == (1.5, 9.0, 20.0)
    assert found.counted == {"signed": 7}
    assert not found.problem


def test_output_without_figures_is_refused() -> None:
    with pytest.raises(Failure, match="unable to connect"):
        parse("unable to connect to 127.0.0.1:1 Connection refused")


@pytest.mark.parametrize(("name", "words"), [("status", "no success"), ("read", "failed"), ("timeout", "timed out")])
def test_what_went_wrong_is_a_problem_of_the_shot(name: str, words: str) -> None:
    found = shot(FIGURES | {name: 3})
    assert found.failed == 3
    assert words in found.problem


def test_which_answers_were_no_success_is_said_where_wrk_looked() -> None:
    found = shot(FIGURES | {"status": 1_500, "answered_200": 500, "answered_303": 2, "answered_503": 1_500})
    assert found.problem == "1,500 of 12,000 answers were no success (1,500 × 503)"


def test_three_runs_become_median_and_spread() -> None:
    found = spread([300.0, 100.0, 200.0])
    assert (found.middle, found.lowest, found.highest) == (200, 100, 300)


@pytest.mark.parametrize(
    ("met", "problems", "verdict"),
    [(True, [], "met"), (False, [], "missed"), (True, ["lost"], "failed"), (False, ["lost"], "failed")],
)
def test_a_run_with_a_problem_never_meets_its_goal(met: bool, problems: list[str], verdict: str) -> None:
    assert judge(met=met, problems=problems) == verdict


def test_the_ratio_is_that_of_the_medians() -> None:
    ours, theirs = [Shot(50.0), Shot(90.0), Shot(60.0)], [Shot(100.0), Shot(100.0), Shot(900.0)]
    result = ratio_result("x", "x", ours, theirs, goal=0.6, against="bare")
    assert (result.value, result.verdict) == ("0.60", "met")
    assert ratio_result("x", "x", ours, theirs, goal=0.61, against="bare").verdict == "missed"
    broken = [*ours[1:], with_problem(ours[0], "3 answers were no success")]
    failed = ratio_result("x", "x", broken, theirs, goal=0.6, against="bare")
    assert failed.verdict == "failed"
    assert "3 answers were no success" in failed.notes


def test_who_was_busy_is_the_median_in_the_order_of_a_request() -> None:
    shots = [Shot(1, busy={"wrk": 0.1, "web": 0.9}), Shot(1, busy={"wrk": 0.3, "web": 0.8, "bare": 0.0})]
    assert list(busy_of(shots).items()) == [("web", 0.85), ("wrk", 0.2)]


@pytest.mark.parametrize(("rows", "right"), [(100, True), (164, True), (99, False), (165, False)])
def test_rows_must_be_those_that_were_acknowledged(rows: int, right: bool) -> None:
    assert (unlike(100, rows, 64, "signatures wait") == "") is right


def test_the_rate_of_a_journey_leaves_out_its_first_part() -> None:
    moments = [Moment(float(at), max(0, at - 2) * 10, 0) for at in range(13)]
    assert steady_rate(moments) == 10
    with pytest.raises(Failure):
        steady_rate(moments[:2])


def test_how_long_the_storm_takes() -> None:
    assert how_long(1_000) == "6,100,000 take 1 h 42 min"
    assert "never" in how_long(0)


def test_growth_is_measured_after_settling() -> None:
    rising = [MemorySample(at, 80 + at / 60, 0, 0) for at in range(0, 600, 5)]
    settled = [MemorySample(at, 60 + min(at, 120) / 10, 0, 0) for at in range(0, 600, 5)]
    assert slope(rising, 120) == pytest.approx(1.0)
    assert slope(settled, 120) == pytest.approx(0.0)
    assert slope(settled[:1], 0) == 0


def _answer(at: float, status: int = 200, seconds: float = 0.01) -> ProbeAnswer:
    return ProbeAnswer(at, status, seconds, status == 503, 100, "")


def test_recovery_lasts_until_the_last_bad_answer() -> None:
    answers = [_answer(1, 503), _answer(10.5, 503), _answer(11), _answer(12, seconds=0.6), _answer(13)]
    assert recovered_after(answers, ended=10, normal=0.5) == pytest.approx(2.6)
    assert recovered_after(answers, ended=10, normal=1.0) == pytest.approx(0.51)
    assert recovered_after(answers, ended=12.9, normal=0.5) == 0


def test_answers_of_the_probe_are_sorted_by_when_they_were_asked() -> None:
    lines = [
        json.dumps({"at": at, "status": 200, "seconds": 0.1, "retry_after": False, "bytes": 5, "email": "x"})
        for at in (2.0, 1.0)
    ]
    assert [answer.at for answer in read_answers("\n".join(["a warning", *lines]))] == [1.0, 2.0]


def test_percentiles() -> None:
    values = [float(value) for value in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile([], 0.5)) == (51, 100, 0)


def test_the_link_is_found_across_soft_line_breaks() -> None:
    message = (
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\nhttps://x.example/nl/conf=\r\nirm/AbC-d_e.f=\r\ng\r\n"
    )
    assert confirm_link(message) == b"/nl/confirm/AbC-d_e.fg"
    assert confirm_link(b"no link") is None


def test_the_figure_of_pgbench_is_read() -> None:
    said = "number of failed transactions: 0 (0.000%)\ntps = 711.25 (without initial connection time)\n"
    assert parse_tps(said) == 711.25
    with pytest.raises(Failure):
        parse_tps("pgbench: error: connection failed")


def test_the_form_of_the_benchmark_is_one_that_the_service_takes() -> None:
    typed = dict(parse_qsl(form_body().replace("@EMAIL@", "b1%40voorbeeld.example"), keep_blank_values=True))
    checked = check_person(newest_procedure(), typed)
    assert checked.problems == {}
    assert checked.facts["email"] == "b1@voorbeeld.example"
    assert date.fromisoformat(checked.facts["birth_date"]) == date(1967, 4, 27)


def test_amounts_can_be_changed_from_the_command_line() -> None:
    asked = arguments(["--quick", "--runs", "2", "--seconds", "1.5", "--memory-minutes", "1"])
    chosen = sizes(asked)
    assert (chosen.runs, chosen.seconds, chosen.memory_minutes) == (2, 1.5, 1)
    assert chosen.big_signatures < sizes(arguments([])).big_signatures == 5_000_000
    assert set(arguments(["--only", *CASES]).only) == set(CASES)


def test_where_the_result_is_written_is_not_told() -> None:
    given = ["--runs", "5", "--markdown", "/home/x.md", "--only", "sign"]
    assert without_markdown(given) == ["--runs", "5", "--only", "sign"]
    assert without_markdown(["--markdown=/home/x.md", "--quick"]) == ["--quick"]


def test_the_result_is_told_in_three_ways(tmp_path: Path) -> None:
    result = CaseResult(
        "x", "count | JSON", "10/s", "bare: 20/s", "0.50", "≥ 0.8", "missed", ("a remark",), {"web": 0.5}
    )
    facts = {"machine": {"cores": "2"}}
    table = report.as_table([result])
    assert "missed" in table
    assert "busy: web 50%" in table
    markdown = report.as_markdown([result], facts, "scripts/bench")
    assert "| count \\| JSON | 10/s | bare: 20/s | 0.50 | ≥ 0.8 | missed |" in markdown
    assert "`scripts/bench`" in markdown
    report.write_json(tmp_path / "all.json", [result], facts)
    assert json.loads((tmp_path / "all.json").read_text("utf-8"))["results"][0]["busy"] == {"web": 0.5}
