"""Handing mails to the mail server over a few lasting SMTP connections, and what its answers mean.

A permanent answer (5xx, RFC 5321 4.2.1) about the recipient or the message fails the mail; a temporary one is tried
again later. When the server is away, or goes away (421), the mails wait and no attempt is counted. Every connection
takes the next mail from one queue, so that a slow one holds up nothing but the mail that it carries.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPHeloError

from petitions.mail.compose import Mail
from petitions.mail.conversation import Abilities, Conversation, Outcome, Result

CONNECT_SECONDS: Final = 30
IDLE_SECONDS: Final = 20  # a connection that has nothing to do is closed: servers do not like to keep them
APART_SECONDS: Final = 5  # a connection that fails while others work tries again after this
DROPS: Final = 2  # so often lost without handing over anything: the server is as good as away

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one mail; ``problem`` is a code without any address in it."""

    id: int
    result: Result
    problem: str = ""


def _always(_: int) -> bool:
    return True


@dataclass(slots=True, eq=False)
class _Posted:
    """A mail in the queue."""

    id: int
    mail: Mail
    may_go: Callable[[int], bool]
    handed: asyncio.Future[Handed]

    def end(self, outcome: Outcome) -> None:
        if not self.handed.done():
            self.handed.set_result(Handed(self.id, *outcome))


class Postman:
    """A few connections to one mail server, and the queue from which they take their mails."""

    def __init__(self, url: str, *, connections: int = 4) -> None:
        self._url = urlsplit(url)
        self._number = connections
        self._queue: deque[_Posted] = deque()
        self._filled = asyncio.Event()
        self._carriers: list[asyncio.Task[None]] = []
        self._talking: dict[int, tuple[SMTP, Conversation]] = {}
        self._drops = [0] * connections

    def post(
        self, mails: Iterable[tuple[int, Mail]], may_go: Callable[[int], bool] = _always
    ) -> list[asyncio.Future[Handed]]:
        """Queue mails; a future for each. ``may_go`` is asked just before a mail is proposed: no leaves it ``away``."""
        loop = asyncio.get_running_loop()
        posted = [_Posted(identifier, mail, may_go, loop.create_future()) for identifier, mail in mails]
        self._queue.extend(posted)
        if posted:
            self._filled.set()
        if not self._carriers:
            self._carriers = [loop.create_task(self._carry(number)) for number in range(self._number)]
        return [one.handed for one in posted]

    async def deliver(self, mails: Iterable[tuple[int, Mail]]) -> list[Handed]:
        """Hand over these mails; one result for each."""
        return list(await asyncio.gather(*self.post(mails)))

    def recall(self, problem: str = "recalled") -> None:
        """Take back what no connection has taken yet: it is ``away``."""
        while self._queue:
            self._queue.popleft().end(("away", problem))

    async def close(self) -> None:
        """Say goodbye to the server; what still waits is recalled."""
        self.recall()
        carriers, self._carriers = self._carriers, []
        for carrier in carriers:
            carrier.cancel()
        await asyncio.gather(*carriers, return_exceptions=True)
        await asyncio.gather(*(self._leave(number) for number in list(self._talking)))

    async def _carry(self, number: int) -> None:
        """The life of one connection: opened when there is a mail, kept while there are more."""
        while True:
            await self._something(number)
            if (posted := self._next()) is None:
                continue
            try:
                conversation = await self._conversation(number)
            except (SMTPException, OSError, ValueError) as error:  # not there, or it does not let us in
                await self._stumble(number, type(error).__name__, posted)
                continue
            except asyncio.CancelledError:
                posted.end(("away", "interrupted"))
                raise
            try:
                await self._converse(number, conversation, posted)
            except Exception as error:  # a defect: it must not end this connection's work for good
                log.error("a mail could not be handed over: %s", type(error).__name__)  # noqa: TRY400 - no address in logs
                await self._leave(number)
                continue
            if not conversation.is_open:
                await self._leave(number)
                self._drops[number] += 1
                if self._drops[number] >= DROPS:
                    await self._stumble(number, "disconnected")

    async def _something(self, number: int) -> None:
        """Wait until there is a mail in the queue; a connection that is idle for long is closed."""
        while not self._queue:
            self._filled.clear()
            try:
                async with asyncio.timeout(IDLE_SECONDS if number in self._talking else None):
                    await self._filled.wait()
            except TimeoutError:
                await self._leave(number)

    def _next(self) -> _Posted | None:
        """The next mail that may still go."""
        while self._queue:
            posted = self._queue.popleft()
            if posted.may_go(posted.id):
                return posted
            posted.end(("away", "not ours any more"))
        return None

    async def _converse(self, number: int, conversation: Conversation, posted: _Posted | None) -> None:
        """Hand over one mail after another until the queue is empty or the connection lost."""
        following: _Posted | None = None
        try:
            while posted is not None:
                outcome = await conversation.propose(posted.mail)
                while posted is not None and outcome is None:
                    following = self._next() if conversation.is_pipelining else None
                    done, outcome = await conversation.hand_over(posted.mail, following.mail if following else None)
                    posted.end(done)
                    self._drops[number] = 0 if done[0] == "sent" else self._drops[number]
                    posted = following
                if posted is not None and outcome is not None:
                    posted.end(outcome)
                posted = self._next() if conversation.is_open else None
        except Exception as error:
            if posted is not None:
                posted.end(("later", type(error).__name__))
            raise
        finally:
            for one in (posted, following):
                if one is not None:
                    one.end(("away", "interrupted"))

    async def _stumble(self, number: int, problem: str, posted: _Posted | None = None) -> None:
        """No use in this connection now. While others work they go on with the mails; if none does, all mails wait."""
        if any(one.is_open for other, (_, one) in self._talking.items() if other != number):
            if posted is not None:
                self._queue.appendleft(posted)
                self._filled.set()
            await asyncio.sleep(APART_SECONDS)
            return
        if posted is not None:
            posted.end(("away", problem))
        self.recall(problem)

    async def _conversation(self, number: int) -> Conversation:
        """The open connection, or a new one: with TLS from the start (smtps) or where it is offered, and login."""
        if number in self._talking:
            if (known := self._talking[number][1]).is_open:
                return known
            await self._leave(number)
        secure = self._url.scheme == "smtps"
        client = SMTP(
            hostname=self._url.hostname or "localhost",
            port=self._url.port or (465 if secure else 25),
            use_tls=secure,
            username=unquote(self._url.username) if self._url.username else None,
            password=unquote(self._url.password) if self._url.password else None,
            timeout=CONNECT_SECONDS,
        )
        await client.connect()
        try:
            abilities = await _abilities(client)
        except BaseException:
            client.close()
            raise
        conversation = Conversation(cast("asyncio.Transport", client.transport), abilities)
        self._talking[number] = (client, conversation)
        return conversation

    async def _leave(self, number: int) -> None:
        if number in self._talking:
            client, conversation = self._talking.pop(number)
            await conversation.leave()
            client.close()


async def _abilities(client: SMTP) -> Abilities:
    """What the server knows; a connection with TLS from the start has not asked yet."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except SMTPHeloError:
            await client.helo()
    return Abilities(
        pipelining=client.supports_extension("pipelining"),
        size=client.supports_extension("size"),
        utf8=client.supports_extension("smtputf8"),
    )
