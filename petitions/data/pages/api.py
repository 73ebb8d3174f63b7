"""The read API: public petitions as data for everybody, without a key (NLGov REST API Design Rules).

Paths in kebab case, query keys in camel case, times in RFC 3339; errors are problem documents (RFC 9457); the version
is in every response. Responses may be cached for seconds, unlike the rule's no-store: all is public (apply or explain).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import InvalidInputError, NotFoundError
from petitions.http.json_api import answering, document
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import PAGE, public
from petitions.http.state import number
from petitions.lifecycle.pages.json_parts import both, correction, threshold
from petitions.lifecycle.pages.petition import load_view
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.reads.listing import ListedPetition, ListQuery, Sort, clean_words, read_listing
from petitions.lifecycle.reads.referral import ShownReferral
from petitions.lifecycle.reads.timeline import TimelineEvent, read_timeline
from petitions.lifecycle.rules.states import PUBLIC, Stage
from petitions.lifecycle.rules.subjects import SUBJECTS

PAGE_SIZE: Final = 50
LARGEST_PAGE: Final = 100
STAGES: Final = tuple(stage.value for stage in Stage if stage in PUBLIC)
SORTS: Final[tuple[Sort, ...]] = ("new", "signatures", "closing", "near", "relevance")
KEYS: Final = frozenset({"stage", "subject", "procedure", "committee", "q", "sort", "page", "pageSize"})


def read_query(query: Mapping[str, str]) -> ListQuery:
    """Read the query parameters. Raises InvalidInputError with all their errors."""
    wrong = {name: f"unknown key; known are {', '.join(sorted(KEYS))}" for name in query if name not in KEYS}
    for name, known in (("stage", STAGES), ("subject", SUBJECTS), ("sort", SORTS)):
        if name in query and query[name] not in known:
            wrong[name] = f"must be one of {', '.join(known)}"
    page, size = _number(query, "page", 1, 100_000, wrong), _number(query, "pageSize", PAGE_SIZE, LARGEST_PAGE, wrong)
    words = clean_words(query.get("q", ""))
    if query.get("sort") == "relevance" and not words:
        wrong["sort"] = "relevance needs q"
    if wrong:
        raise InvalidInputError(wrong)
    usual = "relevance" if words else "new"
    sort: Sort = next(s for s in SORTS if s == query.get("sort", usual))
    return ListQuery(
        words=words,
        subject=query.get("subject"),
        procedure=query.get("procedure") and clean_words(query["procedure"]),
        committee=query.get("committee") and clean_words(query["committee"]),
        sort=sort,
        stages=(Stage(query["stage"]),) if "stage" in query else tuple(Stage(stage) for stage in STAGES),
        page=page,
        size=size,
    )


def _number(query: Mapping[str, str], name: str, usual: int, largest: int, wrong: dict[str, str]) -> int:
    text = query.get(name, str(usual))
    if text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= largest:
        return int(text)
    wrong[name] = f"must be a number from 1 to {largest}"
    return usual


@answering
async def petitions(request: Request) -> Response:
    """Public petitions, filtered and in pages; ``Link`` and ``_links`` point to the next page."""
    asked = read_query(request.query_params)

    async def make() -> Content:
        running = service(request)
        found = await read_listing(running.readers, running.procedures, asked)
        if asked.page > 1 and not found.rows:
            raise NotFoundError("page")
        links = {"self": _page(request, asked.page)}
        if asked.page > 1:
            links["prev"] = _page(request, asked.page - 1)
        if asked.page < found.pages:
            links["next"] = _page(request, asked.page + 1)
        body = {
            "total": found.total,
            "page": asked.page,
            "pages": found.pages,
            "petitions": [_row(request, row) for row in found.rows],
            "_links": {rel: {"href": address} for rel, address in links.items()},
        }
        return document(body, links)

    return await public(request, make, control=PAGE)


def _page(request: Request, page: int) -> str:
    query = dict(request.query_params) | {"page": str(page)}
    return f"{app_state(request).public_url}/api/v1/petitions?{urlencode(query)}"


def _links(request: Request, petition_id: int, language: str) -> dict[str, dict[str, str]]:
    site = app_state(request).public_url
    return {
        "self": {"href": f"{site}/api/v1/petitions/{petition_id}"},
        "page": {"href": f"{site}/{language}/petitions/{petition_id}"},
        "dossier": {"href": f"{site}/api/v1/petitions/{petition_id}/dossier"},
    }


def _row(request: Request, row: ListedPetition) -> dict[str, Any]:
    return {
        "id": row.id,
        "stage": row.stage.value,
        "procedure": {"code": row.procedure.code, "version": row.procedure.version},
        "subject": row.subject,
        "language": row.language,
        "textHidden": row.title is None,
        "title": row.title,
        "request": row.request,
        "initiator": row.initiator_name,
        "signatures": app_state(request).counters.get(row.id, row.confirmed),
        "nextThreshold": row.next_required,
        "openedAt": row.opened_at,
        "lastDay": row.closes_on,
        "closedAt": row.closed_at,
        "endedAt": row.ended_at,
        "ground": row.ground,
        "referral": row.referral,
        "outcome": row.outcome.code if row.outcome else None,
        "decidedAt": row.decided_at,
        "_links": _links(request, row.id, row.language),
    }


@answering
async def petition(request: Request) -> Response:
    """Everything public about one petition. A petition that was taken down keeps its facts, never its text."""
    petition_id = number(request)

    async def make() -> Content:
        shown = await load_view(request, petition_id)
        found = shown.petition
        events = await read_timeline(
            service(request).readers,
            service(request).event_kinds,
            found.id,
            found.procedure.body.zone,
            stage=found.stage,
            hidden=found.hidden or found.stage == Stage.REJECTED,
        )
        return document(_petition(request, shown, events))

    return await public(request, make, control=PAGE)


def _petition(request: Request, shown: PetitionView, events: Sequence[TimelineEvent]) -> dict[str, Any]:
    found = shown.petition
    body = found.procedure.body
    return {
        "id": found.id,
        "stage": found.stage.value,
        "procedure": {
            "code": found.procedure.code,
            "version": found.procedure.version,
            "name": both(found.procedure.name),
        },
        "body": {"code": body.code, "name": both(body.name), "timezone": body.timezone},
        "subject": found.subject,
        "language": found.language,
        "textHidden": found.hidden,
        "title": found.title,
        "request": found.request,
        "reasons": found.reasons,
        "previousAction": found.previous_action,
        "initiator": {"name": found.initiator_name, "place": found.initiator_place} if found.initiator_name else None,
        "signatures": shown.count,
        "paperSignatures": found.paper,
        "paperCountsTowardThresholds": found.paper_added > 0,
        "openedAt": found.opened_at,
        "closesAt": found.closes_at,
        "closedAt": found.closed_at,
        "endedAt": found.ended_at,
        "ground": {"code": found.ground.code, "text": both(found.ground.text)} if found.ground else None,
        "reason": found.reason,
        "thresholds": [threshold(shown, item) for item in shown.outlook if item.kind == "threshold"],
        "referrals": [_referral(one) for one in shown.referrals],
        "events": [_event(event) for event in events],
        "_links": _links(request, found.id, found.language),
    }


def _referral(one: ShownReferral) -> dict[str, Any]:
    view = one.view
    return {
        "id": view.id,
        "threshold": view.threshold_code,
        "committee": view.committee_slug,
        "state": view.state.value,
        "createdAt": view.created_at,
        "dueOn": view.due_on,
        "daysWaiting": one.clock.days,
        "daysOverdue": one.clock.days_overdue,
        "steps": [{"code": s.step_code, "kind": s.kind, "on": s.happened_on, "facts": s.data} for s in view.steps],
        "outcome": {"code": view.outcome, "text": both(one.outcome.text)} if one.outcome else None,
        "ground": {"code": view.ground, "text": both(one.ground.text)} if one.ground else None,
        "reasons": view.reasons,
        "nextBody": view.next_body,
        "followUpOn": view.follow_up_on,
        "decidedAt": view.decided_at,
    }


def _event(event: TimelineEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "kind": event.kind,
        "actor": event.actor,
        "occurredAt": event.occurred_at,
        "on": event.on,
        "facts": event.data,
        "corrections": [correction(one) for one in event.corrections],
    }
