"""The front of the house: what was made in this second is sent at once, before any other part of the application.

In a storm nearly all requests are for the same few addresses. For those a look into a dictionary decides; routing,
guards and templates are not asked. Pure ASGI, outermost.
"""

from typing import cast

from starlette.types import ASGIApp, Receive, Scope, Send

from petitions.database.ttl_cache import TtlCache
from petitions.http.page_cache.prepared import ENTRY_BYTES, PreparedResponse

MOST_BYTES = 24 * 1024 * 1024

Address = tuple[str, bytes]
PageCache = TtlCache[Address, PreparedResponse]
"""The answers of one process that were made in the last second, and the last ones for a bad day."""


def address_of(scope: Scope) -> Address:
    """What an answer is kept by: the path and the query."""
    return scope["path"], scope["query_string"]


def _weigh(address: Address, ready: PreparedResponse) -> int:
    """About the memory that an answer takes: an address can be far longer than what it leads to."""
    return ENTRY_BYTES + len(address[0]) + len(address[1]) + ready.weight


def make_page_cache(seconds: float = 1.0, most_bytes: int = MOST_BYTES) -> PageCache:
    """Room for the answers of one process."""
    return TtlCache(seconds, most=most_bytes, weigh=_weigh)


class PageCacheMiddleware:
    """Answers from what is kept, else asks the application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            kept = cast("PageCache", scope["state"]["app_state"].page_cache)
            ready = kept.fresh((scope["path"], scope["query_string"]))
            if ready is not None:
                await ready.send(scope, send)
                return
        await self.app(scope, receive, send)
