"""Which texts are accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.text import TextError, clean_line, clean_paragraphs


@pytest.mark.parametrize(
    ("typed", "clean"),
    [("  Jan\t de  Wit ", "Jan de Wit"), ("Jan\nde Wit", "Jan de Wit"), ("e\u0301", "é"), ("a\u00a0b", "a b")],
)
def test_line_is_normalised(typed: str, clean: str) -> None:
    assert clean_line(typed, maximum=50) == clean


@pytest.mark.parametrize(
    ("typed", "clean"),
    [("a\r\nb", "a\nb"), ("a\r\n\r\n\r\n\r\nb", "a\n\nb"), ("  a  \n  b  ", "a\nb"), ("\n\na\n", "a")],
)
def test_paragraphs_keep_their_divisions(typed: str, clean: str) -> None:
    assert clean_paragraphs(typed, maximum=50) == clean


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\u200f", "\ud800"])
def test_characters_that_deceive_or_break_are_refused(character: str) -> None:
    for clean in (clean_line, clean_paragraphs):
        with pytest.raises(TextError) as caught:
            clean(f"a{character}b", maximum=50)
        assert caught.value.code in {"forbidden_character"}


@pytest.mark.parametrize(
    ("typed", "code"), [("", "missing"), ("   ", "missing"), ("ab", "too_short"), ("x" * 11, "too_long")]
)
def test_limits_are_said(typed: str, code: str) -> None:
    with pytest.raises(TextError) as caught:
        clean_line(typed, maximum=10, minimum=3)
    assert caught.value.code == code


@given(st.text(max_size=200))
def test_what_was_cleaned_once_stays_as_it_is(typed: str) -> None:
    for clean in (clean_line, clean_paragraphs):
        try:
            once = clean(typed, maximum=10_000)
        except TextError:
            continue
        assert clean(once, maximum=10_000) == once
        once.encode("utf-8")
