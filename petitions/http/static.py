"""Static files: read and compressed once and sent from memory. Under an address with a content hash they never change.

``Pages.static`` puts a hash of the content into the address, so browsers may keep such an address for ever.
"""

import mimetypes
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import NotFoundError
from petitions.http.page_cache.prepared import Content, PreparedResponse
from petitions.http.page_cache.responses import CachedResponse
from petitions.http.safeguards import headers_for
from petitions.http.state import http_state
from petitions.http.templating import STATIC_DIR

FOR_EVER: Final = "public, max-age=31536000, immutable"
FOR_AN_HOUR: Final = "public, max-age=3600"


@cache
def _files(folder: Path) -> dict[str, Path]:
    """The files that can be served, by their path below the folder; nothing else can be reached."""
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}


@cache
def _ready(path: Path, control: str, *, secure: bool) -> PreparedResponse:
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix == ".woff2":
        media_type = "font/woff2"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    return PreparedResponse(
        Content(path.read_bytes(), media_type=media_type),
        {"Cache-Control": control, **headers_for("/static/", secure=secure)},
    )


async def static(request: Request) -> Response:
    """One file. Raises NotFoundError."""
    path = _files(STATIC_DIR).get(str(request.path_params["path"]))
    if path is None:
        raise NotFoundError("static")
    control = FOR_EVER if "v" in request.query_params else FOR_AN_HOUR
    return CachedResponse(_ready(path, control, secure=http_state(request).is_secure), request)
