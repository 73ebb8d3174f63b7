"""Load shedding: how many requests are handled at the same time, and how long a client may take to send a body.

The number of requests under way is limited, so that each one that is accepted is answered well within a second. A
request beyond the limit gets 503 at once: a light page with Retry-After that costs almost nothing. Staff have a limit
of their own, so that they can work while the public pages are overloaded. Health checks are not counted and never
refused, and answers from the page cache do not come here.

While a handler waits for the body of its request, time runs: a form must arrive within ten seconds, of a larger body
every 256 kB, or the answer is 408. How long a handler takes after that, or the client that reads its answer, is not
limited here.
"""

import asyncio
import itertools
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from petitions.http.page_cache.prepared import PreparedResponse

MOST_UNDER_WAY: Final = 512
MOST_AT_DESKS: Final = 64
DESKS: Final = ("/staff", "/committee")
HEALTH: Final = "/health/"
RETRY_SECONDS: Final = tuple(str(seconds).encode() for seconds in (5, 8, 11, 6, 9, 12, 7, 10))
"""When to come back: not all at the same moment."""
TOLD_EVERY: Final = 10.0
READ_WITHIN: Final = 10.0
STRETCH: Final = 256 * 1024
"""How much of a large body must come within the time that a form has."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Limit:
    """How many requests may be under way, and how many are."""

    most: int
    under_way: int = 0


@dataclass(slots=True)
class LoadShedder:
    """The limits of one process, and its answers to requests beyond them: one for each beginning of a path."""

    public: Limit = field(default_factory=lambda: Limit(MOST_UNDER_WAY))
    desks: Limit = field(default_factory=lambda: Limit(MOST_AT_DESKS))
    busy: Mapping[str, PreparedResponse] = field(default_factory=dict)
    turned_away: int = 0
    read_within: float = READ_WITHIN
    _told_at: float = 0.0
    _told: int = 0

    def limit(self, path: str) -> Limit:
        """The limit that a request for ``path`` counts for."""
        return self.desks if path.startswith(DESKS) else self.public

    def turn_away(self) -> None:
        """Count a refused request; the log gets a line every few seconds, not one for each."""
        self.turned_away += 1
        now = time.monotonic()
        if now - self._told_at > TOLD_EVERY:
            log.warning("busy: %d requests were turned away since this was last said", self.turned_away - self._told)
            self._told_at, self._told = now, self.turned_away

    def answer(self, path: str) -> PreparedResponse | None:
        """The light answer for ``path``: a problem document for the API, else a page in the language of the path."""
        if path.startswith("/api/") or path.endswith(".json"):
            return self.busy.get("/api/")
        return self.busy.get(path[:4]) or self.busy.get("")


class _Body:
    """``receive`` of one request with a time-out, which cancels the task that waits for a client that is too slow.

    A plain timer, because every signature needs one and ``asyncio.timeout`` costs five times as much.
    """

    __slots__ = ("_is_complete", "_left", "_receive", "_size", "_within", "is_late")

    def __init__(self, receive: Receive, within: float) -> None:
        self._receive = receive
        self._within = self._left = within
        self._size = 0
        self._is_complete = self.is_late = False

    async def receive(self) -> Message:
        """The next message; once the body is complete, however long it takes."""
        if self._is_complete:
            return await self._receive()
        loop = asyncio.get_running_loop()
        begun, timer = loop.time(), loop.call_later(self._left, self._end, asyncio.current_task())
        try:
            message = await self._receive()
        finally:
            timer.cancel()
        if not message.get("more_body", False):
            self._is_complete = True  # also where the client has left
            return message
        self._left -= loop.time() - begun
        self._size += len(message["body"])
        if self._size >= STRETCH:
            self._size, self._left = 0, self._within
        return message

    def _end(self, task: "asyncio.Task[Any] | None") -> None:
        if task is not None:
            self.is_late = task.cancel()


class LoadSheddingMiddleware:
    """Passes a request on while its limit allows it, else answers 503 with Retry-After (RFC 9110 10.2.3)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._retry = itertools.cycle(RETRY_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"].startswith(HEALTH):
            await self.app(scope, receive, send)
            return
        load_shedder: LoadShedder = scope["state"]["app_state"].load_shedder
        limit = load_shedder.limit(scope["path"])
        if limit.under_way >= limit.most:
            load_shedder.turn_away()
            await self._send_away(load_shedder, scope, send)
            return
        body = None if scope["method"] in SAFE else _Body(receive, load_shedder.read_within)
        limit.under_way += 1
        try:
            await self.app(scope, body.receive if body else receive, send)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if body is None or not body.is_late or task is None:
                raise
            task.uncancel()
            await _too_slow(scope, receive, send)
        finally:
            limit.under_way -= 1

    async def _send_away(self, load_shedder: LoadShedder, scope: Scope, send: Send) -> None:
        ready = load_shedder.answer(scope["path"])
        headers, body = [(b"cache-control", b"no-store")], b""
        if ready is not None:
            accept = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
            _, headers, body = ready.answer(accept, b"")
        headers = [*headers, (b"retry-after", next(self._retry))]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def _too_slow(scope: Scope, receive: Receive, send: Send) -> None:
    """408 (RFC 9110 15.5.9). Nothing was stored; the connection is of no more use."""
    headers = {"Cache-Control": "no-store", "Connection": "close"}
    await PlainTextResponse("The request did not come in time.", 408, headers)(scope, receive, send)
