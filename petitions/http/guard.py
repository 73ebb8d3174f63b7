"""Who may come in where: every route names its role, and the guard lets nobody else in. There is no default.

``everyone``: the public. ``holder``: whoever holds the personal link in the path. ``staff``, ``moderator``, ``clerk``
(records for a committee), ``committee`` (its clerks and members), ``administrator``: people with a session at a desk.
``demo``: the public, in the demonstration only. ``demo or staff``: the public in the demonstration, elsewhere people
with a session. Which committee it is, a page about one referral asks as well: see :func:`committees`.
"""

from collections.abc import Awaitable, Callable
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ForbiddenError, NotFoundError
from petitions.http.state import Person, app_state, now, redirect_after_post, service, staff
from petitions.staff.acts.sessions import session_person

Role = Literal[
    "everyone", "holder", "demo", "demo or staff", "staff", "moderator", "clerk", "committee", "administrator"
]
Handler = Callable[[Request], Awaitable[Response]]

COOKIE: Final = "__Host-desk"
DEMO_COOKIE: Final = "desk"  # without https a __Host- cookie is refused by browsers


def cookie_name(request: Request) -> str:
    """The name of the session cookie: with the __Host- prefix wherever the site is served over https."""
    return COOKIE if app_state(request).public_url.startswith("https:") else DEMO_COOKIE


async def _load_person(request: Request) -> Person | None:
    secret = request.cookies.get(cookie_name(request), "")
    found = await session_person(service(request), secret, now=now(request)) if secret else None
    if found is None:
        return None
    return Person(
        id=found.id,
        name=found.name,
        language=found.language,
        is_moderator=found.is_moderator,
        is_administrator=found.is_administrator,
        committees=found.committees,
        sits_on=found.sits_on,
    )


def allows(role: Role, someone: Person) -> bool:
    """Whether a person at a desk may use a route of ``role``. Administrators may moderate, not act for committees."""
    if role == "moderator":
        return someone.is_moderator or someone.is_administrator
    if role == "clerk":
        return someone.is_clerk
    if role == "committee":
        return bool(someone.reads)
    if role == "administrator":
        return someone.is_administrator
    return True


def committees(request: Request) -> tuple[str, ...]:
    """The committees (slugs) for which this route serves who is signed in: all that they read, or where they record."""
    return staff(request).reads if getattr(request.state, "role", "") == "committee" else staff(request).committees


def guarded(handler: Handler, role: Role) -> Handler:
    """The handler behind its guard. The public is sent to sign in; a person without the role gets 403."""
    if role in {"everyone", "holder"}:
        return handler

    async def guard(request: Request) -> Response:
        if role == "demo":
            if not app_state(request).demo:
                raise NotFoundError("demo")
            return await handler(request)
        if role == "demo or staff" and app_state(request).demo:
            return await handler(request)
        someone = await _load_person(request)
        if someone is None:
            if request.method in {"GET", "HEAD"}:
                return redirect_after_post("/staff/sign-in")
            raise ForbiddenError("signed_out")
        request.state.person, request.state.role = someone, role
        if not allows(role, someone):
            raise ForbiddenError(role)
        return await handler(request)

    return guard
