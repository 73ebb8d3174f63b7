"""Signatures on paper: sheets, counts, and the second person."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.errors import ConflictError, InvalidInputError
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.states import Stage
from petitions.paper.reads import SheetBatch
from petitions.paper.rules import (
    COUNTED_WITHIN,
    MOST_AT_ONCE,
    MOST_SHEETS,
    check_counting,
    check_counts,
    check_issuing,
    check_second,
    read_sheets,
)

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def procedure(code: str = "nl-burgerinitiatief") -> Procedure:
    return next(one for (found, _), one in load_procedures().items() if found == code)


def test_sheets_are_printed_while_the_petition_is_open() -> None:
    check_issuing(procedure(), Stage.OPEN, MOST_AT_ONCE, 0)
    for stage in set(Stage) - {Stage.OPEN}:
        with pytest.raises(ConflictError, match="not_open"):
            check_issuing(procedure(), stage, 1, 0)
    for wrong in (0, -1, MOST_AT_ONCE + 1):
        with pytest.raises(InvalidInputError):
            check_issuing(procedure(), Stage.OPEN, wrong, 0)
    with pytest.raises(ConflictError, match="enough_sheets"):
        check_issuing(procedure(), Stage.OPEN, 2, MOST_SHEETS - 1)
    with pytest.raises(ConflictError, match="no_paper"):
        check_issuing(procedure("uk-parliament"), Stage.OPEN, 1, 0)


def test_what_came_back_is_counted_until_four_weeks_after_the_end() -> None:
    assert check_counting(procedure(), Stage.OPEN, None, NOW).adds
    check_counting(procedure(), Stage.CLOSED, NOW - COUNTED_WITHIN, NOW)
    with pytest.raises(ConflictError, match="not_open"):
        check_counting(procedure(), Stage.CLOSED, NOW - COUNTED_WITHIN - timedelta(seconds=1), NOW)
    with pytest.raises(ConflictError, match="not_open"):
        check_counting(procedure(), Stage.WITHDRAWN, None, NOW)


@pytest.mark.parametrize("text", ["", " , ", "a", "0", "5-3", "1--2", "1-2-3", "-4", "999999", "1 2"])
def test_numbers_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_sheets(text)


@given(st.sets(st.integers(1, 400), min_size=1))
def test_numbers_are_read_as_they_are_shown(numbers: set[int]) -> None:
    batch = SheetBatch(
        1, len(numbers), 0, 0, b"", None, "waiting", 1, "", NOW, None, None, None, tuple(sorted(numbers))
    )
    assert read_sheets(batch.ranges) == tuple(sorted(numbers))
    assert read_sheets(batch.ranges.replace("\u2013", " - ").replace(", ", ";\n")) == tuple(sorted(numbers))


def test_counts_must_fit_on_the_sheets() -> None:
    paper = check_counting(procedure(), Stage.OPEN, None, NOW)
    check_counts(paper, 2, 2 * paper.lines - 1, 1)
    for accepted, refused, problem in (
        (None, 0, {"accepted": "no_number"}),
        (1, -1, {"refused": "count"}),
        (0, 0, {"accepted": "count"}),
        (2 * paper.lines, 1, {"accepted": "too_many_lines"}),
    ):
        with pytest.raises(InvalidInputError) as refused_:
            check_counts(paper, 2, accepted, refused)
        assert refused_.value.fields == problem


def test_nobody_is_their_own_second_person() -> None:
    check_second(1, 2)
    with pytest.raises(ConflictError, match="own_count"):
        check_second(1, 1)
