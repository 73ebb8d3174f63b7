"""The answer to an error: one table from domain errors to statuses and pages. Nothing that is typed gives a 500."""

import json
import logging
import secrets
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from petitions.errors import (
    ConflictError,
    ForbiddenError,
    GoneError,
    InvalidInputError,
    NotFoundError,
    PetitionsError,
    UnavailableError,
)
from petitions.http.page_cache.prepared import Content, PreparedResponse
from petitions.http.safeguards import headers_for
from petitions.http.state import http_state, preferred_language, read_number, signed_in
from petitions.http.templating import Pages
from petitions.locale import LANGUAGES

log = logging.getLogger(__name__)

RETRY_SECONDS: Final = "10"
VERSION: Final = "1.0.0"
"""Of the API; every answer of it has this in a header (NLGov REST API Design Rules)."""
PROBLEM: Final = "application/problem+json"
HEADERS: Final = {"API-Version": VERSION, "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*"}
DESKS: Final = ("/staff", "/committee")
BARE: Final = """<!doctype html>
<html lang="nl"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fout / Error %d – %s</title>
<h1>Er ging iets mis bij ons</h1>
<p>Probeer het over een paar minuten opnieuw. Wat wij u bevestigden, is veilig.</p>
<div lang="en"><h2>Something went wrong on our side</h2>
<p>Try again in a few minutes. What we confirmed to you is safe.</p></div>
<p>Code: <code>%s</code></p>
<p><a href="/nl">Naar de eerste pagina</a> – <a href="/en" lang="en">To the first page</a></p>
</html>
"""
"""The page where the template of the error page itself fails."""
STATUSES: Final[dict[type[PetitionsError], int]] = {
    NotFoundError: 404,
    GoneError: 410,
    ForbiddenError: 403,
    ConflictError: 409,
    InvalidInputError: 400,
    UnavailableError: 503,
}


async def on_domain_error(request: Request, error: Exception) -> Response:
    """The error page for a domain error."""
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 400)
    reason = error.reason if isinstance(error, ConflictError) else ""
    return answer(request, status, reason)


async def on_http_error(request: Request, error: Exception) -> Response:
    """The error page for an error of the framework (404, 405, 413, 400), with the headers of that error."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    if error.status_code == 404 and (place := _without_slash(request)):
        return RedirectResponse(place, 307)
    response = answer(request, error.status_code)
    response.headers.update(error.headers or {})
    return response


def _without_slash(request: Request) -> str | None:
    """The path without its slash at the end, to redirect to; never another host, whatever the path begins with."""
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    if request.method not in {"GET", "HEAD"} or not path.endswith("/") or not path.strip("/"):
        return None
    return quote("/" + path.strip("/")) + (f"?{query}" if query else "")


class LastResort:
    """Answers an unexpected exception with a page and a code that is also logged. Neither shows what was typed.

    It runs inside the middleware that adds headers, so that its answers have them; no traceback is printed.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer 500 when that fails."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http":
                raise
            code = _log_defect(error)
            if not started:
                await answer(Request(scope, receive), 500, code)(scope, receive, send)


def _log_defect(error: Exception) -> str:
    code = secrets.token_hex(4)
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    log.error("defect %s: %s at %s", code, type(error).__name__, where)
    return code


def busy_answers(pages: Pages, *, secure: bool) -> dict[str, PreparedResponse]:
    """The answers to requests beyond the limits, made at the start: a page per language, and a problem document."""
    said: dict[str, Any] = {"status": 503, "reason": "", "desk": "", "petition": ""}
    made = {f"/{code}": Content(pages.render("errors/error.html", code, **said), 503) for code in LANGUAGES}
    made[""] = next(iter(made.values()))
    made |= {f"{place}/": made[place] for place in list(made) if place}
    made["/api/"] = Content(json.dumps(_problem(503)).encode(), 503, PROBLEM, HEADERS)
    kept_by_nobody = {"Cache-Control": "no-store"}
    return {
        place: PreparedResponse(one, kept_by_nobody | headers_for(place, secure=secure)) for place, one in made.items()
    }


def _problem(status: int, reason: str = "") -> dict[str, str | int]:
    return {"type": "about:blank", "status": status, "title": reason or HTTPStatus(status).phrase}


def answer(request: Request, status: int, reason: str = "") -> Response:
    """The page (or, for the API, the problem document of RFC 9457) of a status."""
    headers = {"Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = RETRY_SECONDS
    if request.url.path.startswith("/api/") or request.url.path.endswith(".json"):
        return JSONResponse(_problem(status, reason), status, headers | HEADERS, PROBLEM)
    first = request.url.path.split("/", 2)[1:2]  # none in the path of a CONNECT
    someone = signed_in(request)  # where a desk refused: in the language of that desk
    chosen = someone.language if someone else preferred_language(request)
    language = first[0] if first and first[0] in LANGUAGES else chosen
    try:
        body_html = http_state(request).pages.render(
            "errors/error.html",
            language,
            status=status,
            reason=reason,
            desk=_desk(request.url.path, status),
            petition=_petition(request.url.path),
        )
    except Exception as error:
        code = _log_defect(error)
        return HTMLResponse(BARE % (status, HTTPStatus(status).phrase, reason or code), status, headers)
    return HTMLResponse(body_html, status, headers)


def _petition(path: str) -> str:
    """The number of the petition in a public address; "" where there is none."""
    parts = path.strip("/").split("/")
    about_one = len(parts) > 2 and parts[0] in LANGUAGES and parts[1] == "petitions"
    return parts[2] if about_one and read_number(parts[2]) else ""


def _desk(path: str, status: int) -> str:
    """The desk to link back to; "" for the public and for people without access to it."""
    desk = next((place for place in DESKS if path == place or path.startswith(place + "/")), "")
    return "" if status == 403 or path.startswith("/staff/sign-in") else desk
