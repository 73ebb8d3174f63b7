"""A real SMTP server that can be told to be away or to refuse, and an office that writes to it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope

from petitions.mail.delivery import Postman
from petitions.mail.office import Office
from petitions.web.templating import Pages, Site
from tests.world import World

ORIGIN = "http://petitions.test"


@dataclass
class MailServer:
    """What was received, and how the server behaves."""

    received: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    port: int = 0
    server: asyncio.Server | None = None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.received.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))
        return "250 kept"

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(
            lambda: SMTP(self, hostname="mail.test", enable_SMTPUTF8=True), "127.0.0.1", self.port
        )
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self.server is not None
        self.server.close()


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    """A mail server on a free port."""
    made = MailServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def postman(mail_server: MailServer) -> AsyncIterator[Postman]:
    """A postman who delivers to that server."""
    made = Postman(f"smtp://127.0.0.1:{mail_server.port}", connections=2)
    yield made
    await made.close()


@pytest.fixture
def office(world: World) -> Office:
    """The office of the world."""
    pages = Pages(Site("Petitieloket", {"nl": "van de Kamer", "en": "of the House"}, "v@p.example", ORIGIN, False))
    return Office(
        vault=world.service.vault,
        tokens=world.service.tokens,
        procedures=world.service.procedures,
        committees=world.service.committees,
        render=pages.render,
        site="Petitieloket",
        sender="post@petitieloket.example",
        public_url=ORIGIN,
    )
