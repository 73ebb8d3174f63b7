"""Public calendars: hearings and hand-overs of a committee, as a page and as iCalendar; and those of one petition."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.agenda.pages.icalendar import MEDIA_TYPE, meetings_feed
from petitions.agenda.reads import Meeting, read_meetings
from petitions.errors import NotFoundError
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import page, public
from petitions.http.state import language, now, number, today
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.reads.petition import read_petition
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.procedures import Body
from petitions.locale import load_catalogue

CONTROL: Final = "public, max-age=300, stale-while-revalidate=600, stale-if-error=3600"
PAST: Final = timedelta(days=365)
MOST_PAST: Final = 50


def _committee(request: Request) -> Committee:
    found = service(request).committees.get(str(request.path_params["slug"]))
    if found is None:
        raise NotFoundError("committee")
    return found


def _body(request: Request, committee: Committee) -> Body:
    return next(one.body for one in service(request).procedures.values() if one.body.code == committee.body)


async def _meetings(
    request: Request, *, slugs: Sequence[str] | None = None, petition_id: int | None = None
) -> tuple[Meeting, ...]:
    running = service(request)
    return await read_meetings(
        running.readers,
        running.procedures,
        running.committees,
        slugs=slugs,
        petition_id=petition_id,
        now=now(request),
    )


def by_month(meetings: Sequence[Meeting]) -> list[tuple[date, list[Meeting]]]:
    """Meetings grouped by month (its first day), in the order given."""
    return [(month, list(found)) for month, found in groupby(meetings, key=lambda one: one.day.replace(day=1))]


async def committee(request: Request) -> Response:
    """The meetings of a committee: from today on by month, and those of the last year."""
    found = _committee(request)
    language(request)

    async def make() -> Content:
        body = _body(request, found)
        meetings = await _meetings(request, slugs=[found.slug])
        day = today(request, body.zone)
        past = [one for one in meetings if day - PAST <= one.day < day][::-1]
        return page(
            request,
            "agenda/public.html",
            nav="how",
            committee=found,
            body=body,
            ahead=by_month([one for one in meetings if one.day >= day]),
            past=by_month(past[:MOST_PAST]),
        )

    return await public(request, make)


async def of_committee(request: Request) -> Response:
    """The meetings of a committee as iCalendar. Raises NotFoundError."""
    found, spoken = _committee(request), language(request)

    async def make() -> Content:
        site = app_state(request).public_url
        say = load_catalogue(spoken).gettext
        made = meetings_feed(
            spoken,
            site,
            await _meetings(request, slugs=[found.slug]),
            name=found.name[spoken],
            about=say("Hearings and hand-overs of petitions: %(committee)s") % {"committee": found.name[spoken]},
            address=f"{site}/{spoken}/committees/{found.slug}/calendar",
            own=f"{site}{request.scope['path']}",
        )
        return Content(made, media_type=MEDIA_TYPE)

    return await public(request, make, control=CONTROL)


async def of_petition(request: Request) -> Response:
    """The meetings about one petition as iCalendar. Raises NotFoundError for one that the public may not read."""
    petition_id, spoken = number(request), language(request)

    async def make() -> Content:
        running, site = service(request), app_state(request).public_url
        found = await read_petition(running.readers, running.procedures, petition_id)
        if found.hidden or found.title is None:
            raise NotFoundError("petition")
        say = load_catalogue(spoken).gettext
        made = meetings_feed(
            spoken,
            site,
            await _meetings(request, petition_id=petition_id),
            name=found.title,
            about=say("Hearings and hand-overs of this petition"),
            address=f"{site}/{spoken}/petitions/{petition_id}",
            own=f"{site}{request.scope['path']}",
        )
        return Content(made, media_type=MEDIA_TYPE)

    return await public(request, make, control=CONTROL)
