"""Canned reasons: every ground of every procedure has one in both languages; own words are never lost."""

import pytest

from petitions.errors import ConfigurationError
from petitions.lifecycle.procedure_files import load_procedures, load_reasons
from petitions.lifecycle.rules.reasons import EVERY, open_place, parse_reasons, put_in

GROUNDS = sorted({(p.code, ground.code) for p in load_procedures().values() for ground in p.grounds})
LONGEST = 2000


@pytest.mark.parametrize(("procedure", "ground"), GROUNDS)
def test_every_ground_has_a_reason_to_begin_with(procedure: str, ground: str) -> None:
    canned = load_reasons().of(procedure, ground)
    assert canned is not None
    for language in ("nl", "en"):
        assert 30 < len(canned.reason[language]) < LONGEST
    assert bool(open_place(canned.reason.nl)) == bool(open_place(canned.reason.en))


def test_no_reason_is_left_over() -> None:
    used = {ground for _, ground in GROUNDS}
    procedures = {procedure for procedure, _ in GROUNDS}
    tables = load_reasons().tables
    assert set(tables) - {EVERY} <= procedures
    assert {ground for table in tables.values() for ground in table} <= used


def test_a_procedure_s_own_reason_goes_before_that_of_every_procedure() -> None:
    own = load_reasons().of("nl-gemeente-initiatief", "wrong_body")
    other = load_reasons().of("nl-kamer-petitie", "wrong_body")
    assert own is not None
    assert other is not None
    assert own.reason.nl != other.reason.nl
    assert load_reasons().of("nl-kamer-petitie", "no_such_ground") is None


@pytest.mark.parametrize(
    ("reason", "place"),
    [
        ("Zie [invullen: titel].", "[invullen: titel]"),
        ("See [fill in: title", "[fill in: title"),
        ("De wet [sic] zegt niets.", ""),
        ("", ""),
    ],
)
def test_open_places(reason: str, place: str) -> None:
    assert open_place(reason) == place


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "Nieuw."),
        ("  ", "Nieuw."),
        ("Oud.", "Nieuw."),
        ("Mijn woorden.", "Mijn woorden.\n\nNieuw."),
        ("Mijn woorden. Nieuw.", "Mijn woorden. Nieuw."),
    ],
)
def test_a_canned_text_replaces_another_one_but_never_own_words(typed: str, expected: str) -> None:
    assert put_in(typed, "Nieuw.", frozenset({"Oud.", "Nieuw."})) == expected


@pytest.mark.parametrize(
    "text", ["x", "[every.a]\nwords = []", "[every.a]\nreason.nl = 'x'", "[every.a]\nreason.nl='x'\nreason.en='y'\nz=1"]
)
def test_a_wrong_file_stops_the_start(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"reasons\.toml"):
        parse_reasons(text, "reasons.toml")
