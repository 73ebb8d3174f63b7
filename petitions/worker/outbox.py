"""Sending the outbox: lease the next rows, write their mails, hand them over, settle the rows.

A round is one batch of rows. While its mails are handed over, the next rounds are leased and written, up to a limit;
only one database statement runs at a time. A worker owns a row while its lease runs. The lease is renewed while a mail
waits in the queue, and a mail whose lease could not be renewed is not sent: two workers never send the same mail,
however slow the mail server is. If a worker crashes, its rows are retried.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple, Protocol

from petitions.database.connection import Connection
from petitions.database.pool import Database
from petitions.errors import UnavailableError
from petitions.mail import queries
from petitions.mail.compose import OutgoingMail
from petitions.mail.smtp_pool import SEND_SECONDS, DeliveryResult, SmtpPool
from petitions.worker.rounds import rest

BATCH: Final = 500
UNDER_WAY: Final = 3
PER_SECOND: Final = 4000
MAX_ATTEMPTS: Final = 40
AWAY_SECONDS: Final = 5
GATHER_SECONDS: Final = 0.05  # after a batch that was not full: wait, so that the next rows make a larger batch
LEASE: Final = timedelta(minutes=5)
RENEW_SECONDS: Final = 60.0  # a lease older than this is renewed
SAFE_SECONDS: Final = SEND_SECONDS + 10  # a mail is not begun when its lease ends within this time
SETTLE_SECONDS: Final = 1.0
YIELD_EVERY: Final = 50  # after writing so many mails, let other tasks run


NOBODY: Final = "nobody to send to"
NOT_OURS: Final = "not ours any more"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Lease:
    """Rows that this worker owns until a moment, with their attempts; ``until`` identifies it in the database."""

    until: datetime
    attempts: dict[int, int]
    since: float  # by the monotonic clock

    def holds(self, identifier: int) -> bool:
        """Whether the lease lasts long enough to begin this mail."""
        left = self.since + LEASE.total_seconds() - time.monotonic()
        return left > SAFE_SECONDS and identifier in self.attempts


@dataclass(slots=True)
class Round:
    """A batch that is leased and written: mails to hand over, and results of rows that need no sending."""

    lease: Lease
    mails: list[tuple[int, OutgoingMail]] = field(default_factory=list)
    settled: list[DeliveryResult] = field(default_factory=list)


class Unwritten(NamedTuple):
    """A mail to be written: the number and kind of its row, and how; None where there is nobody to send it to."""

    id: int
    kind: str
    write: Callable[[], OutgoingMail | None]


class Prepared(NamedTuple):
    """What leased rows become: mails that are to be written, and rows that failed, each with the problem in a word."""

    mails: list[Unwritten]
    failed: list[tuple[int, str]]


class MailSource(Protocol):
    """Turns rows of the outbox into mails, or into more rows."""

    async def prepare(self, connection: Connection, ids: list[int], *, now: datetime) -> Prepared:
        """Read what is needed to write the mails of these rows, and make the rows that follow from others."""


class OutboxSender:
    """Delivers the mail of one database over one pool of connections, at most so many mails a second.

    The rate limit keeps a backlog from slowing down signing: a low CPU priority (nice) does not affect the work of the
    database and the mail server for these mails.
    """

    def __init__(
        self, database: Database, source: MailSource, smtp_pool: SmtpPool, *, per_second: int = PER_SECOND
    ) -> None:
        self._database = database
        self._source = source
        self._smtp_pool = smtp_pool
        self._per_second = per_second
        self._due = 0.0  # when the next batch may begin
        self._turn = asyncio.Lock()  # one statement at a time, to spare the database

    async def run(self, ending: asyncio.Event, *, idle: float) -> None:
        """Deliver until ``ending``; then give back the mails in the queue and settle those that are being handed over.

        Raises UnavailableError when the database is away, any other error for a defect, after ending all rounds.
        """
        under_way: set[asyncio.Task[bool]] = set()
        try:
            while not ending.is_set():
                begun = await self.begin(now=datetime.now(UTC)) if len(under_way) < UNDER_WAY else None
                if begun is not None:
                    self._due = max(self._due, time.monotonic()) + len(begun.lease.attempts) / self._per_second
                    under_way.add(asyncio.create_task(self.finish(begun)))
                await self._pause(ending, begun, under_way, idle)
                await rest(ending, self._due - time.monotonic())
                done = {task for task in under_way if task.done()}
                under_way -= done
                was_there = [task.result() for task in done]
                if not all(was_there):
                    await rest(ending, AWAY_SECONDS)
        finally:
            self._smtp_pool.recall()
            await asyncio.gather(*under_way, return_exceptions=True)

    @staticmethod
    async def _pause(
        ending: asyncio.Event, begun: Round | None, under_way: set[asyncio.Task[bool]], idle: float
    ) -> None:
        """Wait before the next batch; not at all after a full one, unless enough rounds are under way."""
        if begun is not None and len(begun.lease.attempts) < BATCH:
            await rest(ending, GATHER_SECONDS)
        elif begun is None and not under_way:
            await rest(ending, idle)
        elif begun is None or len(under_way) >= UNDER_WAY:
            await asyncio.wait(under_way, timeout=idle, return_when=asyncio.FIRST_COMPLETED)

    async def begin(self, *, now: datetime) -> Round | None:
        """Lease and write the next batch; None when nothing waits.

        If the database goes away before the batch is written, its rows are given back and wait a moment, not until the
        end of the lease.
        """
        since, until = time.monotonic(), now + LEASE
        async with self._turn, self._database.connection() as connection:
            leased = {
                row.id: row.attempts for row in await queries.outbox_lease(connection, now=now, until=until, most=BATCH)
            }
        if not leased:
            return None
        made = Round(Lease(until, leased, since))
        try:
            await self._fill(made, now)
        except UnavailableError:  # after a defect they stay leased: else they would be tried again at once
            await self._give_back(made.lease)
            raise
        return made

    async def _fill(self, made: Round, now: datetime) -> None:
        """Write the mails of the leased rows; an event becomes more rows, for the next batch."""
        async with self._turn, self._database.connection() as connection:
            prepared = await self._source.prepare(connection, list(made.lease.attempts), now=now)
        made.settled += [DeliveryResult(identifier, "failed", problem) for identifier, problem in prepared.failed]
        await self._write(made, prepared.mails)

    async def _give_back(self, lease: Lease) -> None:
        with contextlib.suppress(UnavailableError):
            async with self._turn, self._database.connection() as connection:
                await _settle(connection, lease, [DeliveryResult(one, "away", "interrupted") for one in lease.attempts])

    async def finish(self, made: Round) -> bool:
        """Hand over a round and settle it in parts; returns whether the mail server was available."""
        ends = set(self._smtp_pool.post(made.mails, made.lease.holds))
        unsettled, results = made.settled, set[str]()
        while ends or unsettled:
            done: set[asyncio.Future[DeliveryResult]] = set()
            if ends:
                done, ends = await asyncio.wait(ends, timeout=SETTLE_SECONDS)
            handed = [future.result() for future in done]
            results |= {one.result for one in handed}
            unsettled += [one for one in handed if one.problem != NOT_OURS]
            try:
                await self._keep(made.lease, unsettled)
            except UnavailableError:  # keep the results until the lease is over, and try again
                if not made.lease.attempts or not made.lease.holds(next(iter(made.lease.attempts))):
                    raise
                await asyncio.sleep(SETTLE_SECONDS)
            else:
                unsettled = []
        return results != {"away"}

    async def _keep(self, lease: Lease, handed: list[DeliveryResult]) -> None:
        """Settle what is done; renew the lease of the rest when it is due."""
        is_old = time.monotonic() - lease.since > RENEW_SECONDS
        if not handed and not is_old:
            return
        async with self._turn, self._database.connection() as connection:
            if handed:
                await _settle(connection, lease, handed)
                for one in handed:
                    lease.attempts.pop(one.id, None)
            if is_old and lease.attempts:
                await _renew(connection, lease)

    async def _write(self, made: Round, mails: list[Unwritten]) -> None:
        """Write these mails; what cannot be written, or is for nobody, is settled without sending."""
        for number, one in enumerate(mails, 1):
            try:
                mail = one.write()
            except Exception as error:  # one mail that cannot be written must not hold up the others
                log.error(  # noqa: TRY400 - a trace could name what was typed
                    "a mail of kind %s could not be written: %s", one.kind, type(error).__name__
                )
                made.settled.append(DeliveryResult(one.id, "failed", f"not written: {type(error).__name__}"))
                continue
            if mail is None:
                made.settled.append(DeliveryResult(one.id, "failed", NOBODY))
            else:
                made.mails.append((one.id, mail))
            if number % YIELD_EVERY == 0:
                await asyncio.sleep(0)


async def deliver(database: Database, source: MailSource, smtp_pool: SmtpPool, *, now: datetime) -> int:
    """Do one round; returns how many rows were leased (0: nothing waits)."""
    sender = OutboxSender(database, source, smtp_pool)
    made = await sender.begin(now=now)
    if made is None:
        return 0
    leased = len(made.lease.attempts)
    await sender.finish(made)
    return leased


async def _renew(connection: Connection, lease: Lease) -> None:
    """Extend the lease; a row that is not returned belongs to another worker now, and is not sent."""
    moment = time.monotonic()
    until = lease.until + timedelta(seconds=moment - lease.since)
    renewed = await queries.outbox_renew(connection, ids=list(lease.attempts), held_until=lease.until, until=until)
    ours = {row.id for row in renewed}
    lease.attempts = {identifier: tries for identifier, tries in lease.attempts.items() if identifier in ours}
    lease.until, lease.since = until, moment


async def _settle(connection: Connection, lease: Lease, handed: list[DeliveryResult]) -> None:
    now = datetime.now(UTC)
    settled = [_ending(one, lease.attempts.get(one.id, 1), now) for one in handed]
    states, problems, next_ats, counts = zip(*settled, strict=True)
    await queries.outbox_settle(
        connection,
        ids=[one.id for one in handed],
        states=list(states),
        problems=list(problems),
        next_ats=list(next_ats),
        counts=list(counts),
        held_until=lease.until,
        now=now,
    )


def _ending(one: DeliveryResult, tries: int, now: datetime) -> tuple[str, str | None, datetime, bool]:
    """The state of the row, the problem, the time of the next attempt, and whether this attempt counts."""
    if one.result == "away":
        return "waiting", one.problem, now + timedelta(seconds=AWAY_SECONDS), False
    if one.result == "later" and tries < MAX_ATTEMPTS:
        return "waiting", one.problem, now + timedelta(seconds=retry_after_seconds(tries)), True
    if one.problem == NOBODY:
        return "dropped", one.problem, now, True
    return ("sent" if one.result == "sent" else "failed"), one.problem or None, now, True


def retry_after_seconds(attempts: int) -> int:
    """The wait before the next attempt: half a minute at first, doubled each time, an hour at most."""
    doublings: int = min(max(attempts - 1, 0), 7)
    return min(30 << doublings, 3600)
