"""The whole dossier of a petition as data: one document with permanent identifiers.

It consists of sections. A subject adds one with its registration, a function that reads its own facts, and its
description in ``dossier.schema.json`` (docs/api.md). It holds nothing that the pages do not show.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.dossier.pages.dossier import is_whole
from petitions.dossier.reads.versions import read_versions
from petitions.dossier.rules.milestones import milestones
from petitions.dossier.rules.upcoming import UpcomingStep, upcoming_steps
from petitions.durations import Duration
from petitions.errors import NotFoundError
from petitions.http.failures import HEADERS
from petitions.http.json_api import answering, document
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import LASTING, PAGE, public
from petitions.http.state import now, number
from petitions.lifecycle.pages.dossier_data import DossierData
from petitions.lifecycle.pages.json_parts import both, correction, threshold
from petitions.lifecycle.pages.parts import DossierSection
from petitions.lifecycle.pages.petition import load_view
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.reads.growth import read_growth
from petitions.lifecycle.reads.referral import ShownReferral
from petitions.lifecycle.reads.timeline import read_events, timeline_of
from petitions.lifecycle.rules.procedures import LocalizedText

SCHEMA: Final = "/api/v1/dossier.schema.json"
SIGN: Final = LocalizedText(nl="De petitie ondertekenen", en="Sign the petition")
_FILE: Final = Path(__file__).with_name("dossier.schema.json")


async def _petition(subject: DossierData) -> dict[str, Any]:
    found = subject.shown.petition
    body = found.procedure.body
    return {
        "stage": found.stage.value,
        "procedure": {
            "code": found.procedure.code,
            "version": found.procedure.version,
            "name": both(found.procedure.name),
        },
        "body": {"code": body.code, "name": both(body.name), "timezone": body.timezone},
        "subject": found.subject,
        "language": found.language,
        "title": found.title,
        "request": found.request,
        "reasons": found.reasons,
        "previousAction": found.previous_action,
        "initiator": {"name": found.initiator_name, "place": found.initiator_place},
        "openedAt": found.opened_at,
        "lastDay": found.closes_on,
        "closedAt": found.closed_at,
        "endedAt": found.ended_at,
        "reason": found.reason,
    }


async def _texts(subject: DossierData) -> list[dict[str, Any]]:
    found = await read_versions(service(subject.request).readers, subject.shown.petition, subject.all_events)
    return [
        {
            "id": subject.tag("text", one.number),
            "number": one.number,
            "recordedAt": one.recorded_at,
            "accepted": one.accepted,
            "title": one.text.title,
            "request": one.text.request,
            "reasons": one.text.reasons,
            "previousAction": one.text.previous_action,
            "page": f"{subject.page}/versions/{one.number}",
        }
        for one in found
    ]


async def _signatures(subject: DossierData) -> dict[str, Any]:
    found = subject.shown.petition
    until = found.closed_at or found.ended_at or now(subject.request)
    days = await read_growth(
        service(subject.request).readers, found.procedure, found.id, opened_at=found.opened_at, until=until
    )
    required = [one.required for one in found.thresholds if one.required is not None]
    passed = milestones([(day.day, day.total) for day in days], required)
    return {
        "collected": subject.shown.count,
        "onPaper": {"accepted": found.paper, "countTowardThresholds": found.paper_added > 0},
        "milestones": [{"count": one.count, "on": one.on, "halfOf": one.half_of} for one in passed],
        "perDay": f"{subject.page}/signatures.csv",
    }


async def _thresholds(subject: DossierData) -> list[dict[str, Any]]:
    items = [item for item in subject.shown.outlook if item.kind == "threshold"]
    return [{"id": subject.tag("threshold", item.code), **threshold(subject.shown, item)} for item in items]


async def _referrals(subject: DossierData) -> list[dict[str, Any]]:
    return [_referral(subject, one) for one in subject.shown.referrals]


def _referral(subject: DossierData, one: ShownReferral) -> dict[str, Any]:
    view, lang = one.view, subject.shown.petition.language
    return {
        "id": subject.tag("referral", view.id),
        "threshold": subject.tag("threshold", view.threshold_code),
        "committee": {
            "slug": one.committee.slug,
            "name": both(one.committee.name),
            "page": f"{subject.site}/{lang}/committees/{one.committee.slug}",
        },
        "state": view.state.value,
        "createdAt": view.created_at,
        "dueOn": view.due_on,
        "daysWaiting": one.clock.days,
        "daysOverdue": one.clock.days_overdue,
        "steps": [
            {
                "code": step.step_code,
                "kind": step.kind,
                "on": step.happened_on,
                "event": subject.tag("event", step.event_id) if step.event_id else None,
                "facts": step.data,
            }
            for step in view.steps
        ],
        "extensions": [
            {"extendedAt": more.occurred_at, "dueOn": more.due_on, "reason": more.reason} for more in view.extensions
        ],
        "outcome": {"code": view.outcome, "text": both(one.outcome.text)} if one.outcome else None,
        "ground": {"code": view.ground, "text": both(one.ground.text)} if one.ground else None,
        "reasons": view.reasons,
        "nextBody": view.next_body,
        "followUpOn": view.follow_up_on,
        "decidedAt": view.decided_at,
    }


async def _events(subject: DossierData) -> list[dict[str, Any]]:
    return [
        {
            "id": subject.tag("event", one.id),
            "kind": one.kind,
            "actor": one.actor,
            "on": one.on,
            "occurredAt": one.occurred_at,
            "facts": one.data,
            "corrections": [correction(made) | {"event": subject.tag("event", made.id)} for made in one.corrections],
            "page": f"{subject.page}/events/{one.id}",
        }
        for one in subject.events
    ]


async def _next(subject: DossierData) -> list[dict[str, Any]]:
    facts = subject.shown.facts
    coming = upcoming_steps(subject.shown.outlook, facts.referred, facts.day)
    signers = subject.shown.petition.procedure.signer.who
    return [_coming(one, signers) for one in coming]


def _coming(one: UpcomingStep, signers: LocalizedText) -> dict[str, Any]:
    item = one.item
    signing = item.kind == "signing"
    return {
        "state": item.state,
        "kind": item.kind,
        "code": item.code or None,
        "who": both(signers if signing else item.who),
        "what": both(SIGN if signing else item.what),
        "dueOn": item.due_on,
        "within": _length(item.within),
        "strength": item.strength,
        "signatures": item.count,
        "remaining": item.remaining,
        "daysWaiting": one.waits,
        "daysOverdue": item.days_late,
        "ifTakenUp": item.if_taken_up,
        "confirmedByBody": not item.unconfirmed,
    }


def _length(length: Duration | None) -> dict[str, int] | None:
    """A duration; not in ISO 8601, which has no form for working days."""
    if length is None:
        return None
    return {"months": length.months, "days": length.days, "workingDays": length.working_days}


async def _sources(subject: DossierData) -> list[dict[str, Any]]:
    """The sources elsewhere: the documents that the body cites with its steps, and the rules themselves."""
    named = [
        {"url": one.data["link"], "title": None, "role": "document", "event": subject.tag("event", one.id)}
        for one in subject.events
        if one.data.get("link")
    ]
    rules = [
        {"url": one.url, "title": one.title, "role": "rules", "event": None}
        for one in subject.shown.petition.procedure.sources
        if one.url
    ]
    return [*named, *rules]


SECTIONS: Final = (
    DossierSection(10, "petition", _petition),
    DossierSection(20, "texts", _texts),
    DossierSection(30, "signatures", _signatures),
    DossierSection(40, "thresholds", _thresholds),
    DossierSection(50, "referrals", _referrals),
    DossierSection(110, "events", _events),
    DossierSection(130, "sources", _sources),
    DossierSection(140, "next", _next),
)
"""The sections of the document that every petition has. Other subjects give theirs with their registration."""


@answering
async def dossier(request: Request) -> Response:
    """The dossier of one petition. A problem document (404) for one that is not public or was not accepted."""
    petition_id = number(request)

    async def make() -> Content:
        shown = await load_view(request, petition_id)
        if not is_whole(shown):
            raise NotFoundError("petition")
        found = shown.petition
        events = await read_events(service(request).readers, found.id, found.procedure.body.zone)
        told = timeline_of(events, service(request).event_kinds, stage=found.stage, hidden=False, whole=True)
        subject = DossierData(request, shown, events, told)
        body: dict[str, Any] = {"$schema": subject.site + SCHEMA, "id": subject.tag(), "number": found.id}
        for section in app_state(request).parts.dossier_sections:
            body[section.name] = await section.read(subject)
        links = {
            "self": subject.api,
            "alternate": f"{subject.page}/dossier",
            "describedby": subject.site + SCHEMA,
            "collection": f"{subject.site}/api/v1/petitions",
        }
        body["_links"] = {rel: {"href": address} for rel, address in links.items()}
        return document(body, links)

    return await public(request, make, control=PAGE)


@cache
def _schema(site: str) -> bytes:
    text = json.loads(_FILE.read_text("utf-8"))
    return json.dumps({"$id": site + SCHEMA} | text, ensure_ascii=False, indent=2).encode()


async def schema(request: Request) -> Response:
    """The schema of the document (JSON Schema, draft 2020-12)."""

    async def make() -> Content:
        return Content(_schema(app_state(request).public_url), media_type="application/schema+json", headers=HEADERS)

    return await public(request, make, control=LASTING)
