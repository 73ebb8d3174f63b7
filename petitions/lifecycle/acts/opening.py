"""What happens to thresholds when a petition opens or closes: they are copied, and those of this moment are reached.

Shared by moderation (opening) and thresholds (closing).
"""

from datetime import datetime

from petitions.database.connection import Connection
from petitions.durations import Duration
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.queries import thresholds as queries
from petitions.lifecycle.rules.committees import resolve_committee
from petitions.lifecycle.rules.procedures import Procedure, Threshold


async def copy_thresholds(
    connection: Connection, service: Service, procedure: Procedure, petition_id: int, subject: str
) -> None:
    """Copy the procedure's thresholds to a petition that has just opened, so that a new law does not affect it."""
    rows = procedure.thresholds
    lengths = [threshold.within or Duration() for threshold in rows]
    await queries.thresholds_copy(
        connection,
        petition_id=petition_id,
        codes=[threshold.code for threshold in rows],
        effects=[threshold.effect for threshold in rows],
        moments=[threshold.at for threshold in rows],
        required=[threshold.count for threshold in rows],
        committees=[_committee(service, procedure, threshold, subject) for threshold in rows],
        months=[length.months if threshold.within else None for threshold, length in zip(rows, lengths, strict=True)],
        days=[length.days if threshold.within else None for threshold, length in zip(rows, lengths, strict=True)],
        working_days=[length.working_days for length in lengths],
    )


async def reach(connection: Connection, petition_id: int, *, moment: str, now: datetime) -> list[str]:
    """Record the thresholds reached at ``moment`` (``opening``, ``closing``), with referrals; return their codes."""
    return [
        row.code for row in await queries.thresholds_reach(connection, petition_id=petition_id, moment=moment, now=now)
    ]


def _committee(service: Service, procedure: Procedure, threshold: Threshold, subject: str) -> str | None:
    committee = resolve_committee(threshold.committee, service.committees, procedure.body.code, subject)
    return committee.slug if committee else None
