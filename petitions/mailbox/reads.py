"""The mails that the demo's catcher has stored, newest first."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Final

_LINK: Final = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class CaughtMail:
    """One stored mail."""

    to: str
    subject: str
    text: str
    html: str
    links: tuple[str, ...]
    received_at: datetime


def read_mailbox(folder: Path, limit: int) -> list[CaughtMail]:
    """The newest mails in ``folder``."""
    return [read_mail(path) for path in sorted(folder.glob("*.eml"), reverse=True)[:limit]]


def read_mail(path: Path) -> CaughtMail:
    """Read one stored mail."""
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
    text = _part(message, "plain")
    return CaughtMail(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=text,
        html=_part(message, "html"),
        links=tuple(dict.fromkeys(_LINK.findall(text))),
        received_at=datetime.fromtimestamp(int(path.name.split("-")[0]) / 1e9, UTC),
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""
