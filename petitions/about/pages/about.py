"""The pages about who runs this service: about, contact, accessibility, privacy. Their words are configured."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from petitions.about.pages.statement import CHECKED, GAPS, UNCHECKED
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import LASTING, page, public
from petitions.http.state import language
from petitions.lifecycle.pages.procedures import explained
from petitions.lifecycle.pages.state import app_state


async def about(request: Request) -> Response:
    """Who runs this service, and who is responsible."""
    return await _page(request, "about/about.html")


async def contact(request: Request) -> Response:
    """How to contact the service, and when it answers."""
    return await _page(request, "about/contact.html")


async def accessibility(request: Request) -> Response:
    """The accessibility statement: what is tested, what is not, the known problems, and how to complain."""
    return await _page(request, "about/accessibility.html", checked=CHECKED, unchecked=UNCHECKED, gaps=GAPS)


async def privacy(request: Request) -> Response:
    """The privacy page: which data is kept, of whom, how and how long, by the procedures and by each subject."""
    kept = {f"{one.name}_days": one.kept.days for one in app_state(request).parts.retention}
    return await explained(request, "about/privacy.html", facts=kept)


async def _page(request: Request, template: str, **context: Any) -> Response:
    language(request)  # raises NotFoundError for an unknown language

    async def make() -> Content:
        return page(request, template, **context)

    return await public(request, make, control=LASTING)
