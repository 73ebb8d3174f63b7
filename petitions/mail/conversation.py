"""The mail transaction of SMTP on an open connection: MAIL, RCPT, DATA and the message, in as few writes as can be.

aiosmtplib opens the connection, with TLS and authentication; then its transport is handed to :class:`Conversation` by
``set_protocol`` of asyncio, so that nothing private of it is used. aiosmtplib itself waits for the answer to each
command, four turns for one mail. Where the server knows PIPELINING (RFC 2920), a message here travels in one write with
the envelope of the next one: one turn for one mail.
"""

import asyncio
from dataclasses import dataclass
from typing import Final, Literal

from petitions.mail.compose import Mail

ANSWER_SECONDS: Final = 30.0
CONTENT_SECONDS: Final = 120.0  # a server that scans a message needs longer to say that it has it (RFC 5321 4.5.3.2.6)
PERMANENT: Final = 500
CLOSING: Final = 421
_GO_AHEAD: Final = 354
_LONGEST_ANSWER: Final = 32_768

Result = Literal["sent", "failed", "later", "away"]
Outcome = tuple[Result, str]
"""What became of a mail, and the problem: a code without any address in it."""


class LostError(ConnectionError):
    """The connection is of no use any more; ``codes`` were answered before."""

    def __init__(self, problem: str, codes: list[int]) -> None:
        super().__init__(problem)
        self.problem = problem
        self.codes = codes


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the server said that it knows."""

    pipelining: bool = False
    size: bool = False
    utf8: bool = False


class Conversation(asyncio.Protocol):
    """One connection, on which one mail after another is proposed and handed over; nothing here raises."""

    def __init__(self, transport: asyncio.Transport, abilities: Abilities) -> None:
        self._abilities = abilities
        self._transport = transport
        self._buffer = b""
        self._codes: list[int] = []
        self._expected = 0
        self._waiter: asyncio.Future[list[int]] | None = None
        self._lost = ""
        self._untidy = False  # the server may still hold an envelope that came to nothing
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        """Whether another mail can be handed over."""
        return not self._lost and not self._transport.is_closing()

    @property
    def is_pipelining(self) -> bool:
        """Whether the next mail may be proposed together with the message before it."""
        return self._abilities.pipelining

    async def propose(self, mail: Mail) -> Outcome | None:
        """Send the envelope of a mail. None: the server waits for the message; else what became of the mail."""
        if (refusal := self._refusal(mail)) is not None:
            return refusal
        commands = self._envelope(mail)
        codes: list[int] = []
        try:
            if self._untidy:
                await self._ask(b"RSET\r\n", 1)
                self._untidy = False
            if self._abilities.pipelining:
                codes = await self._ask(b"".join(commands), len(commands))
            else:
                for command in commands:
                    codes += await self._ask(command, 1)
                    if codes[-1] >= 400:
                        break
        except LostError as error:
            return _judge(codes + error.codes) or ("away", error.problem)
        return await self._proposed(codes)

    async def hand_over(self, mail: Mail, following: Mail | None = None) -> tuple[Outcome, Outcome | None]:
        """Send the message that the server waits for and propose the ``following`` mail, in one write where it can be.

        What became of the mail, and of the following one as :meth:`propose` says.
        """
        refusal = self._refusal(following) if following is not None else None
        together = following if refusal is None and self._abilities.pipelining else None
        commands = self._envelope(together) if together is not None else []
        try:
            codes = await self._ask(stuffed(mail.content) + b"".join(commands), 1 + len(commands), CONTENT_SECONDS)
        except LostError as error:
            away: Outcome = ("away", error.problem)
            return (_accepted(error.codes[0]) if error.codes else away), refusal or _judge(error.codes[1:]) or away
        if following is None or refusal is not None:
            return _accepted(codes[0]), refusal
        return _accepted(codes[0]), await (self._proposed(codes[1:]) if together else self.propose(following))

    async def leave(self) -> None:
        """Say goodbye."""
        try:
            await self._ask(b"QUIT\r\n", 1, 2.0)
        except LostError:
            return

    def _refusal(self, mail: Mail) -> Outcome | None:
        """Why a mail cannot be proposed to this server."""
        if not mail.utf8:
            return None
        try:
            (mail.sender + mail.recipient).encode()
        except UnicodeEncodeError as error:
            return "later", type(error).__name__
        return None if self._abilities.utf8 else ("later", "SMTPUTF8 not supported")

    def _envelope(self, mail: Mail) -> list[bytes]:
        options = f" SIZE={len(mail.content)}" if self._abilities.size else ""
        options += " BODY=8BITMIME SMTPUTF8" if mail.utf8 else ""
        sender = f"MAIL FROM:<{mail.sender}>{options}\r\n".encode()
        return [sender, f"RCPT TO:<{mail.recipient}>\r\n".encode(), b"DATA\r\n"]

    async def _proposed(self, codes: list[int]) -> Outcome | None:
        """What the answers to an envelope mean; if it was refused, the server is brought to forget it."""
        outcome = _judge(codes)
        if outcome is None:
            return None
        self._untidy = True
        if codes[-1] == _GO_AHEAD:  # RFC 2920 3.1: without a recipient a server may wait for a message all the same
            try:
                await self._ask(b".\r\n", 1)
            except LostError:
                return outcome
        return outcome

    async def _ask(self, data: bytes, answers: int, seconds: float | None = None) -> list[int]:
        """Write, and wait for so many answers. Raises LostError with those that came."""
        if not self.is_open:
            raise LostError(self._lost or "disconnected", [])
        self._waiter = asyncio.get_running_loop().create_future()
        self._expected, self._codes = answers, []
        self._transport.write(data)
        try:
            async with asyncio.timeout(ANSWER_SECONDS if seconds is None else seconds):
                codes = await self._waiter
        except TimeoutError as error:
            self._give_up("TimeoutError")
            raise LostError("TimeoutError", self._codes) from error
        finally:
            self._waiter = None
        if CLOSING in codes or len(codes) > answers:
            self._give_up(f"refused {CLOSING}" if CLOSING in codes else "an answer too many")
        return codes[:answers]

    def data_received(self, data: bytes) -> None:
        """Take in answers; a line with a hyphen after its code goes on (RFC 5321 4.2.1)."""
        *lines, self._buffer = (self._buffer + data).split(b"\n")
        for line in lines:
            if not line[:3].isdigit():
                self._give_up("no answer of SMTP")
                return
            if line[3:4] != b"-":
                self._codes.append(int(line[:3]))
        if (
            self._waiter is None or len(self._buffer) > _LONGEST_ANSWER
        ):  # said unasked: it closes, or we are out of step
            self._give_up(f"refused {self._codes[-1]}" if self._codes else "no answer of SMTP")
        elif len(self._codes) >= self._expected and not self._waiter.done():
            self._waiter.set_result(self._codes)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone: whoever waits is told."""
        self._lost = self._lost or (type(exc).__name__ if exc else "disconnected")
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(LostError(self._lost, self._codes))

    def _give_up(self, problem: str) -> None:
        self._lost = self._lost or problem
        self._transport.abort()


def stuffed(content: bytes) -> bytes:
    """A message as DATA has it: a line that begins with a dot gets another (RFC 5321 4.5.2), and a dot ends it."""
    end = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
    dot = b"." if content.startswith(b".") else b""
    return dot + content.replace(b"\r\n.", b"\r\n..") + end


def _judge(codes: list[int]) -> Outcome | None:
    """What the answers to MAIL, RCPT and DATA mean. None: all were well, as far as they came."""
    for place, code in enumerate(codes):
        if code == CLOSING:
            return "away", f"refused {code}"
        if code == _GO_AHEAD if place == 2 else code < 300:
            continue
        permanent = code >= PERMANENT and place > 0  # the sender: that is us
        problem = f"recipient refused {code}" if place == 1 else f"refused {code}"
        return ("failed" if permanent else "later"), problem
    return None


def _accepted(code: int) -> Outcome:
    """What the answer to a message means."""
    if code < 300:
        return "sent", ""
    if code == CLOSING:
        return "away", f"refused {code}"
    return ("failed" if code >= PERMANENT else "later"), f"refused {code}"
