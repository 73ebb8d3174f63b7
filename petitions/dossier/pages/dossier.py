"""The public dossier of a petition: everything about it on one page, in more detail than its own page.

It consists of parts. A part reads its own facts and has its own template; an empty one is left out. The
page of the petition itself stays short and fast, and links here. The same as data: :mod:`.data`.
"""

from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from petitions.dossier.reads.dossier import TimelineEntry, TimelineSelection, entries_of, select
from petitions.dossier.reads.versions import read_versions
from petitions.dossier.rules.milestones import milestones
from petitions.dossier.rules.upcoming import upcoming_steps
from petitions.errors import NotFoundError
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import page, public
from petitions.http.state import language, now, number
from petitions.lifecycle.pages.parts import DossierPart
from petitions.lifecycle.pages.petition import load_view
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.reads.growth import read_growth
from petitions.lifecycle.reads.timeline import read_events, timeline_of
from petitions.lifecycle.rules.states import Stage


async def _now(_request: Request, shown: PetitionView) -> Any:
    """The current and next steps; none for a withdrawn petition."""
    coming = upcoming_steps(shown.outlook, shown.facts.referred, shown.facts.day)
    return coming if coming or shown.referrals or shown.petition.stage == Stage.CLOSED else None


async def _timeline(request: Request, shown: PetitionView) -> TimelineSelection:
    query = request.query_params
    return select(await read_entries(request, shown), query.get("show", ""), query.get("year", ""))


PARTS: Final = (
    DossierPart(10, "now", "dossier/now.html", _now),
    DossierPart(20, "timeline", "dossier/timeline.html", _timeline),
)
"""The parts that every dossier has. Other subjects give theirs with their registration."""


def is_whole(shown: PetitionView) -> bool:
    """Whether there is a dossier: the petition was accepted, and its text is public."""
    return not shown.petition.hidden and shown.petition.stage not in {Stage.REMOVED, Stage.REJECTED}


async def read_entries(request: Request, shown: PetitionView) -> tuple[TimelineEntry, ...]:
    """The whole timeline: events, milestones, and the submitted texts."""
    found, readers = shown.petition, service(request).readers
    zone = found.procedure.body.zone
    events = await read_events(readers, found.id, zone)
    kinds = service(request).event_kinds
    told = timeline_of(events, kinds, stage=found.stage, hidden=found.hidden, whole=True)
    until = found.closed_at or found.ended_at or now(request)
    days = await read_growth(readers, found.procedure, found.id, opened_at=found.opened_at, until=until)
    required = [threshold.required for threshold in found.thresholds if threshold.required is not None]
    passed = milestones([(day.day, day.total) for day in days], required)
    return entries_of(told, kinds, passed, await read_versions(readers, found, events), zone)


async def dossier(request: Request) -> Response:
    """The dossier of one petition. Raises NotFoundError for one that is not public or was not accepted."""
    language(request)
    petition_id = number(request)

    async def make() -> Content:
        shown = await load_view(request, petition_id)
        if not is_whole(shown):
            raise NotFoundError("petition")
        told = [(part, await part.read(request, shown)) for part in app_state(request).parts.dossier]
        return page(
            request,
            "dossier/dossier.html",
            nav="petitions",
            petition=shown.petition,
            shown=shown,
            committees=service(request).committees,
            parts=[(part, found) for part, found in told if found is not None],
            choice=lambda group, year: _address(request, group, year),
        )

    return await public(request, make)


def _address(request: Request, group: str, year: int | None) -> str:
    query = {"show": group, "year": str(year) if year else ""}
    text = urlencode({name: value for name, value in query.items() if value})
    return request.url.path + (f"?{text}" if text else "") + "#timeline"
