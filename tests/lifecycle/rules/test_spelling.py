"""What somebody may have meant: compounds and slips of the finger, and what is another word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.lifecycle.rules.spelling import folded, is_compound, nearest, slips, slips_allowed, spellings

WORDS = st.text("abcdeéz", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("word", "part", "is_one"),
    [
        ("nachtzorg", "zorg", True),
        ("zorgverlener", "zorg", True),
        ("jeugdzorgplus", "zorg", True),
        ("zeezorg", "zorg", True),
        ("Jeugdzorg", "ZORG", True),
        ("schuur", "huur", False),  # "sc" is no word
        ("steen", "teen", False),
        ("caféhouder", "cafe", True),
        ("trein", "zorg", False),
    ],
)
def test_compounds(word: str, part: str, is_one: bool) -> None:
    assert is_compound(word, part) is is_one


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("zorg", "zorg", 0), ("zorg", "zrog", 1), ("zorg", "zor", 1), ("zorg", "zorgg", 1), ("zorg", "zurg", 1),
        ("nachtzorg", "nahctzrog", 2), ("reünie", "reunie", 0), ("", "abc", 3), ("abc", "", 3), ("kat", "hond", 4),
    ],
)  # fmt: skip
def test_slips_are_counted(one: str, other: str, count: int) -> None:
    assert slips(one, other) == count


@given(WORDS, WORDS)
def test_slips_are_the_same_both_ways_and_none_only_between_equals(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one) <= max(len(one), len(other))
    assert (slips(one, other) == 0) == (folded(one) == folded(other))


@given(WORDS, st.integers(0, 11), st.sampled_from("abz"))
def test_one_slip_always_leaves_a_spelling_in_common(word: str, at: int, letter: str) -> None:
    """The words of the database know themselves and each spelling without one letter."""
    at = min(at, len(word) - 1)
    stored = {folded(word)} | {folded(word)[:n] + folded(word)[n + 1 :] for n in range(len(word))}
    for typed in (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]):
        assert set(spellings(typed)) & stored


def test_the_nearest_word_is_meant_and_a_far_one_is_not() -> None:
    known = ["nachtzorg", "nachtbus", "dagzorg", "bibliotheek"]
    assert nearest("nachtzrog", known) == "nachtzorg"
    assert nearest("bibliothek", known) == "bibliotheek"
    assert nearest("biblotheeek", known) == "bibliotheek"
    assert nearest("ruimtevaart", known) is None
    assert nearest("zwembad", []) is None


def test_short_words_are_taken_as_they_are() -> None:
    assert slips_allowed("bus") == 0
    assert nearest("bos", ["bus"]) is None
    assert nearest("boom", ["bloem", "boot", "doom"]) == "boot"  # people know how a word begins
