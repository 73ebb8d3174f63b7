"""When two addresses are one signatory, when a signature is accepted, and what its owner may still do with it."""

from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from petitions.durations import local_day
from petitions.lifecycle.rules.states import Stage

GRACE: Final = timedelta(hours=24)
"""How long after closing an earlier signature can still be confirmed (a mail may arrive late)."""

_DOTS_IGNORED: Final = frozenset({"gmail.com", "googlemail.com"})
_SAME_PROVIDER: Final = {"googlemail.com": "gmail.com"}


def canonical_email(address: str) -> str:
    """The canonical form of an address, which is the same for all spellings of one mailbox.

    Lower case, the domain in its ASCII form, without a ``+tag``; for Gmail also without dots, because Gmail delivers
    those to the same mailbox. The syntax of ``address`` has been checked. Mail is sent to the address as typed.
    """
    local, _, domain = address.strip().lower().rpartition("@")
    domain = _SAME_PROVIDER.get(_ascii(domain), _ascii(domain))
    local = local.partition("+")[0] or local
    if domain in _DOTS_IGNORED:
        local = local.replace(".", "")
    return f"{local}@{domain}"


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


def takes_signatures(stage: Stage, closes_at: datetime | None, now: datetime) -> bool:
    """Whether the public can sign at ``now``: open, and before the end of the last day in the body's time zone."""
    return stage == Stage.OPEN and (closes_at is None or now < closes_at)


def signing_ended_on(closed_at: datetime | None, closes_at: datetime | None, zone: ZoneInfo) -> date | None:
    """The last day on which people could sign, in the body's time zone; None while signing goes on.

    A petition that closes at midnight could be signed until the end of the day before.
    """
    if closed_at is None:
        return None
    in_time = closes_at is not None and closed_at >= closes_at
    return local_day(closes_at - timedelta(microseconds=1) if in_time and closes_at else closed_at, zone)


def takes_sponsors(stage: Stage, sponsors: int, maximum: int) -> bool:
    """Whether an invited sponsor can sign: before the petition is public, up to the procedure's maximum."""
    return stage in {Stage.SPONSORING, Stage.MODERATION} and sponsors < maximum


def confirmable(signed_at: datetime, closed_at: datetime | None, now: datetime) -> bool:
    """Whether a signature of ``signed_at`` can be confirmed: it was made before signing ended, at most 24 hours ago."""
    return closed_at is None or (signed_at <= closed_at and now < closed_at + GRACE)


def may_withdraw(stage: Stage, kind: str, closes_at: datetime | None, now: datetime) -> bool:
    """Whether a confirmed signature can be taken back: while signatures are collected, not later."""
    collecting = stage in {Stage.SPONSORING, Stage.MODERATION, Stage.OPEN}
    return kind != "initiator" and collecting and (closes_at is None or now < closes_at)


Confirmation = Literal["confirmed", "already", "withdrawn", "closed", "expired", "unknown"]
