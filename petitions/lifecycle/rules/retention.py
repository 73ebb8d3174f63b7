"""When personal data is erased: drafts that nobody confirmed, failed sponsor rounds, and ended petitions."""

from datetime import datetime, timedelta
from typing import Final

from petitions.durations import end_of_day, local_day
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.states import Stage

DRAFT_KEPT: Final = timedelta(days=14)
"""A draft whose initiator does not confirm it is deleted after this."""


def draft_is_over(
    procedure: Procedure, stage: Stage, created_at: datetime, confirmed_at: datetime | None, now: datetime
) -> bool:
    """Whether a petition that never became public is to be deleted with all its data."""
    if stage == Stage.DRAFT:
        return now >= created_at + DRAFT_KEPT
    within = procedure.sponsors.within if procedure.sponsors else None
    if stage != Stage.SPONSORING or within is None or confirmed_at is None:
        return False
    zone = procedure.body.zone
    return now >= end_of_day(within.after(local_day(confirmed_at, zone)), zone)


def data_is_over(
    procedure: Procedure,
    *,
    closed_at: datetime | None,
    ended_at: datetime | None,
    decided_at: datetime | None,
    handling: bool,
    now: datetime,
) -> bool:
    """Whether the personal data of an ended petition is to be erased: the procedure's period after its last ending.

    While a committee handles a referral, nothing is erased: the signatories still get news.
    """
    if handling:
        return False
    moments = [moment for moment in (closed_at, ended_at, decided_at) if moment is not None]
    if not moments:
        return False
    zone = procedure.body.zone
    return now >= end_of_day(procedure.retention.contact.after(local_day(max(moments), zone)), zone)
