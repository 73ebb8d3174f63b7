"""Who is the same signatory, and until when a signature is accepted, confirmed or taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from petitions.lifecycle.rules.signing import (
    canonical_email,
    confirmable,
    may_withdraw,
    takes_signatures,
    takes_sponsors,
)
from petitions.lifecycle.rules.states import Stage

CLOSES = datetime(2026, 9, 2, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("Jan@Voorbeeld.NL", "jan@voorbeeld.nl"),
        (" jan@voorbeeld.nl ", "jan@voorbeeld.nl"),
        ("jan+petitie@voorbeeld.nl", "jan@voorbeeld.nl"),
        ("j.a.n@gmail.com", "jan@gmail.com"),
        ("j.a.n+x@googlemail.com", "jan@gmail.com"),
        ("j.a.n@voorbeeld.nl", "j.a.n@voorbeeld.nl"),
        ("+jan@voorbeeld.nl", "+jan@voorbeeld.nl"),
        ("jan@bücher.example", "jan@xn--bcher-kva.example"),
    ],
)
def test_two_spellings_of_one_mailbox_are_one(typed: str, canonical: str) -> None:
    assert canonical_email(typed) == canonical


@pytest.mark.parametrize(
    ("stage", "closes_at", "now", "open_"),
    [
        (Stage.OPEN, CLOSES, CLOSES - timedelta(seconds=1), True),
        (Stage.OPEN, CLOSES, CLOSES, False),
        (Stage.OPEN, None, CLOSES, True),
        (Stage.CLOSED, None, CLOSES, False),
        (Stage.MODERATION, None, CLOSES, False),
    ],
)
def test_signing_ends_with_the_last_day(stage: Stage, closes_at: datetime | None, now: datetime, open_: bool) -> None:
    assert takes_signatures(stage, closes_at, now) == open_


@pytest.mark.parametrize(
    ("signed", "now", "counts"),
    [
        (CLOSES - timedelta(minutes=1), CLOSES + timedelta(hours=23, minutes=59), True),
        (CLOSES - timedelta(minutes=1), CLOSES + timedelta(hours=24), False),
        (CLOSES + timedelta(minutes=1), CLOSES + timedelta(minutes=2), False),
    ],
)
def test_late_mail_is_given_a_day(signed: datetime, now: datetime, counts: bool) -> None:
    assert confirmable(signed, CLOSES, now) == counts


def test_initiator_cannot_take_the_first_signature_back() -> None:
    assert not may_withdraw(Stage.OPEN, "initiator", None, CLOSES)
    assert may_withdraw(Stage.OPEN, "signatory", None, CLOSES)
    assert not may_withdraw(Stage.CLOSED, "signatory", None, CLOSES)


def test_sponsors_up_to_the_maximum() -> None:
    assert takes_sponsors(Stage.SPONSORING, 19, 20)
    assert not takes_sponsors(Stage.SPONSORING, 20, 20)
    assert not takes_sponsors(Stage.OPEN, 1, 20)
