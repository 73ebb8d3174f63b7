"""The pure parts of a dossier: word differences, public versions, milestones, and filters."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.differences import Piece, differences, differs
from petitions.dossier.reads.dossier import LONG, TimelineEntry, select
from petitions.dossier.rules.milestones import milestones
from petitions.dossier.rules.versions import VersionOutcome, outcomes
from petitions.lifecycle.events.kind import CHAPTERS
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.reads.timeline import TimelineEvent, timeline_of
from petitions.lifecycle.rules.states import Stage
from petitions.subjects import EVENT_KINDS

PROCEDURE = load_procedures()["nl-kamer-petitie", 1]
DAY = date(2026, 3, 2)
WORDS = st.text(st.sampled_from("ab .,\n\u00e9"), max_size=60)


@given(WORDS, WORDS)
def test_nothing_is_lost_between_two_versions(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.change != "added") == before
    assert "".join(piece.text for piece in pieces if piece.change != "removed") == after
    assert differs(pieces) == (before != after)
    assert all(piece.text for piece in pieces)


def test_whole_words_change_and_neighbours_change_together() -> None:
    assert differences("Geef elk dorp weer goede zorg.", "Geef elk dorp weer betere hulp.") == (
        Piece("same", "Geef elk dorp weer "),
        Piece("removed", "goede zorg"),
        Piece("added", "betere hulp"),
        Piece("same", "."),
    )


def test_a_small_change_in_a_long_text_stays_small() -> None:
    sentence = "In veel gemeenten is de huisartsenpost in de nacht dicht, en mensen rijden daardoor soms een uur. "
    before = "".join(sentence.replace("uur", f"uur op dag {n}") for n in range(60))
    changed = [piece for piece in differences(before, before.replace("dag 30.", "nacht 30.")) if piece.change != "same"]
    assert changed == [Piece("removed", "dag"), Piece("added", "nacht")]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([("submitted", None), ("opened", None)], [(1, True)]),
        (
            [("submitted", None), ("rejected", "wrong_body"), ("resubmitted", None), ("opened", None)],
            [(1, True), (2, True)],
        ),
        (
            [("submitted", None), ("rejected", "offensive"), ("resubmitted", None), ("opened", None)],
            [(1, False), (2, True)],
        ),
        (
            [("submitted", None), ("rejected", "of_old"), ("resubmitted", None), ("opened", None)],
            [(1, False), (2, True)],
        ),
        ([("submitted", None), ("rejected", "offensive"), ("objection_upheld", None), ("opened", None)], [(1, True)]),
        ([("submitted", None)], [(1, False)]),
        ([("edited", None), ("rejected", "x")], []),
    ],
)
def test_which_texts_are_public(events: list[tuple[str, str | None]], expected: list[tuple[int, bool]]) -> None:
    assert [(fate.number, fate.is_public(PROCEDURE)) for fate in outcomes(events)] == expected


def test_a_rejection_without_a_ground_hides() -> None:
    assert outcomes([("submitted", None), ("rejected", None)]) == (VersionOutcome(1, ""),)
    assert not VersionOutcome(1, "").is_public(PROCEDURE)


def test_milestones_are_round_numbers_and_halves_but_no_thresholds() -> None:
    days = [(DAY, 900), (DAY + timedelta(1), 1000), (DAY + timedelta(2), 5200), (DAY + timedelta(3), 4800)]
    days.append((DAY + timedelta(4), 20_500))
    found = milestones(days, [40_000, 10_000, 1_000_000])
    assert [(one.count, (one.on - DAY).days, one.half_of) for one in found] == [
        (1000, 1, None),
        (5000, 2, 10_000),
        (20_000, 4, 40_000),
    ]
    assert [one.half_of for one in milestones([(DAY, 60)], [100])] == [100]
    assert milestones([], [100]) == ()
    assert milestones([(DAY, 0)], [1]) == ()


def _happened(number: int, kind: str, **data: Any) -> TimelineEvent:
    return TimelineEvent(number, kind, "system", DAY, datetime(2026, 3, 2, tzinfo=UTC), data)


def test_corrections_stand_with_their_event_and_are_none_themselves() -> None:
    events = [_happened(1, "step"), _happened(2, "corrected", event=1, reason="x", changes={}), _happened(3, "opened")]
    told = timeline_of(events, EVENT_KINDS, stage=Stage.OPEN, hidden=False)
    assert [(one.id, len(one.corrections)) for one in told] == [(1, 1), (3, 0)]


def test_what_came_before_the_opening_is_told_in_the_dossier_only_and_an_unknown_kind_nowhere() -> None:
    events = [_happened(1, "submitted"), _happened(2, "opened"), _happened(3, "of_a_module_that_is_gone")]
    short = timeline_of(events, EVENT_KINDS, stage=Stage.OPEN, hidden=False)
    whole = timeline_of(events, EVENT_KINDS, stage=Stage.OPEN, hidden=False, whole=True)
    assert [one.id for one in short] == [2]
    assert [one.id for one in whole] == [1, 2]


def test_every_chapter_of_a_dossier_tells_something() -> None:
    assert {EVENT_KINDS[name].chapter for name in EVENT_KINDS.in_dossier} == set(CHAPTERS)


def test_a_year_can_be_chosen_of_a_long_timeline() -> None:
    entries = [TimelineEntry(date(2024 + n % 2, 1, 1), "committee") for n in range(LONG + 1)]
    assert select(entries, "", "").years == (2024, 2025)
    assert {entry.on.year for entry in select(entries, "", "2025").entries} == {2025}
    assert select(entries, "", "1999").year is None
    assert select(entries[:LONG], "", "2025").years == ()
    assert select(entries, "news", "").group == ""
