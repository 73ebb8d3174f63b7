"""The tab of documents at the desk: add one, see the findings of its inspection, publish and withdraw it."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from petitions.documents import acts as documents
from petitions.documents.pages.forms import message, read_document_form, read_reason
from petitions.documents.reads import FiledDocument, read_document, read_documents
from petitions.documents.rules import KINDS, file_name
from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.http.files import PRIVATE, pdf
from petitions.http.state import form, language, now, number, redirect_after_post, today
from petitions.http.typed import typed_day
from petitions.http.uploads import LARGEST_FILE, MEGABYTE, read_upload
from petitions.lifecycle.pages.guard import committees
from petitions.lifecycle.pages.referral_tabs import ReferralContext, clerk, here, load, seen, tab_page
from petitions.lifecycle.pages.state import service

ROOM = "documents"


async def index(request: Request) -> Response:
    """The documents of the petition, and the form to add one."""
    before = await load(request)
    values = {
        "dated_on": typed_day(today(request, before.shown.zone)),
        "language": before.petition.language,
        "audience": "public",
    }
    return await _index(request, before, values)


async def _index(
    request: Request, before: ReferralContext, values: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> Response:
    found = await read_documents(service(request).database, before.petition.id, committees=committees(request))
    return tab_page(
        request,
        before,
        ROOM,
        "documents/filing.html",
        status=400 if errors else 200,
        documents=[one for one in found if _may_see(before, one)],
        kinds=KINDS,
        largest=LARGEST_FILE // MEGABYTE,
        done=request.query_params.get("done", "") if request.method == "GET" else "",
        values=values,
        errors=errors or {},
    )


async def add(request: Request) -> Response:
    """Store a document that only the committee can see; then show it, to be checked before publication."""
    before = await load(request)
    sent = await read_upload(request)
    typed = read_document_form(sent, language(request))
    if typed.document is None:
        return await _index(request, before, sent.values, typed.errors)
    try:
        made = await documents.add(
            service(request),
            clerk(request),
            before.petition.id,
            before.shown.view.id,
            typed.document,
            typed.content,
            now=now(request),
        )
    except InvalidInputError as error:
        errors = {name: message(language(request), code) for name, code in error.fields.items()}
        return await _index(request, before, sent.values, errors)
    return redirect_after_post(f"{here(request)}/{ROOM}/{made}")


async def _find(request: Request, before: ReferralContext) -> FiledDocument:
    """The document of this referral in the path. Raises NotFoundError."""
    found = await read_document(
        service(request).database,
        before.petition.id,
        number(request, "document"),
        committees=committees(request),
    )
    if found.referral_id != before.shown.view.id or not _may_see(before, found):
        raise NotFoundError("document")
    return found


def _may_see(before: ReferralContext, found: FiledDocument) -> bool:
    """Members see published documents only; unpublished ones are for clerks."""
    return found.published_at is not None or (before.records and found.referral_id == before.shown.view.id)


async def document(request: Request) -> Response:
    """One document: the findings of its inspection, and the possible actions."""
    before = await load(request)
    return _one(request, before, await _find(request, before))


def _one(
    request: Request,
    before: ReferralContext,
    found: FiledDocument,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    refused: str = "",
) -> Response:
    return tab_page(
        request,
        before,
        ROOM,
        "documents/filed.html",
        status=status,
        document=found,
        refused=refused,
        done=request.query_params.get("done", "") if request.method == "GET" else "",
        values=values or ({} if found.published_at else {"mail": "yes"}),
        errors=errors or {},
    )


async def act(request: Request) -> Response:
    """Publish, discard or withdraw a document. If a colleague was first, show the current state (409)."""
    values = await form(request)
    before = await load(request)
    found = await _find(request, before)
    acts = {"publish": _publish, "discard": _discard, "withdraw": _withdraw}
    chosen = acts.get(values.get("act", ""))
    if chosen is None:
        raise NotFoundError("act")
    try:
        errors, place = await chosen(request, found, values)
    except InvalidInputError as error:
        errors = {name: message(language(request), code) for name, code in error.fields.items()}
    except ConflictError as error:
        return _one(request, before, await _find(request, before), values, status=409, refused=error.reason)
    if errors:
        return _one(request, before, found, values, errors, status=400)
    return redirect_after_post(f"{here(request)}/{ROOM}{place}")


async def _publish(request: Request, found: FiledDocument, values: Mapping[str, str]) -> tuple[dict[str, str], str]:
    asked = bool(found.findings.names) and not found.findings.signed
    if asked and values.get("names") not in {"remove", "keep"}:
        return {"names": message(language(request), "names")}, ""
    await documents.publish(
        service(request),
        clerk(request),
        seen(request, values),
        found.id,
        without_names=asked and values["names"] == "remove",
        told=_told(found, values),
        now=now(request),
    )
    return {}, f"/{found.id}?done=published"


def _told(found: FiledDocument, values: Mapping[str, str]) -> documents.Notification:
    return "mailed" if found.public and values.get("mail") else "silent"


async def _discard(request: Request, found: FiledDocument, values: Mapping[str, str]) -> tuple[dict[str, str], str]:
    await documents.discard(service(request), clerk(request), seen(request, values), found.id)
    return {}, "?done=discarded"


async def _withdraw(request: Request, found: FiledDocument, values: Mapping[str, str]) -> tuple[dict[str, str], str]:
    reason, errors = read_reason(values, language(request))
    if errors:
        return errors, ""
    await documents.withdraw(
        service(request),
        clerk(request),
        seen(request, values),
        found.id,
        reason=reason,
        told=_told(found, values),
        now=now(request),
    )
    return {}, f"/{found.id}?done=withdrawn"


async def file(request: Request) -> Response:
    """The file of a document for its committee, also before publication and after withdrawal."""
    before = await load(request)
    found = await _find(request, before)
    if found.sha256 is None:
        raise NotFoundError("file")
    return await pdf(
        request,
        service(request).file_store,
        found.sha256,
        file_name(before.petition.id, found.id, found.title),
        PRIVATE,
    )
