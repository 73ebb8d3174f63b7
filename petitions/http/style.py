"""Serves the style sheets, the icon and the logo. An address with the hash of the content may be kept for a year."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import NotFoundError
from petitions.http.look import trials
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import public
from petitions.http.state import http_state

FOR_EVER: Final = "public, max-age=31536000, immutable"
BRIEFLY: Final = "public, max-age=300"


async def file(request: Request) -> Response:
    """One of the files of this installation, or the style sheet of a packaged theme that is being tried."""
    name = str(request.path_params["file"])
    found = http_state(request).pages.style.files.get(name)
    if found is None and (trial := trials().get(name.removesuffix(".css"))):
        found = trial.style.files["site.css"]
    if found is None:
        raise NotFoundError("style")
    made = Content(found.body, media_type=found.media_type, headers=found.headers)

    async def make() -> Content:
        return made

    return await public(request, make, control=FOR_EVER if request.query_params.get("v") == found.mark else BRIEFLY)
