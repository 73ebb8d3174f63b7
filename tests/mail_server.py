"""A real SMTP server that can be set to be away or to refuse, and the context for writing mails to it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from petitions.http.templating import Pages, Site
from petitions.lifecycle.mails.context import MailContext
from petitions.mail.smtp_pool import SmtpPool
from tests.world import World

ORIGIN = "http://petitions.test"


class Recorded(SMTP):
    """A connection of the server that writes down what came in one piece."""

    def data_received(self, data: bytes) -> None:
        self.event_handler.pieces.append(data)
        super().data_received(data)


@dataclass
class MailServer:
    """What was received, and how the server behaves: what it answers to whom, whom it keeps waiting or drops."""

    received: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)  # by recipient, at RCPT
    refuse_message: dict[str, str] = field(default_factory=dict)  # by recipient, after the message
    refuse_sender: list[str] = field(default_factory=list)  # for the next MAIL commands, in order
    drop: set[str] = field(default_factory=set)  # connections are cut while the message to these comes in
    drop_kept: set[str] = field(default_factory=set)  # the same, but the message is kept: only its answer is lost
    slow: dict[str, float] = field(default_factory=dict)  # by recipient: seconds before the message is accepted
    utf8: bool = True
    most_connections: int = 1000
    connections: int = 0
    open: list[Any] = field(default_factory=list)
    port: int = 0
    server: asyncio.Server | None = None
    options: dict[str, Any] = field(default_factory=dict)

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse_sender:
            return self.refuse_sender.pop(0)
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        recipient = envelope.rcpt_tos[0]
        await asyncio.sleep(self.slow.get(recipient, 0))
        if recipient in self.drop:
            self.drop.remove(recipient)
            server.transport.abort()
            return "421 gone"
        if recipient in self.refuse_message:
            return self.refuse_message[recipient]
        self.raw.append(envelope.content)
        self.received.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))
        if recipient in self.drop_kept:
            self.drop_kept.remove(recipient)
            server.transport.abort()
        return "250 kept"

    def recipients(self) -> list[str]:
        """Who got a mail, in order."""
        return [str(mail["To"]) for mail in self.received]

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(self._connected, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    def hang_up(self) -> None:
        """Cut every connection that is open."""
        for each in self.open:
            if each.transport is not None:
                each.transport.abort()
        self.open.clear()

    def _connected(self) -> asyncio.Protocol:
        self.connections += 1
        if self.connections > self.most_connections:
            return TurnedAway()
        made = Recorded(self, hostname="mail.test", enable_SMTPUTF8=self.utf8, **self.options)
        self.open.append(made)
        return cast("asyncio.Protocol", made)

    async def stop(self) -> None:
        assert self.server is not None
        self.server.close()


class TurnedAway(asyncio.Protocol):
    """One connection too many."""

    def connection_made(self, transport: Any) -> None:
        transport.write(b"421 too many connections\r\n")
        transport.close()


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    """A mail server on a free port."""
    made = MailServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def smtp_pool(mail_server: MailServer) -> AsyncIterator[SmtpPool]:
    """A pool that delivers to that server."""
    made = SmtpPool(f"smtp://127.0.0.1:{mail_server.port}", connections=2)
    yield made
    await made.close()


@pytest.fixture
def mail_context(world: World) -> MailContext:
    """What mails about this world are written with."""
    pages = Pages(Site("Petitieloket", {"nl": "van de Kamer", "en": "of the House"}, "v@p.example", ORIGIN, False))
    return MailContext(
        vault=world.service.vault,
        tokens=world.service.tokens,
        procedures=world.service.procedures,
        committees=world.service.committees,
        event_kinds=world.service.event_kinds,
        render=pages.render,
        site="Petitieloket",
        sender="post@petitieloket.example",
        public_url=ORIGIN,
        zone=pages.site.body.zone,
    )
