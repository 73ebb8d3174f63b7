"""The tab for handing over signatures: request a file with a purpose, download it within an hour, and the log."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Final

from pydantic import Field, create_model
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from petitions.errors import ConflictError, ForbiddenError, GoneError, NotFoundError
from petitions.handover import acts as exporting
from petitions.handover.acts import FileRequest, SignatureSource
from petitions.handover.reads import read_extent, read_log, read_requests
from petitions.http.forms import check, choice, line
from petitions.http.spreadsheets import MEDIA, Table
from petitions.http.state import form, language, now, number, redirect_after_post, render
from petitions.http.words import words
from petitions.lifecycle.pages.referral_tabs import ReferralContext, clerk, here, load, tab_page
from petitions.lifecycle.pages.state import app_state, service, staff

ROOM: Final = "export"
LAST_PAGE: Final = 10_000
LONGEST_PURPOSE: Final = 300
Wanted: Final = create_model(
    "Wanted",
    content=(choice(*exporting.CONTENTS), Field(default="", validate_default=True)),
    format=(choice(*exporting.FORMATS), Field(default="", validate_default=True)),
    purpose=(line(LONGEST_PURPOSE, 10), Field(default="", validate_default=True)),
)


async def _before(request: Request) -> ReferralContext:
    found = await load(request)
    if found.shown.procedure.handover is None:
        raise NotFoundError("handover")
    return found


async def _source(request: Request) -> SignatureSource | None:
    """The signatures that can be exported; None once they were erased."""
    petition_id, referral_id = number(request, "petition_id"), number(request)
    try:
        return await exporting.source(service(request), clerk(request), petition_id, referral_id, now=now(request))
    except GoneError:
        return None


async def page(request: Request) -> Response:
    """What can be handed over, the form to request it, and the earlier requests."""
    found = await _before(request)
    return await _page(request, found, {})


async def _page(
    request: Request,
    found: ReferralContext,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    source, running = await _source(request), service(request)
    extent = await read_extent(running.database, source.petition_id, source.valid_since) if source else None
    return tab_page(
        request,
        found,
        ROOM,
        "handover/export.html",
        status=status,
        columns=found.shown.procedure.handover.columns if found.shown.procedure.handover else (),
        may_export=await exporting.may_export(running, clerk(request), found.shown.view.committee_slug),
        source=source,
        extent=extent,
        requests=await read_requests(running.database, found.petition.id, found.shown.view.id),
        most=exporting.MOST_DOWNLOADS,
        now=now(request),
        values=values or {"content": "handover", "format": "xlsx"},
        errors=dict(errors or {}),
    )


async def ask(request: Request) -> Response:
    """Request a file. Without the right to it the answer is 403, and nothing is made."""
    found = await _before(request)
    values = await form(request)
    source = await _source(request)
    if source is None:
        return await _page(request, found, values, status=410)
    if not await exporting.may_export(service(request), clerk(request), source.committee):
        raise ForbiddenError("export")
    checked = check(Wanted, values)
    if checked.problems:
        return await _page(request, found, values, checked.errors(language(request)), 400)
    facts = checked.facts
    try:
        made = await exporting.ask(
            service(request),
            clerk(request),
            source,
            content=facts["content"],
            format_=facts["format"],
            purpose=facts["purpose"],
            now=now(request),
        )
    except ConflictError:
        told = words(language(request)).gettext("No sample waits for answers, so there is nobody to write to.")
        return await _page(request, found, values, {"content": told}, 409)
    return redirect_after_post(f"{here(request)}/{ROOM}/{made}")


async def show_request(request: Request) -> Response:
    """The page of one request: the button to download, until when it works, and how often it was used."""
    found = await _before(request)
    wanted = await _asked(request)
    over = wanted.is_over(now(request)) or await _source(request) is None
    return _request_page(request, found, wanted, over=over)


async def _asked(request: Request) -> FileRequest:
    return await exporting.read_request(
        service(request),
        clerk(request),
        number(request, "petition_id"),
        number(request),
        number(request, "export_id"),
    )


def _request_page(request: Request, found: ReferralContext, wanted: FileRequest, *, over: bool) -> Response:
    return tab_page(
        request,
        found,
        ROOM,
        "handover/request.html",
        status=410 if over else 200,
        wanted=wanted,
        over=over,
        left=max(0, wanted.most - wanted.downloads),
    )


async def download(request: Request) -> Response:
    """Make the file now, log it, and send it. Once the request has expired nothing is made: 410."""
    found = await _before(request)
    wanted = await _asked(request)
    source = await _source(request)
    if source is None:
        return _request_page(request, found, wanted, over=True)
    try:
        await exporting.begin_download(service(request), clerk(request), source, wanted, now=now(request))
        table = await _make(request, source, wanted)
    except GoneError:
        return _request_page(request, found, wanted, over=True)
    return StreamingResponse(
        _send(table),
        media_type=MEDIA[wanted.format],
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{_name(wanted)}"',
            "Content-Length": str(table.size),
        },
    )


def _name(wanted: FileRequest) -> str:
    ending = "xlsx" if wanted.format == "xlsx" else "csv"
    return f"petition-{wanted.petition_id}-{wanted.content}-{wanted.id}.{ending}"


async def _make(request: Request, source: SignatureSource, wanted: FileRequest) -> Table:
    """Write the whole file to an unnamed file on disk, in batches in a thread; log it before anything is sent."""
    say = words(language(request)).gettext
    headings = [column.heading for column in exporting.columns_of(source, wanted.content)]
    if wanted.content == "letters":
        headings = [say("Place on the list"), *headings]
    async with app_state(request).one_file:
        table: Table = await asyncio.to_thread(Table, wanted.format, headings)  # type: ignore[arg-type]
        try:
            async for rows in exporting.portions(service(request), source, wanted.content):
                await asyncio.to_thread(table.add, rows)
            digest = await asyncio.to_thread(table.finish, _about(request, wanted, table.rows))
            await exporting.record_download(
                service(request), clerk(request), wanted, signatures=table.rows, sha256=digest, now=now(request)
            )
        except BaseException:
            await asyncio.to_thread(table.close)
            raise
    return table


def _about(request: Request, wanted: FileRequest, rows: int) -> list[tuple[str, str]]:
    """Who made this file, when and why, so that a lost file shows whose it was."""
    say = words(language(request)).gettext
    return [
        (say("Made by"), staff(request).name),
        (say("Made at"), now(request).isoformat(timespec="seconds")),
        (say("Purpose"), wanted.purpose),
        (say("Number in the log"), f"{wanted.petition_id}/{wanted.id}"),
        (say("Signatures"), str(rows)),
        (say("Made with"), app_state(request).public_url),
    ]


async def _send(table: Table) -> AsyncIterator[bytes]:
    """The file in chunks; deleted at the end, also when the reader disconnects."""
    try:
        chunks = table.chunks()
        while chunk := await asyncio.to_thread(next, chunks, b""):
            yield chunk
    finally:
        table.close()


async def log(request: Request) -> Response:
    """For administrators: every request for signatures, of all committees, the latest first."""
    text = request.query_params.get("page", "1")
    page_number = min(max(1, int(text[:6])), LAST_PAGE) if text.isascii() and text.isdigit() else 1
    return render(
        request,
        "handover/log.html",
        nav="exports",
        log=await read_log(service(request).database, page_number),
        committees=service(request).committees,
        page_link=lambda wanted: f"/staff/exports?page={wanted}",
    )
