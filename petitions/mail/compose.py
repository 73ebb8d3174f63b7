"""Composing a message from a letter: plain text and HTML, with headers that mail programs and filters understand."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Final

from petitions.mail.letters import DigestGroup, Letter, sentence

Render = Callable[..., bytes]
_WRITING: Final = SMTP.clone(max_line_length=76)  # lines of quoted-printable (RFC 2045 6.7)
_HEADERS: Final = SMTP.clone(
    max_line_length=998
)  # a folded link would become an encoded word, which mail programs do not follow
_LINE_END: Final = re.compile(rb"\r\n|\n|\r(?!\n)")
_UNFIT: Final = re.compile(r"[\x00-\x20<>\x7f]")


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A message ready for the mail server: envelope and bytes."""

    sender: str
    recipient: str
    content: bytes
    utf8: bool = False  # an address is not ASCII: the server must know SMTPUTF8 (RFC 6531)


def as_text(letter: Letter, site: str) -> str:
    """The letter as plain text."""
    parts: list[str] = [*letter.paragraphs]
    if letter.quote:
        parts.insert(1, f"    “{letter.quote}”")
    parts.extend(_group_as_text(group) for group in letter.groups)
    if letter.button:
        parts.append(f"{letter.button[0]}:\n{letter.button[1]}")
    parts.extend(letter.after)
    parts.extend(f"{words}:\n{address}" for words, address in letter.links)
    parts.append(f"--\n{site}\n{letter.why}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _group_as_text(group: DigestGroup) -> str:
    """The events of one petition: its title underlined, then each event with its address."""
    parts = [f"{group.title}\n{'-' * min(len(group.title), 72)}"]
    parts += [
        "\n".join([f"{entry.when}: {sentence(entry.headline)}", *entry.lines, entry.address]) for entry in group.entries
    ]
    return "\n\n".join(parts)


def compose(
    letter: Letter,
    *,
    to: str,
    sender: str,
    site: str,
    language: str,
    message_id: str,
    moment: datetime,
    render: Render,
    **context: Any,
) -> EmailMessage:
    """The message; ``render`` makes the HTML from the template. Raises ValueError for an address with a line break."""
    message = EmailMessage(policy=_WRITING)
    user, _, domain = sender.partition("@")
    message["From"] = Address(site, user, domain)
    message["To"] = to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = language
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(as_text(letter, site), cte="quoted-printable")
    html = render("mail/letter.html", language, letter=letter, **context).decode()
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def wire(message: EmailMessage, *, utf8: bool = False) -> bytes:
    """The bytes of a message, every line ended by CR LF (RFC 5321 2.3.8)."""
    return _LINE_END.sub(b"\r\n", message.as_bytes(policy=_HEADERS.clone(utf8=utf8)))


def seal(message: EmailMessage) -> OutgoingMail:
    """The message with its envelope. Raises ValueError unless it has exactly one recipient with a usable address."""
    header = message["To"]
    addresses = header.addresses if isinstance(header, AddressHeader) else ()
    if len(addresses) != 1 or not addresses[0].username or not addresses[0].domain:
        raise ValueError("not one recipient")
    recipient = addresses[0].addr_spec
    if _UNFIT.search(recipient):  # it could inject something into the SMTP command
        raise ValueError("an address that cannot stand in an envelope")
    sender = message["From"].addresses[0].addr_spec
    utf8 = not (recipient + sender).isascii()
    return OutgoingMail(sender, recipient, wire(message, utf8=utf8), utf8)
