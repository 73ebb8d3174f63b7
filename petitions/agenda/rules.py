"""The current state of a meeting from its records: when and where it is, whether it was cancelled, and its version.

A calendar program recognises a meeting by its identifier and takes the version with the highest sequence (RFC 5545,
3.8.7.4): the sequence goes up when day, place or cancellation changes, not when the minutes are added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from petitions.lifecycle.rules.steps import MeetingState


@dataclass(frozen=True, slots=True)
class Recording:
    """One record of a meeting by a clerk. A cancellation has no day and no place."""

    recorded_at: datetime
    meeting: MeetingState
    at: datetime | None
    place: str
    text: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """The current state of a meeting. A cancelled one keeps its planned day and place."""

    at: datetime
    place: str
    meeting: MeetingState
    text: str
    link: str
    sequence: int
    created_at: datetime
    changed_at: datetime

    @property
    def is_cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self.meeting == "cancelled"


def appointment(recordings: Sequence[Recording]) -> Appointment | None:
    """The current state after these recordings, in order; None if no day was ever given."""
    at: datetime | None = None
    place, cancelled, sequence = "", False, 0
    for number, one in enumerate(recordings):
        before = (at, place, cancelled)
        cancelled = one.meeting == "cancelled"
        if not cancelled:
            at, place = one.at, one.place
        sequence += number > 0 and before != (at, place, cancelled)
    if at is None:
        return None
    last = recordings[-1]
    return Appointment(
        at=at,
        place=place,
        meeting=last.meeting,
        text=last.text,
        link=last.link,
        sequence=sequence,
        created_at=recordings[0].recorded_at,
        changed_at=last.recorded_at,
    )
