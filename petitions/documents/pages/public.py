"""Public documents: their part of the dossier, a page for each at a permanent address, and its file."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from petitions.documents.reads import FiledDocument, read_document, read_documents
from petitions.documents.rules import file_name
from petitions.errors import GoneError, NotFoundError
from petitions.http.files import PUBLIC, pdf
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import page, public
from petitions.http.state import language, number
from petitions.lifecycle.pages.dossier_data import DossierData
from petitions.lifecycle.pages.petition import load_dossier_view
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import service


async def part(request: Request, shown: PetitionView) -> tuple[FiledDocument, ...] | None:
    """The public documents of a petition; None if there are none."""
    return await read_documents(service(request).readers, shown.petition.id) or None


def _data(subject: DossierData, one: FiledDocument) -> dict[str, Any]:
    file = f"{subject.site}/documents/{subject.shown.petition.id}/{one.id}/{one.mark}.pdf"
    return {
        "id": subject.tag("document", one.id),
        "title": one.title,
        "kind": one.kind,
        "date": one.dated_on,
        "language": one.language,
        "summary": one.summary,
        "committee": one.committee_slug,
        "publishedAt": one.published_at,
        "withdrawnAt": one.withdrawn_at,
        "withdrawnReason": one.withdrawn_reason,
        "page": f"{subject.page}/documents/{one.id}",
        "url": None if not one.given_out else one.url or file,
        "sha256": one.sha256 if one.given_out else None,
        "bytes": one.size if one.given_out else None,
        "pages": one.findings.pages if one.sha256 and one.given_out else None,
    }


async def section(subject: DossierData) -> list[dict[str, Any]]:
    """The public documents, as a section of the dossier as data."""
    found = await read_documents(service(subject.request).readers, subject.shown.petition.id)
    return [_data(subject, one) for one in found]


async def document(request: Request) -> Response:
    """One document, with the link to its file. A withdrawn one says so, with the reason."""
    language(request)

    async def make() -> Content:
        shown = await load_dossier_view(request)
        found = await read_document(service(request).readers, shown.petition.id, number(request, "document"))
        facts: dict[str, Any] = {"petition": shown.petition, "document": found}
        committee = service(request).committees.get(found.committee_slug)
        return page(request, "documents/document.html", nav="petitions", committee=committee, **facts)

    return await public(request, make)


async def file(request: Request) -> Response:
    """The file of a document. Raises GoneError for a withdrawn one, NotFoundError for another hash."""
    shown = await load_dossier_view(request)
    found = await read_document(service(request).database, shown.petition.id, number(request, "document"))
    if found.sha256 is None or request.path_params["mark"] != found.mark:
        raise NotFoundError("file")
    if not found.given_out:
        raise GoneError("document")
    return await pdf(
        request, service(request).file_store, found.sha256, file_name(shown.petition.id, found.id, found.title), PUBLIC
    )
