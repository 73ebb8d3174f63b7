"""A message composed once, with marks where its copies differ, and filled for each mail as bytes.

Composing takes a few milliseconds: words, template, MIME. The confirmation mails of a storm differ only in address,
date, Message-ID, links and a title, so that one message with marks in it serves for all of them. The marks are random
and unguessable: nothing that somebody typed can look like one. What is put in place of a mark can neither be torn nor
break out: a link's token has an alphabet that needs no encoding anywhere, a text is escaped and encoded for the part in
which it stands, and what does not fit is refused, so that the mail is composed in full.
"""

import re
import secrets
from binascii import b2a_qp
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache
from typing import Final

from markupsafe import escape

from petitions.mail.compose import OutgoingMail, wire

PLACEHOLDER_ADDRESS: Final = "mark@mark.invalid"
"""The address for which a message is composed in advance; its header is replaced."""

_OWN_HEADERS: Final = ("To", "Date", "Message-ID")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.-]{1,75}")  # fits in a line of quoted-printable
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS: Final = re.compile(rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_UNIT: Final = re.compile(rb"=[0-9A-F]{2}|[^=]")
_WIDTH: Final = 75  # and one for the "=" of a soft line break


def new_placeholder() -> str:
    """A mark that nobody can guess, and that no encoding of a message changes."""
    return f"mark{secrets.token_hex(16)}"


def is_plain(address: str) -> bool:
    """Whether an address can stand in a header as it is; any other is left to the e-mail package."""
    return "=?" not in address and _ADDRESS.fullmatch(address) is not None


class PrecomposedMessage:
    """One message with marks in place of the values that differ."""

    def __init__(self, message: EmailMessage, *, tokens: Mapping[str, str], texts: Mapping[str, str]) -> None:
        """Take a message that was composed for ``PLACE`` with marks in it: ``{name of a value: its mark}``.

        A mark that the message does not bear is a value that it does not need. Raises ValueError when a mark was torn.
        """
        self._sender: str = message["From"].addresses[0].addr_spec
        pieces = list(_pieces(message, tokens, texts))
        self._pieces = [piece if isinstance(piece, bytes) else b"" for piece in pieces]
        self._slots = [(at, piece.name) for at, piece in enumerate(pieces) if isinstance(piece, _Slot)]
        named = {name for _, name in self._slots}
        self._tokens = tuple(name for name in tokens if name in named)
        self._texts = tuple(name for name in texts if f"{name} plain" in named or f"{name} html" in named)
        rest = b"".join(self._pieces).replace(b"=\r\n", b"")
        for mark in (*tokens.values(), *texts.values()):
            if mark[:18].encode() in rest or mark[18:].encode() in rest:
                raise ValueError("a mark was torn")

    def fill(self, *, to: str, message_id: str, moment: datetime, values: Mapping[str, str]) -> OutgoingMail | None:
        """The mail for one recipient; None when a value does not fit, so that the mail must be composed in full."""
        if not is_plain(to):
            return None
        filled = {"To": to.encode(), "Message-ID": message_id.encode(), "Date": _date(moment)}
        for name in self._tokens:
            value = values[name]
            if not _TOKEN.fullmatch(value):
                return None
            filled[name] = value.encode()
        for name in self._texts:
            value = values[name]
            if not value.isprintable():  # a line end would be another line
                return None
            filled[f"{name} plain"], filled[f"{name} html"] = _in_parts(value)
        pieces = self._pieces.copy()
        for at, name in self._slots:
            pieces[at] = filled[name]
        return OutgoingMail(self._sender, to, b"".join(pieces))


@dataclass(frozen=True, slots=True)
class _Slot:
    """The place of a value, by the name that it has in the head, the plain part or the HTML."""

    name: str


_Pieces = Iterator[bytes | _Slot]


def _pieces(message: EmailMessage, tokens: Mapping[str, str], texts: Mapping[str, str]) -> _Pieces:
    """The message in order: bytes, and slots where they differ."""
    bodies: dict[str, list[bytes | _Slot]] = {}
    links = {mark: name for name, mark in tokens.items()}
    for part in message.iter_parts():
        kind = part.get_content_subtype()
        marks = links | {mark: f"{name} {kind}" for name, mark in texts.items()}
        bodies[stand_in := new_placeholder()] = list(_body(str(part.get_payload()), marks))
        part.set_payload(stand_in)
    head, _, rest = wire(message).partition(b"\r\n\r\n")
    yield from _head(head, links)
    for text, mark in _split(rest, list(bodies)):
        yield text
        if mark:
            yield from bodies[mark]


def _head(head: bytes, marks: Mapping[str, str]) -> _Pieces:
    """The headers, with a slot for each that is a mail's own and for each mark in the others."""
    missing = set(_OWN_HEADERS)
    for line in head.split(b"\r\n"):
        name = line.partition(b":")[0].decode("ascii")
        if name in missing:
            missing.remove(name)
            yield from (f"{name}: ".encode(), _Slot(name))
        else:
            for text, mark in _split(line, list(marks)):
                yield text
                if mark:
                    yield _Slot(marks[mark])
        yield b"\r\n"
    if missing:
        raise ValueError("a header is missing")
    yield b"\r\n"


def _body(payload: str, marks: Mapping[str, str]) -> _Pieces:
    """A quoted-printable body: no line is longer than allowed, and each value begins and ends on a line of its own."""
    whole = payload.replace("=\n", "").encode("ascii")
    for line in whole.removesuffix(b"\n").split(b"\n"):
        begun = False
        for text, mark in _split(line, list(marks)):
            if begun and text:
                yield b"=\r\n"
            yield _folded(text)
            begun = begun or bool(text)
            if mark:
                yield b"=\r\n" if begun else b""
                yield _Slot(marks[mark])
                begun = True
        yield b"\r\n"


def _split(text: bytes, marks: list[str]) -> Iterator[tuple[bytes, str]]:
    """The text between marks, each with the mark that follows it; the last with none."""
    if not marks:
        yield text, ""
        return
    found = re.split("|".join(marks).join("()").encode(), text)
    for at in range(0, len(found) - 1, 2):
        yield found[at], found[at + 1].decode()
    yield found[-1], ""


def _folded(line: bytes) -> bytes:
    """One line of quoted-printable, with soft line breaks where it is too long."""
    lines, length = [b""], 0
    for unit in _UNIT.findall(line):
        if length + len(unit) > _WIDTH:
            lines.append(b"")
            length = 0
        lines[-1] += unit
        length += len(unit)
    return b"=\r\n".join(lines)


@lru_cache(maxsize=1024)
def _date(moment: datetime) -> bytes:
    return format_datetime(moment).encode()


@lru_cache(maxsize=1024)
def _in_parts(value: str) -> tuple[bytes, bytes]:
    """A text as it stands in the plain part and in the HTML."""
    return _quoted(value), _quoted(str(escape(value)))


def _quoted(value: str) -> bytes:
    return b2a_qp(value.encode(), istext=False).replace(b"=\n", b"=\r\n")
