"""The pages of a signatory: sign, the request to check the mail, confirm with a button, and the own signature."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, NotFoundError
from petitions.http.forms import Checked, Problem
from petitions.http.page_cache.templates import placeholder
from petitions.http.state import form, language, now, number, personal, redirect_after_post, render, today
from petitions.lifecycle.acts import signing
from petitions.lifecycle.acts.signable import SignablePetition
from petitions.lifecycle.pages.person_form import FIELDS, check_person
from petitions.lifecycle.pages.petition import load_view
from petitions.lifecycle.pages.state import app_state, link, service
from petitions.lifecycle.rules.eligibility import Person, failures
from petitions.lifecycle.rules.signing import takes_signatures, takes_sponsors
from petitions.lifecycle.rules.states import PUBLIC
from petitions.security.tokens import Link

NOT_KEPT: Final = {"Cache-Control": "no-store"}
PERSONAL: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
LATE: Final = timedelta(minutes=2)
SENT_AGAIN: Final = FIELDS | {"show_name", "wants_news", "website"}
"""The fields that the button "send again" repeats: those of the form, and nothing else of the request."""


def check(petition: SignablePetition, values: Mapping[str, str], day: date) -> Checked:
    """Validate a signatory's answers, and check the conditions that they decide."""
    checked = check_person(petition.procedure, values)
    if checked.problems:
        return checked
    facts = checked.facts
    person = Person(
        birth_date=date.fromisoformat(facts["birth_date"]) if "birth_date" in facts else None,
        declared=facts.get("declaration") == "yes",
    )
    failed = failures(petition.procedure.signer.conditions, person, day)
    if not failed:
        return checked
    first = failed[0]
    if first.name == "min_age" and isinstance(first.value, int):
        return Checked(facts, {"birth_date": Problem("min_age", first.value)})
    return Checked(facts, {"declaration": Problem("not_eligible")})


async def sign_form(request: Request) -> Response:
    """The form on its own page, for links and embeds."""
    petition = await _signable(request)
    return render(request, "lifecycle/signing/sign.html", nav="petitions", petition=petition, values={}, errors={})


async def sign(request: Request) -> Response:
    """Record a signature; the response does not reveal whether the address signed before."""
    petition = await _signable(request)
    return await _record(
        request,
        petition,
        "signatory",
        "lifecycle/signing/sign.html",
        f"/{language(request)}/petitions/{petition.id}/sign",
    )


async def _signable(request: Request) -> SignablePetition:
    """The petition in the path while it can be signed. Raises NotFoundError for one that is not public (yet)."""
    petition = await signing.known_petition(service(request), number(request))
    if petition.stage not in PUBLIC:
        raise NotFoundError("petition")
    if not takes_signatures(petition.stage, petition.closes_at, now(request)):
        raise ConflictError("closed")
    return petition


async def _record(request: Request, petition: SignablePetition, kind: str, template: str, action: str) -> Response:
    values = await form(request)
    checked = check(petition, values, today(request, petition.procedure.body.zone))
    if checked.problems:
        return render(
            request,
            template,
            status=400,
            nav="petitions",
            petition=petition,
            action=action,
            values=values,
            errors=checked.errors(language(request)),
        )
    if not values.get("website"):  # a field that people do not see: what fills it in is a machine
        await signing.sign(
            service(request),
            petition,
            checked.facts,
            show_name="show_name" in values and petition.procedure.names.signer == "choice",
            wants_news="wants_news" in values,
            language=language(request),
            now=now(request),
            kind=kind,
        )
    return await _check_mail(request, petition, action, values, checked.facts["email"])


def late_minutes(delay: timedelta) -> int:
    """By how many minutes mail is late under heavy load, so that the page can say so; 0 while nobody would notice."""
    return math.ceil(delay / timedelta(minutes=1)) if delay >= LATE else 0


async def _check_mail(
    request: Request, petition: SignablePetition, action: str, values: Mapping[str, str], email: str
) -> Response:
    """The page that asks to check the mail, with the typed address and a button to send it again."""
    minutes = late_minutes(app_state(request).counters.mail_delay)
    again = {name: value for name, value in values.items() if name in SENT_AGAIN}

    async def context() -> dict[str, Any]:
        return {
            "nav": "petitions",
            "remind_after_days": petition.remind_after_days,
            "forget_after_days": petition.forget_after_days,
            "action": placeholder("action"),
            "email": placeholder("email"),
            "values": {name: placeholder(f"again_{name}") for name in again},
            "sender": app_state(request).sender,
            "late_minutes": minutes,
        }

    fill = {f"again_{name}": value for name, value in again.items()} | {"action": action, "email": email}
    key = (
        petition.remind_after_days,
        petition.forget_after_days,
        minutes,
        tuple(again),
    )  # it is the same for all petitions
    return await personal(request, "lifecycle/signing/check_mail.html", key, fill, context, headers=NOT_KEPT)


async def sponsor_form(request: Request) -> Response:
    """The page of a private invitation: the text of a petition that is not public yet, and the form to support it."""
    petition = await _invited(request)
    return render(
        request,
        "lifecycle/sponsoring/sponsor.html",
        petition=petition,
        action=request.scope["path"],
        open_to_sponsors=takes_sponsors(petition.stage, petition.sponsors, petition.sponsors_maximum),
        values={},
        errors={},
        headers=PERSONAL,
    )


