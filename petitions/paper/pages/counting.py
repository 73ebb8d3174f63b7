"""Counting returned sheets at the desk: a first count, with the hash of the scan, and a second one to confirm it."""

import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, InvalidInputError
from petitions.http.state import form, language, now, number, redirect_after_post, render
from petitions.http.uploads import read_upload
from petitions.http.words import N_, error_text, words
from petitions.lifecycle.pages.state import service, staff
from petitions.paper import acts as paper
from petitions.paper.acts import SheetCount
from petitions.paper.reads import read_batches, read_petitions
from petitions.text import TextError, clean_line

LONGEST_NOTE: Final = 400
LONGEST_NUMBER: Final = 6
WHOLE: Final = re.compile(r"[0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+")
DONE: Final = frozenset({"counted", "confirmed", "returned"})
MESSAGES: Final = {
    "sheet_numbers": N_("Fill in sheet numbers, for example 1-12, 15."),
    "sheets_unknown": N_("Not all of these sheets were printed. Look at the numbers on the sheets."),
    "sheets_counted": N_("Some of these sheets stand in another count. Below you see which."),
    "no_number": N_("Fill in a whole number, for example 17."),
    "count": N_("Fill in a number. There must be at least one signature on the sheets."),
    "too_many_lines": N_("So many signatures do not fit on these sheets. Count again."),
    "scan": N_("Choose the file with the scan of these sheets."),
    "not_the_same": N_("Your colleague found other numbers. Count again together, or return this count."),
}


async def index(request: Request) -> Response:
    """The petitions that collect signatures on paper."""
    found = await read_petitions(service(request).database)
    return render(
        request, "paper/paper_list.html", nav="paper", petitions=found, procedures=service(request).procedures
    )


async def page(request: Request) -> Response:
    """The counts of one petition, and the form of a new one."""
    return await _page(request)


async def count(request: Request) -> Response:
    """Store a first count. The scan is hashed and not kept."""
    sent = await read_upload(request, "scan")
    values = sent.values
    errors = {} if sent.file and sent.file.content else {"scan": "scan"}
    if errors:
        return await _page(request, values=values, errors=errors)
    try:
        told = SheetCount(
            numbers=values.get("sheet_numbers", "")[:2000],
            accepted=_whole(values.get("accepted", "")),
            refused=_whole(values.get("refused", "")),
            scan=sent.file.content if sent.file else b"",
            note=_line(values, "note"),
        )
        await paper.count(service(request), number(request, "petition_id"), staff(request).id, told, now=now(request))
    except InvalidInputError as error:
        return await _page(request, values=values, errors=error.fields)
    except ConflictError as error:
        return await _page(request, values=values, conflict=error.reason)
    return redirect_after_post(f"/staff/paper/{number(request, 'petition_id')}?done=counted")


async def decide(request: Request) -> Response:
    """Let the second person confirm a count with their own numbers, or return it with a reason."""
    values = await form(request)
    ids = (number(request, "petition_id"), number(request), staff(request).id)
    returning = values.get("act") == "return"
    try:
        if returning:
            reason = _line(values, "reason")
            await paper.send_back(service(request), *ids, reason=reason, now=now(request))
        else:
            accepted, refused = _whole(values.get("accepted", "")), _whole(values.get("refused", ""))
            await paper.confirm(service(request), *ids, accepted=accepted, refused=refused, now=now(request))
    except InvalidInputError as error:
        return await _page(request, values=values, errors=error.fields, batch=number(request))
    except ConflictError as error:
        return await _page(request, values=values, conflict=error.reason)
    return redirect_after_post(f"/staff/paper/{ids[0]}?done={'returned' if returning else 'confirmed'}")


def _line(values: Mapping[str, str], name: str) -> str:
    """The value of this field as one cleaned line. Raises InvalidInputError."""
    try:
        return clean_line(values.get(name, ""), maximum=LONGEST_NOTE)
    except TextError as error:
        raise InvalidInputError({name: error.code}) from error


def _whole(text: str) -> int | None:
    """A typed number, also 1.234 or 1 234; None if it is not a whole number, such as 1.5."""
    text = text.strip()
    if not WHOLE.fullmatch(text):
        return None
    digits = text.replace(".", "").replace(" ", "")
    return int(digits) if len(digits) <= LONGEST_NUMBER else None


async def _page(
    request: Request,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    conflict: str = "",
    batch: int | None = None,
) -> Response:
    petition, batches = await read_batches(service(request).database, number(request, "petition_id"))
    done = request.query_params.get("done", "") if request.method == "GET" else ""
    facts: dict[str, Any] = {"values": values or {}, "errors": _messages(errors or {}, language(request))}
    return render(
        request,
        "paper/paper.html",
        status=409 if conflict else 400 if errors else 200,
        nav="paper",
        petition=petition,
        batches=batches,
        procedure=service(request).procedure(petition.procedure_code, petition.procedure_version),
        batch=batch,
        done=done if done in DONE else "",
        conflict=conflict,
        **facts,
    )


def _messages(errors: Mapping[str, str], spoken: str) -> dict[str, str]:
    return {
        name: words(spoken).gettext(MESSAGES[code]) if code in MESSAGES else error_text(spoken, code, LONGEST_NOTE)
        for name, code in errors.items()
    }
