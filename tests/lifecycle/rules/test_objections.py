"""Refusals by two and objections: who may do what, until when; every combination is said."""

from datetime import UTC, date, datetime

import pytest

from petitions.durations import Duration, local_day
from petitions.errors import ConflictError
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.objections import (
    OBJECT_WITHIN,
    check_objecting,
    check_refusing,
    last_day_to_object,
    may_judge,
    people_needed,
)
from petitions.lifecycle.rules.states import Act

PROCEDURES = load_procedures()
HOUSE = PROCEDURES["nl-kamer-petitie", 1]
ME, OTHER = 1, 2
REJECTED_AT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # past midnight in Amsterdam


@pytest.mark.parametrize(
    ("act", "second_reader", "proposed_by", "reason"),
    [
        (Act.REJECT, False, None, None),
        (Act.REJECT, True, None, "second_reader"),
        (Act.REJECT, True, OTHER, "proposed"),
        (Act.PROPOSE, True, None, None),
        (Act.PROPOSE, False, None, "no_second_reader"),
        (Act.PROPOSE, True, OTHER, "proposed"),
        (Act.PROPOSE, True, ME, "proposed"),
        (Act.ACCEPT, True, None, None),
        (Act.ACCEPT, False, None, None),
        (Act.ACCEPT, True, OTHER, "proposed"),
        (Act.AGREE, True, OTHER, None),
        (Act.AGREE, True, ME, "own_proposal"),
        (Act.AGREE, True, None, "not_proposed"),
        (Act.SEND_BACK, True, OTHER, None),
        (Act.SEND_BACK, True, ME, None),
        (Act.SEND_BACK, True, None, "not_proposed"),
        (Act.REMOVE, True, None, None),
    ],
)
def test_who_may_refuse(act: Act, second_reader: bool, proposed_by: int | None, reason: str | None) -> None:
    if reason is None:
        check_refusing(act, second_reader=second_reader, proposed_by=proposed_by, staff_id=ME)
        return
    with pytest.raises(ConflictError) as caught:
        check_refusing(act, second_reader=second_reader, proposed_by=proposed_by, staff_id=ME)
    assert caught.value.reason == reason


def test_objecting_ends_with_the_last_day_by_the_clock_of_the_body() -> None:
    assert last_day_to_object(HOUSE, REJECTED_AT) == date(2026, 3, 17)
    last_minute = datetime(2026, 3, 17, 22, 59, tzinfo=UTC)
    check_objecting(HOUSE, objected=False, rejected_at=REJECTED_AT, now=last_minute)
    with pytest.raises(ConflictError, match="too_late_to_object"):
        check_objecting(HOUSE, objected=False, rejected_at=REJECTED_AT, now=datetime(2026, 3, 17, 23, tzinfo=UTC))


def test_one_objects_once() -> None:
    with pytest.raises(ConflictError, match="objected"):
        check_objecting(HOUSE, objected=True, rejected_at=REJECTED_AT, now=REJECTED_AT)


def test_nobody_judges_an_objection_to_their_own_refusal() -> None:
    assert may_judge(ME, {OTHER})
    assert not may_judge(ME, {OTHER, ME})


def test_the_address_for_the_answer_is_kept_as_long_as_one_may_object() -> None:
    for procedure in PROCEDURES.values():
        day = local_day(REJECTED_AT, procedure.body.zone)
        assert day <= last_day_to_object(procedure, REJECTED_AT) <= procedure.retention.contact.after(day)


def test_two_weeks_is_what_help_and_mail_say() -> None:
    assert Duration(days=14) == OBJECT_WITHIN


def test_a_desk_needs_one_person_more_than_a_refusal() -> None:
    assert people_needed(second_reader=False) == 2
    assert people_needed(second_reader=True) == 3
