"""Hints for moderators: they point at words and counts, name their basis, and never decide."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.lifecycle.rules.hints import Hint, HintKind, hints, kinds_of, shouts, signed_together, watched_words

BEGUN = datetime(2026, 3, 2, 10, tzinfo=UTC)


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
        ("Minister-president Jansen moet luisteren.", "chamber", {HintKind.PERSON}),
        ("Prime Minister Jones must listen.", "parliament", {HintKind.PERSON}),
        ("De rechter Volgt de wet.", "chamber", {HintKind.PERSON}),  # a heuristic: the hint says what it saw
        ("De rechter volgt de wet.", "chamber", set()),
        ("Nu is het genoeg!!!", "chamber", {HintKind.SHOUTING}),
        ("Nu is het genoeg!", "chamber", set()),
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


def test_words_that_point_at_a_ground_name_the_ground() -> None:
    watched = watched_words({"court": ("rechtszaak",), "excluded_subject": ("belasting*", "grondwet"), "none": ()})
    found = hints("Een gewone titel", "Verlaag de Belastingen voor boeren.", level="chamber", watched=watched)
    assert found == (Hint(HintKind.GROUND, "Belastingen", ground="excluded_subject"),)
    # only whole words, unless the list says that it is a beginning
    assert hints("Een gewone titel", "De grondwetten van toen.", level="chamber", watched=watched) == ()


@pytest.mark.parametrize(
    ("seconds", "most"),
    [
        ([], 0),
        ([0], 1),
        ([0, 60], 2),
        ([0, 61], 1),
        ([0, 50, 100, 150], 2),
        ([300, 0, 20, 40, 900], 3),
    ],
)
def test_sponsors_who_signed_within_a_minute(seconds: list[int], most: int) -> None:
    assert signed_together([BEGUN + timedelta(seconds=one) for one in seconds]) == most


@given(st.lists(st.integers(0, 600), max_size=30))
def test_signed_together_is_the_fullest_minute(seconds: list[int]) -> None:
    moments = [BEGUN + timedelta(seconds=one) for one in seconds]
    slowly = max((sum(0 <= other - one <= 60 for other in seconds) for one in seconds), default=0)
    assert signed_together(moments) == slowly


@pytest.mark.parametrize(
    ("together", "apart", "expected"), [(3, 3, True), (3, 4, False), (2, 0, False), (5, 1, True), (6, 10, False)]
)
def test_sponsors_are_a_hint_when_three_and_half_of_them_signed_at_once(
    together: int, apart: int, expected: bool
) -> None:
    moments = [BEGUN + timedelta(seconds=n) for n in range(together)]
    moments += [BEGUN + timedelta(hours=n + 1) for n in range(apart)]
    found = hints("Een gewone titel", level="chamber", sponsored=moments)
    assert found == ((Hint(HintKind.SPONSORS, count=together, total=together + apart),) if expected else ())


def test_kinds_are_what_the_queue_filters_on() -> None:
    assert kinds_of(hints("Doneer nu", "Zie www.actie.example/x", level="chamber")) == {"money", "link"}
