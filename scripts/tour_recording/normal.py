"""What in an answer names the moment or is random: the whole list, each with its reason. All else must be equal."""

import re
from email import message_from_bytes
from typing import Final, NamedTuple

from scripts.tour_recording.exchange import Answer, Asked


class Rule(NamedTuple):
    """What is taken out, in which phases of a tour, and why it may differ."""

    name: str
    pattern: "re.Pattern[bytes]"
    instead: bytes
    phases: frozenset[str]
    path: str = ""


_ALWAYS: Final = frozenset({"look", "refuse", "forms", "after", "mails"})
_STORED: Final = frozenset({"refuse", "forms", "after", "mails"})
"""Where the tour has stored something, with random keys."""

RULES: Final = (
    # The readiness page asks the clock of the database, which does not stand still, how old the oldest mail is; and
    # a tour asks for several pages at the same time, which it counts.
    Rule(
        "waiting mails",
        re.compile(rb'"(mails_waiting|oldest_mail_seconds|requests_under_way)":\d+'),
        rb'"\1":0',
        _ALWAYS,
        "/health/ready",
    ),
    # A defect (500) bears a random number by which the operator finds it in the log.
    Rule("defect number", re.compile(rb"<code>[0-9a-f]{8}</code>"), b"<code>defect</code>", _ALWAYS),
    # Personal links of rows that were made during the tour: the key of a row is random.
    Rule("fresh link", re.compile(rb"[A-Za-z0-9_-]{22,40}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"), b"TOKEN", _STORED),
    # Links of saved drafts, sign-in links and addresses of calendars: 32 random bytes.
    Rule(
        "fresh secret",
        re.compile(rb"(/(?:saved|sign-in|calendar)/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"),
        rb"\1SECRET",
        _STORED,
    ),
)
_BOUNDARY: Final = re.compile(rb"={15}\d+==")  # between the parts of a mail: the standard library draws it
_COOKIE: Final = re.compile(r"=[^;]*")


def headers(asked: Asked, answer: Answer, *, same_body: bool) -> list[str]:
    """The headers in their order, as lines, without what names the moment.

    Where the bodies differ in what is random (and in nothing else), their marks and lengths differ as well.
    """
    lines = []
    for name, value in answer.headers:
        key = name.lower()
        if not same_body and key in {"etag", "content-length"}:
            continue
        if key == "connection":
            continue  # the server closes one where its answer was there before all of the body had come: a race
        if key == "last-modified" and asked.phase == "after":
            continue  # of a print that was made during the tour: files bear the time of the machine
        if key == "allow":  # a set, of which the order is another in every process
            value = ", ".join(sorted(value.split(", ")))
        if key == "set-cookie":  # the session that a sign-in makes is random
            value = _COOKIE.sub("=VALUE", value, count=1)
        lines.append(f"{name}: {text(asked, value.encode('latin-1')).decode('latin-1')}")
    return lines


def text(asked: Asked, body: bytes) -> bytes:
    """A body without what names the moment."""
    for rule in RULES:
        if asked.phase in rule.phases and (not rule.path or asked.target.startswith(rule.path)):
            body = rule.pattern.sub(rule.instead, body)
    return body


def mail(raw: bytes) -> bytes:
    """A mail without what is random: all its headers, and the parts decoded, because links are broken over lines."""
    pieces: list[bytes] = []
    for part in message_from_bytes(raw).walk():
        pieces += [f"{name}: {value}".encode() for name, value in part.items()]
        pieces.append(b"")
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            pieces.append(content if isinstance(content, bytes) else b"")
    return text(Asked("mails", "MAIL", ""), _BOUNDARY.sub(b"BOUNDARY", b"\n".join(pieces)))
