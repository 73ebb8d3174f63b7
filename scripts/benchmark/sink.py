"""A mail sink for load tests: an SMTP server that accepts all mail at once and keeps only the confirmation links.

It writes them to a file that the load generator reads, so that a journey continues with its mail. It supports
PIPELINING. The verb ``XCOUNT`` (ours) returns the number of messages and of repeated Message-IDs.
"""

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Final, cast

import uvloop

_LINK: Final = re.compile(rb"/([a-z]{2})/confirm/([A-Za-z0-9_\-.]+)")
_IDENTITY: Final = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_HELLO: Final = b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 10485760\r\n"
_END: Final = b"\r\n.\r\n"


class Box:
    """The messages that were received: their number, and their links in a file."""

    def __init__(self, links: Path) -> None:
        self._links = os.open(links, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._seen: set[int] = set()
        self.messages = 0
        self.repeats = 0

    def take(self, message: bytes) -> None:
        """Count a message and write its confirmation link to the file."""
        self.messages += 1
        if identity := _IDENTITY.search(message):
            mark = hash(identity[1])
            self.repeats += mark in self._seen
            self._seen.add(mark)
        if link := confirm_link(message):
            os.write(self._links, link + b"\n")


def confirm_link(message: bytes) -> bytes | None:
    """The path of the confirmation page in a message whose text is quoted-printable; None when there is none."""
    found = _LINK.search(message.replace(b"=\r\n", b""))
    return found[0] if found else None


class Session(asyncio.Protocol):
    """One SMTP connection."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._buffer = b""
        self._in_message = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the greeting."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer every complete command and message that was received, in one write."""
        self._buffer += data
        answers: list[bytes] = []
        while (answer := self._next()) is not None:
            answers.append(answer)
        if answers and self._transport is not None:
            self._transport.write(b"".join(answers))
            if answers[-1].startswith(b"221"):
                self._transport.close()

    def _next(self) -> bytes | None:
        if self._in_message:
            message, end, rest = self._buffer.partition(_END)
            if not end:
                return None
            self._buffer, self._in_message = rest, False
            self._box.take(message)
            return b"250 taken\r\n"
        line, end, rest = self._buffer.partition(b"\r\n")
        if not end:
            return None
        self._buffer = rest
        return self._answer(line[:6].upper().split(b" ")[0])

    def _answer(self, verb: bytes) -> bytes:
        if verb == b"DATA":
            self._in_message = True
            return b"354 go on\r\n"
        if verb == b"EHLO":
            return _HELLO
        if verb == b"QUIT":
            return b"221 bye\r\n"
        if verb == b"XCOUNT":
            return b"250 %d %d\r\n" % (self._box.messages, self._box.repeats)
        known = {b"HELO", b"MAIL", b"RCPT", b"RSET", b"NOOP"}
        return b"250 ok\r\n" if verb in known else b"502 not known\r\n"


async def serve(port_file: Path, links: Path) -> None:
    """Accept mail until the process is ended; the port is written to ``port_file``."""
    box = Box(links)
    server = await asyncio.get_running_loop().create_server(lambda: Session(box), "127.0.0.1", 0)
    temporary = port_file.with_suffix(".new")
    temporary.write_text(str(server.sockets[0].getsockname()[1]), "ascii")
    temporary.rename(port_file)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1]), Path(sys.argv[2])))
