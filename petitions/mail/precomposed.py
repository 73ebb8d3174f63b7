"""A message that is composed once with placeholders where its copies differ, and filled in for each mail as bytes.

Composing takes a few milliseconds: words, template, MIME. Under load, confirmation mails differ only in address, date,
Message-ID, links and a title, so one message with placeholders serves for all of them. Placeholders are random and
unguessable: nothing that somebody typed can look like one. The values are safe to insert: a link's token has an
alphabet that needs no encoding anywhere, and a text is escaped and encoded for the part that it is in. A value that
does not fit is refused, and the mail is composed in full.
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

PLACEHOLDER_ADDRESS: Final = "placeholder@placeholder.invalid"
"""The address for which a message is composed in advance; its header is replaced."""

_OWN_HEADERS: Final = ("To", "Date", "Message-ID")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.-]{1,75}")  # fits in a line of quoted-printable
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS: Final = re.compile(rf"(?=.{{3,254}}\Z)(?=[^@]{{1,64}}@){_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_UNIT: Final = re.compile(rb"=[0-9A-F]{2}|[^=]")
_WIDTH: Final = 75  # and one for the "=" of a soft line break


def new_placeholder() -> str:
    """A placeholder that nobody can guess and that no encoding of a message changes."""
    return f"mark{secrets.token_hex(16)}"


def is_plain(address: str) -> bool:
    """Whether an address needs no encoding in a header; others are left to the e-mail package."""
    return "=?" not in address and _ADDRESS.fullmatch(address) is not None


class PrecomposedMessage:
    """One message with placeholders for the values that differ."""

    def __init__(self, message: EmailMessage, *, tokens: Mapping[str, str], texts: Mapping[str, str]) -> None:
        """Take a message composed for ``PLACEHOLDER_ADDRESS``; the mappings are ``{name of a value: its placeholder}``.

        A placeholder that the message does not contain is a value that it does not need. Raises ValueError when the
        encoding split a placeholder.
        """
        self._sender: str = message["From"].addresses[0].addr_spec
        pieces = list(_pieces(message, tokens, texts))
        self._pieces = [piece if isinstance(piece, bytes) else b"" for piece in pieces]
        self._slots = [(at, piece.name) for at, piece in enumerate(pieces) if isinstance(piece, _Slot)]
        named = {name for _, name in self._slots}
        self._tokens = tuple(name for name in tokens if name in named)
        self._texts = tuple(name for name in texts if f"{name} plain" in named or f"{name} html" in named)
        rest = b"".join(self._pieces).replace(b"=\r\n", b"")
        for placeholder in (*tokens.values(), *texts.values()):
            if placeholder[:18].encode() in rest or placeholder[18:].encode() in rest:
                raise ValueError("a placeholder was split")

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
            if not value.isprintable():  # a line break would begin another line
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
    links = {placeholder: name for name, placeholder in tokens.items()}
    for part in message.iter_parts():
        kind = part.get_content_subtype()
        names = links | {placeholder: f"{name} {kind}" for name, placeholder in texts.items()}
        bodies[stand_in := new_placeholder()] = list(_body(str(part.get_payload()), names))
        part.set_payload(stand_in)
    head, _, rest = wire(message).partition(b"\r\n\r\n")
    yield from _head(head, links)
    for text, placeholder in _split(rest, list(bodies)):
        yield text
        if placeholder:
            yield from bodies[placeholder]


def _head(head: bytes, names: Mapping[str, str]) -> _Pieces:
    """The headers, with a slot for each that differs per mail and for each placeholder in the others."""
    missing = set(_OWN_HEADERS)
    for line in head.split(b"\r\n"):
        name = line.partition(b":")[0].decode("ascii")
        if name in missing:
            missing.remove(name)
            yield from (f"{name}: ".encode(), _Slot(name))
        else:
            for text, placeholder in _split(line, list(names)):
                yield text
                if placeholder:
                    yield _Slot(names[placeholder])
        yield b"\r\n"
    if missing:
        raise ValueError("a header is missing")
    yield b"\r\n"


def _body(payload: str, names: Mapping[str, str]) -> _Pieces:
    """A quoted-printable body: no line is too long, and each value is on a line of its own."""
    whole = payload.replace("=\n", "").encode("ascii")
    for line in whole.removesuffix(b"\n").split(b"\n"):
        begun = False
        for text, placeholder in _split(line, list(names)):
            if begun and text:
                yield b"=\r\n"
            yield _folded(text)
            begun = begun or bool(text)
            if placeholder:
                yield b"=\r\n" if begun else b""
                yield _Slot(names[placeholder])
                begun = True
        yield b"\r\n"


def _split(text: bytes, placeholders: list[str]) -> Iterator[tuple[bytes, str]]:
    """The text between placeholders, each part with the placeholder that follows it; the last with none."""
    if not placeholders:
        yield text, ""
        return
    found = re.split("|".join(placeholders).join("()").encode(), text)
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
    """A text encoded for the plain part and for the HTML."""
    return _quoted(value), _quoted(str(escape(value)))


def _quoted(value: str) -> bytes:
    return b2a_qp(value.encode(), istext=False).replace(b"=\n", b"=\r\n")
