"""What the records of a meeting amount to: when and where it is, whether it goes on, and how often it was changed.

A calendar program knows a meeting again by its identifier and takes the version with the highest sequence (RFC 5545,
3.8.7.4): that goes up when day, place or whether it goes on changes, not when somebody adds what was said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from petitions.lifecycle.rules.steps import MeetingState


@dataclass(frozen=True, slots=True)
class Recording:
    """What a clerk recorded of a meeting at one moment. A cancellation names no day and no place."""

    recorded_at: datetime
    meeting: MeetingState
    at: datetime | None
    place: str
    text: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A meeting as it stands. A cancelled one keeps the day and place that it would have had."""

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
        """Whether it does not take place."""
        return self.meeting == "cancelled"


def appointment(recordings: Sequence[Recording]) -> Appointment | None:
    """The meeting that these recordings, in order, amount to; None where no day was ever named."""
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
