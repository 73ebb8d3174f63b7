"""How many requests may be under way: who comes on top is sent away at once, with a light page and a time to come back.

A service that takes everybody in answers nobody in time. What is under way is bounded, so that whoever was let in is
answered well within a second, and turning away costs almost nothing. Pages and counters that were made in this second
are sent by the front and are never refused. The desks have a room of their own: staff must be able to work in a storm.

A place is not for who sends a form byte by byte: the body of a request must be there within ten seconds (408). Where
files may be sent, each 256 kB of them must.
"""

import asyncio
import itertools
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from petitions.http.page_cache.prepared import PreparedResponse

MOST_UNDER_WAY: Final = 512
MOST_AT_DESKS: Final = 64
DESKS: Final = ("/staff", "/committee", "/health")
RETRY_SECONDS: Final = tuple(str(seconds).encode() for seconds in (5, 8, 11, 6, 9, 12, 7, 10))
"""When to come back: not all at the same moment."""
TOLD_EVERY: Final = 10.0
READ_WITHIN: Final = 10.0
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Limit:
    """How many may be in, and how many are."""

    most: int
    under_way: int = 0


@dataclass(slots=True)
class LoadShedder:
    """What is under way in one process, and what it says to whom it sends away: a page for each beginning of a path."""

    public: Limit = field(default_factory=lambda: Limit(MOST_UNDER_WAY))
    desks: Limit = field(default_factory=lambda: Limit(MOST_AT_DESKS))
    busy: Mapping[str, PreparedResponse] = field(default_factory=dict)
    turned_away: int = 0
    read_within: float = READ_WITHIN
    _reading: dict["asyncio.Task[object]", float] = field(default_factory=dict)
    _slow: set["asyncio.Task[object]"] = field(default_factory=set)
    _told_at: float = 0.0
    _told: int = 0

    def limit(self, path: str) -> Limit:
        """The room that a request for ``path`` needs."""
        return self.desks if path.startswith(DESKS) else self.public

    def begin_reading(self) -> "asyncio.Task[object] | None":
        """The present task waits for the body of its request."""
        task = asyncio.current_task()
        if task is not None:
            self._reading[task] = time.monotonic()
        return task

    def goes_on_reading(self) -> None:
        """A good part of a large body came: the present task has the time for a form once more."""
        task = asyncio.current_task()
        if task is not None and task in self._reading:
            del self._reading[task]
            self._reading[task] = time.monotonic()  # at the end: they stand in the order of their times

    def has_read(self, task: "asyncio.Task[object] | None" = None) -> None:
        """The body is there (or no longer waited for)."""
        self._reading.pop(task or asyncio.current_task(), None)  # type: ignore[arg-type]

    def was_slow(self, task: "asyncio.Task[object] | None") -> bool:
        """Whether this task was ended because the body did not come; asked once."""
        if task not in self._slow:
            return False
        self._slow.discard(task)
        return True

    async def watch(self) -> None:
        """End, for as long as the process lives, whoever waits too long for a body."""
        while True:
            await asyncio.sleep(min(self.read_within / 2, 1.0))
            limit = time.monotonic() - self.read_within
            for task, since in list(self._reading.items()):
                if since > limit:
                    break  # they stand in the order of their times
                self._slow.add(task)
                task.cancel()
                self.has_read(task)

    def turn_away(self) -> None:
        """Count one who was sent away; the operator is told every few seconds, not for each."""
        self.turned_away += 1
        now = time.monotonic()
        if now - self._told_at > TOLD_EVERY:
            log.warning("busy: %d requests were turned away since this was last said", self.turned_away - self._told)
            self._told_at, self._told = now, self.turned_away

    def answer(self, path: str) -> PreparedResponse | None:
        """The light answer for ``path``: data for machines, for people a page in the language of the path."""
        if path.startswith("/api/") or path.endswith(".json"):
            return self.busy.get("/api/")
        return self.busy.get(path[:4]) or self.busy.get("")


class LoadSheddingMiddleware:
    """Lets a request in where there is room, else sends it away (503 with Retry-After, RFC 9110 10.2.3)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._retry = itertools.cycle(RETRY_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or send it away."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        load_shedder: LoadShedder = scope["state"]["app_state"].load_shedder
        limit = load_shedder.limit(scope["path"])
        if limit.under_way >= limit.most:
            load_shedder.turn_away()
            await self._send_away(load_shedder, scope, send)
            return
        limit.under_way += 1
        task = None if scope["method"] in SAFE else load_shedder.begin_reading()
        try:
            await self.app(scope, receive, send)
        except asyncio.CancelledError:
            if task is None or not load_shedder.was_slow(task):
                raise
            task.uncancel()
            await _too_slow(scope, receive, send)
        finally:
            limit.under_way -= 1
            if task is not None:
                load_shedder.has_read(task)

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
