"""The initiator's page of public questions, behind the management link."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, NotFoundError
from petitions.http.modules import demand
from petitions.http.state import form, language, now, read_number, redirect_after_post, render
from petitions.lifecycle.acts import drafting
from petitions.lifecycle.pages.managing import PERSONAL
from petitions.lifecycle.pages.state import link, service
from petitions.lifecycle.reads.referral import read_referrals, show
from petitions.questions import acts as questions
from petitions.questions.pages.form import read_question
from petitions.questions.reads import read_questions

TOLD: Final = frozenset({"asked", "answered"})


def done(request: Request) -> str:
    """The action that was just done, from the address after a form."""
    told = request.query_params.get("done", "") if request.method == "GET" else ""
    return told if told in TOLD else ""


async def own(request: Request) -> Response:
    """The initiator's page: every question of this petition, and the state of the initiator's own words."""
    demand(request, "questions")
    return await _own(request)


async def own_act(request: Request) -> Response:
    """Store the initiator's question or answer; a moderator must read it before it is published."""
    demand(request, "questions")
    found, values = link(request, "manage"), await form(request)
    text, _, errors = read_question(values, language(request))
    if errors:
        return await _own(request, values=values, errors=errors)
    try:
        if asked := read_number(values.get("question", "")):
            await questions.initiator_answers(service(request), found, asked, text=text, now=now(request))
            return redirect_after_post(
                f"/{language(request)}/manage/{request.path_params['token']}/questions?done=answered"
            )
        referral_id = read_number(values.get("referral", ""))
        if referral_id is None:
            raise NotFoundError("referral")
        await questions.initiator_asks(service(request), found, referral_id, text=text, now=now(request))
    except ConflictError as error:
        return await _own(request, values=values, conflict=error.reason)
    return redirect_after_post(f"/{language(request)}/manage/{request.path_params['token']}/questions?done=asked")


async def _own(
    request: Request,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    conflict: str = "",
) -> Response:
    running = service(request)
    petition = await drafting.managed(running, link(request, "manage"))
    views = await read_referrals(running.database, petition.id)
    found = await read_questions(running.database, petition.id, published=False)
    return render(
        request,
        "lifecycle/drafting/questions.html",
        status=409 if conflict else 400 if errors else 200,
        headers=PERSONAL,
        petition=petition,
        zone=petition.procedure.body.zone,
        referrals=[show(view, running.procedures, running.committees, now=now(request)) for view in views],
        committees=running.committees,
        questions=found,
        path=f"/{language(request)}/manage/{request.path_params['token']}",
        done=done(request),
        conflict=conflict,
        values=values or {},
        errors=errors or {},
    )
