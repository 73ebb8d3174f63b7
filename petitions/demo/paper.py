"""Paper in the demo: sheets that were printed and counted, the last batch by one person only."""

from datetime import datetime, timedelta
from typing import Final

from petitions.demo.content import DemoPetition
from petitions.lifecycle.acts.service import Service
from petitions.paper import acts as paper
from petitions.paper.acts import SheetCount
from petitions.paper.rules import MOST_AT_ONCE
from petitions.security.tokens import Link

PER_SHEET: Final = 9


async def collect(
    service: Service, moderators: tuple[int, ...], link: Link, petition: DemoPetition, now: datetime
) -> None:
    """Issue sheets, count most of them twice, and leave some for a second count."""
    if not petition.paper_sheets:
        return
    moment = now - timedelta(days=6)
    left = petition.paper_sheets
    while left > 0:
        await paper.issue(service, link, min(left, MOST_AT_ONCE), now=moment)
        left -= MOST_AT_ONCE
    counted = petition.paper_sheets * 2 // 3
    first, second = moderators[0], moderators[1]
    for number, (start, end) in enumerate(((1, counted // 2), (counted // 2 + 1, counted), (counted + 1, counted + 4))):
        found = (end - start + 1) * PER_SHEET
        told = SheetCount(f"{start}-{end}", found - 3, 3, f"{petition.key}-{number}".encode(), "Van de markt")
        day = moment + timedelta(days=number)
        batch = await paper.count(service, link.petition_id, first, told, now=day)
        if number < 2:
            await paper.confirm(
                service, link.petition_id, batch, second, accepted=found - 3, refused=3, now=day + timedelta(hours=4)
            )
