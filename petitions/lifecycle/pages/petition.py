"""The page of a petition, in every public stage, and its signatures per day as a file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request
from starlette.responses import Response

from petitions.charts import GrowthChart, growth_chart
from petitions.durations import local_day
from petitions.errors import NotFoundError
from petitions.http.page_cache.prepared import Content
from petitions.http.page_cache.responses import page, public
from petitions.http.state import language, now, number
from petitions.lifecycle.pages.outlook import toward_in
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.reads.growth import DailyCount, read_growth
from petitions.lifecycle.reads.petition import PublicPetition, read_petition
from petitions.lifecycle.reads.referral import ReferralView, ShownReferral, read_referrals, show
from petitions.lifecycle.reads.timeline import objections_in, read_timeline
from petitions.lifecycle.rules.growth import GrowthEstimate, estimate
from petitions.lifecycle.rules.outlook import OutlookReferral, outlook
from petitions.lifecycle.rules.signing import takes_signatures
from petitions.lifecycle.rules.states import Stage


def referred(petition: PublicPetition, views: Sequence[ReferralView]) -> tuple[OutlookReferral, ...]:
    """The referrals as input for the outlook."""
    zone = petition.procedure.body.zone
    return tuple(
        OutlookReferral(
            threshold_code=view.threshold_code,
            created_on=local_day(view.created_at, zone),
            due_on=view.due_on,
            taken=tuple(step.taken for step in view.steps),
        )
        for view in views
    )


async def load_view(request: Request, petition_id: int, *, with_names: bool = False) -> PetitionView:
    """Read a petition with its outlook and referrals. Raises NotFoundError for one that is not public."""
    running, moment = service(request), now(request)
    vault = running.vault if with_names else None
    petition = await read_petition(running.readers, running.procedures, petition_id, vault=vault)
    views = await read_referrals(running.readers, petition_id) if petition.stage != Stage.REJECTED else []
    count = app_state(request).counters.get(petition.id, petition.confirmed)
    facts = petition.facts(moment, count, referred(petition, views))
    return PetitionView(
        petition=petition,
        count=count,
        facts=facts,
        outlook=outlook(petition.procedure, facts),
        referrals=tuple(show(view, running.procedures, running.committees, now=moment) for view in views),
    )


async def load_dossier_view(request: Request) -> PetitionView:
    """The petition in the path. Raises NotFoundError for one without a public dossier."""
    shown = await load_view(request, number(request))
    if shown.petition.hidden or shown.petition.stage in {Stage.REMOVED, Stage.REJECTED}:
        raise NotFoundError("petition")
    return shown


async def petition(request: Request) -> Response:
    """One petition: its text, its progress, what happens next, and the form to sign it."""
    petition_id = number(request)

    async def make() -> Content:
        shown = await load_view(request, petition_id, with_names=True)
        found = shown.petition
        if found.stage == Stage.REMOVED:
            return page(request, "lifecycle/public/removed.html", status=410, nav="petitions", petition=found)
        events = await read_timeline(
            service(request).readers,
            service(request).event_kinds,
            found.id,
            found.procedure.body.zone,
            stage=found.stage,
            hidden=found.hidden,
        )
        if found.stage == Stage.REJECTED:
            told = objections_in(events)
            return page(request, "lifecycle/public/rejected.html", nav="petitions", petition=found, objections=told)
        days = await _growth(request, found)
        return page(
            request,
            "lifecycle/public/petition.html",
            nav="petitions",
            shown=shown,
            petition=found,
            events=events,
            updates=[event for event in reversed(events) if event.kind == "update"],
            answers=answers(shown),
            added=[(part, await part.read(request, shown)) for part in app_state(request).parts.petition_page],
            chart=_chart(request, shown, days),
            estimate=_estimate(shown, days),
            committees=service(request).committees,
            may_sign=takes_signatures(found.stage, found.closes_at, now(request)),
            toward=toward_in(language(request)),
            now=now(request),
            values={},
            errors={},
        )

    return await public(request, make)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a body: its decision, or a response that it published before."""

    referral: ShownReferral
    on: datetime | None = None  # the day of a decision
    response: str = ""
    link: str = ""
    document: str = ""
    respondent: str = ""  # who answered, where that was recorded
    responded_on: date | None = None


def answers(shown: PetitionView) -> tuple[Answer, ...]:
    """The answers of the bodies, the newest decision first; the page shows them above all forms."""
    decided = [Answer(one, on=one.view.decided_at) for one in shown.referrals if one.view.decided_at]
    responses = [
        Answer(
            one,
            response=record.data.get("text", ""),
            responded_on=record.happened_on,
            **{name: record.data.get(name, "") for name in ("link", "document", "respondent")},
        )
        for one in shown.referrals
        for record in one.view.steps
        if record.kind == "publish_response"
    ]
    return (*sorted(decided, key=lambda answer: str(answer.on), reverse=True), *responses)


async def _growth(request: Request, found: PublicPetition) -> tuple[DailyCount, ...]:
    until = found.closed_at or found.ended_at or now(request)
    return await read_growth(
        service(request).readers, found.procedure, found.id, opened_at=found.opened_at, until=until
    )


def _estimate(shown: PetitionView, days: Sequence[DailyCount]) -> GrowthEstimate | None:
    facts = shown.facts
    if facts.stage != Stage.OPEN or facts.opened_on is None:
        return None
    return estimate(
        {day.day: day.gained for day in days},
        shown.count,
        opened_on=facts.opened_on,
        today=facts.day,
        closes_on=facts.closes_on,
        aim=shown.next.count if shown.next else None,
    )


def _chart(request: Request, shown: PetitionView, days: Sequence[DailyCount]) -> GrowthChart | None:
    toward = toward_in(language(request))
    thresholds = [
        (item.count, toward(item.threshold))
        for item in shown.outlook
        if item.kind == "threshold" and item.count is not None
    ]
    return growth_chart([(day.day, day.total) for day in days], thresholds)


async def numbers(request: Request) -> Response:
    """The signatures per day as a file for spreadsheets."""
    petition_id = number(request)

    async def make() -> Content:
        running = service(request)
        found = await read_petition(running.readers, running.procedures, petition_id)
        days = () if found.stage in {Stage.REMOVED, Stage.REJECTED} else await _growth(request, found)
        file = io.StringIO()
        writer = csv.writer(file)
        writer.writerow(["date", "new", "total"])
        writer.writerows((day.day.isoformat(), day.gained, day.total) for day in days)
        disposition = {"Content-Disposition": f'attachment; filename="petition-{found.id}.csv"'}
        return Content(file.getvalue().encode(), media_type="text/csv; charset=utf-8", headers=disposition)

    return await public(request, make)
