"""The home page, the list of petitions with its search, and the redirect from / to a language."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from petitions.errors import NotFoundError
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import page, public
from petitions.http.state import day_here, language, now, preferred_language, read_number
from petitions.http.words import N_, words
from petitions.lifecycle.pages.outlook import Toward, toward_in
from petitions.lifecycle.pages.procedures import common, offered
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.reads.home import HomeFigures, read_figures
from petitions.lifecycle.reads.listing import ListedPetition, ListQuery, Sort, Status, clean_words, read_listing
from petitions.lifecycle.reads.petition import read_petition
from petitions.lifecycle.rules.subjects import SUBJECTS

HOME_ROWS: Final = 6
LAST_PAGE: Final = 100_000
STATUS_ORDER: Final[tuple[Status, ...]] = get_args(Status)
SORTS: Final[dict[Sort, str]] = {
    "relevance": N_("Best match"),
    "near": N_("Nearly at the threshold"),
    "new": N_("New"),
    "closing": N_("Closing soon"),
    "signatures": N_("Most signatures"),
}


async def root(request: Request) -> Response:
    """Redirect to the home page in the language that the browser prefers."""
    headers = {"Vary": "Accept-Language", "Cache-Control": "public, max-age=300"}
    return RedirectResponse(f"/{preferred_language(request)}", status_code=302, headers=headers)


def counts(request: Request) -> Callable[[ListedPetition], int]:
    """A function from a row of a list to its current number of signatures."""
    counters = app_state(request).counters
    return lambda row: counters.get(row.id, row.confirmed)


async def home(request: Request) -> Response:
    """The home page: what the service is for, what happens now, and how a petition works."""
    language(request)  # raises NotFoundError for an unknown language
    sort: Sort = next((s for s in ("new", "closing") if s == request.query_params.get("sort")), "near")

    async def make() -> Content:
        running = service(request)
        database, procedures = running.readers, running.procedures
        here = offered(procedures.values(), day_here(request))
        return page(
            request,
            "lifecycle/public/home.html",
            sort=sort,
            figures=await _figures(request),
            listing=await read_listing(database, procedures, ListQuery(sort=sort, size=HOME_ROWS)),
            decided=await read_listing(database, procedures, ListQuery(status="answered", sort="decided", size=3)),
            offered=here,
            common=common(here),
            **_for_rows(request),
        )

    return await public(request, make)


async def _figures(request: Request) -> HomeFigures:
    """The figures, cached in this process: they change slowly, and counting a week of signatures takes a while."""
    return await app_state(request).figures.get(
        "home", lambda: read_figures(service(request).readers, now=now(request))
    )


def _for_rows(request: Request) -> dict[str, Any]:
    toward: Toward = toward_in(language(request))
    return {"toward": toward, "now": now(request), "counts": counts(request)}


def read_list_query(query: Mapping[str, str]) -> ListQuery:
    """Read the query parameters. Unknown values are ignored; this never raises an error."""
    words = clean_words(query.get("q", ""))
    status: Status = next((s for s in STATUS_ORDER if s == query.get("status")), "open")
    usual: Sort = "relevance" if words else {"open": "near", "answered": "decided"}.get(status, "new")  # type: ignore[assignment]
    sort: Sort = next((s for s in SORTS if s == query.get("sort") and (s != "relevance" or words)), usual)
    subject = query.get("subject")
    number = query.get("page", "1")
    return ListQuery(
        words=words,
        status=status,
        subject=subject if subject in SUBJECTS else None,
        procedure=clean_words(query.get("procedure", "")) or None,
        body=clean_words(query.get("body", "")) or None,
        committee=clean_words(query.get("committee", "")) or None,
        sort=sort,
        page=min(int(number[:9]), LAST_PAGE) if number.isascii() and number.isdigit() and int(number[:9]) > 0 else 1,
    )


def chosen(asked: ListQuery, query: Mapping[str, str]) -> dict[str, str]:
    """The query parameters that are valid and differ from the defaults."""
    given = {
        "q": asked.words,
        "status": asked.status if asked.status != "open" else "",
        "subject": asked.subject or "",
        "body": asked.body or "",
        "procedure": asked.procedure or "",
        "committee": asked.committee or "",
        "sort": asked.sort if query.get("sort") == asked.sort else "",
    }
    return {name: value for name, value in given.items() if value}


async def listing(request: Request) -> Response:
    """The list of petitions, searched and filtered. Searching for a number redirects to that petition."""
    asked = read_list_query(request.query_params)
    if found := await _by_number(request, asked.words):
        headers = {"Cache-Control": "public, max-age=10"}
        return RedirectResponse(f"/{language(request)}/petitions/{found}", status_code=302, headers=headers)

    async def make() -> Content:
        running = service(request)
        known = running.procedures.values()
        fitting = replace(
            asked,
            body=asked.body if asked.body in {p.body.code for p in known} else None,
            procedure=asked.procedure if asked.procedure in {p.code for p in known} else None,
            committee=asked.committee if asked.committee in running.committees else None,
        )
        shown = await read_listing(running.readers, running.procedures, fitting)
        if fitting.page > 1 and not shown.rows:
            raise NotFoundError("page")
        return page(
            request,
            "lifecycle/public/listing.html",
            nav="petitions",
            asked=fitting,
            listing=shown,
            **_links(request, fitting),
            meant_address=_meant_address(request, fitting, shown.meant),
            **_choices(request),
            **_for_rows(request),
        )

    return await public(request, make)


async def _by_number(request: Request, words: str) -> int | None:
    number = read_number(words.removeprefix("#").strip())
    if number is None:
        return None
    try:
        running = service(request)
        return (await read_petition(running.readers, running.procedures, number)).id
    except NotFoundError:
        return None


def _links(request: Request, asked: ListQuery) -> dict[str, Any]:
    """The addresses of the same list with another filter, order or page."""
    kept = chosen(asked, request.query_params)
    say = words(language(request)).gettext

    def address(without: tuple[str, ...] = (), **change: str) -> str:
        given = {name: value for name, value in kept.items() if name not in without} | change
        return f"/{language(request)}/petitions" + (f"?{urlencode(given)}" if given else "")

    sorts = [s for s in SORTS if (s != "relevance" or asked.words) and (s != "closing" or asked.status == "open")]
    return {
        "chosen": kept,
        "narrowed": bool(asked.subject or asked.body or asked.procedure or asked.committee),
        "broaden": address(("subject", "body", "procedure", "committee")),
        "widen": address(status="all") if asked.status != "all" else "",
        "page_address": lambda number: address(page=str(number)) if number > 1 else address(),
        "sort_links": [(address(sort=s), say(SORTS[s]), s == asked.sort) for s in sorts],
        "status_addresses": {
            s: address(("sort", "status"), **({} if s == "open" else {"status": s})) for s in STATUS_ORDER
        },
    }


def _meant_address(request: Request, asked: ListQuery, meant: str) -> str:
    """The address of the search for the suggested spelling: in the same list, or in all where that finds nothing."""
    kept = chosen(asked, request.query_params) | {"q": meant}
    return f"/{language(request)}/petitions?{urlencode(kept)}" if meant else ""


def _choices(request: Request) -> dict[str, Any]:
    """The options of the filters: the bodies, procedures and committees that petitions can have here."""
    running, lang = service(request), language(request)
    here = offered(running.procedures.values(), day_here(request))
    bodies = {procedure.body.code: procedure.body.name[lang] for procedure in here}
    return {
        "bodies": sorted(bodies.items(), key=lambda one: one[1]),
        "procedures": [(procedure.code, procedure.name[lang]) for procedure in here],
        "committees": sorted(
            ((c.slug, c.name[lang]) for c in running.committees.values() if c.body in bodies), key=lambda one: one[1]
        ),
    }
