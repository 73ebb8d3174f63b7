"""News to many recipients: sent in batches, once to everybody, and continued by any worker."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from petitions.commands import mail_writing
from petitions.lifecycle.acts import drafting
from petitions.lifecycle.mails import tell
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.queries import events as queries
from petitions.mail import queries as mail_queries
from petitions.mail.smtp_pool import SmtpPool
from petitions.worker.outbox import OutboxSender
from tests.mail.test_rounds import value
from tests.mail_server import MailServer
from tests.world import World

READERS = 35
MADE = "select count(*) from outbox where kind = 'news'"


@pytest.fixture
async def told(world: World, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A petition with many signatories who asked for news, one who did not, and news of which nobody was told yet."""
    monkeypatch.setattr(tell, "PORTION", 10)
    link = await world.opened()
    async with world.service.database.connection() as connection:
        await connection.execute("update outbox set state = 'sent', sent_at = now()")
    await asyncio.gather(
        *(world.sign(link.petition_id, f"lezer{number}@v.example", news=True) for number in range(READERS))
    )
    await world.sign(link.petition_id, "stil@v.example")
    async with world.service.database.connection() as connection:
        await connection.execute("update outbox set state = 'sent', sent_at = now()")
    await drafting.publish_update(world.service, link, title="Goed nieuws", text="Er is bericht.", now=now)
    return link


async def portion(sender: OutboxSender, now: datetime) -> None:
    """One turn of the worker, of which only the telling counts."""
    await sender.begin(now=now)


def later(turn: int) -> datetime:
    return datetime.now(UTC) + turn * 2 * tell.PAUSE


async def test_everybody_is_told_once_in_portions(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, mail_server: MailServer, told: Any
) -> None:
    sender = OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool)
    made = []
    for turn in range(5):
        begun = await sender.begin(now=later(turn))
        made.append(await value(world, MADE))
        if begun is not None:
            await sender.finish(begun)
    assert made == [10, 20, 30, 35, 35]
    assert (
        await value(
            world, "select state from outbox where kind = 'event' and event_id is not null order by id desc limit 1"
        )
        == "sent"
    )
    while (begun := await sender.begin(now=later(9))) is not None:
        await sender.finish(begun)
    news = [mail for mail in mail_server.received if mail["Subject"] == "Goed nieuws"]
    assert Counter(str(mail["To"]) for mail in news) == Counter(f"lezer{number}@v.example" for number in range(READERS))


async def test_other_worker_goes_on_where_one_died(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, told: Any
) -> None:
    """The batch and the progress are one commit: after a crash that batch is repeated, and nothing else."""
    sender = OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool)
    await portion(sender, later(0))
    row = "select id, petition_id, event_id, token_id from outbox where kind = 'event' and state = 'waiting'"
    async with world.service.database.connection() as connection:
        event = await connection.fetchrow(row)
        transaction = connection.transaction()
        await transaction.start()
        await _next_portion(connection, event)
        assert await connection.fetchval(MADE) == 20
        await transaction.rollback()  # the worker crashed
    assert await value(world, MADE) == 10
    for turn in range(1, 5):
        await portion(OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool), later(turn))
    assert await value(world, MADE) == READERS
    assert await value(world, "select count(distinct token_id) from outbox where kind = 'news'") == READERS


async def _next_portion(connection: Any, event: Any) -> Any:
    return await queries.event_tell_signatories(
        connection,
        id=event["id"],
        petition_id=event["petition_id"],
        after=event["token_id"],
        to_signatories=True,
        most=10,
        next_at=datetime.now(UTC),
        now=datetime.now(UTC),
    )


async def test_two_workers_with_the_same_event_tell_nobody_twice_and_skip_nobody(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, told: Any
) -> None:
    await portion(OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool), later(0))
    row = "select id, petition_id, event_id, token_id from outbox where kind = 'event' and state = 'waiting'"
    async with world.service.database.connection() as connection:
        event = await connection.fetchrow(row)

    async def worker() -> Any:
        async with world.service.database.connection() as connection:
            return await _next_portion(connection, event)

    moved = await asyncio.gather(worker(), worker(), worker())
    assert sum(one is not None for one in moved) == 1  # the others saw that the row had moved on
    assert await value(world, MADE) == 20
    for turn in range(1, 4):
        await portion(OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool), later(turn))
    assert await value(world, "select count(distinct token_id) from outbox where kind = 'news'") == READERS


async def test_who_no_longer_wants_news_is_not_told_in_a_later_portion(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, told: Any
) -> None:
    sender = OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool)
    await portion(sender, later(0))
    async with world.service.database.connection() as connection:
        await connection.execute("update signature set wants_news = false")
    await portion(sender, later(1))
    assert await value(world, MADE) == 10
    assert await value(world, "select count(*) from outbox where kind = 'event' and state = 'waiting'") == 0


async def test_confirmation_goes_before_news(
    world: World, mail_context: MailContext, smtp_pool: SmtpPool, told: Any
) -> None:
    sender = OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool)
    await portion(sender, later(0))
    await world.pending(told.petition_id, "nieuw@v.example")
    async with world.service.database.connection() as connection:
        rows = await mail_queries.outbox_lease(connection, now=later(5), most=1, until=later(5) + timedelta(minutes=1))
        kind = await connection.fetchval("select kind from outbox where id = $1", rows[0].id)
    assert kind == "confirm"
