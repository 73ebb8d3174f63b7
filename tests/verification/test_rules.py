"""The sample: anybody can repeat the draw, nobody can influence it, and its result is an honest estimate."""

import hashlib
import math
import random
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from petitions.durations import Duration
from petitions.errors import ConfigurationError
from petitions.lifecycle.procedure_files import FOLDER, load_procedures
from petitions.lifecycle.rules.procedures import HandOver, HandOverColumn, Procedure, Verification, parse
from petitions.lifecycle.rules.support_validity import oldest_day, valid_since
from petitions.verification.rules import (
    SampleTally,
    draw,
    estimate,
    list_digest,
    may_finish,
    remind_at,
    sample_size,
    seed_problem,
    wilson,
)

YEAR = Duration.parse("P1Y")
ZONE = ZoneInfo("Europe/Amsterdam")
CODE = "nl-burgerinitiatief"
TEXT = (FOLDER / f"{CODE}.v1.toml").read_text("utf-8")


def procedure() -> Procedure:
    return load_procedures()[CODE, 1]


def rules() -> Verification:
    found = procedure().verification
    assert found is not None
    return found


def published_script() -> Any:
    """The function that docs/verification.md gives to everybody."""
    text = (Path(__file__).parents[2] / "docs" / "verification.md").read_text("utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {}
    exec(code[1].rpartition("print(")[0], names)  # noqa: S102 - our own page
    return names["draw"]


def test_the_published_script_draws_the_same() -> None:
    by_everybody = published_script()
    for seed in ("7 12 23 31 40 44", "é", "a b"):
        for listed, size in ((1, 1), (3, 2), (40, 40), (5000, 400)):
            assert list(draw("ab12", seed, listed, size)) == by_everybody("ab12", seed, listed, size)


def test_a_draw_is_known_for_good() -> None:
    assert draw("0" * 64, "7 12 23 31 40 44", 40213, 5) == draw("0" * 64, "7 12 23 31 40 44", 40213, 5)
    drawn = draw("0" * 64, "7 12 23 31 40 44", 20, 5)
    tickets = {
        place: hashlib.sha256(f"{'0' * 64}\n7 12 23 31 40 44\n{place}".encode()).hexdigest() for place in range(1, 21)
    }
    assert set(drawn) == set(sorted(tickets, key=tickets.__getitem__)[:5])


@pytest.mark.parametrize("number", range(40))
def test_drawn_places_are_on_the_list_and_stand_there_once(number: int) -> None:
    chance = random.Random(number)
    listed = chance.randint(1, 3000)
    size = chance.randint(1, listed)
    drawn = draw(f"{number:064x}", str(number), listed, size)
    assert len(drawn) == len(set(drawn)) == size
    assert drawn == tuple(sorted(drawn))
    assert 1 <= drawn[0] <= drawn[-1] <= listed
    assert set(draw(f"{number:064x}", str(number), listed, max(1, size - 1))) <= set(drawn)


def test_every_place_is_drawn_as_often_as_any_other() -> None:
    listed, size, times = 50, 10, 3000
    seen = Counter(place for seed in range(times) for place in draw("ab", str(seed), listed, size))
    expected = times * size / listed
    chi_square = sum((seen[place] - expected) ** 2 / expected for place in range(1, listed + 1))
    assert chi_square < 92, "the 99.98th percentile with 49 degrees of freedom; these seeds are the same every time"
    together = sum(1 for seed in range(times) if {1, 2} <= set(draw("ab", str(seed), listed, size)))
    assert together / times == pytest.approx(size * (size - 1) / (listed * (listed - 1)), abs=0.01)


def test_another_seed_or_another_list_is_another_draw() -> None:
    first = draw("ab", "1", 10_000, 100)
    assert first != draw("ab", "2", 10_000, 100)
    assert first != draw("ac", "1", 10_000, 100)


def test_digest_is_of_this_list_in_this_order() -> None:
    keys = [bytes([n]) * 16 for n in range(5)]
    lines = "".join(f"{place} {hashlib.sha256(key).hexdigest()}\n" for place, key in enumerate(keys, 1))
    assert list_digest(keys) == hashlib.sha256(lines.encode()).hexdigest()
    assert list_digest(iter(keys)) == list_digest(keys)
    assert list_digest(keys[::-1]) != list_digest(keys)
    assert list_digest(keys[:4]) != list_digest(keys)


@pytest.mark.parametrize(
    ("given", "listed", "size"),
    [
        ({"size": 400}, 40213, 400),
        ({"size": 400}, 12, 12),
        ({"size": 400}, 0, 0),
        ({"share": 0.01}, 40213, 403),
        ({"share": 0.01, "minimum": 250}, 2000, 250),
        ({"share": 0.01, "minimum": 250}, 100, 100),
        ({"share": 1.0}, 7, 7),
    ],
)
def test_how_many_are_drawn(given: dict[str, Any], listed: int, size: int) -> None:
    made = Verification(kind="sample", by=rules().by, methods=("mail",), answer_within=YEAR, **given)
    assert sample_size(made, listed) == size


def test_support_counts_for_exactly_a_year() -> None:
    assert oldest_day(None, date(2026, 3, 2)) is None
    assert oldest_day(YEAR, date(2026, 3, 2)) == date(2025, 3, 2)
    assert oldest_day(YEAR, date(2024, 2, 29)) == date(2023, 2, 28) + timedelta(days=1)
    assert valid_since(YEAR, date(2026, 3, 2), ZONE) == datetime(2025, 3, 1, 23, tzinfo=UTC)
    for text in ("P1Y", "P6M", "P28D", "P10WD", "P1M"):
        span = Duration.parse(text)
        for shift in range(0, 800, 7):
            day = date(2024, 1, 1) + timedelta(days=shift)
            first = oldest_day(span, day)
            assert first is not None
            assert span.after(first) >= day > span.after(first - timedelta(days=1))


def test_seed_comes_after_the_list() -> None:
    listed = datetime(2026, 3, 2, 10, 5, 30, tzinfo=UTC)
    now = listed + timedelta(days=1)
    assert seed_problem(None, listed, now) == "missing"
    assert seed_problem(listed - timedelta(minutes=1), listed, now) == "seed_too_early"
    assert seed_problem(listed.replace(second=0), listed, now) == ""
    assert seed_problem(now, listed, now) == ""
    assert seed_problem(now + timedelta(seconds=1), listed, now) == "date_future"


def test_result_waits_for_everybody_or_for_the_last_day() -> None:
    day = date(2026, 3, 20)
    assert not may_finish(day, day, 1)
    assert may_finish(day, day, 0)
    assert may_finish(day, day + timedelta(days=1), 7)
    drawn = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert remind_at(drawn, date(2026, 3, 22), ZONE) == datetime(2026, 3, 12, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "drawn", "low", "high"),
    [  # as statsmodels' proportion_confint(method="wilson") gives them
        (380, 400, 0.92404, 0.96740),
        (0, 10, 0.0, 0.27753),
        (10, 10, 0.72247, 1.0),
        (1, 2, 0.09453, 0.90547),
    ],
)
def test_interval_of_wilson(found: int, drawn: int, low: float, high: float) -> None:
    assert wilson(found, drawn) == pytest.approx((low, high), abs=1e-5)


