"""One referral at the committee's desk: its dossier, and the steps that its clerks record."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.http.state import form, language, now, redirect_after_post, today
from petitions.http.typed import rule_errors, typed_day
from petitions.lifecycle.acts import outcome, referral
from petitions.lifecycle.pages.referral_tabs import ReferralContext, clerk, conflict, here, load, seen, tab_page
from petitions.lifecycle.pages.state import service
from petitions.lifecycle.pages.step_forms import fields_of, first_values, read_extension, read_step
from petitions.lifecycle.reads.desk import read_colleagues
from petitions.lifecycle.reads.referral import ShownReferral, ShownStep
from petitions.lifecycle.rules.slots import beginnings, next_days
from petitions.lifecycle.rules.steps import OUTCOMES


async def dossier(request: Request) -> Response:
    """One referral: the petition, the steps that the procedure requires, those recorded, and the form of one step."""
    found = await load(request)
    if not found.records:
        return await _page_of(request, found, None)
    chosen = _step(found.shown, request.query_params.get("step", ""))
    return await _page_of(request, found, chosen, extending="extend" in request.query_params)


def _step(shown: ShownReferral, code: str) -> ShownStep | None:
    return next((step for step in shown.possible if step.step.code == code), None)


async def _page_of(
    request: Request,
    found: ReferralContext,
    chosen: ShownStep | None,
    *,
    extending: bool = False,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    shown = found.shown
    if values is None and chosen is not None:
        last = chosen.last
        values = first_values(
            chosen.step.kind,
            today(request, shown.zone),
            last.data.get("meeting", "") if last else "",
            last.meeting_at.astimezone(shown.zone) if last and last.meeting_at else None,
            last.data.get("place", "") if last else "",
        )
        values |= _proposed(request, chosen, shown.zone)
    return tab_page(
        request,
        found,
        "",
        "lifecycle/referral/dossier.html",
        status=400 if errors else 200,
        chosen=chosen,
        fields=fields_of(chosen.step.kind) if chosen else (),
        members=await _members(request, found, chosen),
        slots=_slots(request, chosen, shown.zone),
        extending=extending,
        done=request.query_params.get("done", "") if request.method == "GET" else "",
        values=values or {},
        errors=_in_order(errors or {}, chosen),
    )


async def _members(request: Request, found: ReferralContext, chosen: ShownStep | None) -> tuple[tuple[int, str], ...]:
    """The members of the committee, for the step that appoints a rapporteur."""
    if chosen is None or chosen.step.kind != "appoint_rapporteur":
        return ()
    return (await read_colleagues(service(request).database, found.shown.view.committee_slug)).members


def _slots(request: Request, chosen: ShownStep | None, zone: ZoneInfo) -> list[tuple[date, tuple[datetime, ...]]]:
    """The next days and hours at which the body normally holds such a meeting, if it has any."""
    slot = chosen.step.slot if chosen else None
    if slot is None:
        return []
    return [(day, beginnings(slot, day, zone)) for day in next_days(slot, today(request, zone))]


def _proposed(request: Request, chosen: ShownStep, zone: ZoneInfo) -> dict[str, str]:
    """The day and time of the proposed slot that was clicked: in the address, so that it works without script."""
    asked = request.query_params.get("at", "")
    moments = [moment for _, found in _slots(request, chosen, zone) for moment in found]
    moment = next((one for one in moments if f"{one:%Y-%m-%dT%H:%M}" == asked), None)
    if moment is None:
        return {}
    return {"meeting": "planned", "meeting_day": typed_day(moment.date()), "meeting_time": f"{moment:%H:%M}"}


def _in_order(errors: Mapping[str, str], chosen: ShownStep | None) -> dict[str, str]:
    """The messages in the order of the fields, as the summary lists them."""
    order = fields_of(chosen.step.kind) if chosen else ()
    return dict(sorted(errors.items(), key=lambda entry: order.index(entry[0]) if entry[0] in order else 0))


async def record(request: Request) -> Response:
    """Record a step of the handling, or the decision and its follow-up."""
    values = await form(request)
    found = await load(request)
    code = values.get("step", "")
    chosen = next((step for step in found.shown.steps if step.step.code == code), None)
    if chosen is None:
        raise NotFoundError("step")
    typed = read_step(found.shown.procedure, chosen.step.kind, values, language(request))
    if typed.errors:
        return await _page_of(request, found, chosen, values=values, errors=typed.errors)
    store = outcome.record_outcome if chosen.step.kind in OUTCOMES else referral.record_step
    try:
        await store(service(request), clerk(request), seen(request, values), code, typed.facts, now=now(request))
    except InvalidInputError as error:
        errors = rule_errors(error.fields, language(request))
        return await _page_of(request, found, chosen, values=values, errors=errors)
    except ConflictError as error:
        return await conflict(request, error, [values.get(name, "") for name in ("text", "reasons", "reason")])
    return redirect_after_post(f"{here(request)}?done=step")


async def extend(request: Request) -> Response:
    """Extend the term: a later day and a public reason."""
    values = await form(request)
    found = await load(request)
    due_on, reason, errors = read_extension(values, language(request))
    if errors:
        return await _page_of(request, found, None, extending=True, values=values, errors=errors)
    try:
        await referral.extend(
            service(request),
            clerk(request),
            seen(request, values),
            due_on=due_on,
            reason=reason,
            now=now(request),
        )
    except InvalidInputError as error:
        errors = rule_errors(error.fields, language(request))
        return await _page_of(request, found, None, extending=True, values=values, errors=errors)
    except ConflictError as error:
        return await conflict(request, error, [values.get(name, "") for name in ("text", "reasons", "reason")])
    return redirect_after_post(f"{here(request)}?done=extended")
