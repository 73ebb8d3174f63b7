"""The tab for motions and votes at a committee's desk: the motions of a referral, their results, corrections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.http.modules import demand
from petitions.http.state import form, language, now, number, read_number, redirect_after_post, today
from petitions.lifecycle.pages.referral_tabs import ReferralContext, clerk, here, load, tab_page
from petitions.lifecycle.pages.state import service
from petitions.motions.acts import motions
from petitions.motions.acts.motions import SeenMotion
from petitions.motions.acts.parliament import store_seats
from petitions.motions.pages.motion_form import (
    KINDS,
    motion_values,
    names_field,
    read_motion,
    read_result,
    result_errors,
    result_values,
    told,
)
from petitions.motions.pages.seat_form import read_seated
from petitions.motions.reads.motions import MotionView, read_cases, read_motions, read_seats
from petitions.motions.rules.votes import CHOICES, NEWS_FOR, VoteKind, is_case

OPEN_DATA_OF = "nl-tweede-kamer"
"""The body whose open data can be imported."""


@dataclass(frozen=True, slots=True)
class _Form:
    """The form that is open: of a motion (new or known), of a result, of the seats, or none."""

    name: str = ""
    motion: MotionView | None = None
    kind: VoteKind = "parties"
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


async def index(request: Request) -> Response:
    """The motions of this referral, and the form that is open."""
    demand(request, "votes")
    before = await load(request)
    asked = request.query_params
    if not before.records:
        return await _page(request, before, _Form())
    if "motion" in asked:
        motion = await _motion(request, asked["motion"])
        return await _page(request, before, _Form("motion", motion, values=motion_values(motion)))
    if "vote" in asked:
        motion = await _motion(request, asked["vote"])
        kind: VoteKind = next((one for one in KINDS if one == asked.get("by")), motion.vote_kind or "parties")
        body = before.shown.procedure.body
        parties, _ = await read_seats(service(request).database, body.code, today(request, body.zone))
        values = result_values(motion, parties, today(request, body.zone))
        return await _page(request, before, _Form("vote", motion, kind, values))
    return await _page(request, before, _Form("motion" if "add" in asked else "seats" if "seats" in asked else ""))


async def _motion(request: Request, text: str) -> MotionView:
    """The motion of this referral with the number in ``text``. Raises NotFoundError."""
    found = await read_motions(service(request).database, number(request, "petition_id"))
    motion = next((one for one in found if one.id == read_number(text) and one.referral_id == number(request)), None)
    if motion is None:
        raise NotFoundError("motion")
    return motion


async def _page(request: Request, before: ReferralContext, opened: _Form, *, conflict: str = "") -> Response:
    database, body = service(request).database, before.shown.procedure.body
    day = today(request, body.zone)
    parties, members = await read_seats(database, body.code, opened.motion.voted_on or day if opened.motion else day)
    found = await read_motions(database, before.petition.id)
    return tab_page(
        request,
        before,
        "motions",
        "motions/desk.html",
        status=409 if conflict else 400 if opened.errors else 200,
        motions=[one for one in found if one.referral_id == before.shown.view.id],
        cases=[one for one in await read_cases(database, before.petition.id) if body.code == OPEN_DATA_OF],
        has_open_data=body.code == OPEN_DATA_OF,
        opened=opened,
        parties=[party for party in parties if party.active or opened.values.get(f"choice-{party.id}")],
        members=[member for member in members if member.is_member],
        choices=CHOICES,
        names_field=names_field,
        news_days=NEWS_FOR.days,
        conflict=conflict,
        done=request.query_params.get("done", "") if request.method == "GET" else "",
        values=dict(opened.values),
        errors=dict(opened.errors),
    )


async def store(request: Request) -> Response:
    """Record a new motion, or correct one."""
    demand(request, "votes")
    values = await form(request)
    before = await load(request)
    motion = await _motion(request, values["motion"]) if values.get("motion") else None
    typed = read_motion(values, language(request))
    opened = _Form("motion", motion, values=values, errors=typed.errors)
    if typed.errors:
        return await _page(request, before, opened)
    about = (service(request), clerk(request))
    try:
        if motion is None:
            petition_id = before.petition.id
            await motions.add_motion(*about, petition_id, number(request), typed.motion, now=now(request))
        else:
            seen = _seen(request, motion, values)
            await motions.correct_motion(*about, seen, typed.motion, reason=typed.reason, now=now(request))
    except InvalidInputError as error:
        wrong = told(language(request), error.fields)
        return await _page(request, before, _Form("motion", motion, values=values, errors=wrong))
    except ConflictError as error:
        return await _page(request, before, _Form(), conflict=error.reason)
    return redirect_after_post(f"{here(request)}/motions?done=motion")


def _seen(request: Request, motion: MotionView, values: Mapping[str, str]) -> SeenMotion:
    version = read_number(values.get("version", "")) or 0
    return SeenMotion(motion.petition_id, number(request), motion.id, min(version, 2**31 - 1))


async def vote(request: Request) -> Response:
    """Record the result of a motion, with the votes; or correct it."""
    demand(request, "votes")
    values = await form(request)
    before = await load(request)
    motion = await _motion(request, str(request.path_params["motion_id"]))
    kind: VoteKind = next((one for one in KINDS if one == values.get("by")), "parties")
    body = before.shown.procedure.body
    parties, members = await _voters(request, body.code, body.zone, values)
    typed = read_result(values, kind, parties, members, language(request))
    if typed.decided is None:
        return await _page(request, before, _Form("vote", motion, kind, values, typed.errors))
    seen = _seen(request, motion, values)
    try:
        await motions.record_vote(
            service(request), clerk(request), seen, typed.decided, reason=typed.reason, now=now(request)
        )
    except InvalidInputError as error:
        first = names_field("for") if kind == "roll_call" else f"choice-{parties[0].id}" if parties else "outcome"
        wrong = result_errors(error.fields, typed.decided, first, language(request))
        return await _page(request, before, _Form("vote", motion, kind, values, wrong))
    except ConflictError as error:
        return await _page(request, before, _Form(), conflict=error.reason)
    return redirect_after_post(f"{here(request)}/motions?done=vote#motion-{motion.id}")


async def _voters(request: Request, body: str, zone: Any, values: Mapping[str, str]) -> Any:
    """The parties and members on the day of the vote, if that day is valid."""
    typed = read_result(values, "none", (), (), language(request))
    day = typed.decided.voted_on if typed.decided else today(request, zone)
    return await read_seats(service(request).database, body, day)


async def link(request: Request) -> Response:
    """Link a case of the open data to this referral."""
    demand(request, "votes")
    values = await form(request)
    before = await load(request)
    if before.shown.procedure.body.code != OPEN_DATA_OF:
        raise NotFoundError("open data")
    case = values.get("case", "").strip().upper()
    if not is_case(case):
        wrong = told(language(request), {"case": "case_number"})
        return await _page(request, before, _Form("case", values=values, errors=wrong))
    await motions.link_case(
        service(request), clerk(request), before.petition.id, number(request), case, now=now(request)
    )
    return redirect_after_post(f"{here(request)}/motions?done=case")


async def seats(request: Request) -> Response:
    """Record the parties of the body, their seats and their members, if no open data has them."""
    demand(request, "votes")
    values = await form(request)
    before = await load(request)
    typed = read_seated(values, language(request))
    if typed.errors or typed.since is None:
        return await _page(request, before, _Form("seats", values=values, errors=typed.errors))
    await store_seats(service(request), before.shown.procedure.body.code, typed.seated, typed.since)
    return redirect_after_post(f"{here(request)}/motions?done=seats")
