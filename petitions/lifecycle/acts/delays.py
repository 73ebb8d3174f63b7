"""Delays: if a check is later than promised, the initiator is told once."""

from datetime import datetime

from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.queries import delays as queries


async def tell_delays(service: Service, *, now: datetime) -> None:
    """Record every check that is late by the clock of its body, and queue the mail about it."""
    async with service.database.connection() as connection:
        await queries.delays_tell(connection, now=now)
