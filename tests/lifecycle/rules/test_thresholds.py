"""When a threshold is reached, which is next, how far it is, and when the body must have acted."""

from datetime import date
from typing import get_args

import pytest

from petitions.durations import Duration
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.procedures import IdentityLevel, Spread, Text, Threshold, Trigger
from petitions.lifecycle.rules.thresholds import can_open, due_on, is_reached, next_threshold, progress, reached

PROCEDURES = load_procedures()
WORDS = Text(nl="de commissie", en="the committee")


def counted(code: str, count: int, spread: int | None = None) -> Threshold:
    return Threshold(
        code=code,
        effect="publish",
        strength="may",
        what=WORDS,
        who=WORDS,
        count=count,
        spread=None if spread is None else Spread(regions=spread, of=WORDS),
    )


def at(code: str, moment: Trigger, within: Duration | None = None) -> Threshold:
    return Threshold(code=code, effect="publish", strength="must", what=WORDS, who=WORDS, at=moment, within=within)


LOW, HIGH, WIDE = counted("low", 10), counted("high", 100), counted("wide", 50, spread=3)
OPENING, CLOSING = at("opening", "opening"), at("closing", "closing")
ALL = (OPENING, HIGH, LOW, WIDE, CLOSING)


@pytest.mark.parametrize(
    ("moment", "count", "regions", "already", "codes"),
    [
        ("count", 9, None, (), []),
        ("count", 10, None, (), ["low"]),
        ("count", 10, None, ("low",), []),
        ("count", 100, None, (), ["high", "low"]),
        ("count", 100, 2, ("low", "high"), []),
        ("count", 49, 3, ("low",), []),
        ("count", 50, 3, ("low",), ["wide"]),
        ("opening", 0, None, (), ["opening"]),
        ("opening", 12, None, (), ["opening", "low"]),  # sponsors count
        ("closing", 12, None, ("opening", "low"), ["closing"]),
        ("closing", 0, None, ("closing",), []),
    ],
)
def test_reached(moment: Trigger, count: int, regions: int | None, already: tuple[str, ...], codes: list[str]) -> None:
    found = reached(ALL, moment=moment, count=count, regions=regions, already=already)
    assert [threshold.code for threshold in found] == codes


def test_a_spread_needs_known_regions() -> None:
    assert not is_reached(WIDE, moment="count", count=1_000_000)
    assert not is_reached(WIDE, moment="count", count=1_000_000, regions=2)
    assert is_reached(WIDE, moment="count", count=50, regions=3)


@pytest.mark.parametrize(
    ("count", "regions", "already", "code"),
    [
        (0, None, (), "low"),
        (10, None, (), "wide"),
        (9, None, ("low",), "wide"),  # somebody withdrew: a reached threshold stays reached
        (60, 1, (), "wide"),  # enough signatures, too few regions
        (60, 3, (), "high"),
        (100, 3, (), None),
    ],
)
def test_next(count: int, regions: int | None, already: tuple[str, ...], code: str | None) -> None:
    found = next_threshold(ALL, count, regions=regions, already=already)
    assert (found and found.code) == code


def test_no_number_no_next() -> None:
    assert next_threshold((OPENING, CLOSING), 5) is None
    assert progress(CLOSING, 5) is None


@pytest.mark.parametrize(
    ("count", "remaining", "percent"),
    [(0, 40_000, 0), (38_214, 1_786, 95), (39_999, 1, 99), (40_000, 0, 100), (51_000, 0, 100)],
)
def test_progress(count: int, remaining: int, percent: int) -> None:
    facts = progress(counted("examine", 40_000), count)
    assert facts is not None
    assert (facts.count, facts.required, facts.remaining, facts.percent) == (count, 40_000, remaining, percent)
    assert facts.regions_missing is None


def test_progress_with_spread() -> None:
    facts = progress(WIDE, 60, regions=1)
    assert facts is not None
    assert (facts.remaining, facts.regions_missing) == (0, 2)


def test_due_on() -> None:
    assert due_on(at("reply", "closing"), date(2026, 1, 31)) is None
    assert due_on(at("reply", "closing", Duration.parse("P1M")), date(2026, 1, 31)) == date(2026, 2, 28)
    reply = PROCEDURES["tw-join", 1].thresholds[0]
    assert due_on(reply, date(2026, 1, 1)) == date(2026, 3, 2)


@pytest.mark.parametrize("level", get_args(IdentityLevel))
def test_only_email_can_be_opened(level: IdentityLevel) -> None:
    opened = {can_open(procedure) for procedure in PROCEDURES.values() if procedure.identity == level}
    assert opened == {None if level == "email" else "identity_not_available"}
