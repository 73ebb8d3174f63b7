"""Serving the file of a document: as a download, never to be run; whole, in ranges, or 304 for who has it.

A file is named by the hash of its content, so its ETag never changes (RFC 9110 8.8.3). It must still
be revalidated after some minutes, because a document that was withdrawn must not be served any more, also by proxies.
"""

import asyncio
import logging
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from petitions.errors import NotFoundError
from petitions.http.page_cache.prepared import has_it
from petitions.papers.file_store import FileStore

PDF: Final = "application/pdf"
POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"
PUBLIC: Final = "public, max-age=300, stale-if-error=3600"
PRINT: Final = "public, max-age=60"
PRIVATE: Final = "private, no-store"

log = logging.getLogger(__name__)


async def pdf(request: Request, store: FileStore, sha256: str, name: str, control: str) -> Response:
    """The file with this hash, to be saved as ``name`` (letters, digits and hyphens of our own making).

    Raises NotFoundError when the file is missing, which is logged for the operator.
    """
    path = store.path(sha256)
    if not await asyncio.to_thread(Path.is_file, path):
        log.error("a file is missing: %s", path.name)
        raise NotFoundError("file")
    etag = f'"{sha256}"'
    headers = {"Cache-Control": control, "ETag": etag, "Content-Security-Policy": POLICY}
    if has_it(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return FileResponse(path, headers=headers, media_type=PDF, filename=name)
