"""A pool of persistent SMTP connections that hands mails to the mail server and interprets its replies.

After a permanent negative reply (5xx, RFC 5321 4.2.1) about the recipient or the message the mail fails; after a
transient one it is retried later. When the server is unavailable or closes the connection (421), the mails wait and no
attempt is counted. All connections take mails from one queue, so a slow connection delays only its own mail.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, cast
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPHeloError

from petitions.mail.compose import OutgoingMail

CONNECT_SECONDS: Final = 30
SEND_SECONDS: Final = 150.0  # for one mail: a server may scan a message before it replies (RFC 5321 4.5.3.2.6)
QUIT_SECONDS: Final = 2.0
IDLE_SECONDS: Final = 20  # an idle connection is closed: servers limit how many they keep
RETRY_SECONDS: Final = 5  # a connection that fails while others work tries again after this
MOST_DROPS: Final = 2  # after so many lost connections in a row the server counts as unavailable
REFUSED: Final = 300
PERMANENT: Final = 500
CLOSING: Final = 421

DeliveryStatus = Literal["sent", "failed", "later", "away"]
DeliveryOutcome = tuple[DeliveryStatus, str]
"""The status of a mail, and the problem: a code without any address in it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """The result of handing over one mail; ``problem`` is a code without any address in it."""

    id: int
    result: DeliveryStatus
    problem: str = ""


def _always(_: int) -> bool:
    return True


@dataclass(slots=True, eq=False)
class _Posted:
    """A mail in the queue."""

    id: int
    mail: OutgoingMail
    may_go: Callable[[int], bool]
    handed: asyncio.Future[DeliveryResult]

    def end(self, outcome: DeliveryOutcome) -> None:
        if not self.handed.done():
            self.handed.set_result(DeliveryResult(self.id, *outcome))


class SmtpPool:
    """A few connections to one mail server, and the queue from which they take mails."""

    def __init__(self, url: str, *, connections: int = 4) -> None:
        self._url = urlsplit(url)
        self._clients = [SMTP(timeout=CONNECT_SECONDS) for _ in range(connections)]
        self._queue: deque[_Posted] = deque()
        self._filled = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def post(
        self, mails: Iterable[tuple[int, OutgoingMail]], may_go: Callable[[int], bool] = _always
    ) -> list[asyncio.Future[DeliveryResult]]:
        """Queue mails; returns a future for each. A mail that ``may_go`` refuses at its turn is ``away``."""
        loop = asyncio.get_running_loop()
        posted = [_Posted(identifier, mail, may_go, loop.create_future()) for identifier, mail in mails]
        self._queue.extend(posted)
        if posted:
            self._filled.set()
        if not self._tasks:
            self._tasks = [loop.create_task(self._serve(client)) for client in self._clients]
        return [one.handed for one in posted]

    async def deliver(self, mails: Iterable[tuple[int, OutgoingMail]]) -> list[DeliveryResult]:
        """Hand over these mails; returns one result for each."""
        return list(await asyncio.gather(*self.post(mails)))

    def recall(self, problem: str = "recalled") -> None:
        """Take back the mails that no connection has taken yet: they are ``away``."""
        while self._queue:
            self._queue.popleft().end(("away", problem))

    async def close(self) -> None:
        """Recall the mails that wait, and close the connections with QUIT."""
        self.recall()
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(_quit(client) for client in self._clients))

    async def _serve(self, client: SMTP) -> None:
        """Hand over mails on one connection, which is opened when there is a mail and kept while there are more."""
        drops = 0
        while True:
            await self._until_filled(client)
            if (posted := self._next()) is None:
                continue
            try:
                if not client.is_connected:
                    await self._connect(client)
                outcome = await _hand_over(client, posted.mail)
            except (SMTPException, OSError, ValueError) as error:  # unreachable, or the login failed
                await self._back_off(client, type(error).__name__, posted)
                continue
            except asyncio.CancelledError:
                _cut(client)
                posted.end(("away", "interrupted"))
                raise
            posted.end(outcome)
            drops = drops + 1 if outcome[0] == "away" else 0
            if drops >= MOST_DROPS:
                await self._back_off(client, "disconnected")

    async def _until_filled(self, client: SMTP) -> None:
        """Wait until there is a mail in the queue; close the connection when it is idle for long."""
        while not self._queue:
            self._filled.clear()
            try:
                async with asyncio.timeout(IDLE_SECONDS if client.is_connected else None):
                    await self._filled.wait()
            except TimeoutError:
                await _quit(client)

    def _next(self) -> _Posted | None:
        """The next mail in the queue that may still be sent."""
        while self._queue:
            posted = self._queue.popleft()
            if posted.may_go(posted.id):
                return posted
            posted.end(("away", "not ours any more"))
        return None

    async def _connect(self, client: SMTP) -> None:
        """Open a connection: with TLS from the start (smtps) or where it is offered, and login."""
        secure = self._url.scheme == "smtps"
        await client.connect(
            hostname=self._url.hostname or "localhost",
            port=self._url.port or (465 if secure else 25),
            use_tls=secure,
            username=unquote(self._url.username) if self._url.username else None,
            password=unquote(self._url.password) if self._url.password else None,
        )
        try:
            if client.is_ehlo_or_helo_needed:  # not yet sent on a connection with TLS from the start
                await _greet(client)
        except BaseException:
            client.close()
            raise

    async def _back_off(self, client: SMTP, problem: str, posted: _Posted | None = None) -> None:
        """Pause a connection that failed. Others go on with the mails; when no other is connected, all mails wait."""
        if any(other.is_connected for other in self._clients if other is not client):
            if posted is not None:
                self._queue.appendleft(posted)
                self._filled.set()
            await asyncio.sleep(RETRY_SECONDS)
            return
        if posted is not None:
            posted.end(("away", problem))
        self.recall(problem)


