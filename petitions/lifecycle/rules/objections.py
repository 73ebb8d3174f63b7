"""Who may refuse a petition and who may judge an objection: never one person alone where the rules require two.

Where a procedure requires a second reader, one moderator proposes a refusal and another agrees or sends it back. An
objection to a rejection is decided by somebody who took no part in that rejection.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from petitions.durations import Duration, local_day
from petitions.errors import ConflictError
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.states import Act

OBJECT_WITHIN: Final = Duration(days=14)
"""How long an initiator may object, where the procedure keeps the address for the answer that long."""


def check_refusing(act: Act, *, second_reader: bool, proposed_by: int | None, staff_id: int) -> None:
    """Raise ConflictError when ``act`` does not fit the state of a refusal, or this person may not do it.

    ``proposed_by`` is the moderator whose proposal is pending, None where there is none. The reasons:
    ``second_reader`` (two people are required), ``proposed`` (the pending proposal must be answered first),
    ``not_proposed`` (it was answered in the meantime), ``own_proposal`` (nobody may second their own proposal).
    """
    if act in {Act.AGREE, Act.SEND_BACK}:
        if proposed_by is None:
            raise ConflictError("not_proposed")
        if act == Act.AGREE and proposed_by == staff_id:
            raise ConflictError("own_proposal")
        return
    if act in {Act.ACCEPT, Act.REJECT, Act.PROPOSE} and proposed_by is not None:
        raise ConflictError("proposed")
    if act == Act.REJECT and second_reader:
        raise ConflictError("second_reader")
    if act == Act.PROPOSE and not second_reader:
        raise ConflictError("no_second_reader")


def last_day_to_object(procedure: Procedure, rejected_at: datetime) -> date:
    """The last day on which the initiator may object, in the body's time zone: before the address is deleted."""
    day = local_day(rejected_at, procedure.body.zone)
    return min(OBJECT_WITHIN.after(day), procedure.retention.contact.after(day))


def check_objecting(procedure: Procedure, *, objected: bool, rejected_at: datetime, now: datetime) -> None:
    """Raise ConflictError for a second objection to the same rejection, and for a late one."""
    if objected:
        raise ConflictError("objected")
    if local_day(now, procedure.body.zone) > last_day_to_object(procedure, rejected_at):
        raise ConflictError("too_late_to_object")


def may_judge(staff_id: int, refused_by: Collection[int]) -> bool:
    """Whether somebody may decide on an objection: nobody who refused the petition or proposed to."""
    return staff_id not in refused_by


def people_needed(*, second_reader: bool) -> int:
    """How many moderators are needed so that one of them can judge an objection to a refusal by the others."""
    return 3 if second_reader else 2
