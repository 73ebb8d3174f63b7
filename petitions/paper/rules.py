"""Signatures on paper: issuing and returning sheets, and when a count is confirmed.

Two people count the same sheets, the second without seeing the first count; only equal numbers are accepted. Accepted
signatures on paper are shown apart from online ones. They count toward a threshold only if the procedure says
so.
"""

import re
from datetime import datetime, timedelta
from typing import Final

from petitions.errors import ConflictError, InvalidInputError
from petitions.lifecycle.rules.procedures import Paper, Procedure
from petitions.lifecycle.rules.states import Stage

MOST_AT_ONCE: Final = 50
"""The most sheets in one print."""
MOST_SHEETS: Final = 20_000
"""The most sheets of one petition."""
COUNTED_WITHIN: Final = timedelta(days=28)
"""How long after the end of signing returned sheets may still be counted."""

_RANGE: Final = re.compile(r"(\d{1,6})(?:\s*[-\u2013]\s*(\d{1,6}))?")


def check_issuing(procedure: Procedure, stage: Stage, sheets: int, issued: int) -> None:
    """Whether ``sheets`` more may be printed, after ``issued``.

    Raises ConflictError (``no_paper``, ``not_open``, ``enough_sheets``), InvalidInputError for a number that cannot be.
    """
    if procedure.paper is None:
        raise ConflictError("no_paper")
    if stage != Stage.OPEN:
        raise ConflictError("not_open")
    if not 1 <= sheets <= MOST_AT_ONCE:
        raise InvalidInputError({"sheets": "sheets_at_once"})
    if issued + sheets > MOST_SHEETS:
        raise ConflictError("enough_sheets")


def check_counting(procedure: Procedure, stage: Stage, closed_at: datetime | None, now: datetime) -> Paper:
    """The procedure's rules for paper. Raises ConflictError (``no_paper``, ``not_open``) if paper cannot be counted."""
    if procedure.paper is None:
        raise ConflictError("no_paper")
    late = stage == Stage.CLOSED and closed_at is not None and now > closed_at + COUNTED_WITHIN
    if stage not in {Stage.OPEN, Stage.CLOSED} or late:
        raise ConflictError("not_open")
    return procedure.paper


def read_sheets(text: str) -> tuple[int, ...]:
    """Parse sheet numbers such as "1-12, 15, 20": sorted, without duplicates. Raises InvalidInputError."""
    numbers: set[int] = set()
    for part in re.split(r"[,;\n]", text):
        if not part.strip():
            continue
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise InvalidInputError({"sheet_numbers": "sheet_numbers"})
        first, last = int(match[1]), int(match[2] or match[1])
        if not 0 < first <= last or last > MOST_SHEETS:
            raise InvalidInputError({"sheet_numbers": "sheet_numbers"})
        numbers.update(range(first, last + 1))
    if not numbers:
        raise InvalidInputError({"sheet_numbers": "missing"})
    return tuple(sorted(numbers))


def check_counts(paper: Paper, sheets: int, accepted: int | None, refused: int | None) -> None:
    """Raise InvalidInputError for more signatures than fit on these sheets, and for None (not a number)."""
    problems = {
        name: "no_number" if count is None else "count"
        for name, count in (("accepted", accepted), ("refused", refused))
        if count is None or count < 0
    }
    if not problems and accepted is not None and refused is not None:
        if accepted + refused > sheets * paper.lines:
            problems["accepted"] = "too_many_lines"
        elif accepted + refused == 0:
            problems["accepted"] = "count"
    if problems:
        raise InvalidInputError(problems)


def check_second(counted_by: int, staff_id: int) -> None:
    """Raise ConflictError("own_count") if the first person also does the second count."""
    if counted_by == staff_id:
        raise ConflictError("own_count")


def same_count(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether two counts of the same sheets agree on accepted and refused signatures."""
    return first == second
