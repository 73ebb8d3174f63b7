"""Access control: every route names the role that it needs, and nobody else gets in. There is no default.

The roles are in :mod:`petitions.lifecycle.rules.roles`. A page about one referral also checks the committee:
see :func:`committees`.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ForbiddenError, NotFoundError
from petitions.http.state import Handler, now, redirect_after_post
from petitions.lifecycle.pages.state import app_state, service, staff
from petitions.lifecycle.rules.roles import Colleague, Role, allows

COOKIE: Final = "__Host-desk"
DEMO_COOKIE: Final = "desk"  # browsers refuse a __Host- cookie without https


def cookie_name(request: Request) -> str:
    """The name of the session cookie: with the prefix __Host- where the site is served over https."""
    return COOKIE if app_state(request).is_secure else DEMO_COOKIE


async def _load_person(request: Request) -> Colleague | None:
    secret = request.cookies.get(cookie_name(request), "")
    return await app_state(request).find_colleague(service(request), secret, now(request)) if secret else None


def committees(request: Request) -> tuple[str, ...]:
    """The committees (slugs) for which this route serves this person: where they may read, or where they may record."""
    return staff(request).reads if getattr(request.state, "role", "") == "committee" else staff(request).committees


def guarded(handler: Handler, role: Role) -> Handler:
    """Wrap the handler in a check of the role. The public is sent to sign in; a person without the role gets 403."""
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
