"""The site map for search engines (sitemaps.org), and robots.txt (RFC 9309)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.data.reads.sitemap import BLOCK, count_blocks, read_block
from petitions.errors import NotFoundError
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import LASTING, public
from petitions.http.state import LARGEST_ID, day_here, number
from petitions.lifecycle.pages.procedures import offered
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.reads.committees import receiving

XML: Final = "application/xml; charset=utf-8"
PAGES: Final = (
    "",
    "/petitions",
    "/petitions/new",
    "/how-it-works",
    "/procedures",
    "/committees",
    "/about",
    "/contact",
    "/privacy",
    "/accessibility",
    "/embed",
)
"""The fixed pages, without the language."""
ROBOTS: Final = """User-agent: *
Disallow: /staff
Disallow: /committee
Disallow: /*/manage/
Disallow: /*/sponsor/
Disallow: /*/confirm/
Disallow: /*/my-signature/
Disallow: /*/unsubscribe/
Sitemap: {site}/sitemap.xml
"""


@dataclass(frozen=True, slots=True)
class SitemapUrl:
    """An address without the language, and when its page last changed."""

    path: str
    changed_at: datetime | None = None


async def robots(request: Request) -> Response:
    """What crawlers should skip; the desks and personal links need a session or a key anyway."""

    async def make() -> Content:
        return Content(
            ROBOTS.format(site=app_state(request).public_url).encode(), media_type="text/plain; charset=utf-8"
        )

    return await public(request, make, control=LASTING)


async def index(request: Request) -> Response:
    """The index of the site map files."""

    async def make() -> Content:
        blocks = await count_blocks(service(request).readers)
        files = ["/sitemap-pages.xml", *(f"/sitemap-petitions-{n}.xml" for n in range(1, blocks + 1))]
        body = app_state(request).pages.render("data/sitemap_index.xml", "en", files=files)
        return Content(body, media_type=XML)

    return await public(request, make, control=LASTING)


async def pages(request: Request) -> Response:
    """The fixed pages, the procedures, the committees, and the pages that subjects add."""

    async def make() -> Content:
        running = service(request)
        codes = sorted({procedure.code for procedure in offered(running.procedures.values(), day_here(request))})
        slugs = sorted(receiving(running.procedures, running.committees))
        paths = [*PAGES, *(f"/procedures/{code}" for code in codes), *(f"/committees/{slug}" for slug in slugs)]
        for read in app_state(request).parts.site_pages:
            paths += await read(request)
        return _made(request, [SitemapUrl(path) for path in paths])

    return await public(request, make, control=LASTING)


async def petitions(request: Request) -> Response:
    """The petitions of one block, and their dossiers. Raises NotFoundError for an empty block."""
    block = number(request)

    async def make() -> Content:
        found = await read_block(service(request).readers, block) if block <= LARGEST_ID // BLOCK else ()
        if not found:
            raise NotFoundError("block")
        places = [
            SitemapUrl(f"/petitions/{one.id}{part}", one.changed_at)
            for one in found
            for part in ("", "/dossier")
            if not part or one.has_dossier
        ]
        return _made(request, places)

    return await public(request, make, control=LASTING)


def _made(request: Request, places: list[SitemapUrl]) -> Content:
    return Content(app_state(request).pages.render("data/sitemap.xml", "en", places=places), media_type=XML)
