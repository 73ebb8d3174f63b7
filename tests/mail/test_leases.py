"""What is leased and cannot be written waits a moment when the database was away, and for its lease after a defect."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from petitions.app import mail_writing
from petitions.database.queries import queries
from petitions.errors import UnavailableError
from petitions.lifecycle.mails.context import MailContext
from petitions.mail.smtp_pool import SmtpPool
from petitions.worker import outbox as deliver
from petitions.worker.outbox import AWAY_SECONDS, LEASE, OutboxSender
from tests.mail_server import MailServer
from tests.world import World


class Broken:
    """The queries, of which the facts of a mail cannot be read."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        return getattr(queries, name)

    def outbox_facts(self, *_: object, **__: object) -> Any:
        raise self._error


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
    with monkeypatch.context() as broken:
        broken.setattr(deliver, "queries", Broken(error))
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
