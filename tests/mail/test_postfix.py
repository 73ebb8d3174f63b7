"""The way of the mail over a real Postfix: once and whole, refused for good or for now, and cut off in the middle."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from petitions.commands import mail_writing
from petitions.lifecycle.mails.context import MailContext
from petitions.mail.compose import OutgoingMail
from petitions.mail.smtp_pool import DeliveryResult, SmtpPool
from petitions.worker import outbox as deliver
from petitions.worker.outbox import OutboxSender
from tests.mail.postfix import IS_HERE, Postfix
from tests.mail.test_rounds import all_settled, petition, queue, value
from tests.mail_server import MailServer
from tests.world import World

__all__ = ["petition"]

if not IS_HERE:
    pytest.skip("no Postfix here (package postfix), or not root", allow_module_level=True)


@pytest.fixture
async def postfix(mail_server: MailServer) -> AsyncIterator[Postfix]:
    """A Postfix that runs and passes mail on to the mail server of the test."""
    with tempfile.TemporaryDirectory(prefix="petitions-postfix-") as folder:
        made = Postfix(Path(folder), mail_server.port)
        await made.command("start")
        yield made
        await made.command("abort")


@pytest.fixture
async def pool(postfix: Postfix) -> AsyncIterator[SmtpPool]:
    """Four connections to that Postfix."""
    made = SmtpPool(postfix.url, connections=4)
    yield made
    await made.close()


async def received(mail_server: MailServer, number: int) -> None:
    """Until so many different recipients have mail."""
    async with asyncio.timeout(40):
        while len(set(mail_server.recipients())) < number:  # noqa: ASYNC110 - another process sends
            await asyncio.sleep(0.02)


async def test_mails_over_several_connections_arrive_once_and_whole(
    mail_server: MailServer, postfix: Postfix, pool: SmtpPool
) -> None:
    head = "From: post@p.example\r\nTo: {0}\r\nMessage-ID: <{0}>\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\n"
    text = "\r\n".join([".", "..", ".voor", "na.", "", "x" * 500, "Mail {1}"] * 5) + "\r\n"
    names = [f"mens.{number}+x@v.example" for number in range(199)] + ["josé@v.example"]
    mails = [
        (number, OutgoingMail("post@p.example", name, (head + text).format(name, number).encode(), not name.isascii()))
        for number, name in enumerate(names)
    ]
    handed = await pool.deliver(mails)
    assert handed == [DeliveryResult(number, "sent") for number in range(200)]
    await received(mail_server, 200)
    assert Counter(mail_server.recipients()) == Counter(names)
    bodies = {raw.partition(b"\r\n\r\n")[2] for raw in mail_server.raw}
    assert bodies == {text.format("", number).encode() for number in range(200)}
    assert postfix.sessions() == 4


async def test_refused_for_good_fails_and_refused_for_now_is_sent_later(
    world: World, mail_context: MailContext, mail_server: MailServer, petition: int, postfix: Postfix, pool: SmtpPool
) -> None:
    good, gone, full = (f"{name}@v.example" for name in ("goed", "weg", "vol"))
    postfix.answer({gone: "550 5.1.1 no such mailbox", full: "450 4.2.2 mailbox full"})
    await postfix.command("reload")
    for email in (gone, full, good):
        await world.pending(petition, email)
    now = datetime.now(UTC)
    await deliver.deliver(world.service.database, mail_writing(mail_context), pool, now=now)
    await received(mail_server, 1)
    assert mail_server.recipients() == [good]
    found = "select string_agg(state || ' ' || problem, ', ' order by state) from outbox where problem like '%refused%'"
    assert await value(world, found) == "failed recipient refused 550, waiting recipient refused 450"
    assert await value(world, "select attempts from outbox where state = 'waiting'") == 1
    postfix.answer({gone: "550 5.1.1 no such mailbox"})
    await postfix.command("reload")
    await deliver.deliver(world.service.database, mail_writing(mail_context), pool, now=now + timedelta(minutes=1))
    await received(mail_server, 2)
    assert mail_server.recipients() == [good, full]
    assert await value(world, found) == "failed recipient refused 550"


async def test_nothing_is_lost_when_it_stops_in_the_middle_and_starts_again(
    world: World,
    mail_context: MailContext,
    mail_server: MailServer,
    petition: int,
    postfix: Postfix,
    pool: SmtpPool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was being handed over may come twice, under the same name."""
    monkeypatch.setattr(deliver, "AWAY_SECONDS", 1)
    monkeypatch.setattr(deliver, "BATCH", 10)
    addresses = await queue(world, petition, 200)
    ending = asyncio.Event()
    running = asyncio.create_task(
        OutboxSender(world.service.database, mail_writing(mail_context), pool, per_second=100).run(ending, idle=0.02)
    )
    await received(mail_server, 20)
    await postfix.command("abort")
    waiting = "select count(*) from outbox where state = 'waiting'"
    assert await value(world, waiting) > 0, "it was stopped too late"
    await asyncio.sleep(1.5)
    assert await value(world, waiting) > 0
    await postfix.command("start")
    await all_settled(world)
    ending.set()
    await running
    await received(mail_server, len(addresses))
    assert set(mail_server.recipients()) == set(addresses)
    assert len({str(mail["Message-ID"]) for mail in mail_server.received}) == len(addresses)
    assert await value(world, "select count(*) from outbox where state = 'failed'") == 0
