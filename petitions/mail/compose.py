"""How a letter becomes a message: text and HTML alike, with headers that mail programs and filters understand."""

from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Final

from petitions.mail.letters import Letter

Render = Callable[..., bytes]
_WIDTH_POLICY: Final = SMTP.clone(max_line_length=998)


def as_text(letter: Letter, site: str) -> str:
    """The letter as plain text."""
    parts: list[str] = [*letter.paragraphs]
    if letter.quote:
        parts.insert(1, f"    “{letter.quote}”")
    if letter.button:
        parts.append(f"{letter.button[0]}:\n{letter.button[1]}")
    parts.extend(letter.after)
    parts.extend(f"{words}:\n{address}" for words, address in letter.links)
    parts.append(f"--\n{site}\n{letter.why}")
    return "\n\n".join(part for part in parts if part) + "\n"


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
    """The message; ``render`` makes the HTML from the template. Raises ValueError for an address with line ends."""
    message = EmailMessage(policy=_WIDTH_POLICY)
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
