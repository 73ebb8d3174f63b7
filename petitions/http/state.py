"""What a handler is given and what it gives back: the service, the pages, the clock, the language, forms and answers.

This is the only place that reads the clock for a request, and the only one that turns templates into responses.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from petitions.database.ttl_cache import TtlCache
from petitions.errors import NotFoundError
from petitions.http.load_shedding import LoadShedder
from petitions.http.page_cache.middleware import PageCache, make_page_cache
from petitions.http.page_cache.prepared import HTML
from petitions.http.page_cache.templates import PageTemplate, PageTemplates, make_page_templates, placeholder
from petitions.http.templating import Pages
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.reads.counters import Counters
from petitions.lifecycle.reads.home import Figures
from petitions.locale import LANGUAGES
from petitions.security.tokens import Link, Purpose

LARGEST_ID: Final = 2**63 - 1
LONGEST_NUMBER: Final = 19
FIGURES_KEPT_SECONDS: Final = 30.0
MAX_FIELDS: Final = 60


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff who is signed in."""

    id: int
    name: str
    language: str
    is_moderator: bool
    is_administrator: bool
    committees: tuple[str, ...]  # as clerk
    sits_on: tuple[str, ...] = ()  # as member

    @property
    def is_clerk(self) -> bool:
        """Whether this person records for a committee."""
        return bool(self.committees)

    @property
    def reads(self) -> tuple[str, ...]:
        """The committees (slugs) whose referrals this person may read: as clerk or as member."""
        return (*self.committees, *self.sits_on)


@dataclass(frozen=True, slots=True)
class AppState:
    """Everything of the process that a handler may use."""

    service: Service
    pages: Pages
    counters: Counters
    public_url: str
    sender: str
    demo: bool
    mailbox_dir: str
    page_cache: PageCache = field(default_factory=make_page_cache)
    page_templates: PageTemplates = field(default_factory=make_page_templates)
    load_shedder: LoadShedder = field(default_factory=LoadShedder)
    figures: TtlCache[str, Figures] = field(default_factory=lambda: TtlCache(FIGURES_KEPT_SECONDS))
    one_file: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))  # made at a time, of signatures
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def is_secure(self) -> bool:
        """Whether the site is served over https."""
        return self.public_url.startswith("https:")


def app_state(request: Request) -> AppState:
    """The process behind this request."""
    return cast("AppState", request.scope["state"]["app_state"])


def service(request: Request) -> Service:
    """The service behind this request."""
    return app_state(request).service


def now(request: Request) -> datetime:
    """This moment, in UTC; the same for the whole request."""
    scope = request.scope
    if "petitions.now" not in scope:
        scope["petitions.now"] = app_state(request).clock()
    return cast("datetime", scope["petitions.now"])


def today(request: Request, timezone: Any) -> date:
    """Which day it is, by the clock of ``timezone`` (a ZoneInfo)."""
    return now(request).astimezone(timezone).date()


def day_here(request: Request) -> date:
    """Which day it is where this service runs: a procedure comes into force at midnight there, not in Greenwich."""
    return today(request, app_state(request).pages.site.body.zone)


def language(request: Request) -> str:
    """The language of the page: from the path, else what the person at the desk or the browser prefers."""
    given = request.path_params.get("lang")
    if given is not None:
        if given not in LANGUAGES:
            raise NotFoundError("language")
        return str(given)
    someone = person(request)
    if (asked := request.query_params.get("lang", "")) in LANGUAGES:
        return asked
    return someone.language if someone else preferred_language(request)


def preferred_language(request: Request) -> str:
    """Dutch, unless the browser asks for English before Dutch."""
    header = request.headers.get("accept-language", "").lower()
    wanted = [part.split(";")[0].strip()[:2] for part in header.split(",")]
    return next((code for code in wanted if code in LANGUAGES), next(iter(LANGUAGES)))


def person(request: Request) -> Person | None:
    """Who is signed in; None for the public. Set by the guard of the route."""
    return cast("Person | None", getattr(request.state, "person", None))


def staff(request: Request) -> Person:
    """Who is signed in, on a route that demands it."""
    someone = person(request)
    assert someone is not None  # noqa: S101 - the guard of the route let nobody else in
    return someone


def number(request: Request, name: str = "id") -> int:
    """A number from the path. Raises NotFoundError for what cannot be the number of anything."""
    found = read_number(str(request.path_params[name]))
    if found is None:
        raise NotFoundError(name)
    return found


