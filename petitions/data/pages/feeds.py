"""Atom feeds (RFC 4287): the events of all petitions, of those of a subject or a committee, or of one of them.

They let people follow without an account and without giving an address. Every entry has a permanent identifier and
links to the page of its event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from petitions.data.reads.feeds import FeedEvent, read_feed
from petitions.errors import NotFoundError
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import public
from petitions.http.state import language, now, number
from petitions.lifecycle.events.telling import Telling
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.reads.petition import read_petition
from petitions.lifecycle.rules.subjects import SUBJECTS
from petitions.locale import load_catalogue
from petitions.locale.formats import Formats
from petitions.mail.letters import Wording

ATOM: Final = "application/atom+xml; charset=utf-8"
CONTROL: Final = "public, max-age=300, stale-while-revalidate=600, stale-if-error=3600"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed, in the words for its reader."""

    id: str
    address: str
    moment: datetime
    updated: datetime
    headline: str
    lines: tuple[str, ...]
    petition: str
    language: str


async def everything(request: Request) -> Response:
    """The events of all petitions, or of those of one subject. An unknown subject is not found (404)."""
    language(request)
    subject = request.query_params.get("subject") or None
    if subject is not None and subject not in SUBJECTS:
        raise NotFoundError("subject")

    async def make() -> Content:
        entries = await read_feed(service(request).readers, service(request).event_kinds, subject=subject)
        return _feed(request, "/petitions" + (f"?subject={subject}" if subject else ""), entries, subject=subject)

    return await public(request, make, control=CONTROL)


async def of_petition(request: Request) -> Response:
    """The events of one petition. Raises NotFoundError for one that is not public."""
    petition_id = number(request)

    async def make() -> Content:
        running = service(request)
        found = await read_petition(running.readers, running.procedures, petition_id)
        if found.hidden or found.title is None:
            raise NotFoundError("petition")
        entries = await read_feed(running.readers, running.event_kinds, petition_id=petition_id)
        return _feed(request, f"/petitions/{petition_id}", entries, title=found.title)

    return await public(request, make, control=CONTROL)


async def of_committee(request: Request) -> Response:
    """The events of the petitions that were ever referred to one committee. Raises NotFoundError."""
    slug = str(request.path_params["slug"])
    committee = service(request).committees.get(slug)
    if committee is None:
        raise NotFoundError("committee")

    async def make() -> Content:
        entries = await read_feed(service(request).readers, service(request).event_kinds, committee=slug)
        return _feed(request, f"/committees/{slug}", entries, title=committee.name[language(request)])

    return await public(request, make, control=CONTROL)


def _feed(
    request: Request, path: str, entries: Sequence[FeedEvent], *, title: str = "", subject: str | None = None
) -> Content:
    here, spoken = app_state(request), language(request)
    site = f"{here.public_url}/{spoken}"
    query = f"?{request.url.query}" if request.url.query else ""
    body = here.pages.render(
        "data/atom.xml",
        spoken,
        title=title,
        subject=subject,
        address=site + path,
        self_address=f"{here.public_url}{request.scope['path']}{query}",
        updated=max((entry.updated for entry in entries), default=now(request)),
        entries=[_told(request, entry, site) for entry in entries],
    )
    return Content(body, media_type=ATOM)


def _told(request: Request, entry: FeedEvent, site: str) -> FeedEntry:
    running, spoken = service(request), language(request)
    procedure = running.procedure(entry.procedure_code, entry.procedure_version)
    translations = load_catalogue(spoken)
    formats = Formats(spoken, translations, procedure.body.zone)
    wording = Wording(
        spoken, translations, formats, app_state(request).pages.site.name_in(spoken), app_state(request).public_url
    )
    telling = Telling(wording, procedure, running.committees)
    headline, lines = running.event_kinds.tell(telling, entry.kind, entry.data, entry.facts_version, "public")
    host = urlsplit(app_state(request).public_url).hostname or "localhost"
    return FeedEntry(
        id=f"tag:{host},2026:petition/{entry.petition_id}/event/{entry.id}",
        address=f"{site}/petitions/{entry.petition_id}/events/{entry.id}",
        moment=entry.occurred_at,
        updated=entry.updated,
        headline=headline,
        lines=tuple(line for line in lines if line),
        petition=entry.title,
        language=entry.language,
    )
