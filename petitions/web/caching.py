"""How long an answer to the public may be kept: by browsers and proxies for seconds, by this process for one.

Public pages are the same for everybody, so their bytes are made once a second however many people watch, and whoever
has them already gets 304. Requests that come together wait for the same one (single flight). When the database is away,
what was made last is still served.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import UnavailableError
from petitions.reading.counters import Counters
from petitions.web.edge import edge, render

KEPT_SECONDS: Final = 1.0
MOST_BYTES: Final = 24 * 1024 * 1024
ENTRY_BYTES: Final = 1024
PAGE: Final = "public, max-age=10, stale-while-revalidate=30, stale-if-error=600"
LASTING: Final = "public, max-age=300, stale-while-revalidate=600, stale-if-error=3600"
EMBED: Final = "public, max-age=30, stale-while-revalidate=60, stale-if-error=3600"
HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Made:
    """An answer that is the same for everybody."""

    body: bytes
    status: int = 200
    media_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """A mark of the content; weak, because a proxy may compress it."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:20]}"'


Make = Callable[[], Awaitable[Made]]


class Kept:
    """The answers of one process that were made in the last second, and the last ones for a bad day."""

    def __init__(self, seconds: float = KEPT_SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self.seconds = seconds
        self._most_bytes = most_bytes
        self._bytes = 0
        self._answers: dict[str, tuple[float, Made]] = {}
        self._underway: dict[str, asyncio.Task[Made]] = {}

    async def get(self, key: str, make: Make) -> Made:
        """The answer for ``key``, made now unless there is a fresh one.

        Raises what ``make`` raises, except that an older answer is given where the database is away.
        """
        known = self._answers.get(key)
        if known and time.monotonic() - known[0] < self.seconds:
            return known[1]
        task = self._underway.get(key)
        if task is None:
            task = asyncio.ensure_future(make())
            self._underway[key] = task
            task.add_done_callback(lambda done: self._finish(key, done))
        try:
            return await asyncio.shield(task)
        except UnavailableError:
            if known is None:
                raise
            return known[1]

    def _finish(self, key: str, task: "asyncio.Task[Made]") -> None:
        self._underway.pop(key, None)
        if not task.cancelled() and task.exception() is None:
            self._keep(key, task.result())

    def _keep(self, key: str, made: Made) -> None:
        if old := self._answers.pop(key, None):
            self._bytes -= _weight(key, old[1])
        self._answers[key] = (time.monotonic(), made)
        self._bytes += _weight(key, made)
        while self._bytes > self._most_bytes and self._answers:
            oldest = next(iter(self._answers))
            self._bytes -= _weight(oldest, self._answers.pop(oldest)[1])


def _weight(key: str, made: Made) -> int:
    """About the memory that an answer takes: an address can be far longer than what it leads to."""
    return len(key) + len(made.body) + ENTRY_BYTES


_kept: "WeakKeyDictionary[Counters, Kept]" = WeakKeyDictionary()


def kept_beside(counters: Counters) -> Kept:
    """The answers of the process that has these counters, and as long as it has them."""
    return _kept.setdefault(counters, Kept())


async def public(request: Request, make: Make, *, control: str = PAGE, vary: str = "") -> Response:
    """The answer to a public GET: kept, marked, and 304 for who has it already.

    Only for what depends on nothing but the address (and, where ``vary`` names them, on headers of the request).
    """
    key = "\n".join([str(request.url.path), request.url.query, request.headers.get(vary, "") if vary else ""])
    made = await kept_beside(edge(request).counters).get(key, make)
    headers = {"ETag": made.etag, "Cache-Control": control, **made.headers}
    if vary:
        headers["Vary"] = vary
    if made.status == 200 and _has_it(request.headers.get("if-none-match", ""), made.etag):
        return Response(status_code=304, headers=headers)
    return Response(made.body, made.status, headers, made.media_type)


def _has_it(asked: str, etag: str) -> bool:
    """Whether the header If-None-Match names this mark, by weak comparison (RFC 9110 13.1.2)."""
    marks = {mark.strip().removeprefix("W/") for mark in asked.split(",")}
    return "*" in marks or etag.removeprefix("W/") in marks


def page(request: Request, template: str, *, status: int = 200, nav: str = "", **context: Any) -> Made:
    """A page for everybody, from its template."""
    return Made(bytes(render(request, template, nav=nav, **context).body), status)
