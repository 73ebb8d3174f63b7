"""How long an answer to the public may be kept: by browsers and proxies for seconds, by this process for one.

Public pages are the same for everybody, so their bytes are made once a second however many people watch, and whoever
has them already gets 304. Requests that come together wait for the same one (single flight). When the database is away,
what was made last is still served. :mod:`petitions.web.http.front` sends what is fresh without asking the application.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.database.brief import Make
from petitions.web.http.edge import edge, render
from petitions.web.http.front import address_of
from petitions.web.http.ready import Made, Ready
from petitions.web.http.safeguards import headers_for

PAGE: Final = "public, max-age=10, stale-while-revalidate=30, stale-if-error=600"
LASTING: Final = "public, max-age=300, stale-while-revalidate=600, stale-if-error=3600"
EMBED: Final = "public, max-age=30, stale-while-revalidate=60, stale-if-error=3600"


class ReadyResponse(Response):
    """A kept answer, as the framework sends it."""

    def __init__(self, ready: Ready, request: Request) -> None:
        asked = request.headers
        self.status_code, self.raw_headers, self.body = ready.answer(
            asked.get("accept-encoding", "").encode("latin-1"), asked.get("if-none-match", "").encode("latin-1")
        )
        self.raw_headers = list(self.raw_headers)  # the middleware adds to it; what is kept stays as it is
        self.background = None


async def public(request: Request, make: Make[Made], *, control: str = PAGE) -> Response:
    """The answer to a public GET: kept, marked, and 304 for who has it already.

    Only for what depends on nothing but the address.
    """
    here, kept = edge(request), edge(request).kept
    key = address_of(request.scope)

    async def make_ready() -> Ready:
        made = await make()
        headers = {"Cache-Control": control, **headers_for(request.url.path, secure=here.is_secure)}
        return Ready(made, headers, kept.last(key))

    return ReadyResponse(await kept.get(key, make_ready), request)


def page(request: Request, template: str, *, status: int = 200, nav: str = "", **context: Any) -> Made:
    """A page for everybody, from its template."""
    return Made(bytes(render(request, template, nav=nav, **context).body), status)
