"""The heartbeat of a process."""

from datetime import datetime

from petitions.health import queries
from petitions.lifecycle.acts.service import Service


async def beat(service: Service, name: str, *, now: datetime) -> None:
    """Record that the process with this name is alive."""
    async with service.database.connection() as connection:
        await queries.heartbeat_beat(connection, name=name, now=now)
