"""The pages about who runs this service: about, contact, and the accessibility statement. Words from configuration."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from petitions.web.http.caching import LASTING, page, public
from petitions.web.http.edge import language
from petitions.web.http.ready import Made
from petitions.web.public.statement import CHECKED, GAPS, UNCHECKED


async def about(request: Request) -> Response:
    """Who runs this, and who is responsible."""
    return await _page(request, "public/about.html")


async def contact(request: Request) -> Response:
    """How to reach the people here, and when there is an answer."""
    return await _page(request, "public/contact.html")


async def accessibility(request: Request) -> Response:
    """How accessible this service is: what is tested, what is not, what is known to be wrong, and how to complain."""
    return await _page(request, "public/accessibility.html", checked=CHECKED, unchecked=UNCHECKED, gaps=GAPS)


async def _page(request: Request, template: str, **context: Any) -> Response:
    language(request)  # an unknown language is an unknown page

    async def make() -> Made:
        return page(request, template, **context)

    return await public(request, make, control=LASTING)
