"""What a handler is given and what it gives back: the process, the clock, the language, forms and answers.

This is the only place that reads the clock for a request, and the only one that turns templates into responses.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, Protocol, cast
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from petitions.errors import NotFoundError
from petitions.http.load_shedding import LoadShedder
from petitions.http.page_cache.middleware import PageCache, make_page_cache
from petitions.http.page_cache.prepared import HTML
from petitions.http.page_cache.templates import PageTemplate, PageTemplates, make_page_templates, placeholder
from petitions.http.templating import Pages
from petitions.locale import LANGUAGES

LARGEST_ID: Final = 2**63 - 1
LONGEST_NUMBER: Final = 19
MAX_FIELDS: Final = 60


Handler = Callable[[Request], Awaitable[Response]]
"""What answers the requests of one address."""


class SignedIn(Protocol):
    """Who is signed in, as far as every page needs to know."""

    @property
    def name(self) -> str:
        """What the person is called."""

    @property
    def language(self) -> str:
        """The language that the person reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpState:
    """What the HTTP machinery needs of the process. The application adds its own fields in a subclass."""

    pages: Pages
    public_url: str
    demo: bool
    page_cache: PageCache = field(default_factory=make_page_cache)
    page_templates: PageTemplates = field(default_factory=make_page_templates)
    load_shedder: LoadShedder = field(default_factory=LoadShedder)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def is_secure(self) -> bool:
        """Whether the site is served over https."""
        return self.public_url.startswith("https:")


def http_state(request: Request) -> HttpState:
    """The process behind this request."""
    return cast("HttpState", request.scope["state"]["app_state"])


def now(request: Request) -> datetime:
    """This moment, in UTC; the same for the whole request."""
    scope = request.scope
    if "petitions.now" not in scope:
        scope["petitions.now"] = http_state(request).clock()
    return cast("datetime", scope["petitions.now"])


def today(request: Request, timezone: Any) -> date:
    """Which day it is, by the clock of ``timezone`` (a ZoneInfo)."""
    return now(request).astimezone(timezone).date()


def day_here(request: Request) -> date:
    """Which day it is where this service runs: a procedure comes into force at midnight there, not in Greenwich."""
    return today(request, http_state(request).pages.site.body.zone)


def language(request: Request) -> str:
    """The language of the page: from the path, else what the person at the desk or the browser prefers."""
    given = request.path_params.get("lang")
    if given is not None:
        if given not in LANGUAGES:
            raise NotFoundError("language")
        return str(given)
    someone = signed_in(request)
    if (asked := request.query_params.get("lang", "")) in LANGUAGES:
        return asked
    return someone.language if someone else preferred_language(request)


def preferred_language(request: Request) -> str:
    """Dutch, unless the browser asks for English before Dutch."""
    header = request.headers.get("accept-language", "").lower()
    wanted = [part.split(";")[0].strip()[:2] for part in header.split(",")]
    return next((code for code in wanted if code in LANGUAGES), next(iter(LANGUAGES)))


def signed_in(request: Request) -> SignedIn | None:
    """Who is signed in; None for the public. Set by the guard of the route."""
    return cast("SignedIn | None", getattr(request.state, "person", None))


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
    someone = signed_in(request)
    body = http_state(request).pages.render(
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
    spoken, page_templates = language(request), http_state(request).page_templates

    async def make() -> PageTemplate:
        facts: dict[str, Any] = {"person_name": "", "person": None, **await context()}
        place = placeholder("place")
        return PageTemplate(
            http_state(request).pages.render(template, spoken, path_in=lambda code: f"/{code}{place}", **facts)
        )

    whole = (template, spoken, key)
    page_template = page_templates.fresh(whole) or await page_templates.get(whole, make)
    place = request.scope["path"].removeprefix(f"/{spoken}")
    return _Filled(page_template.fill({"place": place, **fill}), headers)


def redirect_after_post(path: str) -> Response:
    """After a form was accepted: go and look there (303)."""
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