async def _greet(client: SMTP) -> None:
    """Send EHLO, or HELO where the server does not know EHLO."""
    try:
        await client.ehlo()
    except SMTPHeloError:
        await client.helo()


async def _quit(client: SMTP) -> None:
    """Close a connection with QUIT."""
    if not client.is_connected:
        return
    try:
        await client.quit(timeout=QUIT_SECONDS)
    except (SMTPException, OSError):
        client.close()


def _cut(client: SMTP) -> None:
    """Close a connection in the middle of a mail, so that no more of it is sent."""
    if client.transport is not None:
        cast("asyncio.Transport", client.transport).abort()
    client.close()


async def _hand_over(client: SMTP, mail: OutgoingMail) -> DeliveryOutcome:
    """Hand over one mail. Afterwards the connection is ready for the next one, or closed."""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            outcome = await _transaction(client, mail)
    except (SMTPException, OSError) as error:  # the server may have accepted the mail; a repeat has the same Message-ID
        _cut(client)
        return "away", type(error).__name__
    except Exception as error:  # a defect must not end this task for good
        _cut(client)
        log.error("a mail could not be handed over: %s", type(error).__name__)  # noqa: TRY400 - no address in logs
        return "later", type(error).__name__
    if outcome[0] == "away":
        client.close()
    elif outcome[0] != "sent":
        await _forget(client)
    return outcome


async def _transaction(client: SMTP, mail: OutgoingMail) -> DeliveryOutcome:
    """One mail transaction (RFC 5321 3.3), command by command: ``sendmail`` takes over 50 % more time.

    It parses every address again and sets a timeout for each reply; here the whole has one (``timeout=None``).
    """
    if mail.utf8 and not client.supports_extension("smtputf8"):
        return "later", "SMTPUTF8 not supported"
    sender, recipient = f"FROM:<{mail.sender}>".encode(), f"TO:<{mail.recipient}>".encode()
    options = [b"SIZE=%d" % len(mail.content)] if client.supports_extension("size") else []
    options += [b"BODY=8BITMIME", b"SMTPUTF8"] if mail.utf8 else []
    code = (await client.execute_command(b"MAIL", sender, *options, timeout=None)).code
    if code >= REFUSED:
        return (
            "away" if code == CLOSING else "later",
            f"refused {code}",
        )  # a 5xx too: the cause is our own sender address
    code = (await client.execute_command(b"RCPT", recipient, timeout=None)).code
    if code >= REFUSED:
        return _refusal(code, "recipient refused")
    try:
        await client.data(mail.content, timeout=None)
    except SMTPDataError as error:
        if error.code < REFUSED:  # only 354 and 250 are positive: replies are out of step
            client.close()
        return _refusal(error.code, "refused")
    return "sent", ""


def _refusal(code: int, words: str) -> DeliveryOutcome:
    """The outcome of a mail after a negative reply."""
    if code == CLOSING:
        return "away", f"refused {code}"
    return "failed" if code >= PERMANENT else "later", f"{words} {code}"


async def _forget(client: SMTP) -> None:
    """Reset the transaction, so that the server forgets the envelope."""
    try:
        await client.rset()
    except (SMTPException, OSError):
        client.close()
