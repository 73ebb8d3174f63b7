"""Paper at its boundaries: days, sheets and lines written out as numbers, so that a change of a constant is seen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from petitions.errors import ConflictError, InvalidInputError
from petitions.lifecycle.rules.states import Stage
from petitions.paper.rules import check_counting, check_counts, check_issuing, read_sheets, same_count
from petitions.procedures import load_procedures

CLOSED = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PROCEDURE = load_procedures()["nl-burgerinitiatief", 2]
assert PROCEDURE.paper is not None
PAPER = replace(PROCEDURE.paper, lines=10)


def test_paper_is_counted_for_twenty_eight_days_to_the_second() -> None:
    last = datetime(2026, 3, 30, 10, 0, tzinfo=UTC)
    assert check_counting(PROCEDURE, Stage.CLOSED, CLOSED, last) == PROCEDURE.paper
    with pytest.raises(ConflictError, match="not_open"):
        check_counting(PROCEDURE, Stage.CLOSED, CLOSED, last + timedelta(microseconds=1))


@pytest.mark.parametrize("stage", list(Stage))
def test_paper_is_counted_while_open_and_after_closing_only(stage: Stage) -> None:
    if stage in {Stage.OPEN, Stage.CLOSED}:
        assert check_counting(PROCEDURE, stage, CLOSED, CLOSED) == PROCEDURE.paper
        return
    with pytest.raises(ConflictError, match="not_open"):
        check_counting(PROCEDURE, stage, CLOSED, CLOSED)


def test_where_the_law_knows_no_paper_none_is_counted() -> None:
    with pytest.raises(ConflictError, match="no_paper"):
        check_counting(load_procedures()["uk-parliament", 1], Stage.OPEN, None, CLOSED)


def test_fifty_sheets_at_once_and_twenty_thousand_in_all() -> None:
    check_issuing(PROCEDURE, Stage.OPEN, 1, 0)
    check_issuing(PROCEDURE, Stage.OPEN, 50, 19_950)
    with pytest.raises(InvalidInputError) as refused:
        check_issuing(PROCEDURE, Stage.OPEN, 51, 0)
    assert refused.value.fields == {"sheets": "sheets_at_once"}
    with pytest.raises(InvalidInputError):
        check_issuing(PROCEDURE, Stage.OPEN, 0, 0)
    with pytest.raises(ConflictError, match="enough_sheets"):
        check_issuing(PROCEDURE, Stage.OPEN, 50, 19_951)


def test_sheet_numbers_at_their_ends() -> None:
    assert read_sheets("1") == (1,)
    assert read_sheets("20000") == (20_000,)
    assert read_sheets("7-7, 3") == (3, 7)
    for wrong in ("20001", "0-2", "19999-20001"):
        with pytest.raises(InvalidInputError) as refused:
            read_sheets(wrong)
        assert refused.value.fields == {"sheet_numbers": "sheet_numbers"}
    with pytest.raises(InvalidInputError) as refused:
        read_sheets(" ; ")
    assert refused.value.fields == {"sheet_numbers": "missing"}


def test_two_sheets_of_ten_lines_hold_twenty() -> None:
    check_counts(PAPER, 2, 20, 0)
    check_counts(PAPER, 2, 0, 20)
    check_counts(PAPER, 2, 0, 1)
    check_counts(PAPER, 2, 1, 0)
    for accepted, refused, problems in (
        (20, 1, {"accepted": "too_many_lines"}),
        (0, 0, {"accepted": "count"}),
        (-1, 1, {"accepted": "count"}),
        (None, None, {"accepted": "no_number", "refused": "no_number"}),
        (99, None, {"refused": "no_number"}),
    ):
        with pytest.raises(InvalidInputError) as caught:
            check_counts(PAPER, 2, accepted, refused)
        assert caught.value.fields == problems


def test_a_count_is_the_same_only_when_both_numbers_are() -> None:
    assert same_count((3, 1), (3, 1))
    assert not same_count((3, 1), (1, 3))
    assert not same_count((3, 1), (3, 0))
    assert not same_count((3, 1), (2, 1))
