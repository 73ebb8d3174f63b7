"""Answers of an interface for programs: JSON with its links, and refusals as problem documents (RFC 9457)."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from petitions.errors import InvalidInputError, PetitionsError, UnavailableError
from petitions.http.failures import HEADERS
from petitions.http.page_cache.prepared import Content
from petitions.http.state import Handler

_TITLES: Final = {400: "Bad request", 404: "Not found", 503: "Unavailable"}


def problem(status: int, detail: str, errors: Mapping[str, str] | None = None) -> Response:
    """A problem document; ``errors`` names every wrong key of the query at once."""
    body: dict[str, Any] = {"type": "about:blank", "status": status, "title": _TITLES[status], "detail": detail}
    if errors:
        body["errors"] = [{"in": "query", "name": name, "detail": text} for name, text in errors.items()]
    headers = HEADERS | {"Cache-Control": "no-store"} | ({"Retry-After": "10"} if status == 503 else {})
    return JSONResponse(body, status, headers, "application/problem+json")


def answering(handler: Handler) -> Handler:
    """The handler, with its refusals as problem documents."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except InvalidInputError as error:
            return problem(400, "The query has values that are not understood.", error.fields)
        except UnavailableError:
            return problem(503, "The database is away. Try again in a few seconds.")
        except PetitionsError:
            return problem(404, "There is no public petition here.")

    return answer


def document(body: Mapping[str, Any], links: Mapping[str, str] | None = None) -> Content:
    """An answer in JSON; ``links`` go into the header as well (RFC 8288)."""
    link = {"Link": ", ".join(f'<{address}>; rel="{rel}"' for rel, address in (links or {}).items())} if links else {}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return Content(text.encode(), media_type="application/json", headers=HEADERS | link)


def _plain(value: object) -> str:
    """Days and moments as RFC 3339 writes them, moments in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
