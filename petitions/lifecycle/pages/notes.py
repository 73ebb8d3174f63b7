"""The assignment of a referral to a clerk, and private notes of the committee's clerks and members."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, Field, create_model
from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, NotFoundError
from petitions.http.forms import check, paragraphs
from petitions.http.state import form, language, now, number, read_number, redirect_after_post
from petitions.lifecycle.acts import desk
from petitions.lifecycle.pages.guard import committees
from petitions.lifecycle.pages.referral_tabs import ReferralContext, clerk, conflict, here, load, tab_page
from petitions.lifecycle.pages.state import service, staff
from petitions.lifecycle.reads.desk import read_colleagues, read_notes

LONGEST_NOTE: Final = 2000
Noting: Final[type[BaseModel]] = create_model(
    "Noting", note=(paragraphs(LONGEST_NOTE), Field(default="", validate_default=True))
)


async def notes(request: Request) -> Response:
    """The assigned clerk and the notes, the latest first."""
    return await _page(request, await load(request), {}, {})


async def _page(
    request: Request, before: ReferralContext, values: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> Response:
    database, view = service(request).database, before.shown.view
    return tab_page(
        request,
        before,
        "notes",
        "lifecycle/referral/notes.html",
        status=status,
        notes=await read_notes(database, view.petition_id, view.id),
        colleagues=await read_colleagues(database, view.committee_slug),
        longest=LONGEST_NOTE,
        values=values,
        errors=errors,
    )


async def act(request: Request) -> Response:
    """Add a note, or delete one's own (the field ``delete``)."""
    before, values, me = await load(request), await form(request), staff(request)
    view = before.shown.view
    if "delete" in values:
        note_id = read_number(values["delete"])
        if note_id is None:
            raise NotFoundError("note")
        await desk.delete_note(service(request), me.id, view.petition_id, view.id, note_id)
        return redirect_after_post(f"{here(request)}/notes#notes")
    checked = check(Noting, values)
    if checked.problems:
        return await _page(request, before, values, checked.errors(language(request)), 400)
    await desk.note(
        service(request),
        me.id,
        committees(request),
        view.petition_id,
        view.id,
        checked.facts["note"],
        now=now(request),
    )
    return redirect_after_post(f"{here(request)}/notes#notes")


async def assign(request: Request) -> Response:
    """Assign this referral to a clerk, or to nobody. If a colleague was first, say so (409)."""
    values = await form(request)
    await load(request)
    try:
        await desk.assign(
            service(request),
            clerk(request),
            number(request, "petition_id"),
            number(request),
            to=read_number(values.get("to", "")),
            seen=read_number(values.get("seen", "")),
            now=now(request),
        )
    except ConflictError as error:
        return await conflict(request, error)
    return redirect_after_post(f"{here(request)}/notes")
