"""Signing in at a desk: request a link by mail, press the button behind it, and sign out again.

The cookie is SameSite=Lax, not Strict: mails to moderators and clerks link to their desks, and a browser holds a
Strict cookie back on the first page that is opened from a mail, so that everybody would have to sign in each time.
Nothing is lost by it: a GET at a desk changes nothing, and unsafe requests from elsewhere carry no Lax cookie and are
refused by ``safeguards.SameOrigin`` as well.
"""

import asyncio
import time
from typing import Final

from pydantic import BaseModel, Field, create_model
from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError
from petitions.http.forms import Email, check
from petitions.http.state import form, language, now, redirect_after_post, render
from petitions.lifecycle.pages.guard import cookie_name
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.rules.roles import Colleague
from petitions.staff.acts import sessions as staff

SignIn: Final[type[BaseModel]] = create_model("SignIn", email=(Email, Field(default="", validate_default=True)))

ANSWER_AFTER: Final = 0.2
"""Seconds. Queueing a mail takes a commit longer than finding nobody, which must not reveal who works here."""


async def sign_in_form(request: Request) -> Response:
    """The form for the work address; in the demo, it lists whom to use and where the mail arrives."""
    return await _ask(request, {}, {})


async def ask_link(request: Request) -> Response:
    """Mail a link, if somebody works here with this address. The response does not reveal whether that is so."""
    values = await form(request)
    checked = check(SignIn, values)
    if checked.problems:
        return await _ask(request, values, checked.errors(language(request)), status=400)
    began = time.monotonic()
    await staff.ask_link(service(request), checked.facts["email"], now=now(request))
    await asyncio.sleep(max(0.0, ANSWER_AFTER - (time.monotonic() - began)))
    return render(
        request,
        "staff/check_mail.html",
        email=checked.facts["email"],
        sender=app_state(request).sender,
        minutes=int(staff.LINK_LASTS.total_seconds() // 60),
    )


async def _ask(request: Request, values: dict[str, str], errors: dict[str, str], *, status: int = 200) -> Response:
    people = await staff.people(service(request)) if app_state(request).demo else ()
    return render(
        request,
        "staff/sign_in.html",
        status=status,
        values=values,
        errors=errors,
        people=people,
        committees=service(request).committees,
    )


async def link_form(request: Request) -> Response:
    """The page behind the link: a button, because mail scanners open links."""
    return render(request, "staff/link.html", failed=False)


async def sign_in(request: Request) -> Response:
    """Use the link: start a session, end an older one of this browser, and redirect to the person's desk."""
    try:
        secret = await staff.sign_in(service(request), str(request.path_params["token"]), now=now(request))
    except ConflictError:
        return render(request, "staff/link.html", status=409, failed=True)
    if old := request.cookies.get(cookie_name(request)):
        await staff.sign_out(service(request), old)
    someone = await staff.session_person(service(request), secret, now(request))
    response = redirect_after_post(_desk_of(someone))
    response.set_cookie(
        cookie_name(request),
        secret,
        path="/",
        secure=app_state(request).public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    return response


def _desk_of(someone: Colleague | None) -> str:
    """The desk of a person: for moderators and administrators the queue, for others the desk of their committee."""
    if someone is None or someone.is_moderator or someone.is_administrator:
        return "/staff"
    return "/committee" if someone.committees or someone.sits_on else "/staff"


async def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    name = cookie_name(request)
    if secret := request.cookies.get(name):
        await staff.sign_out(service(request), secret)
    response = redirect_after_post("/staff/sign-in")
    response.delete_cookie(name, path="/", secure=name.startswith("__Host-"), httponly=True, samesite="lax")
    return response
