"""The public pages of committees: who handles petitions, which ones each committee has now, and how long it takes."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import NotFoundError
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import page, public
from petitions.http.state import day_here, language, now
from petitions.lifecycle.pages.state import service
from petitions.lifecycle.reads.committees import ReferralCounts, read_counts, read_list, receiving
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.drafting import in_force

LAST_PAGE: Final = 10_000


async def committees(request: Request) -> Response:
    """Every committee that this installation refers to or that still has a referral, by body."""

    async def make() -> Content:
        known = service(request).committees
        counts = await read_counts(service(request).readers, list(known))
        offered = receiving(service(request).procedures, known)
        bodies = {procedure.body.code: procedure.body for procedure in service(request).procedures.values()}
        by_body: dict[str, list[Committee]] = {}
        for one in known.values():
            if one.slug in offered or counts[one.slug] != ReferralCounts():
                by_body.setdefault(one.body, []).append(one)
        groups = [(bodies[code], found) for code, found in by_body.items()]
        return page(request, "lifecycle/referral/committees.html", nav="how", groups=groups, counts=counts)

    language(request)
    return await public(request, make)


async def committee(request: Request) -> Response:
    """One committee: its subjects, the petitions that wait there and for how long, and its decisions."""
    slug = str(request.path_params["slug"])
    found = service(request).committees.get(slug)
    if found is None:
        raise NotFoundError("committee")
    here = f"/{language(request)}/committees/{slug}"

    async def make() -> Content:
        database, procedures, known = (
            service(request).readers,
            service(request).procedures,
            service(request).committees,
        )
        waiting = await read_list(database, procedures, known, [slug], "todo", now=now(request))
        decided = await read_list(database, procedures, known, [slug], "done", page=_page(request), now=now(request))
        return page(
            request,
            "lifecycle/referral/committee.html",
            nav="how",
            committee=found,
            body=next((one.body for one in procedures.values() if one.body.code == found.body), None),
            procedures=in_force(
                [one for key, one in procedures.items() if slug in receiving({key: one}, known)], day_here(request)
            ),
            counts=(await read_counts(database, [slug]))[slug],
            overdue=sum(row.shown.clock.days_overdue > 0 for row in waiting.rows),
            waiting=waiting,
            decided=decided,
            page_link=lambda number: f"{here}?page={number}#decided" if number > 1 else f"{here}#decided",
        )

    return await public(request, make)


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return min(max(1, int(text[:6])), LAST_PAGE) if text.isascii() and text.isdigit() else 1
