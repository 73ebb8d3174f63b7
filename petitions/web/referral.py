"""The committee's desk: its referrals by state and due day, the dossier of one, and the steps that are recorded."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.life import outcome, referral
from petitions.reading.committees import TABS, Tab, add_up, read_counts, read_list
from petitions.reading.referral import ShownReferral, ShownStep
from petitions.rules.referral import StepRefusedError
from petitions.rules.steps import OUTCOMES
from petitions.web.edge import form, language, now, render, see, service, staff, today
from petitions.web.rooms import Before, clerk, here, load, room, seen
from petitions.web.step_forms import fields_of, first_values, read_extension, read_step, rule_errors

LAST_PAGE: Final = 10_000
LARGEST_VERSION: Final = 2**31 - 1


async def desk(request: Request) -> Response:
    """The referrals of the clerk's committees, overdue first; by tab, and of one committee where it is chosen."""
    mine = staff(request).committees
    asked = request.query_params.get("committee", "")
    chosen = asked if asked in mine else ""
    tab: Tab = next((tab for tab in TABS if tab == request.query_params.get("show")), "todo")
    counts = await read_counts(service(request).database, [chosen] if chosen else mine)
    found = await read_list(
        service(request).database,
        service(request).procedures,
        service(request).committees,
        [chosen] if chosen else mine,
        tab,
        page=_page(request),
        now=now(request),
    )
    return render(
        request,
        "referral/desk.html",
        nav="referrals",
        found=found,
        tab=tab,
        counts=add_up(counts),
        chosen=chosen,
        committees=[service(request).committees[slug] for slug in mine],
        address=lambda tab: _address(tab, chosen, 1),
        page_link=lambda page: _address(tab, chosen, page),
    )


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return min(max(1, int(text[:6])), LAST_PAGE) if text.isascii() and text.isdigit() else 1


def _address(tab: str, committee: str, page: int) -> str:
    query = {"show": tab if tab != "todo" else "", "committee": committee, "page": str(page) if page > 1 else ""}
    text = urlencode({name: value for name, value in query.items() if value})
    return f"/committee?{text}" if text else "/committee"


async def dossier(request: Request) -> Response:
    """One referral: the petition, what the procedure demands, what was done, and the form of the chosen step."""
    found = await load(request)
    chosen = _step(found.shown, request.query_params.get("step", ""))
    return _page_of(request, found, chosen, extending="extend" in request.query_params)


def _step(shown: ShownReferral, code: str) -> ShownStep | None:
    return next((step for step in shown.possible if step.step.code == code), None)


def _page_of(
    request: Request,
    found: Before,
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
    return room(
        request,
        found,
        "",
        "referral/dossier.html",
        status=400 if errors else 200,
        chosen=chosen,
        fields=fields_of(chosen.step.kind) if chosen else (),
        extending=extending,
        done=request.query_params.get("done", "") if request.method == "GET" else "",
        values=values or {},
        errors=_in_order(errors or {}, chosen),
    )


def _in_order(errors: Mapping[str, str], chosen: ShownStep | None) -> dict[str, str]:
    """The messages in the order of the fields, as the summary lists them."""
    order = fields_of(chosen.step.kind) if chosen else ()
    return dict(sorted(errors.items(), key=lambda entry: order.index(entry[0]) if entry[0] in order else 0))


async def record(request: Request) -> Response:
    """Record a step of the handling, or the decision and what came of it."""
    values = await form(request)
    found = await load(request)
    code = values.get("step", "")
    chosen = next((step for step in found.shown.steps if step.step.code == code), None)
    if chosen is None:
        raise NotFoundError("step")
    typed = read_step(found.shown.procedure, chosen.step.kind, values, language(request))
    if typed.errors:
        return _page_of(request, found, chosen, values=values, errors=typed.errors)
    store = outcome.record_outcome if chosen.step.kind in OUTCOMES else referral.record_step
    try:
        await store(service(request), clerk(request), seen(request, values), code, typed.facts, now=now(request))
    except InvalidInputError as error:
        errors = rule_errors(error.fields, language(request))
        return _page_of(request, found, chosen, values=values, errors=errors)
    except ConflictError as error:
        return await _conflict(request, error, values)
    return see(f"{here(request)}?done=step")


async def extend(request: Request) -> Response:
    """Take more time: a later day and a public reason."""
    values = await form(request)
    found = await load(request)
    due_on, reason, errors = read_extension(values, language(request))
    if errors:
        return _page_of(request, found, None, extending=True, values=values, errors=errors)
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
        return _page_of(request, found, None, extending=True, values=values, errors=errors)
    except ConflictError as error:
        return await _conflict(request, error, values)
    return see(f"{here(request)}?done=extended")


async def _conflict(request: Request, error: ConflictError, values: Mapping[str, str]) -> Response:
    """A colleague was first, or the step is out of order: why, the present state, and what was typed."""
    found = await load(request)
    waits_for = error.waits_for if isinstance(error, StepRefusedError) else None
    typed = [values[name] for name in ("text", "reasons", "reason") if values.get(name, "").strip()]
    return render(
        request,
        "referral/conflict.html",
        status=409,
        nav="referrals",
        petition=found.petition,
        shown=found.shown,
        reason=error.reason,
        waits_for=waits_for,
        typed=typed,
        here=here(request),
    )
