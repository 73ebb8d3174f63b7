"""Public prints: the dossier and the poster of a petition as PDF, made by the worker on request.

A page lists them; a button requests a new one, at most once an hour. The request waits a few seconds for the
worker, so that most people find the file when the page comes back.
"""

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.dossier import acts as printing
from petitions.dossier.reads.prints import Print, read_print
from petitions.dossier.rules.prints import FOR_EVERYBODY, Edition, may_ask, print_name
from petitions.errors import NotFoundError
from petitions.http.files import PRINT, pdf
from petitions.http.state import form, language, now, number, redirect_after_post, render
from petitions.lifecycle.pages.petition import load_dossier_view
from petitions.lifecycle.pages.state import service

WAIT_SECONDS: Final = 3.0
LOOK_SECONDS: Final = 0.25
MOST_WAITING: Final = 16
"""How many requests may wait for the worker at a time, in one process."""

_waiting: set[Request] = set()


async def wait_for(request: Request, petition_id: int, edition: Edition, spoken: str) -> Print:
    """The state of a print once the worker is done, or after a few seconds; at once if many requests wait already.

    A waiting request occupies a slot that others need (:mod:`petitions.http.load_shedding`).
    """
    waited = 0.0
    found = await read_print(service(request).database, petition_id, edition, spoken)
    if len(_waiting) >= MOST_WAITING:
        return found
    _waiting.add(request)
    try:
        while found.waiting and waited < WAIT_SECONDS:
            await asyncio.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS
            found = await read_print(service(request).database, petition_id, edition, spoken)
    finally:
        _waiting.discard(request)
    return found


async def page(request: Request) -> Response:
    """The prints of a petition, and the buttons for those not made yet."""
    shown = await load_dossier_view(request)
    spoken = language(request)
    prints = [await read_print(service(request).database, shown.petition.id, one, spoken) for one in FOR_EVERYBODY]
    return render(
        request,
        "dossier/print.html",
        nav="petitions",
        petition=shown.petition,
        prints=prints,
        may_ask=lambda one: may_ask(one.made.made_at if one.made else None, now(request)),
    )


async def ask(request: Request) -> Response:
    """Request a print. One that is queued, or new enough, is not made again."""
    values = await form(request)
    shown = await load_dossier_view(request)
    edition = next((one for one in FOR_EVERYBODY if one == values.get("edition")), None)
    if edition is None:
        raise NotFoundError("edition")
    spoken, petition_id = language(request), shown.petition.id
    found = await read_print(service(request).database, petition_id, edition, spoken)
    if not found.waiting and may_ask(found.made.made_at if found.made else None, now(request)):
        await printing.ask(service(request), petition_id, edition, spoken, now=now(request))
    await wait_for(request, petition_id, edition, spoken)
    return redirect_after_post(f"/{spoken}/petitions/{petition_id}/print")


async def _file(request: Request, edition: Edition) -> Response:
    shown = await load_dossier_view(request)
    spoken = language(request)
    found = await read_print(service(request).database, shown.petition.id, edition, spoken)
    if found.made is None:
        return redirect_after_post(f"/{spoken}/petitions/{number(request)}/print")
    return await pdf(
        request, service(request).file_store, found.made.sha256, print_name(shown.petition.id, edition, spoken), PRINT
    )


async def dossier(request: Request) -> Response:
    """The latest print of the dossier; if there is none yet, a redirect to the page to request it."""
    return await _file(request, "public")


async def poster(request: Request) -> Response:
    """The latest print of the poster; if there is none yet, a redirect to the page to request it."""
    return await _file(request, "poster")
