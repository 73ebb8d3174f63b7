"""The moderators' desk: the queue with its tabs and the figures of the desk, and the search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from petitions.life import moderation
from petitions.reading.moderation import (
    PAGE_SIZE,
    Decided,
    Sponsoring,
    Waiting,
    read_counts,
    read_decided,
    read_figures,
    read_queue,
    read_sponsoring,
    search,
)
from petitions.rules.moderation import Due, Hint, Holder, days_waited, due, hints, holder
from petitions.rules.procedures import Procedure
from petitions.rules.text import TextError, clean_line
from petitions.web.edge import form, now, render, see, service, staff

SHOWN: Final = ("waiting", "sponsoring", "decided")
LAST_PAGE: Final = 10_000


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A line of the queue: the petition and what follows from it at this moment."""

    petition: Waiting
    procedure: Procedure
    due: Due
    waited: int
    hints: tuple[Hint, ...]
    holder: Holder


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    return min(max(1, int(text[:9])), LAST_PAGE) if text.isascii() and text.isdigit() else 1


def _pages(total: int) -> int:
    return max(1, -(-total // PAGE_SIZE))


def _procedures(request: Request) -> dict[str, Procedure]:
    """The newest version of each procedure, by code."""
    return {
        procedure.code: procedure
        for procedure in sorted(service(request).procedures.values(), key=lambda found: found.version)
    }


def _row(request: Request, petition: Waiting) -> QueueRow:
    procedure = service(request).procedure(petition.procedure_code, petition.procedure_version)
    zone = ZoneInfo(petition.timezone)
    return QueueRow(
        petition=petition,
        procedure=procedure,
        due=due(petition.due_on, now(request), zone),
        waited=days_waited(petition.submitted_at, now(request), zone),
        hints=hints(
            petition.title,
            petition.request,
            petition.reasons,
            petition.previous_action,
            level=procedure.body.level,
            similar=petition.alike,
            versions=petition.versions,
        ),
        holder=holder(petition.claimed_by, petition.claimed_at, staff(request).id, now(request)),
    )


async def queue(request: Request) -> Response:
    """What waits, what waits for its sponsors, or what was decided lately; with the figures of the desk."""
    database, moment = service(request).database, now(request)
    newest = _procedures(request)
    show = request.query_params.get("show", "waiting")
    show = show if show in SHOWN else "waiting"
    procedure = request.query_params.get("procedure", "")
    procedure = procedure if procedure in newest else ""
    page = _page(request)
    counts = await read_counts(database, procedure, now=moment)
    found: Sequence[Waiting | Sponsoring | Decided]
    if show == "sponsoring":
        found, total = await read_sponsoring(database, procedure, page), counts.sponsoring
    elif show == "decided":
        found, total = await read_decided(database, procedure, page, now=moment)
    else:
        found, total = await read_queue(database, procedure, page), counts.waiting
    used = {procedure, *(petition.procedure_code for petition in found)}
    return render(
        request,
        "moderation/queue.html",
        nav="queue",
        show=show,
        rows=[_row(request, petition) if isinstance(petition, Waiting) else petition for petition in found],
        counts=counts,
        figures=await read_figures(database, procedure, now=moment),
        procedure=procedure,
        procedures=service(request).procedures,
        offered={code: one for code, one in newest.items() if one.listed or code in used},
        all_taken="all-taken" in request.query_params,
        page=page,
        pages=_pages(total),
        address=_address("/staff", show="" if show == "waiting" else show, procedure=procedure),
        desk_address=_address("/staff", procedure=procedure),
    )


def _address(path: str, **given: str) -> Callable[..., str]:
    """From a page number, and a tab where one is named, to the address that keeps everything else."""

    def made(page: int = 1, show: str = "") -> str:
        query = given | ({"show": show} if show else {}) | ({"page": str(page)} if page > 1 else {})
        text = urlencode({name: value for name, value in query.items() if value})
        return f"{path}?{text}" if text else path

    return made


async def take_oldest(request: Request) -> Response:
    """Claim what is due first and nobody works on, and open it; so that nobody picks the easy ones."""
    values = await form(request)
    procedure = values.get("procedure", "")
    procedure = procedure if procedure in _procedures(request) else ""
    claimed = await moderation.claim_oldest(service(request), staff(request).id, now=now(request), procedure=procedure)
    return see(f"/staff/petitions/{claimed}" if claimed else "/staff?all-taken")


async def search_petitions(request: Request) -> Response:
    """Any petition by number or by words: waiting, public or ended."""
    typed = request.query_params.get("q", "")
    try:
        asked = clean_line(typed, maximum=200)
    except TextError:
        asked = ""
    page = _page(request)
    found, total = await search(service(request).database, asked, page) if asked else ([], 0)
    return render(
        request,
        "moderation/search.html",
        nav="search",
        asked=typed[:200] if asked else "",
        found=found,
        total=total,
        procedures=service(request).procedures,
        page=page,
        pages=_pages(total),
        address=_address("/staff/search", q=asked),
    )
