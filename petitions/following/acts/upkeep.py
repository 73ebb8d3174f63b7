"""Periodic maintenance of follows: the digests at seven, and deleting old data."""

from datetime import datetime
from typing import Final

from petitions.database.connection import Connection
from petitions.following.queries import following as following_queries
from petitions.following.queries import telling as telling_queries
from petitions.following.rules import UNCONFIRMED_KEPT
from petitions.lifecycle.acts.service import Service

PORTION: Final = 2000
"""Rows per commit."""


async def queue_digests(service: Service, *, now: datetime) -> int:
    """Queue one mail for every follower whose digest is due, once even with several workers; return their number."""
    queued: int = 0
    while True:
        async with service.database.connection() as connection:
            row = await telling_queries.follow_digests_queue(connection, now=now, most=PORTION)
        queued += row.queued
        if row.looked_at < PORTION or not row.queued:  # none left, or another worker has locked the rest
            return queued


async def forget(service: Service, *, now: datetime) -> None:
    """Delete follows that were not confirmed in time, and old records of who was told what."""
    async with service.database.connection() as connection:
        await following_queries.follow_requests_forget(connection, now=now, asked_before=now - UNCONFIRMED_KEPT)
    found = PORTION
    while found == PORTION:
        async with service.database.connection() as connection:
            found = await following_queries.follow_told_forget(connection, now=now, most=PORTION)


async def stop_petition(connection: Connection, petition_id: int) -> None:
    """Delete all follows of a petition, in the transaction that erases its personal data."""
    locked = [row.id for row in await following_queries.followers_of_petition_lock(connection, petition_id=petition_id)]
    if locked:
        await following_queries.follows_of_petition_stop(connection, petition_id=petition_id)
        await forget_idle(connection, locked)


async def forget_idle(connection: Connection, follower_ids: list[int]) -> None:
    """Delete those of these followers (locked by the caller) that follow nothing any more."""
    await following_queries.followers_forget_idle(connection, follower_ids=follower_ids)
