"""One round of mail: lease the next rows, turn events into mails, hand the mails over, settle the rows."""

import logging
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any, Final

from petitions.database.connection import Connection
from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.mail.delivery import Handed, Postman
from petitions.mail.outbox import Office, audience, retry_after_seconds, write

BATCH: Final = 200
MAX_ATTEMPTS: Final = 40
AWAY_SECONDS: Final = 5

log = logging.getLogger(__name__)


async def deliver(database: Database, office: Office, postman: Postman, *, now: datetime) -> int:
    """One round; how many rows were leased (0: nothing waits)."""
    async with database.connection() as connection:
        leased = {row["id"]: row async for row in queries.outbox_lease(connection, now=now, most=BATCH)}
        if not leased:
            return 0
        rows = [row async for row in queries.outbox_facts(connection, ids=list(leased))]
        untold = [row["id"] for row in rows if row["kind"] == "event" and not await _tell(connection, office, row, now)]
    mails, settled = _written(office, [row for row in rows if row["kind"] != "event"])
    settled += [Handed(identifier, "failed", "not told") for identifier in untold]
    handed = await postman.deliver(mails)
    async with database.connection() as connection:
        await _settle(connection, settled + handed, {key: row["attempts"] for key, row in leased.items()})
    return len(leased)


async def _tell(connection: Connection, office: Office, row: Any, now: datetime) -> bool:
    """Make the mails about an event; False for a defect, which must not hold up the mail that waits behind it."""
    try:
        procedure = office.procedures[row["procedure_code"], row["procedure_version"]]
        told = audience(row["event_kind"], row["event_data"], procedure)
    except Exception as error:
        log.error(  # noqa: TRY400 - a trace could name what was typed
            "an event of kind %s could not be told: %s", row["event_kind"], type(error).__name__
        )
        return False
    await queries.event_tell(
        connection,
        id=row["id"],
        petition_id=row["petition_id"],
        event_id=row["event_id"],
        to_initiator=told.initiator,
        to_signatories=told.signatories,
        committee=told.committee,
        now=now,
    )
    return True


def _written(office: Office, rows: list[Any]) -> tuple[list[tuple[int, EmailMessage]], list[Handed]]:
    """The messages of these rows, and what is settled without sending: nobody to send to, or a defect in writing."""
    mails: list[tuple[int, EmailMessage]] = []
    settled: list[Handed] = []
    for row in rows:
        try:
            message = write(office, row)
        except Exception as error:  # one mail that cannot be written must not hold up the others
            log.error(  # noqa: TRY400 - a trace could name what was typed
                "a mail of kind %s could not be written: %s", row["kind"], type(error).__name__
            )
            settled.append(Handed(row["id"], "failed", f"not written: {type(error).__name__}"))
            continue
        if message is None:
            settled.append(Handed(row["id"], "failed", "nobody to send to"))
        else:
            mails.append((row["id"], message))
    return mails, settled


async def _settle(connection: Connection, handed: list[Handed], attempts: dict[int, int]) -> None:
    now = datetime.now(UTC)
    groups: dict[tuple[str, str, int], list[int]] = {}
    for one in handed:
        tries = attempts.get(one.id, 1)
        result: str = "failed" if one.result == "later" and tries >= MAX_ATTEMPTS else one.result
        wait = {"later": retry_after_seconds(tries), "away": AWAY_SECONDS}.get(result, 0)
        groups.setdefault((result, one.problem, wait), []).append(one.id)
    for (result, problem, wait), ids in groups.items():
        if result in {"later", "away"}:
            next_at = now + timedelta(seconds=wait)
            await queries.outbox_postpone(
                connection, ids=ids, next_at=next_at, problem=problem, counted=result == "later"
            )
        else:
            state = "dropped" if problem == "nobody to send to" else result
            await queries.outbox_settle(connection, ids=ids, state=state, now=now, problem=problem or None)
