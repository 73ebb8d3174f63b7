"""What is leased and cannot be written waits a moment when the database was away, and for its lease after a defect."""

from datetime import UTC, datetime, timedelta
from typing import NoReturn

import asyncpg
import pytest

from petitions.commands import mail_writing
from petitions.errors import UnavailableError
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.queries import events as queries
from petitions.mail.smtp_pool import SmtpPool
from petitions.worker.outbox import AWAY_SECONDS, LEASE, OutboxSender
from tests.mail_server import MailServer
from tests.world import World


@pytest.mark.parametrize(
    ("error", "raised", "later"),
    [
        (asyncpg.InterfaceError("connection is closed"), UnavailableError, timedelta(seconds=AWAY_SECONDS)),
        (KeyError("kind"), KeyError, LEASE),
    ],
    ids=["the database is away", "a defect"],
)
async def test_leased_and_not_written(
    world: World,
    mail_context: MailContext,
    smtp_pool: SmtpPool,
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    raised: type[Exception],
    later: timedelta,
) -> None:
    await world.draft()
    sender = OutboxSender(world.service.database, mail_writing(mail_context), smtp_pool)
    begun = datetime.now(UTC)

    def broken_facts(*_: object, **__: object) -> NoReturn:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(queries, "outbox_facts", broken_facts)
        with pytest.raises(raised):
            await sender.begin(now=begun)
    async with world.service.database.connection() as connection:
        row = await connection.fetchrow("select state, next_at from outbox")
    assert row is not None
    assert row["state"] == "waiting"
    assert timedelta(0) <= row["next_at"] - begun - later < timedelta(seconds=20)
    made = await sender.begin(now=row["next_at"])
    assert made is not None
    assert await sender.finish(made)
    assert len(mail_server.received) == 1
