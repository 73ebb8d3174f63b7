"""The moderators' desk: the queue with its tabs, filters and figures, the search, and the help."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from petitions.http.state import form, now, redirect_after_post, render
from petitions.lifecycle.acts import moderation
from petitions.lifecycle.pages.state import service, staff
from petitions.lifecycle.procedure_files import load_reasons
from petitions.lifecycle.reads.moderation import search
from petitions.lifecycle.reads.queue import (
    PAGE_SIZE,
    WaitingObjection,
    WaitingPetition,
    read_counts,
    read_decided,
    read_figures,
    read_objections,
    read_sponsoring,
    read_waiting,
)
from petitions.lifecycle.rules.facets import FacetValues, counts, matches
from petitions.lifecycle.rules.hints import Hint, Watched, hints, kinds_of, watched_words
from petitions.lifecycle.rules.moderation import Due, Holder, days_waited, due, holder
from petitions.lifecycle.rules.objections import may_judge
from petitions.lifecycle.rules.procedures import Procedure
from petitions.text import TextError, clean_line

SHOWN: Final = ("waiting", "second", "objections", "sponsoring", "decided")
FACETS: Final = ("procedure", "subject", "hint", "whose")
LAST_PAGE: Final = 10_000
LONGEST_CHOICE: Final = 60


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A line of the queue: the petition and what follows from it now."""

    petition: WaitingPetition
    procedure: Procedure
    due: Due
    waited: int
    hints: tuple[Hint, ...]
    holder: Holder
    line: FacetValues


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """A line of the list of objections: the petition, when the answer is due, and whether this person may give it."""

    petition: WaitingObjection
    due: Due
    may_judge: bool


@dataclass(frozen=True, slots=True)
class ModerationTab:
    """A tab of the desk: the rows of this page, their total, and the counts behind the filters."""

    rows: Sequence[Any]
    total: int
    facets: Mapping[str, Counter[str]]


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


def watched(procedure: Procedure) -> Watched:
    """The words that hint at a ground for refusal in a procedure."""
    reasons = load_reasons()
    known = {ground.code: reasons.of(procedure.code, ground.code) for ground in procedure.grounds}
    return watched_words({code: canned.words for code, canned in known.items() if canned})


def _row(request: Request, petition: WaitingPetition) -> QueueRow:
    procedure = service(request).procedure(petition.procedure_code, petition.procedure_version)
    zone = ZoneInfo(petition.timezone)
    found = hints(
        petition.title,
        petition.request,
        petition.reasons,
        petition.previous_action,
        level=procedure.body.level,
        similar=petition.alike,
        versions=petition.versions,
        sponsored=petition.sponsored,
        watched=watched(procedure),
    )
    held = holder(petition.claimed_by, petition.claimed_at, staff(request).id, now(request))
    whose = {"me": "mine", "colleague": "colleagues"}.get(held, "free")
    return QueueRow(
        petition=petition,
        procedure=procedure,
        due=due(petition.due_on, now(request), zone),
        waited=days_waited(petition.submitted_at, now(request), zone),
        hints=found,
        holder=held,
        line={
            "procedure": frozenset({petition.procedure_code}),
            "subject": frozenset({petition.subject}),
            "hint": kinds_of(found) or frozenset({"none"}),
            "whose": frozenset({whose}),
        },
    )


async def queue(request: Request) -> Response:
    """The queue, by the tab and filters in the address, with the figures of the desk."""
    database, moment = service(request).database, now(request)
    show = request.query_params.get("show", "waiting")
    show = show if show in SHOWN else "waiting"
    chosen = {facet: request.query_params.get(facet, "")[:LONGEST_CHOICE] for facet in FACETS}
    newest = _procedures(request)
    if chosen["procedure"] not in newest:
        chosen["procedure"] = ""
    page = _page(request)
    numbers = await read_counts(database, chosen["procedure"], now=moment)
    listed = await _listed(request, show, chosen, page)
    return render(
        request,
        "lifecycle/moderation/queue.html",
        nav="queue",
        show=show,
        rows=listed.rows,
        total=listed.total,
        facets=listed.facets,
        chosen=chosen,
        counts=numbers,
        figures=await read_figures(database, now=moment),
        procedures=service(request).procedures,
        newest=newest,
        all_taken="all-taken" in request.query_params,
        page=page,
        pages=_pages(listed.total),
        address=_address("/staff", show="" if show == "waiting" else show, **chosen),
        choose=_choose(show, chosen),
    )


