"""Which facts of a recorded step can be corrected, and which never."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from petitions.corrections.rules import FACTS, MomentRange, correct, correctable, happened_on
from petitions.errors import InvalidInputError
from petitions.lifecycle.rules.procedures import StepKind
from petitions.lifecycle.rules.steps import StepInput

ZONE = ZoneInfo("Europe/Amsterdam")
SPAN = MomentRange(date(2026, 3, 2), datetime(2026, 3, 10, 9, tzinfo=UTC), datetime(2026, 3, 20, 9, tzinfo=UTC), ZONE)
PLANNED = {"meeting": "planned", "meeting_at": "2026-03-24T13:15:00+01:00", "place": "Statenpassage"}


def at(day: int, hour: int = 13) -> datetime:
    return datetime(2026, 3, day, hour, 15, tzinfo=ZONE)


def problems(kind: StepKind, told: Mapping[str, object], facts: StepInput, reason: str = "Tikfout.") -> dict[str, str]:
    with pytest.raises(InvalidInputError) as refused:
        correct(kind, told, facts, reason, SPAN)
    return refused.value.fields


def test_nothing_of_a_decision_can_be_corrected() -> None:
    assert correctable("decide", {"outcome": "adopted", "reasons": "Omdat."}) == ()
    assert correctable("admissibility", {"admissible": False, "ground": "x", "reasons": "Omdat."}) == ()
    for kind in get_args(StepKind.__value__) if hasattr(StepKind, "__value__") else get_args(StepKind):
        assert set(correctable(kind, {})) <= set(FACTS)


def test_only_what_differs_changes_and_what_it_said_stays() -> None:
    told = {"text": "Van 500 mesnen is de steun gecontroleerd.", "link": "https://www.example.org/a"}
    facts = StepInput(text="Van 500 mensen is de steun gecontroleerd.", link="https://www.example.org/a")
    assert correct("check_conditions", told, facts, "Tikfout.", SPAN) == {
        "text": {"before": told["text"], "after": facts.text}
    }
    emptied = correct("check_conditions", told, StepInput(text=told["text"]), "Het adres klopte niet.", SPAN)
    assert emptied == {"link": {"before": told["link"], "after": None}}


def test_the_same_moment_written_otherwise_is_no_change() -> None:
    same = datetime(2026, 3, 24, 12, 15, tzinfo=UTC)
    assert problems("hand_over", PLANNED, StepInput(meeting_at=same, place="Statenpassage")) == {"": "unchanged"}


def test_what_a_correction_lacks() -> None:
    assert problems("hand_over", PLANNED, StepInput(meeting_at=at(24)), reason="") == {
        "place": "missing",
        "reason": "missing",
    }
    assert problems("report", {"text": "Kort verslag."}, StepInput()) == {"text": "missing"}


def test_when_a_meeting_can_have_been() -> None:
    held = PLANNED | {"meeting": "held", "meeting_at": "2026-03-12T13:15:00+01:00"}
    place = "Statenpassage"
    assert problems("hand_over", PLANNED, StepInput(meeting_at=at(9), place=place)) == {"meeting_at": "date_past"}
    assert problems("hand_over", held, StepInput(meeting_at=at(24), place=place)) == {"meeting_at": "date_future"}
    assert problems("hand_over", held, StepInput(meeting_at=at(1), place=place)) == {"meeting_at": "date_too_early"}
    moved = StepInput(meeting_at=at(11), place=place)
    assert list(correct("hand_over", held, moved, "Het was een dag eerder.", SPAN)) == ["meeting_at"]
    assert happened_on("hand_over", held, moved, ZONE) == date(2026, 3, 11)
    assert happened_on("hand_over", PLANNED, moved, ZONE) is None


def test_a_cancelled_meeting_has_no_time_to_correct() -> None:
    assert correctable("hearing", {"meeting": "cancelled", "text": "Ziek."}) == ("text", "link")
