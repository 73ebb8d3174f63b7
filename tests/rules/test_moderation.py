"""The moderators' desk: due days by the body's clock, figures, hints that are never verdicts, differences."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.rules.moderation import (
    Decision,
    Due,
    HintKind,
    Nearness,
    days_waited,
    differences,
    due,
    figures,
    hints,
    shouts,
)

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
FRIDAY = date(2026, 3, 6)


@pytest.mark.parametrize(
    ("on", "now", "expected"),
    [
        (FRIDAY, datetime(2026, 3, 6, 10, tzinfo=UTC), Due(FRIDAY, Nearness.TODAY, 0)),
        (FRIDAY, datetime(2026, 3, 6, 22, 59, tzinfo=UTC), Due(FRIDAY, Nearness.TODAY, 0)),
        # one minute to midnight in London is past midnight in Amsterdam
        (FRIDAY, datetime(2026, 3, 6, 23, 0, tzinfo=UTC), Due(FRIDAY, Nearness.OVERDUE, 1)),
        (FRIDAY, datetime(2026, 3, 5, 10, tzinfo=UTC), Due(FRIDAY, Nearness.TOMORROW, 1)),
        (FRIDAY, datetime(2026, 3, 4, 10, tzinfo=UTC), Due(FRIDAY, Nearness.LATER, 2)),
        (FRIDAY, datetime(2026, 3, 16, 10, tzinfo=UTC), Due(FRIDAY, Nearness.OVERDUE, 10)),
        (date(2026, 3, 9), datetime(2026, 3, 6, 10, tzinfo=UTC), Due(date(2026, 3, 9), Nearness.SOON, 3)),
        (date(2026, 3, 9), datetime(2026, 3, 5, 10, tzinfo=UTC), Due(date(2026, 3, 9), Nearness.LATER, 4)),
    ],
)
def test_due(on: date, now: datetime, expected: Due) -> None:
    assert due(on, now, AMSTERDAM) == expected


def test_due_follows_the_clock_of_the_body() -> None:
    now = datetime(2026, 3, 6, 17, tzinfo=UTC)
    assert due(FRIDAY, now, ZoneInfo("Europe/London")).nearness == Nearness.TODAY
    assert due(FRIDAY, now, ZoneInfo("Asia/Taipei")).nearness == Nearness.OVERDUE


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 17, tzinfo=UTC), 0),
        (datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 6, 8, tzinfo=UTC), 4),
        (datetime(2026, 3, 6, 8, tzinfo=UTC), datetime(2026, 3, 9, 8, tzinfo=UTC), 1),
        (datetime(2026, 3, 7, 8, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC), 0),
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), datetime(2026, 3, 2, 8, tzinfo=UTC), 0),
    ],
)
def test_days_waited(since: datetime, until: datetime, expected: int) -> None:
    assert days_waited(since, until, AMSTERDAM) == expected


def _decision(days: int, *, due_on: date = FRIDAY) -> Decision:
    begun = datetime(2026, 2, 27, 10, tzinfo=UTC)
    return Decision(begun, begun + timedelta(days=days), due_on, "Europe/Amsterdam")


def test_figures_are_measured() -> None:
    made = figures([_decision(3), _decision(4), _decision(7), _decision(10)])
    assert made.decided == 4
    assert made.share_in_time == 0.75  # the fourth came on the Monday after
    assert made.median_wait == 3.5  # 1, 2, 5 and 6 working days


def test_figures_without_decisions_claim_nothing() -> None:
    assert figures([]).share_in_time is None
    assert figures([]).median_wait is None


@pytest.mark.parametrize(
    ("text", "level", "expected"),
    [
        ("Wethouder Jansen heeft gelogen over het park.", "chamber", {HintKind.PERSON, HintKind.OTHER_BODY}),
        ("De wethouders van Delft doen niets.", "chamber", {HintKind.OTHER_BODY}),
        ("Vraag het mevrouw van den Berg.", "chamber", {HintKind.PERSON}),
        ("De minister van Volksgezondheid moet dit regelen.", "chamber", set()),
        ("Wij vragen de minister om meer treinen.", "chamber", set()),
        ("Bel mij op 0612345678 of mail jan@voorbeeld.example.", "chamber", {HintKind.PERSONAL_DATA}),
        ("Zij woont op Dorpsstraat 12 in Urk.", "chamber", {HintKind.PERSONAL_DATA}),
        ("In 2024 waren er 250000 reizigers.", "chamber", set()),
        ("Mijn uitkering is gestopt.", "chamber", {HintKind.OWN_SITUATION}),
        ("Onze straat heeft geen lantaarns.", "chamber", {HintKind.OTHER_BODY}),
        ("Onze straat heeft geen lantaarns.", "municipality", set()),
        ("De Tweede Kamer moet de wet veranderen.", "municipality", {HintKind.OTHER_BODY}),
        ("De Europese Commissie moet dit regelen.", "municipality", {HintKind.OTHER_BODY}),
        ("Doneer nu voor onze actie.", "chamber", {HintKind.MONEY}),
        ("Lees alles op https://actie.example/meer.", "chamber", {HintKind.LINK}),
        ("Councillor Smith lied about the park.", "parliament", {HintKind.PERSON}),
        ("Maak de nachtzorg weer bereikbaar voor iedereen.", "chamber", set()),
    ],
)
def test_hints(text: str, level: str, expected: set[HintKind]) -> None:
    assert {hint.kind for hint in hints("Een gewone titel", text, level=level)} == expected


def test_hints_say_where_they_come_from() -> None:
    found = hints("Stop ermee", "De heer van Dam zei nee.", level="municipality", similar=2, versions=3)
    assert [(hint.kind, hint.words, hint.count) for hint in found] == [
        (HintKind.SIMILAR, "", 2),
        (HintKind.PERSON, "De heer van Dam", 0),
        (HintKind.MENDED, "", 3),
    ]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("STOP DE AFBRAAK VAN DE ZORG", True),
        ("Stop de afbraak van de zorg", False),
        ("Meer geld voor de NS en de GGD", False),
        ("NS", False),
        ("", False),
    ],
)
def test_shouts(title: str, expected: bool) -> None:
    assert shouts(title) is expected


@pytest.mark.parametrize("text", ["a" * 20_000, "de heer " * 3_000, "@." * 10_000, "+31 " * 5_000, "0" * 20_000])
def test_hints_are_quick_for_hostile_texts(text: str) -> None:
    begun = time.perf_counter()
    hints(text[:80], text, level="chamber")
    assert time.perf_counter() - begun < 1


def test_differences() -> None:
    pieces = differences("Wij vragen meer geld voor zorg.", "Wij vragen minder regels voor zorg.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Wij vragen "),
        ("out", "meer geld "),
        ("in", "minder regels "),
        ("same", "voor zorg."),
    ]


@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
def test_differences_lead_from_the_old_text_to_the_new(old: str, new: str) -> None:
    pieces = differences(old, new)
    assert "".join(p.text for p in pieces if p.kind != "out") == new.lstrip()
