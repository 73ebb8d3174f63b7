"""The tab of corrections at the committee's desk: correct the facts of a recorded step, with a public reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from petitions.corrections.acts import correct_step
from petitions.corrections.rules import correctable
from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.http.state import form, language, now, read_number, redirect_after_post
from petitions.http.typed import rule_errors
from petitions.lifecycle.pages.referral_tabs import ReferralContext, clerk, conflict, here, load, seen, tab_page
from petitions.lifecycle.pages.state import service
from petitions.lifecycle.pages.step_forms import corrected_values, read_corrected, read_reason, with_day_and_time
from petitions.lifecycle.reads.referral import RecordedStep
from petitions.lifecycle.reads.timeline import TimelineEvent, read_timeline
from petitions.lifecycle.rules.procedures import Step
from petitions.lifecycle.rules.states import Stage
from petitions.lifecycle.rules.steps import StepInput, needed

ROOM = "corrections"


@dataclass(frozen=True, slots=True)
class CorrectableStep:
    """A recorded step, its facts that can be corrected, and its earlier corrections."""

    record: RecordedStep
    step: Step
    names: tuple[str, ...]
    event: TimelineEvent | None

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts that this step must have."""
        return needed(self.record.kind, StepInput(meeting=self.record.data.get("meeting", "")))


async def corrections(request: Request) -> Response:
    """The recorded steps, the latest first, and the form for the one in ``?event=``."""
    before = await load(request)
    told = await _told(request, before)
    chosen = _chosen(told, request.query_params.get("event", ""))
    values = corrected_values(chosen.names, chosen.record.data, before.shown.zone) if chosen else {}
    return _page(request, before, told, chosen, values)


async def correct(request: Request) -> Response:
    """Correct the facts of one step."""
    values = await form(request)
    before = await load(request)
    told = await _told(request, before)
    chosen = _chosen(told, values.get("event", ""))
    if chosen is None or chosen.record.event_id is None:
        raise NotFoundError("event")
    spoken = language(request)
    typed = read_corrected(chosen.names, values, before.shown.zone, spoken)
    needs = with_day_and_time([name for name in chosen.names if name in chosen.needs])
    reason, errors = read_reason(values, needs, spoken)
    if errors := errors | typed.errors:
        return _page(request, before, told, chosen, values, errors)
    try:
        await correct_step(
            service(request),
            clerk(request),
            seen(request, values),
            chosen.record.event_id,
            typed.facts,
            reason=reason,
            withhold=values.get("withhold") == "yes",
            now=now(request),
        )
    except InvalidInputError as error:
        return _page(request, before, told, chosen, values, rule_errors(error.fields, spoken))
    except ConflictError as error:
        return await conflict(request, error, [values.get(name, "") for name in ("text", "place", "reason")])
    return redirect_after_post(f"{here(request)}/{ROOM}?done=corrected")


async def _told(request: Request, before: ReferralContext) -> tuple[CorrectableStep, ...]:
    zone = before.shown.zone
    events = await read_timeline(
        service(request).database,
        service(request).event_kinds,
        before.petition.id,
        zone,
        stage=Stage(before.petition.stage),
        hidden=False,
    )
    known = {event.id: event for event in events}
    made = [
        CorrectableStep(record, shown.step, correctable(record.kind, record.data), known.get(record.event_id or 0))
        for shown in before.shown.steps
        for record in shown.records
    ]
    return tuple(sorted(made, key=lambda one: one.record.recorded_at, reverse=True))


def _chosen(told: tuple[CorrectableStep, ...], text: str) -> CorrectableStep | None:
    number = read_number(text)
    return next((one for one in told if number is not None and one.record.event_id == number and one.names), None)


def _page(
    request: Request,
    before: ReferralContext,
    told: tuple[CorrectableStep, ...],
    chosen: CorrectableStep | None,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> Response:
    order = ("", *with_day_and_time(chosen.names), "reason") if chosen else ()
    return tab_page(
        request,
        before,
        ROOM,
        "corrections/desk.html",
        status=400 if errors else 200,
        told=told,
        chosen=chosen,
        fields=order,
        done=request.query_params.get("done", "") if request.method == "GET" else "",
        values=values,
        errors=dict(sorted((errors or {}).items(), key=lambda entry: order.index(entry[0]))),
    )