async def sponsor(request: Request) -> Response:
    """Record a sponsor's signature."""
    petition = await _invited(request)
    if not takes_sponsors(petition.stage, petition.sponsors, petition.sponsors_maximum):
        raise ConflictError("closed")
    return await _record(request, petition, "sponsor", "lifecycle/sponsoring/sponsor.html", request.scope["path"])


async def _invited(request: Request) -> SignablePetition:
    found = link(request, "sponsor")
    petition = await signing.petition_for_signing(service(request), found.petition_id)
    if petition.sponsor_key != found.key:
        raise ConflictError("link_replaced")
    return petition


async def confirm_form(request: Request) -> Response:
    """The page behind the link in the mail: it changes nothing, because mail scanners open links."""
    found = link(request, "confirm")
    outcome = await signing.look_up(service(request), found, now=now(request))
    return await _confirm_page(request, found, outcome, pressed=False)


async def confirm(request: Request) -> Response:
    """Confirm a signature. Pressing the button again is harmless."""
    found = link(request, "confirm")
    outcome = await signing.confirm(service(request), found, now=now(request))
    return await _confirm_page(request, found, outcome, pressed=True)


async def _confirm_page(
    request: Request, found: Link, outcome: signing.ConfirmationResult, *, pressed: bool
) -> Response:
    petition = await signing.known_petition(service(request), found.petition_id)
    if outcome.state == "already" or (pressed and outcome.state == "confirmed"):
        return await _confirmed_page(request, petition, found, outcome)
    if outcome.state == "confirmed":

        async def context() -> dict[str, Any]:
            return {"title": placeholder("title"), "title_language": placeholder("title_language"), "outcome": outcome}

        fill = {"title": petition.title, "title_language": petition.language}
        return await personal(request, "lifecycle/signing/confirm.html", "", fill, context, headers=PERSONAL)
    statuses = {"unknown": 404, "expired": 410, "withdrawn": 410, "closed": 409}
    return render(
        request,
        "lifecycle/signing/confirm.html",
        status=statuses[outcome.state],
        petition=petition,
        outcome=outcome,
        headers=PERSONAL,
    )


async def _confirmed_page(
    request: Request, petition: SignablePetition, found: Link, outcome: signing.ConfirmationResult
) -> Response:
    """The confirmation: the number of the signature, and the link to its own page."""
    fill = {"own_link": service(request).tokens.make("signature", found.petition_id, found.key)}
    if outcome.number:
        fill["number"] = app_state(request).pages.number(language(request), outcome.number)

    async def context() -> dict[str, Any]:
        public = petition.stage in PUBLIC and outcome.kind != "sponsor"
        shown = await load_view(request, petition.id) if public else None
        return {
            "petition": petition,
            "outlook": shown.outlook if shown else (),
            "closes_on": shown.petition.closes_on if shown else None,
            "state": outcome.state,
            "kind": outcome.kind,
            "number": placeholder("number") if outcome.number else "",
            "own_link": placeholder("own_link"),
        }

    key = (petition.id, outcome.state, outcome.kind, bool(outcome.number))
    return await personal(request, "lifecycle/signing/confirmed.html", key, fill, context, headers=PERSONAL)


async def own_signature(request: Request) -> Response:
    """The personal page of a signature: see it, change the choices, withdraw it, erase it."""
    own = await signing.own_signature(service(request), link(request, "signature"), now=now(request))
    return render(request, "lifecycle/signing/own.html", own=own, petition=own.petition, sure="", headers=PERSONAL)


async def change_own_signature(request: Request) -> Response:
    """Change the choices, withdraw or erase; the last two need a second confirmation."""
    found = link(request, "signature")
    values = await form(request)
    act = values.get("act", "")
    own = await signing.own_signature(service(request), found, now=now(request))
    if act in {"withdraw", "erase"} and values.get("sure") != "yes":
        return render(request, "lifecycle/signing/own.html", own=own, petition=own.petition, sure=act, headers=PERSONAL)
    if act == "withdraw":
        await signing.withdraw(service(request), found, now=now(request))
        return render(request, "lifecycle/signing/gone.html", petition=own.petition, act=act, headers=PERSONAL)
    if act == "erase":
        await signing.erase(service(request), found)
        return render(request, "lifecycle/signing/gone.html", petition=own.petition, act=act, headers=PERSONAL)
    await signing.choose(
        service(request),
        found,
        show_name="show_name" in values and own.petition.procedure.names.signer == "choice",
        wants_news="wants_news" in values,
    )
    return redirect_after_post(request.scope["path"])


async def unsubscribe_form(request: Request) -> Response:
    """The page behind the link at the end of a news mail: a button, because mail scanners open links."""
    found = link(request, "unsubscribe")
    petition = await signing.petition_for_signing(service(request), found.petition_id)
    return render(request, "lifecycle/signing/unsubscribe.html", petition=petition, done=False, headers=PERSONAL)


async def unsubscribe(request: Request) -> Response:
    """Stop news mails, by the button or by the one-click request of a mail program (RFC 8058)."""
    found = link(request, "unsubscribe")
    petition = await signing.petition_for_signing(service(request), found.petition_id)
    await signing.stop_news(service(request), found)
    return render(request, "lifecycle/signing/unsubscribe.html", petition=petition, done=True, headers=PERSONAL)
