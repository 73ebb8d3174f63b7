"""The submitted texts of a petition, and the differences between them."""

from starlette.requests import Request
from starlette.responses import Response

from petitions.dossier.pages.dossier import is_whole
from petitions.dossier.reads.versions import Version, compare, read_versions
from petitions.errors import NotFoundError
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import page, public
from petitions.http.state import language, number
from petitions.lifecycle.pages.petition import load_view
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import service
from petitions.lifecycle.reads.timeline import read_events


async def _read(request: Request, petition_id: int) -> tuple[PetitionView, tuple[Version, ...]]:
    shown = await load_view(request, petition_id)
    if not is_whole(shown):
        raise NotFoundError("petition")
    found, readers = shown.petition, service(request).readers
    events = await read_events(readers, found.id, found.procedure.body.zone)
    return shown, await read_versions(readers, found, events)


async def versions(request: Request) -> Response:
    """Every public version. Raises NotFoundError for a petition that is not public or was not accepted."""
    language(request)
    petition_id = number(request)

    async def make() -> Content:
        shown, found = await _read(request, petition_id)
        return page(
            request,
            "dossier/versions.html",
            nav="petitions",
            petition=shown.petition,
            versions=[compare(found, version.number) for version in found],
            hidden=bool(found) and found[-1].number > len(found),
        )

    return await public(request, make)


async def version(request: Request) -> Response:
    """One version compared with the public one before it. Raises NotFoundError for one that is not public."""
    language(request)
    petition_id, wanted = number(request), number(request, "version")

    async def make() -> Content:
        shown, found = await _read(request, petition_id)
        compared = compare(found, wanted)
        if compared is None:
            raise NotFoundError("version")
        return page(
            request,
            "dossier/version.html",
            nav="petitions",
            petition=shown.petition,
            compared=compared,
            version=compared.version,
            last=found[-1].number,
        )

    return await public(request, make)