async def _listed(request: Request, show: str, chosen: Mapping[str, str], page: int) -> ModerationTab:
    database, moment, procedure = service(request).database, now(request), chosen["procedure"]
    if show in {"waiting", "second"}:
        return await _waiting(request, show, chosen, page)
    found: Sequence[Any]
    if show == "objections":
        objections = await read_objections(database, procedure, page)
        found = [_objection(request, one) for one in objections]
        total = (await read_counts(database, procedure, now=moment)).objections
    elif show == "sponsoring":
        found = await read_sponsoring(database, procedure, page)
        total = (await read_counts(database, procedure, now=moment)).sponsoring
    else:
        found, total = await read_decided(database, procedure, page, now=moment)
    return ModerationTab(found, total, {})


async def _waiting(request: Request, show: str, chosen: Mapping[str, str], page: int) -> ModerationTab:
    waiting = await read_waiting(service(request).database)
    rows = [_row(request, one) for one in waiting if (one.proposed_by is not None) == (show == "second")]
    behind = counts([row.line for row in rows], chosen)
    rows = [row for row in rows if matches(row.line, chosen)]
    start = (page - 1) * PAGE_SIZE
    return ModerationTab(rows[start : start + PAGE_SIZE], len(rows), behind)


def _objection(request: Request, petition: WaitingObjection) -> ObjectionRow:
    return ObjectionRow(
        petition=petition,
        due=due(petition.due_on, now(request), ZoneInfo(petition.timezone)),
        may_judge=may_judge(staff(request).id, petition.refused_by),
    )


def _address(path: str, **given: str) -> Callable[[int], str]:
    """A function from a page number to its address, with everything else unchanged."""

    def made(page: int = 1) -> str:
        query = given | ({"page": str(page)} if page > 1 else {})
        text = urlencode({name: value for name, value in query.items() if value})
        return f"{path}?{text}" if text else path

    return made


def _choose(show: str, chosen: Mapping[str, str]) -> Callable[..., str]:
    """A function from another tab or filter value to its address, with everything else unchanged."""

    def made(**other: str) -> str:
        query = {"show": show, **chosen, **other}
        if query["show"] == "waiting":
            query["show"] = ""
        return _address("/staff", **query)(1)

    return made


async def claim_oldest(request: Request) -> Response:
    """Claim the unclaimed petition that is due first and open it, so that nobody picks the easy ones."""
    values = await form(request)
    procedure = values.get("procedure", "")
    procedure = procedure if procedure in _procedures(request) else ""
    claimed = await moderation.claim_oldest(service(request), staff(request).id, now=now(request), procedure=procedure)
    return redirect_after_post(f"/staff/petitions/{claimed}" if claimed else "/staff?all-taken")


async def search_petitions(request: Request) -> Response:
    """Find any petition by number or words, whatever its stage."""
    typed = request.query_params.get("q", "")
    try:
        asked = clean_line(typed, maximum=200)
    except TextError:
        asked = ""
    page = _page(request)
    found, total = await search(service(request).database, asked, page) if asked else ([], 0)
    return render(
        request,
        "lifecycle/moderation/search.html",
        nav="search",
        asked=typed[:200] if asked else "",
        found=found,
        total=total,
        procedures=service(request).procedures,
        page=page,
        pages=_pages(total),
        address=_address("/staff/search", q=asked),
    )


async def help_page(request: Request) -> Response:
    """The help of the desk: order of the queue, claims, hints, second readers, objections, keyboard shortcuts."""
    return render(request, "lifecycle/moderation/help.html", nav="help")