def test_interval_is_where_the_score_test_turns() -> None:
    for found, drawn in ((380, 400), (3, 7), (0, 5), (5, 5)):
        for bound in wilson(found, drawn):
            if 0 < bound < 1:
                score = abs(found / drawn - bound) / math.sqrt(bound * (1 - bound) / drawn)
                assert score == pytest.approx(1.959963984540054, rel=1e-6)


def test_estimate_is_of_the_whole_list() -> None:
    assert estimate(0, 0, 10) is None
    made = estimate(380, 400, 40213)
    assert made is not None
    assert (made.share, made.fewest, made.most) == (0.95, 37158, 38903)
    everybody = estimate(9, 10, 10)
    assert everybody is not None
    assert (everybody.low, everybody.high, everybody.fewest, everybody.most) == (0.9, 0.9, 9, 9)


def test_a_tally_knows_who_was_drawn_and_who_answered() -> None:
    tally = SampleTally(verified=380, refused=6, no_answer=14)
    assert (tally.drawn, tally.answered) == (400, 386)


def test_the_citizens_initiative_asks_what_the_house_asks() -> None:
    found = procedure()
    assert rules().kind == "sample"
    assert isinstance(found.handover, HandOver)
    names = [column.name for column in found.handover.columns]
    assert names == ["name", "street", "postcode", "place", "birth_date", "supported_on"]
    assert found.is_unconfirmed("verification.size"), "no source names the size"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('{ name = "place", heading', '{ name = "email", heading', "not passed on"),
        ('{ name = "place", heading', '{ name = "name", heading', "used twice"),
        ("size = 400", "size = 400\nshare = 0.1", "a size or a share"),
        ("size = 400", "share = 1.5", "less than or equal to 1"),
        ("size = 400", "size = 0", "at least 1"),
        ('methods = ["letter", "mail"]', "", "has methods"),
        ('kind = "sample"', 'kind = "full"', "a full check has neither"),
        ('kind = "check_conditions"', 'kind = "report"', "no step in which the conditions"),
        ("[verification]", "[verification]\nwho = 1", "who"),
    ],
)
def test_rules_that_do_not_fit_stop_the_start(old: str, new: str, problem: str) -> None:
    assert old in TEXT
    with pytest.raises(ConfigurationError, match=problem):
        parse(TEXT.replace(old, new), "x.toml")


def test_a_column_has_a_heading() -> None:
    assert HandOverColumn("name", "Naam").heading == "Naam"
    for found in load_procedures().values():
        for column in found.handover.columns if found.handover else ():
            assert column.heading.strip()
