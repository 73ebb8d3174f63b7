"""The outermost middleware: an answer that was made within the last second is sent from memory.

Under high load nearly all requests are for the same few addresses. These cost a lookup in a dictionary; routing, guards
and templates do not run. Pure ASGI.
"""

from typing import cast

from starlette.types import ASGIApp, Receive, Scope, Send

from petitions.database.ttl_cache import TtlCache
from petitions.http.page_cache.prepared import ENTRY_BYTES, PreparedResponse

MOST_BYTES = 24 * 1024 * 1024

Address = tuple[str, bytes]
PageCache = TtlCache[Address, PreparedResponse]
"""The answers of one process: fresh for a second, and kept longer for when the database is away."""


def address_of(scope: Scope) -> Address:
    """The key of an answer: the path and the query."""
    return scope["path"], scope["query_string"]


def _weigh(address: Address, ready: PreparedResponse) -> int:
    """About the memory that an answer takes, with its key, which can be longer than the answer."""
    return ENTRY_BYTES + len(address[0]) + len(address[1]) + ready.weight


def make_page_cache(seconds: float = 1.0, most_bytes: int = MOST_BYTES) -> PageCache:
    """The page cache of one process."""
    return TtlCache(seconds, most=most_bytes, weigh=_weigh)


class PageCacheMiddleware:
    """Answers from the page cache where it can, else passes the request on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the cache, or pass the request on."""
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            kept = cast("PageCache", scope["state"]["app_state"].page_cache)
            ready = kept.fresh((scope["path"], scope["query_string"]))
            if ready is not None:
                await ready.send(scope, send)
                return
        await self.app(scope, receive, send)
