"""Handing mails to the mail server over a few lasting SMTP connections, and what its answers mean.

A permanent answer (5xx, RFC 5321 4.2.1) about the recipient fails the mail; everything else is tried again later. When
the server is away the mails wait and no attempt is counted.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import (
    SMTP,
    SMTPConnectError,
    SMTPConnectTimeoutError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

TIMEOUT_SECONDS: Final = 30
PERMANENT: Final = 500
Result = Literal["sent", "failed", "later", "away"]


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one mail; ``problem`` is a code without any address in it."""

    id: int
    result: Result
    problem: str = ""


class Postman:
    """A few connections to one mail server; each hands over its share of a batch, one mail after another."""

    def __init__(self, url: str, *, connections: int = 4) -> None:
        self._url = urlsplit(url)
        self._clients: list[SMTP | None] = [None] * connections

    async def deliver(self, mails: list[tuple[int, EmailMessage]]) -> list[Handed]:
        """Hand over a batch; one result for each mail."""
        share = len(self._clients)
        results = await asyncio.gather(*(self._carry(n, mails[n::share]) for n in range(share) if mails[n::share]))
        return [handed for part in results for handed in part]

    async def close(self) -> None:
        """Say goodbye to the server."""
        for client in self._clients:
            if client is not None:
                with contextlib.suppress(SMTPException, OSError):
                    await client.quit(timeout=2)
        self._clients = [None] * len(self._clients)

    async def _carry(self, number: int, mails: list[tuple[int, EmailMessage]]) -> list[Handed]:
        done: list[Handed] = []
        for identifier, message in mails:
            if done and done[-1].result == "away":
                done.append(Handed(identifier, "away", done[-1].problem))
                continue
            done.append(await self._hand_over(number, identifier, message))
        return done

    async def _hand_over(self, number: int, identifier: int, message: EmailMessage) -> Handed:
        try:
            client = await self._client(number)
        except (SMTPException, OSError) as error:  # not there, or it does not let us in: says nothing of this mail
            self._clients[number] = None
            return Handed(identifier, "away", type(error).__name__)
        try:
            await client.send_message(message)
        except SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            permanent = all(code >= PERMANENT for code in codes)
            return Handed(identifier, "failed" if permanent else "later", f"recipient refused {codes[0]}")
        except (SMTPConnectError, SMTPConnectTimeoutError, SMTPServerDisconnected, OSError) as error:
            self._clients[number] = None
            return Handed(identifier, "away", type(error).__name__)
        except SMTPResponseException as error:
            permanent = error.code >= PERMANENT and not isinstance(error, SMTPSenderRefused)  # the sender: that is us
            return Handed(identifier, "failed" if permanent else "later", f"refused {error.code}")
        except (SMTPException, ValueError) as error:
            self._clients[number] = None
            return Handed(identifier, "later", type(error).__name__)
        return Handed(identifier, "sent")

    async def _client(self, number: int) -> SMTP:
        client = self._clients[number]
        if client is not None and client.is_connected:
            return client
        secure = self._url.scheme == "smtps"
        client = aiosmtplib.SMTP(
            hostname=self._url.hostname or "localhost",
            port=self._url.port or (465 if secure else 25),
            use_tls=secure,
            username=unquote(self._url.username) if self._url.username else None,
            password=unquote(self._url.password) if self._url.password else None,
            timeout=TIMEOUT_SECONDS,
        )
        await client.connect()
        self._clients[number] = client
        return client
