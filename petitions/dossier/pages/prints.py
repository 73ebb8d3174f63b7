"""Prints for everybody: the dossier and the poster of a petition as PDF, made by the worker when somebody asks for it.

A page says what there is; a button asks for a new one, at most once an hour. The button waits a few seconds for the
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
"""How many wait for the worker at a time, in one process."""

_waiting: set[Request] = set()


async def wait_for(request: Request, petition_id: int, edition: Edition, spoken: str) -> Print:
    """How things stand once the worker is done, or after a few seconds; at once when many wait already.

    Whoever waits takes a place that others need (:mod:`petitions.http.load_shedding`).
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
    """What was printed of a petition, and the buttons for what was not."""
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
    """Ask for a print. One that is waited for, or new enough, is not made again."""
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
    """The dossier as it was made last; where there is none yet, the page on which one asks for it."""
    return await _file(request, "public")


async def poster(request: Request) -> Response:
    """The poster as it was made last; where there is none yet, the page on which one asks for it."""
    return await _file(request, "poster")