def read_number(text: str) -> int | None:
    """The number that ``text`` writes; None for what cannot be the number of anything, however long it is."""
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_NUMBER or not 0 < int(text) <= LARGEST_ID:
        return None
    return int(text)


def link(request: Request, purpose: Purpose) -> Link:
    """The personal link in the path. Raises NotFoundError when it was not made by us."""
    return service(request).tokens.read(purpose, str(request.path_params["token"]))


NONE_OF_THEM: Final[frozenset[str]] = frozenset()


async def form(request: Request, several: frozenset[str] = NONE_OF_THEM) -> dict[str, str]:
    """The fields of a form as text: the last value of a repeated field. Files are ignored.

    Of a field in ``several`` (any number can be ticked), all values, separated by commas.

    Our pages are UTF-8, and browsers send their forms in it, url-encoded. A multipart body may name another charset,
    and some of those fail to decode or yield half a surrogate pair: that is a bad request (400).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/x-www-form-urlencoded":
            return _values(_read_fields(await _read_body(request)), several)
        data: FormData = await request.form(max_files=0, max_fields=MAX_FIELDS)
        values = _values(((name, value) for name, value in data.multi_items() if isinstance(value, str)), several)
        "".join([*values, *values.values()]).encode()
    except UnicodeError as error:
        raise HTTPException(400) from error
    return values


async def _read_body(request: Request) -> bytes:
    """The body. Its size is limited by the framework (max_body_size)."""
    chunks: list[bytes] = []
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)


def _read_fields(body: bytes) -> list[tuple[str, str]]:
    """The fields of a url-encoded body. Raises HTTPException(400) for more than ``MAX_FIELDS``."""
    text = body.decode("utf-8", "replace")
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise HTTPException(400) from error


def _values(fields: Iterable[tuple[str, str]], several: frozenset[str]) -> dict[str, str]:
    if not several:
        return dict(fields)
    values: dict[str, str] = {}
    for name, value in fields:
        values[name] = f"{values[name]},{value}" if name in several and name in values else value
    return values


def path_in(request: Request) -> Callable[[str], str]:
    """From a language to the address of the same page in it."""
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    if "lang" not in request.path_params:
        kept = dict(request.query_params) if request.method == "GET" else {}
        return lambda code: f"{request.url.path}?{urlencode(kept | {'lang': code})}"
    rest = request.url.path.split("/", 2)[2:]
    return lambda code: "/".join([f"/{code}", *rest]) + query


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    nav: str = "",
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """A page. Unless ``headers`` says otherwise it is kept by nobody."""
    someone = person(request)
    body = app_state(request).pages.render(
        template,
        language(request),
        nav=nav,
        path_in=path_in(request),
        person_name=someone.name if someone else "",
        person=someone,
        **context,
    )
    return HTMLResponse(body, status_code=status, headers=dict(headers or {"Cache-Control": "no-store"}))


class _Filled(Response):
    """A page from a page template; it encodes its headers itself, which is faster than the framework does."""

    def __init__(self, body: bytes, headers: Mapping[str, str]) -> None:
        self.status_code, self.body, self.background = 200, body, None
        self.raw_headers = [
            *((name.lower().encode(), value.encode()) for name, value in headers.items()),
            (b"content-type", HTML.encode()),
            (b"content-length", str(len(body)).encode()),
        ]


async def personal(
    request: Request,
    template: str,
    key: Hashable,
    fill: Mapping[str, str],
    context: Callable[[], Awaitable[dict[str, Any]]],
    *,
    headers: Mapping[str, str],
) -> Response:
    """A personal page, from a page template (see page_cache.templates) that is filled in with the values of ``fill``.

    ``context`` makes the facts for the template, with a placeholder for each name in ``fill``; ``place`` is the address
    of this page after its language. The facts may depend on nothing but the language and ``key``.
    """
    spoken, page_templates = language(request), app_state(request).page_templates

    async def make() -> PageTemplate:
        facts: dict[str, Any] = {"person_name": "", "person": None, **await context()}
        place = placeholder("place")
        return PageTemplate(
            app_state(request).pages.render(template, spoken, path_in=lambda code: f"/{code}{place}", **facts)
        )

    whole = (template, spoken, key)
    page_template = page_templates.fresh(whole) or await page_templates.get(whole, make)
    place = request.scope["path"].removeprefix(f"/{spoken}")
    return _Filled(page_template.fill({"place": place, **fill}), headers)


def redirect_after_post(path: str) -> Response:
    """After a form was accepted: go and look there (303)."""
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
