"""Rounds of mail: two workers share it, and a slow server or a lost lease causes no repeated mail."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from petitions.commands import mail_writing
from petitions.database.pool import Database
from petitions.errors import UnavailableError
from petitions.lifecycle.mails.context import MailContext
from petitions.mail.compose import OutgoingMail
from petitions.mail.smtp_pool import DeliveryResult, SmtpPool
from petitions.worker import outbox as deliver
from petitions.worker.outbox import Lease, OutboxSender, Round
from petitions.worker.rounds import rest
from tests.mail_server import MailServer
from tests.world import ANSWERS, World


async def queue(world: World, petition_id: int, number: int, *, first: int = 0) -> list[str]:
    """Many signatures that wait for confirmation, each with its mail in the outbox; their addresses."""
    now = datetime.now(UTC) - timedelta(minutes=1)
    addresses = [f"mens.{first + each}@v.example" for each in range(number)]
    vault = world.service.vault
    async with world.service.database.transaction() as connection:
        key = await connection.fetchrow("select data_key, salt from petition where id = $1", petition_id)
        assert key is not None
        pending, mails = [], []
        for each, address in enumerate(addresses):
            index, token = vault.index(key["salt"], address), (first + each + 1).to_bytes(16)
            contact = vault.encrypt(key["data_key"], key["salt"], index, ANSWERS | {"email": address})
            pending.append((petition_id, index, token, "signatory", contact, False, False, "nl", now, now))
            mails.append(("confirm", 1, petition_id, token, now, now))
        names = "petition_id email_index token_id kind contact show_name wants_news language signed_at mailed_at"
        await connection.copy_records_to_table("pending_signature", records=pending, columns=names.split())
        names = "kind priority petition_id token_id created_at next_at"
        await connection.copy_records_to_table("outbox", records=mails, columns=names.split())
    return addresses


async def all_settled(world: World) -> None:
    """Until no mail waits."""
    async with asyncio.timeout(40):
        while await value(world, "select count(*) from outbox where state = 'waiting'"):  # noqa: ASYNC110 - workers work
            await asyncio.sleep(0.05)


async def value(world: World, sql: str, *arguments: Any) -> Any:
    async with world.service.database.connection() as connection:
        return await connection.fetchval(sql, *arguments)


@pytest.fixture
async def petition(world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer) -> int:
    """An open petition, about which all mail was delivered."""
    made = (await world.opened()).petition_id
    while await deliver.deliver(world.service.database, mail_writing(mail_context), smtp_pool, now=datetime.now(UTC)):
        pass
    mail_server.received.clear()
    mail_server.raw.clear()
    return made


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Database]:
    """The database, as another worker has it."""
    made = Database(database_url, largest=2)
    yield made
    await made.close()


async def working(senders: list[OutboxSender], world: World) -> None:
    """Let workers work until all mail is settled."""
    ending = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for sender in senders:
            group.create_task(sender.run(ending, idle=0.02))
        await all_settled(world)
        ending.set()


class CountingPool(SmtpPool):
    """Knows how many mails it was given."""

    posted = 0

    def post(
        self, mails: Iterable[tuple[int, OutgoingMail]], may_go: Callable[[int], bool] = lambda _: True
    ) -> list[asyncio.Future[DeliveryResult]]:
        ends = super().post(mails, may_go)
        self.posted += len(ends)
        return ends


async def test_two_workers_share_thousands_of_mails_and_repeat_none(
    world: World, other: Database, mail_context: MailContext, mail_server: MailServer, petition: int
) -> None:
    addresses = await queue(world, petition, 2000)
    pools = [CountingPool(f"smtp://127.0.0.1:{mail_server.port}") for _ in range(2)]
    senders = [
        OutboxSender(base, mail_writing(mail_context), pool)
        for base, pool in zip((world.service.database, other), pools, strict=True)
    ]
    await working(senders, world)
    for smtp_pool in pools:
        await smtp_pool.close()
    assert sorted(mail_server.recipients()) == sorted(addresses)
    assert max(Counter(str(mail["Message-ID"]) for mail in mail_server.received).values()) == 1
    assert sum(smtp_pool.posted for smtp_pool in pools) == 2000
    assert min(smtp_pool.posted for smtp_pool in pools) > 0
    assert await value(world, "select count(*) from outbox where kind = 'confirm' and state = 'sent'") >= 2000


@pytest.mark.parametrize("renew_after", [0.2, 1e9], ids=["renewed", "not renewed"])
async def test_lease_that_runs_out_behind_a_slow_server_makes_no_repeat(
    world: World, other: Database, mail_context: MailContext, mail_server: MailServer, petition: int,
    monkeypatch: pytest.MonkeyPatch, renew_after: float,
) -> None:  # fmt: skip
    """While its lease is renewed the slow worker sends all; if it cannot be, the other one sends what was not begun."""
    monkeypatch.setattr(deliver, "LEASE", timedelta(seconds=1.5))
    monkeypatch.setattr(deliver, "SAFE_SECONDS", 0.5)
    monkeypatch.setattr(deliver, "SETTLE_SECONDS", 0.1)
    monkeypatch.setattr(deliver, "RENEW_SECONDS", renew_after)
    addresses = await queue(world, petition, 40)
    mail_server.slow = dict.fromkeys(addresses, 0.08)
    slow, quick = (SmtpPool(f"smtp://127.0.0.1:{mail_server.port}", connections=n) for n in (1, 4))
    first = OutboxSender(world.service.database, mail_writing(mail_context), slow)
    made = await first.begin(now=datetime.now(UTC))
    assert made is not None
    assert len(made.mails) == 40
    sending = asyncio.create_task(first.finish(made))
    await working([OutboxSender(other, mail_writing(mail_context), quick)], world)
    await sending
    sent_by_first = len(mail_server.pieces)
    await slow.close()
    await quick.close()
    assert sent_by_first
    assert sorted(mail_server.recipients()) == sorted(addresses)
    if renew_after < 1:
        assert made.lease.attempts == {}, "it could have sent them all"
    else:
        assert made.lease.attempts, "the other one had nothing to do"


async def test_lease_is_told_from_that_of_another_worker(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, petition: int
) -> None:
    await queue(world, petition, 3)
    sender, now = OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool), datetime.now(UTC)
    ours = await sender.begin(now=now)
    assert ours is not None
    assert await sender.begin(now=now) is None
    theirs = await sender.begin(now=now + deliver.LEASE)  # ours has run out
    assert theirs is not None
    kept, sent, late = ours.lease.attempts
    async with world.service.database.connection() as connection:
        await deliver._settle(
            connection,
            ours.lease,
            [DeliveryResult(kept, "away", "x"), DeliveryResult(sent, "sent"), DeliveryResult(late, "later", "x")],
        )
        await deliver._renew(connection, ours.lease)
        rows = await connection.fetch("select id, state, next_at from outbox where id = any($1)", [kept, sent, late])
    assert ours.lease.attempts == {}
    found = {row["id"]: (row["state"], row["next_at"]) for row in rows}
    assert found[sent][0] == "sent"  # it was: that stands
    still_theirs = ("waiting", theirs.lease.until)
    assert [found[kept], found[late]] == [still_theirs, still_theirs]


async def test_renewed_lease_lasts_longer(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, petition: int
) -> None:
    await queue(world, petition, 3)
    sender = OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool)
    made = await sender.begin(now=datetime.now(UTC))
    assert made is not None
    made.lease.since -= 100
    before = made.lease.until
    await sender._keep(made.lease, [])
    assert made.lease.until >= before + timedelta(seconds=100)
    assert len(made.lease.attempts) == 3
    assert await value(world, "select min(next_at) from outbox where kind = 'confirm' and state = 'waiting'") == (
        made.lease.until
    )


def test_mail_is_not_begun_when_the_lease_could_end_meanwhile() -> None:
    import time

    lease = Lease(datetime.now(UTC), {1: 1}, time.monotonic())
    assert lease.holds(1)
    assert not lease.holds(2)
    lease.since -= deliver.LEASE.total_seconds() - deliver.SAFE_SECONDS + 1
    assert not lease.holds(1)
    assert deliver.SAFE_SECONDS > 150
    assert deliver.LEASE.total_seconds() > deliver.RENEW_SECONDS + deliver.SAFE_SECONDS


async def test_what_was_handed_over_is_settled_when_the_database_comes_back(
    world: World,
    mail_context: MailContext,
    smtp_pool: SmtpPool,
    mail_server: MailServer,
    petition: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deliver, "SETTLE_SECONDS", 0.05)
    addresses = await queue(world, petition, 20)
    sender = OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool)
    keep, tries = sender._keep, 0

    async def away_twice(lease: Lease, handed: list[DeliveryResult]) -> None:
        nonlocal tries
        tries += 1
        if tries <= 2:
            raise UnavailableError("database")
        await keep(lease, handed)

    monkeypatch.setattr(sender, "_keep", away_twice)
    made = await sender.begin(now=datetime.now(UTC))
    assert made is not None
    assert await sender.finish(made)
    assert tries > 2
    assert await value(world, "select count(*) from outbox where state = 'waiting'") == 0
    assert sorted(mail_server.recipients()) == sorted(addresses)


async def test_next_batch_is_written_while_one_is_handed_over_but_not_more_than_a_few(
    world: World, mail_context: MailContext, mail_server: MailServer, petition: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "BATCH", 10)
    addresses = await queue(world, petition, 100)
    mail_server.slow = dict.fromkeys(addresses, 0.02)
    smtp_pool = SmtpPool(f"smtp://127.0.0.1:{mail_server.port}", connections=2)
    sender, under_way, most = OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool), 0, 0
    finish = sender.finish

    async def counted(made: Round) -> bool:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return await finish(made)
        finally:
            under_way -= 1

    monkeypatch.setattr(sender, "finish", counted)
    await working([sender], world)
    await smtp_pool.close()
    assert most == deliver.UNDER_WAY
    assert sorted(mail_server.recipients()) == sorted(addresses)


async def test_worker_keeps_to_its_pace(
    world: World,
    mail_context: MailContext,
    smtp_pool: SmtpPool,
    mail_server: MailServer,
    petition: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deliver, "BATCH", 10)
    addresses = await queue(world, petition, 40)
    begun = asyncio.get_running_loop().time()
    await working([OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool, per_second=20)], world)
    assert asyncio.get_running_loop().time() - begun >= 1.5  # three batches of ten before the last one began
    assert sorted(mail_server.recipients()) == sorted(addresses)


async def test_end_gives_back_what_was_not_begun(
    world: World, mail_context: MailContext, mail_server: MailServer, petition: int
) -> None:
    addresses = await queue(world, petition, 60)
    mail_server.slow = dict.fromkeys(addresses, 0.05)
    smtp_pool = SmtpPool(f"smtp://127.0.0.1:{mail_server.port}", connections=1)
    ending = asyncio.Event()
    running = asyncio.create_task(
        OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool).run(ending, idle=0.02)
    )
    async with asyncio.timeout(10):
        while len(mail_server.received) < 5:  # noqa: ASYNC110 - what the mail server got, it got
            await asyncio.sleep(0.01)
    ending.set()
    async with asyncio.timeout(5):
        await running
    await smtp_pool.close()
    sent = await value(world, "select count(*) from outbox where kind = 'confirm' and state = 'sent'")
    assert sent == len(mail_server.received) < 60
    soon = datetime.now(UTC) + timedelta(seconds=deliver.AWAY_SECONDS)
    given_back = await value(
        world, "select count(*) from outbox where state = 'waiting' and next_at <= $1 and attempts = 0", soon
    )
    assert sent + given_back == 60


async def test_worker_leaves_the_outbox_alone_while_the_mail_server_is_away(
    world: World, mail_context: MailContext, mail_server: MailServer, petition: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "BATCH", 10)
    await queue(world, petition, 100)
    await mail_server.stop()
    smtp_pool = SmtpPool(f"smtp://127.0.0.1:{mail_server.port}")
    ending = asyncio.Event()
    running = asyncio.create_task(
        OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool).run(ending, idle=0.02)
    )
    await rest(ending, 1.5)
    touched = await value(world, "select count(*) from outbox where state = 'waiting' and problem is not null")
    ending.set()
    await running
    await smtp_pool.close()
    assert 10 <= touched <= 10 * deliver.UNDER_WAY
    assert await value(world, "select count(*) from outbox where kind = 'confirm' and attempts > 0") == 0
