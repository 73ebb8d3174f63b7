"""Refusals of the demo: by one moderator or by two, as the procedure requires; and a text improved after a refusal."""

from datetime import datetime, timedelta

from petitions.demo.content import DemoEarlierText, DemoPetition
from petitions.lifecycle.acts import drafting, moderation, second_reading
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.procedures import Procedure
from petitions.security.tokens import Link


async def refuse(
    service: Service,
    procedure: Procedure,
    number: int,
    moderators: tuple[int, int],
    ground: str,
    reason: str,
    *,
    moment: datetime,
) -> None:
    """Refuse a waiting petition; if its procedure requires a second reader, the proposal was two hours earlier."""
    first, second = moderators
    if not procedure.moderation.second_reader:
        await moderation.reject(service, number, first, ground=ground, reason=reason, now=moment)
        return
    earlier = moment - timedelta(hours=2)
    await second_reading.propose(service, number, first, ground=ground, reason=reason, now=earlier)
    async with service.database.connection() as connection:
        proposal = await connection.fetchval("select id from refusal_proposal where petition_id = $1", number)
    await second_reading.agree(service, number, second, proposal=proposal, now=moment)


async def mend(
    service: Service,
    petition: DemoPetition,
    earlier: DemoEarlierText,
    procedure: Procedure,
    link: Link,
    moderators: tuple[int, int],
    *,
    begun: datetime,
) -> None:
    """Refuse the first text a day after its submission; a day later its initiator submits a better one."""
    refused, mended = begun + timedelta(days=1), begun + timedelta(days=2)
    await refuse(service, procedure, link.petition_id, moderators, earlier.ground, earlier.reason, moment=refused)
    managed = await drafting.managed(service, link)
    text = drafting.Draft(petition.subject, petition.title, petition.request, petition.reasons)
    await drafting.resubmit(service, link, text, version=managed.version, now=mended)
