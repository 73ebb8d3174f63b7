"""The page of one event: what happened, when, who acted, and its permanent address.

The number of an event never changes. An event that is no longer public (a rejection that was undone, or a petition
that was taken down) answers 410 at its address; one that never was public answers 404.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.dossier.pages.dossier import is_whole
from petitions.errors import GoneError, NotFoundError
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import page, public
from petitions.http.state import language, number
from petitions.http.words import N_
from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.pages.petition import load_view
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import service
from petitions.lifecycle.reads.timeline import TimelineEvent, correcting, read_events, timeline_of
from petitions.lifecycle.rules.states import Stage

ACTORS: Final = {
    "initiator": N_("The initiator"),
    "sponsor": N_("The first supporters"),
    "signatory": N_("The people who signed"),
    "moderator": N_("A moderator"),
    "committee": N_("The committee"),
    "administrator": N_("An administrator"),
    "system": N_("This service, by itself"),
}
"""The words for who acted. Never a name: the procedure says who does what."""


@dataclass(frozen=True, slots=True)
class EventPosition:
    """An event with the ones before and after it."""

    event: TimelineEvent
    before: TimelineEvent | None
    after: TimelineEvent | None


async def event(request: Request) -> Response:
    """One event. Raises NotFoundError for one that was never public, GoneError for one that no longer is."""
    language(request)
    petition_id, event_id = number(request), number(request, "event_id")
    kinds = service(request).event_kinds

    async def make() -> Content:
        shown = await load_view(request, petition_id)
        found = shown.petition
        if found.stage == Stage.REMOVED:
            return page(request, "lifecycle/public/removed.html", status=410, nav="petitions", petition=found)
        events = await read_events(service(request).readers, found.id, found.procedure.body.zone)
        if (moved := _corrected(kinds, events, event_id)) is not None and is_whole(shown):
            return _elsewhere(request, found.id, moved, event_id)
        place = _place(_told(shown, kinds, events), event_id)
        if place is None:
            raise _missing(kinds, events, event_id)
        return page(
            request,
            "dossier/event.html",
            nav="petitions",
            petition=found,
            shown=shown,
            place=place,
            event=place.event,
            actor=ACTORS[place.event.actor],
            committee=service(request).committees.get(str(place.event.data.get("committee"))),
            committees=service(request).committees,
            whole=is_whole(shown),
        )

    return await public(request, make)


def _told(shown: PetitionView, kinds: EventKinds, events: Sequence[TimelineEvent]) -> tuple[TimelineEvent, ...]:
    found = shown.petition
    return timeline_of(events, kinds, stage=found.stage, hidden=found.hidden, whole=is_whole(shown))


def _place(told: Sequence[TimelineEvent], event_id: int) -> EventPosition | None:
    at = next((at for at, one in enumerate(told) if one.id == event_id), None)
    if at is None:
        return None
    return EventPosition(told[at], told[at - 1] if at else None, told[at + 1] if at + 1 < len(told) else None)


def _corrected(kinds: EventKinds, events: Sequence[TimelineEvent], event_id: int) -> int | None:
    """The event to which the correction with this number belongs."""
    correction = next((correcting(one, kinds) for one in events if one.id == event_id), None)
    return correction.event if correction else None


def _elsewhere(request: Request, petition_id: int, event_id: int, correction_id: int) -> Content:
    """The redirect from a correction to the event that it corrects."""
    place = f"/{language(request)}/petitions/{petition_id}/events/{event_id}#correction-{correction_id}"
    return Content(b"", 308, "text/plain; charset=utf-8", {"Location": place})


def _missing(kinds: EventKinds, events: Sequence[TimelineEvent], event_id: int) -> NotFoundError | GoneError:
    told = kinds.on_timeline | kinds.beside_their_event
    known = any(one.id == event_id and one.kind in told for one in events)
    return GoneError("event") if known else NotFoundError("event")
