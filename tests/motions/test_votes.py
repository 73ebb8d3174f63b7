"""Votes: their total, the matching outcome, which results are news, and corrections."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.motions.rules.votes import (
    CHOICES,
    NEWS_FOR,
    DecidedMotion,
    Motion,
    MotionOutcome,
    Vote,
    agreement,
    decision_changes,
    is_news,
    motion_changes,
    outcome_of,
    problems,
    tally,
)

DAY = date(2026, 3, 2)
VOTES = st.lists(st.builds(Vote, st.integers(1, 9), st.none(), st.sampled_from(CHOICES), st.integers(1, 150)))


@given(VOTES)
def test_every_seat_is_counted_once(votes: list[Vote]) -> None:
    sums = tally(votes)
    assert sum(map(sums.seats, CHOICES)) == sum(vote.seats for vote in votes)
    assert sums.carried == (sums.for_ > sums.against)


@given(VOTES)
def test_only_the_result_that_fits_needs_no_reason(votes: list[Vote]) -> None:
    fits = outcome_of(votes)
    results: tuple[MotionOutcome, ...] = ("adopted", "rejected")
    for result in results:
        found = problems(DecidedMotion(result, DAY, "parties", tuple(votes)), DAY)
        assert ("outcome" in found) == (fits not in {None, result})
        assert "outcome" not in problems(DecidedMotion(result, DAY, "parties", tuple(votes), "Daarom."), DAY)


def test_a_tie_adopts_nothing_and_who_abstains_does_not_count() -> None:
    tie = (Vote(1, None, "for", 75), Vote(2, None, "against", 75))
    assert outcome_of(tie) == "rejected"
    assert outcome_of((*tie, Vote(3, None, "for", 1), Vote(4, None, "abstained", 50))) == "adopted"
    assert outcome_of((Vote(4, None, "absent", 50),)) is None


def test_what_cannot_be() -> None:
    votes = (Vote(1, None, "for", 12),)
    assert problems(DecidedMotion("adopted", DAY + timedelta(days=1), "none"), DAY) == {"voted_on": "date_future"}
    assert problems(DecidedMotion("adopted", DAY, "parties"), DAY) == {"votes": "missing"}
    assert problems(DecidedMotion("held", DAY, "none", votes), DAY) == {"outcome": "not_voted"}
    assert problems(DecidedMotion("adopted", DAY, "parties", votes), DAY, {1: 11}) == {"seats-1": "too_many_seats"}
    assert problems(DecidedMotion("adopted", DAY, "parties", votes), DAY, {1: 12}) == {}


def test_news_is_what_happened_in_the_last_two_weeks() -> None:
    assert is_news(DAY, DAY)
    assert is_news(DAY - NEWS_FOR, DAY)
    assert not is_news(DAY - NEWS_FOR - timedelta(days=1), DAY)
    assert not is_news(None, DAY)


@pytest.mark.parametrize(("in_favour", "base", "share"), [(4, 4, None), (5, 5, 100), (3, 7, 43), (0, 0, None)])
def test_a_share_needs_a_base(in_favour: int, base: int, share: int | None) -> None:
    assert agreement(in_favour, base) == share


def test_corrections_name_what_was_and_what_is() -> None:
    motion = Motion("Eerst", submitted_on=DAY)
    assert motion_changes(motion, motion) == {}
    assert motion_changes(motion, replace(motion, title="Dan")) == {"title": ["Eerst", "Dan"]}
    votes = (Vote(1, None, "for", 12), Vote(2, None, "against", 3))
    result = DecidedMotion("adopted", DAY, "parties", votes)
    assert decision_changes(result, replace(result, votes=votes[::-1])) == {}, "the order of votes says nothing"
    other = replace(result, votes=(votes[0], replace(votes[1], seats=4)))
    assert decision_changes(result, other) == {"votes": [[[2, 0, "against", 3, False]], [[2, 0, "against", 4, False]]]}
    assert decision_changes(None, result)["voted_on"] == [None, "2026-03-02"]
