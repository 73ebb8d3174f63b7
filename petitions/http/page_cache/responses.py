"""Public pages from the page cache, and how long browsers and proxies may keep them.

Public pages are the same for everybody, so each is made at most once a second, and clients that have it get 304.
Concurrent requests wait for the same result (single flight). When the database is away, the last result is served.
:mod:`petitions.http.page_cache.middleware` sends fresh answers before routing.
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
    """A prepared response as a response of the framework."""

    def __init__(self, ready: PreparedResponse, request: Request) -> None:
        asked = request.headers
        self.status_code, self.raw_headers, self.body = ready.answer(
            asked.get("accept-encoding", "").encode("latin-1"), asked.get("if-none-match", "").encode("latin-1")
        )
        self.raw_headers = list(self.raw_headers)  # a copy, because middleware adds to it
        self.background = None


async def public(request: Request, make: Make[Content], *, control: str = PAGE) -> Response:
    """The answer to a public GET, from the cache, with an ETag; 304 for clients that have it.

    Only for answers that depend on nothing but the address.
    """
    here, kept = http_state(request), http_state(request).page_cache
    key = address_of(request.scope)

    async def make_ready() -> PreparedResponse:
        made = await make()
        headers = {"Cache-Control": control, **headers_for(request.url.path, secure=here.is_secure)}
        return PreparedResponse(made, headers, kept.last(key))

    return CachedResponse(await kept.get(key, make_ready), request)


def page(request: Request, template: str, *, status: int = 200, nav: str = "", **context: Any) -> Content:
    """The content of a public page, from its template."""
    return Content(bytes(render(request, template, nav=nav, **context).body), status)
