"""How long an answer to the public may be kept: by browsers and proxies for seconds, by this process for one.

Public pages are the same for everybody, so their bytes are made once a second however many people watch, and whoever
has them already gets 304. Requests that come together wait for the same one (single flight). When the database is away,
what was made last is still served. :mod:`petitions.http.page_cache.middleware` sends what is fresh without asking the
application.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.database.ttl_cache import Make
from petitions.http.page_cache.middleware import address_of
from petitions.http.page_cache.prepared import Content, PreparedResponse
from petitions.http.safeguards import headers_for
from petitions.http.state import http_state, render

PAGE: Final = "public, max-age=10, stale-while-revalidate=30, stale-if-error=600"
LASTING: Final = "public, max-age=300, stale-while-revalidate=600, stale-if-error=3600"
EMBED: Final = "public, max-age=30, stale-while-revalidate=60, stale-if-error=3600"


class CachedResponse(Response):
    """A kept answer, as the framework sends it."""

    def __init__(self, ready: PreparedResponse, request: Request) -> None:
        asked = request.headers
        self.status_code, self.raw_headers, self.body = ready.answer(
            asked.get("accept-encoding", "").encode("latin-1"), asked.get("if-none-match", "").encode("latin-1")
        )
        self.raw_headers = list(self.raw_headers)  # the middleware adds to it; what is kept stays as it is
        self.background = None


async def public(request: Request, make: Make[Content], *, control: str = PAGE) -> Response:
    """The answer to a public GET: kept, marked, and 304 for who has it already.

    Only for what depends on nothing but the address.
    """
    here, kept = http_state(request), http_state(request).page_cache
    key = address_of(request.scope)

    async def make_ready() -> PreparedResponse:
        made = await make()
        headers = {"Cache-Control": control, **headers_for(request.url.path, secure=here.is_secure)}
        return PreparedResponse(made, headers, kept.last(key))

    return CachedResponse(await kept.get(key, make_ready), request)


def page(request: Request, template: str, *, status: int = 200, nav: str = "", **context: Any) -> Content:
    """A page for everybody, from its template."""
    return Content(bytes(render(request, template, nav=nav, **context).body), status)
