"""Confirmations directly by the group-commit writer, without HTTP: the throughput of the database path alone.

It runs in its own process with the event loop of the web processes, and prints one line of JSON.
"""

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from typing import Any

import asyncpg
import uvloop

from petitions.database.group_commit import GroupCommit
from petitions.database.pool import Database
from petitions.lifecycle.acts.service import ConfirmationWrite, ConfirmedSignature
from petitions.lifecycle.acts.signing import write_confirmations
from scripts.benchmark.processes import cpu_seconds


async def commit(url: str, petition_id: int, seconds: float, submitters: int, postmaster: int) -> dict[str, Any]:
    """Confirm pending signatures of one petition for some seconds, by many callers; returns how many in what time."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("select token_id from pending_signature where petition_id = $1", petition_id)
    finally:
        await connection.close()
    database = Database(url)
    writer: GroupCommit[ConfirmationWrite, ConfirmedSignature] = GroupCommit(database, write_confirmations)
    writer.start()
    tokens = iter([row["token_id"] for row in rows])
    begun, used, served = time.monotonic(), time.process_time(), cpu_seconds(postmaster)
    confirmed = 0

    async def submit() -> None:
        nonlocal confirmed
        for token in tokens:
            if time.monotonic() - begun >= seconds:
                return
            result = await writer.submit(ConfirmationWrite(petition_id, token, datetime.now(UTC)))
            confirmed += result.number is not None

    await asyncio.gather(*(submit() for _ in range(submitters)))
    elapsed = time.monotonic() - begun
    busy = {
        "postgres": round((cpu_seconds(postmaster) - served) / elapsed, 2),
        "callers": round((time.process_time() - used) / elapsed, 2),
    }
    await writer.stop()
    await database.close()
    return {"confirmed": confirmed, "seconds": elapsed, "left": sum(1 for _ in tokens), "busy": busy}


if __name__ == "__main__":
    found = uvloop.run(commit(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])))
    print(json.dumps(found))  # noqa: T201 - read by the case
