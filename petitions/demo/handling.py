"""The committees' steps in the demo, recorded through the real use cases, each on its day."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from petitions.corrections.acts import correct_step
from petitions.demo import checking
from petitions.demo.content import DemoPetition, ReferralStep
from petitions.durations import SATURDAY, local_day
from petitions.errors import ConfigurationError
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.acts.outcome import record_outcome
from petitions.lifecycle.acts.referral import record_step
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.procedures import Procedure, Step
from petitions.lifecycle.rules.steps import MEETINGS, OUTCOMES, StepInput

TUESDAY: Final = 1
HAND_OVER_AT: Final = time(13, 15)
MEETING_AT: Final = time(10, 30)


async def handle(
    service: Service,
    clerks: dict[str, int],
    colleagues: dict[str, int],
    petition_id: int,
    petition: DemoPetition,
    procedure: Procedure,
    *,
    now: datetime,
) -> None:
    """Record the steps of one petition's referral, in the order of their days. ``colleagues``: numbers by name."""
    last = date.min
    unchecked = petition.sample is not None
    for told in sorted(petition.referral, key=lambda step: -step.days_ago):
        if unchecked and told.step == "check_conditions":
            await checking.check_support(service, clerks, petition_id, petition, procedure, now=now)
            unchecked = False
        referral, step = await _next(service, petition_id, procedure, told)
        day = max(_working_day(local_day(now, procedure.body.zone) - timedelta(days=told.days_ago)), last)
        last = min(day, local_day(now, procedure.body.zone))
        moment = min(datetime.combine(last, time(11), procedure.body.zone), now)
        clerk = Clerk(clerks[referral["committee_slug"]], (referral["committee_slug"],))
        seen = SeenReferral(petition_id, referral["id"], referral["version"])
        facts = _facts(told, step, procedure, last, moment, now)
        if step.kind == "appoint_rapporteur" and told.person in colleagues:
            facts = replace(facts, rapporteur="", member=colleagues[told.person])
        act = record_outcome if step.kind in OUTCOMES else record_step
        await act(service, clerk, seen, step.code, facts, now=moment)
        if told.mistake:
            later = min(moment + timedelta(days=2), now)
            await _correct(service, clerk, replace(seen, version=seen.version + 1), facts, told, now=later)
    if unchecked:
        await checking.check_support(service, clerks, petition_id, petition, procedure, now=now)


async def _correct(
    service: Service, clerk: Clerk, seen: SeenReferral, facts: StepInput, told: ReferralStep, *, now: datetime
) -> None:
    """Correct the words that were wrong at first."""
    async with service.database.connection() as connection:
        event = await connection.fetchval(
            "select max(id) from event where petition_id = $1 and kind = 'step'", seen.petition_id
        )
    await correct_step(service, clerk, seen, event, replace(facts, text=told.text), reason=told.correction, now=now)


async def _next(service: Service, petition_id: int, procedure: Procedure, told: ReferralStep) -> tuple[Any, Step]:
    """The referral that this step belongs to: the oldest that has such a step and has not taken it yet."""
    async with service.database.connection() as connection:
        rows = await connection.fetch(
            "select r.id, r.version, r.committee_slug, r.threshold_code, array(select s.step_code from referral_step s"
            " where s.petition_id = r.petition_id and s.referral_id = r.id) as taken"
            " from referral r where r.petition_id = $1 order by r.id",
            petition_id,
        )
    for row in rows:
        for step in procedure.steps_for(row["threshold_code"]):
            if step.kind == told.step and (step.code not in row["taken"] or step.kind in MEETINGS):
                return row, step
    raise ConfigurationError(f"demo: {procedure.code} has no step {told.step} (left) for petition {petition_id}")


def working_day(now: datetime, zone: ZoneInfo, days_ago: int) -> date:
    """The day so many days ago, or the Monday after it if it is in a weekend; never later than today."""
    today = local_day(now, zone)
    return min(_working_day(today - timedelta(days=days_ago)), today)


def _working_day(day: date) -> date:
    return day if day.weekday() < SATURDAY else day + timedelta(days=7 - day.weekday())


def _facts(
    told: ReferralStep, step: Step, procedure: Procedure, day: date, moment: datetime, now: datetime
) -> StepInput:
    if step.kind in MEETINGS:
        at = _meeting_at(told, step, procedure, day, now)
        return StepInput(
            meeting="planned" if at > moment else "held",
            meeting_at=at,
            place=told.place,
            text=told.text,
            transcript=told.transcript,
            video=told.video,
        )
    admissible = None
    if step.kind == "admissibility":
        admissible = told.outcome_hint != "negative"
    follow_up = None
    if step.kind == "decide" and told.date_in_days is not None:
        follow_up = local_day(now, procedure.body.zone) + timedelta(days=told.date_in_days)
    return StepInput(
        happened_on=day,
        text=told.text.replace(told.instead_of, told.mistake) if told.mistake else told.text,
        respondent=told.person if step.kind in {"publish_response", "follow_up"} else "",
        document=told.document,
        link=told.link,
        rapporteur=told.person if step.kind == "appoint_rapporteur" else "",
        to=told.person if step.kind == "ask_response" else "",
        admissible=admissible,
        ground=told.ground,
        reasons=told.reasons or (told.text if step.kind in {"decide", "admissibility"} else ""),
        outcome=told.outcome,
        follow_up_on=follow_up,
    )


def _meeting_at(told: ReferralStep, step: Step, procedure: Procedure, day: date, now: datetime) -> datetime:
    if told.date_in_days is not None:
        day = local_day(now, procedure.body.zone) + timedelta(days=told.date_in_days)
    hour = MEETING_AT
    if step.kind == "hand_over":
        hour = HAND_OVER_AT
        ahead = (TUESDAY - day.weekday()) % 7
        day += timedelta(days=ahead if told.date_in_days and told.date_in_days > 0 else ahead - 7 if ahead else 0)
    return datetime.combine(_working_day(day), hour, procedure.body.zone)
