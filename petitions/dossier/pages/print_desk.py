"""The tab of the printed dossier at the desk: request one, see that it is being made, and download it."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from petitions.dossier import acts as printing
from petitions.dossier.pages.prints import wait_for
from petitions.dossier.reads.prints import Print, read_print
from petitions.dossier.rules.prints import print_name
from petitions.errors import NotFoundError
from petitions.http.files import PRIVATE, pdf
from petitions.http.state import form, now, redirect_after_post
from petitions.lifecycle.pages.referral_tabs import ReferralContext, here, load, tab_page
from petitions.lifecycle.pages.state import service, staff
from petitions.locale import LANGUAGES

ROOM = "print"


async def _read(request: Request, before: ReferralContext, code: str) -> Print:
    """The printed dossier in one language, if this committee may have it.

    One made before another committee got the petition too may list documents of the first committee only: nobody can
    download it any more, and a new one is made without them.
    """
    found = await read_print(service(request).database, before.petition.id, "committee", code)
    referrals = (before.shown, *before.others)
    is_shared = len({one.committee.slug for one in referrals}) > 1
    if is_shared and found.made and found.made.made_at <= max(one.view.created_at for one in referrals):
        return replace(found, made=None)
    return found


async def index(request: Request) -> Response:
    """The prints for the committee in each language, and the buttons for a new one."""
    before = await load(request)
    prints = [
        await _read(request, before, code)
        for code in sorted(LANGUAGES, key=lambda code: code != before.petition.language)
    ]
    return tab_page(request, before, ROOM, "dossier/print_desk.html", prints=prints)


async def ask(request: Request) -> Response:
    """Request a new print. If nothing changed since the last one, that one stays."""
    values = await form(request)
    before = await load(request)
    chosen = values.get("language", "")
    if chosen not in LANGUAGES:
        raise NotFoundError("language")
    await printing.ask(
        service(request), before.petition.id, "committee", chosen, staff_id=staff(request).id, now=now(request)
    )
    await wait_for(request, before.petition.id, "committee", chosen)
    return redirect_after_post(f"{here(request)}/{ROOM}")


async def file(request: Request) -> Response:
    """The file of the print for the committee in one language."""
    before = await load(request)
    spoken = str(request.path_params["code"])
    found = await _read(request, before, spoken)
    if found.made is None:
        raise NotFoundError("print")
    return await pdf(
        request,
        service(request).file_store,
        found.made.sha256,
        print_name(before.petition.id, "committee", spoken),
        PRIVATE,
    )
