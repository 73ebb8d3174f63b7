"""The public dossier of a petition: everything about it on one page, for those who want more than its own page tells.

It is made of parts. A part reads its own facts and has its own template; one that has nothing to tell is left out. The
page of the petition itself stays short and fast, and links here.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import NotFoundError
from petitions.reading.motions import read_motions
from petitions.reading.timeline import read_timeline
from petitions.reading.verification import read_checks
from petitions.rules.states import Stage
from petitions.web import contacts, questions, survey
from petitions.web.caching import page, public
from petitions.web.edge import language, number, service
from petitions.web.modules import has
from petitions.web.petition import Shown, look_at
from petitions.web.ready import Made


class Part(NamedTuple):
    """One part: its anchor, its template, and what it tells (None: nothing). The template gets that as ``part``."""

    name: str
    template: str
    read: Callable[[Request, Shown], Awaitable[Any]]


async def _timeline(request: Request, shown: Shown) -> Any:
    found = shown.petition
    return await read_timeline(
        service(request).readers, found.id, found.procedure.body.zone, stage=found.stage, hidden=found.hidden
    )


async def _motions(request: Request, shown: Shown) -> Any:
    if not has(request, "votes"):
        return None
    return await read_motions(service(request).readers, shown.petition.id) or None


async def _verification(request: Request, shown: Shown) -> Any:
    if shown.petition.procedure.verification is None:
        return None
    return await read_checks(service(request).readers, shown.petition.id) or None


PARTS: Final = (
    Part("timeline", "public/dossier_timeline.html", _timeline),
    Part("verification", "public/dossier_verification.html", _verification),
    Part("motions", "public/dossier_motions.html", _motions),
    Part("questions", "public/dossier_questions.html", questions.dossier_part),
    Part("contacts", "public/dossier_contacts.html", contacts.dossier_part),
    Part("survey", "public/dossier_survey.html", survey.dossier_part),
)
"""The parts of a dossier, in the order in which people ask for them."""


async def dossier(request: Request) -> Response:
    """Everything about one petition. Raises NotFoundError for one that is not public or was not accepted."""
    language(request)
    petition_id = number(request)

    async def make() -> Made:
        shown = await look_at(request, petition_id)
        if shown.petition.hidden or shown.petition.stage in {Stage.REMOVED, Stage.REJECTED}:
            raise NotFoundError("petition")
        told = [(part, await part.read(request, shown)) for part in PARTS]
        return page(
            request,
            "public/dossier.html",
            nav="petitions",
            petition=shown.petition,
            shown=shown,
            committees=service(request).committees,
            parts=[(part, found) for part, found in told if found is not None],
        )

    return await public(request, make)
