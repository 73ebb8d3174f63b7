"""Normalising responses: everything that depends on the time or is random, each with its reason. The rest is equal."""

import re
from typing import Final, NamedTuple

from scripts.tour_recording.exchange import RecordedRequest, RecordedResponse


class Rule(NamedTuple):
    """What is replaced, in which phases of a tour, and why it may differ."""

    name: str
    pattern: "re.Pattern[bytes]"
    instead: bytes
    phases: frozenset[str]
    path: str = ""


_ALWAYS: Final = frozenset({"look", "refuse", "forms", "after", "mails"})
_STORED: Final = frozenset({"forms", "after", "mails"})  # the phases after the tour has stored rows with random keys

RULES: Final = (
    # The readiness page takes the age of the oldest mail from the clock of the database, which is not frozen.
    Rule(
        "waiting mails", re.compile(rb'"(mails_waiting|oldest_mail_seconds)":\d+'), rb'"\1":0', _ALWAYS, "/health/ready"
    ),
    # The address of a static file has a mark of its content; the file itself is compared where it is asked for.
    Rule("static mark", re.compile(rb"(/(?:static|style)/[\w./-]+\?v=)[0-9a-f]{8}"), rb"\1MARK", _ALWAYS),
    # A defect (500) has a random number by which the operator finds it in the log.
    Rule("defect number", re.compile(rb"<code>[0-9a-f]{8}</code>"), b"<code>defect</code>", _ALWAYS),
    # Personal links of rows that were made during the tour: the key of a row is random.
    Rule("fresh link", re.compile(rb"[A-Za-z0-9_-]{22,40}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"), b"TOKEN", _STORED),
    # Links of saved drafts, sign-in links and addresses of calendars: 32 random bytes.
    Rule(
        "fresh secret",
        re.compile(rb"(/(?:saved|sign-in|calendar)/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"),
        rb"\1SECRET",
        _STORED | {"refuse"},
    ),
)
HEADERS: Final = {
    "date": "the second in which it was sent",
    "set-cookie": "the session that a sign-in makes is random: only its name and attributes are compared",
}
_COOKIE: Final = re.compile(r"=[^;]*")


def headers(asked: RecordedRequest, answer: RecordedResponse, *, same_body: bool) -> list[str]:
    """The headers in order, as lines, without what depends on the time.

    Where the bodies differ only in what is random, their ETags and lengths differ as well.
    """
    lines = []
    for name, value in answer.headers:
        key = name.lower()
        if key == "date" or (not same_body and key in {"etag", "content-length"}):
            continue
        if key == "allow":  # a set, of which the order is another in every process
            value = ", ".join(sorted(value.split(", ")))
        if key == "connection" and value.lower() == "close":
            continue  # whether the server closes depends on what it had read
        if key == "set-cookie":
            value = _COOKIE.sub("=VALUE", value, count=1)
        lines.append(f"{name}: {text(asked, value.encode('latin-1')).decode('latin-1')}")
    return lines


def text(asked: RecordedRequest, body: bytes) -> bytes:
    """A body without what depends on the time."""
    for rule in RULES:
        if asked.phase in rule.phases and (not rule.path or asked.target.startswith(rule.path)):
            body = rule.pattern.sub(rule.instead, body)
    return body
