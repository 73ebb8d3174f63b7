"""The tab of public questions at the committee's desk: ask the initiator, answer, and read all of them."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, InvalidInputError
from petitions.http.modules import demand
from petitions.http.state import form, language, now, number, read_number, redirect_after_post
from petitions.http.typed import messages
from petitions.lifecycle.acts.handling import Clerk
from petitions.lifecycle.pages.referral_tabs import ReferralContext, here, load, tab_page
from petitions.lifecycle.pages.state import service, staff
from petitions.questions import acts as questions
from petitions.questions.pages.form import read_question
from petitions.questions.pages.initiator import done
from petitions.questions.reads import read_questions


async def page(request: Request) -> Response:
    """The questions and answers, and the forms."""
    demand(request, "questions")
    return await _page(request, await load(request))


async def act(request: Request) -> Response:
    """Ask the initiator something, or answer; published at once. A member can only write in their own name."""
    demand(request, "questions")
    before, values = await load(request), await form(request)
    text, answer_by, errors = read_question(values, language(request))
    if errors:
        return await _page(request, before, values=values, errors=errors)
    speaker = Clerk(staff(request).id, (before.shown.committee.slug,))  # their committee has this referral
    rapporteur = before.shown.view.rapporteur if values.get("speaker") == "rapporteur" else None
    name = rapporteur or before.shown.committee.name[before.petition.language]
    if not before.records:
        name = staff(request).name
    ids = (before.petition.id, number(request))
    told: dict[str, Any] = {"text": text, "name": name, "now": now(request)}
    asked = read_number(values.get("question", ""))
    try:
        if asked:
            await questions.committee_answers(service(request), speaker, *ids, asked, **told)
        else:
            await questions.committee_asks(service(request), speaker, *ids, answer_by=answer_by, **told)
    except InvalidInputError as error:
        return await _page(request, before, values=values, errors=messages(language(request), error.fields))
    except ConflictError as error:
        return await _page(request, await load(request), values=values, conflict=error.reason)
    return redirect_after_post(f"{here(request)}/questions?done={'answered' if asked else 'asked'}")


async def _page(
    request: Request,
    before: ReferralContext,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    conflict: str = "",
) -> Response:
    found = await read_questions(
        service(request).database, before.petition.id, referral_id=number(request), published=False
    )
    return tab_page(
        request,
        before,
        "questions",
        "questions/desk.html",
        status=409 if conflict else 400 if errors else 200,
        questions=[one for one in found if one.asked.state == "published"],
        waiting=sum(one.asked.state == "waiting" for one in found),
        zone=before.shown.zone,
        done=done(request),
        conflict=conflict,
        values=values or {},
        errors=errors or {},
    )
