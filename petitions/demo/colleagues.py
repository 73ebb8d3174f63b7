"""The work at the committees' desks in the demo: assignments of referrals, and private notes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from petitions.demo.content import DemoPetition
from petitions.lifecycle.acts import desk
from petitions.lifecycle.acts.handling import Clerk
from petitions.lifecycle.acts.service import Service


async def work_together(
    service: Service, colleagues: Mapping[str, int], petition_id: int, petition: DemoPetition, *, now: datetime
) -> None:
    """Assign the oldest referral of a petition, and write the notes about it. ``colleagues``: numbers by name."""
    if not petition.assigned_to and not petition.note:
        return
    async with service.database.connection() as connection:
        row = await connection.fetchrow(
            "select id, committee_slug from referral where petition_id = $1 order by id limit 1", petition_id
        )
    assert row is not None  # noqa: S101 - a test of the content checks it
    referral_id, committees = row["id"], (row["committee_slug"],)
    if petition.assigned_to:
        clerk = colleagues[petition.assigned_to]
        await desk.assign(service, Clerk(clerk, committees), petition_id, referral_id, to=clerk, seen=None, now=now)
    for note in sorted(petition.note, key=lambda note: -note.days_ago):
        moment = now - timedelta(days=note.days_ago)
        await desk.note(service, colleagues[note.by], committees, petition_id, referral_id, note.text, now=moment)
