"""The rules of signing at their boundaries: the last moment that counts and the first that does not."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from petitions.lifecycle.rules.signing import confirmable, may_withdraw, signing_ended_on, takes_sponsors
from petitions.lifecycle.rules.states import Stage

ZONE = ZoneInfo("Europe/Amsterdam")
CLOSES = datetime(2026, 9, 2, 22, 0, tzinfo=UTC)  # the midnight after 2 September in Amsterdam
INSTANT = timedelta(microseconds=1)
COLLECTING = {Stage.SPONSORING, Stage.MODERATION, Stage.OPEN}


@pytest.mark.parametrize("stage", list(Stage))
def test_a_signature_is_taken_back_while_they_are_collected(stage: Stage) -> None:
    assert may_withdraw(stage, "signatory", None, CLOSES) == (stage in COLLECTING)
    assert not may_withdraw(stage, "initiator", None, CLOSES)


def test_no_signature_is_taken_back_after_the_last_day() -> None:
    assert may_withdraw(Stage.OPEN, "signatory", CLOSES, CLOSES - INSTANT)
    assert not may_withdraw(Stage.OPEN, "signatory", CLOSES, CLOSES)
    assert not may_withdraw(Stage.OPEN, "signatory", CLOSES, CLOSES + INSTANT)


@pytest.mark.parametrize("stage", list(Stage))
def test_sponsors_sign_before_the_petition_is_public_up_to_the_maximum(stage: Stage) -> None:
    assert takes_sponsors(stage, 4, 5) == (stage in {Stage.SPONSORING, Stage.MODERATION})
    assert not takes_sponsors(stage, 5, 5)
    assert not takes_sponsors(stage, 6, 5)


def test_what_was_signed_in_the_last_instant_is_confirmed_within_the_day() -> None:
    assert confirmable(CLOSES, CLOSES, CLOSES + timedelta(hours=24) - INSTANT)
    assert not confirmable(CLOSES, CLOSES, CLOSES + timedelta(hours=24))
    assert not confirmable(CLOSES + INSTANT, CLOSES, CLOSES + timedelta(hours=1))
    assert confirmable(CLOSES, None, CLOSES + timedelta(days=400))


def test_the_last_day_of_signing_is_the_one_that_ended_at_midnight() -> None:
    assert signing_ended_on(None, CLOSES, ZONE) is None
    last = signing_ended_on(CLOSES, CLOSES, ZONE)
    assert last is not None
    assert last.isoformat() == "2026-09-02"
    assert signing_ended_on(CLOSES + timedelta(minutes=5), CLOSES, ZONE) == last
    early = signing_ended_on(CLOSES - timedelta(days=3), CLOSES, ZONE)
    assert early is not None
    assert early.isoformat() == "2026-08-31"
    assert signing_ended_on(CLOSES, None, ZONE) == last + timedelta(days=1)
