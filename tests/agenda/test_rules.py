"""The state of a meeting from its records, and the usual times of meetings."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from petitions.agenda.rules import Recording, appointment
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.procedures import LocalizedText, Slot
from petitions.lifecycle.rules.slots import beginnings, next_days
from petitions.lifecycle.rules.steps import MeetingState

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
AT = datetime(2026, 3, 10, 12, 15, tzinfo=UTC)
WORDS = LocalizedText("Op een dinsdag.", "On a Tuesday.")
SLOT = Slot(weekday="tuesday", opens=time(13, 15), closes=time(14), minutes=15, words=WORDS)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def told(hours: int, meeting: MeetingState, at: datetime | None = AT, place: str = "Statenpassage") -> Recording:
    return Recording(NOW + timedelta(hours=hours), meeting, at, place)


def test_a_planned_meeting_has_its_first_version() -> None:
    found = appointment([told(0, "planned")])
    assert found is not None
    assert (found.at, found.place, found.sequence, found.is_cancelled) == (AT, "Statenpassage", 0, False)
    assert found.created_at == found.changed_at == NOW


@pytest.mark.parametrize(
    ("records", "sequence", "cancelled"),
    [
        ([told(0, "planned"), told(1, "planned", place="Thorbeckezaal")], 1, False),
        ([told(0, "planned"), told(1, "held")], 0, False),
        ([told(0, "planned"), told(1, "held", at=AT + timedelta(hours=1))], 1, False),
        ([told(0, "planned"), told(1, "cancelled", None, "")], 1, True),
        ([told(0, "planned"), told(1, "cancelled", None, ""), told(2, "planned")], 2, False),
        ([told(0, "held")], 0, False),
    ],
)
def test_sequence_goes_up_when_programs_must_know(records: list[Recording], sequence: int, cancelled: bool) -> None:
    found = appointment(records)
    assert found is not None
    assert (found.sequence, found.is_cancelled) == (sequence, cancelled)
    assert found.changed_at == records[-1].recorded_at


def test_a_cancelled_meeting_keeps_the_day_that_it_would_have_had() -> None:
    found = appointment([told(0, "planned"), told(1, "cancelled", None, "")])
    assert found is not None
    assert (found.at, found.place) == (AT, "Statenpassage")
    assert appointment([told(0, "cancelled", None, "")]) is None
    assert appointment([]) is None


@pytest.mark.parametrize("weekday", range(7))
def test_next_days_lie_after_today_and_on_the_right_day(weekday: int) -> None:
    today = date(2026, 3, 2) + timedelta(days=weekday)
    days = next_days(SLOT, today, 5)
    assert len(days) == 5
    assert all(day.weekday() == 1 and day > today for day in days)
    assert (days[0] - today).days <= 7
    assert {(after - before).days for before, after in pairwise(days)} == {7}


def test_meetings_of_a_slot_begin_one_after_the_other_and_end_in_time() -> None:
    found = beginnings(SLOT, date(2026, 7, 7), AMSTERDAM)
    assert [f"{one:%H:%M%z}" for one in found] == ["13:15+0200", "13:30+0200", "13:45+0200"]


@pytest.mark.parametrize(("closes", "minutes"), [(time(13, 20), 15), (time(13), 15), (time(14), 0)])
def test_a_slot_without_room_for_a_meeting_is_refused(closes: time, minutes: int) -> None:
    with pytest.raises(ValueError, match="at least one meeting"):
        Slot(weekday="tuesday", opens=time(13, 15), closes=closes, minutes=minutes, words=WORDS)


def test_the_kamer_receives_petitions_on_tuesdays() -> None:
    step = next(step for step in load_procedures()["nl-kamer-petitie", 1].steps if step.kind == "hand_over")
    assert step.slot is not None
    assert step.slot == replace(SLOT, words=step.slot.words)
