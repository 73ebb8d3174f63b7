"""The desk's tab of declared contacts. A module that a body can switch on."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.contacts import acts as contacts
from petitions.contacts.pages.form import read_contact, read_reason
from petitions.contacts.reads import read_contacts
from petitions.contacts.rules import HOW
from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.http.modules import demand
from petitions.http.state import form, language, now, number, read_number, redirect_after_post, today
from petitions.http.typed import messages, typed_day
from petitions.lifecycle.pages.referral_tabs import ReferralContext, clerk, here, load, tab_page
from petitions.lifecycle.pages.state import service

TOLD: Final = frozenset({"declared", "taken_back"})


async def page(request: Request) -> Response:
    """The declared contacts, and the form for a new one."""
    demand(request, "contacts")
    return await _page(request, await load(request))


async def act(request: Request) -> Response:
    """Declare a contact, or withdraw a wrong one."""
    demand(request, "contacts")
    before, values = await load(request), await form(request)
    ids = (before.petition.id, number(request))
    try:
        if values.get("act") == "take_back":
            wrong = read_number(values.get("number", ""))
            if wrong is None:
                raise NotFoundError("contact")
            reason, errors = read_reason(values, language(request))
            if errors:
                return await _page(request, before, values=values, errors=errors)
            await contacts.withdraw(service(request), clerk(request), *ids, wrong, reason=reason, now=now(request))
            return redirect_after_post(f"{here(request)}/contacts?done=taken_back")
        contact, errors = read_contact(values, language(request))
        if contact is None:
            return await _page(request, before, values=values, errors=errors)
        await contacts.declare(service(request), clerk(request), *ids, contact, now=now(request))
    except InvalidInputError as error:
        return await _page(request, before, values=values, errors=messages(language(request), error.fields))
    except ConflictError:
        return await _page(request, before, values=values, conflict=True)
    return redirect_after_post(f"{here(request)}/contacts?done=declared")


async def _page(
    request: Request,
    before: ReferralContext,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    conflict: bool = False,
) -> Response:
    done = request.query_params.get("done", "") if request.method == "GET" else ""
    return tab_page(
        request,
        before,
        "contacts",
        "contacts/desk.html",
        status=409 if conflict else 400 if errors else 200,
        contacts=await read_contacts(service(request).database, before.petition.id, referral_id=number(request)),
        ways=HOW,
        done=done if done in TOLD else "",
        conflict=conflict,
        values=values or {"met_on": typed_day(today(request, before.shown.zone))},
        errors=errors or {},
    )
