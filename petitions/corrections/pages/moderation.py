"""Corrections at the moderators' desk: correct the words of an initiator's news, with a public reason."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from petitions.corrections.acts import correct_news
from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.http.forms import check, line, paragraphs
from petitions.http.state import form, language, now, number, read_number, redirect_after_post, render
from petitions.http.typed import rule_errors
from petitions.lifecycle.pages.state import service, staff
from petitions.lifecycle.reads.moderation import read_dossier
from petitions.lifecycle.reads.timeline import TimelineEvent, read_timeline
from petitions.lifecycle.rules.states import Stage

ORDER: Final = ("", "title", "text", "reason")


class _CorrectedNews(BaseModel):
    """The corrected words; the rules check that none is missing."""

    title: line(100, 5) = ""  # type: ignore[valid-type]
    text: paragraphs(3000) = ""  # type: ignore[valid-type]
    reason: paragraphs(1000) = ""  # type: ignore[valid-type]


async def corrections(request: Request) -> Response:
    """The news of this petition, the latest first, and the form for the one in ``?event=``."""
    news = await _news(request)
    chosen = _chosen(news, request.query_params.get("event", ""))
    values = {name: chosen.data.get(name, "") for name in ("title", "text")} if chosen else {}
    return await _page(request, news, chosen, values, {})


async def correct(request: Request) -> Response:
    """Correct the words of one piece of news."""
    values = await form(request)
    news = await _news(request)
    chosen = _chosen(news, values.get("event", ""))
    if chosen is None:
        raise NotFoundError("event")
    checked = check(_CorrectedNews, {name: values.get(name, "") for name in ORDER if name})
    if checked.problems:
        return await _page(request, news, chosen, values, checked.errors(language(request)))
    facts = checked.facts
    before = read_number(values.get("corrections", "")) or 0
    try:
        await correct_news(
            service(request),
            number(request),
            chosen.id,
            staff(request).id,
            {name: facts[name] for name in ("title", "text")},
            corrections=before,
            reason=facts["reason"],
            withhold=values.get("withhold") == "yes",
            now=now(request),
        )
    except InvalidInputError as error:
        return await _page(request, news, chosen, values, rule_errors(error.fields, language(request)))
    except ConflictError as error:
        news = await _news(request)
        chosen = _chosen(news, values.get("event", ""))
        kept = {name: text for name, text in values.items() if name != "corrections"}
        problems = rule_errors({"": error.reason}, language(request))
        return await _page(request, news, chosen, kept, problems, status=409)
    return redirect_after_post(f"/staff/petitions/{number(request)}/corrections?done=corrected")


async def _news(request: Request) -> tuple[TimelineEvent, ...]:
    dossier = await read_dossier(service(request).database, number(request))
    shown = dossier.petition
    zone = service(request).procedure(shown.procedure_code, shown.procedure_version).body.zone
    told = await read_timeline(
        service(request).database,
        service(request).event_kinds,
        shown.id,
        zone,
        stage=Stage(shown.stage),
        hidden=shown.text_hidden,
    )
    return tuple(event for event in reversed(told) if event.kind == "update")


def _chosen(news: tuple[TimelineEvent, ...], text: str) -> TimelineEvent | None:
    wanted = read_number(text)
    return next((one for one in news if one.id == wanted), None)


async def _page(
    request: Request,
    news: tuple[TimelineEvent, ...],
    chosen: TimelineEvent | None,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    status: int = 400,
) -> Response:
    dossier = await read_dossier(service(request).database, number(request))
    shown = dossier.petition
    return render(
        request,
        "corrections/moderation.html",
        status=status if errors else 200,
        nav="queue",
        petition=shown,
        zone=service(request).procedure(shown.procedure_code, shown.procedure_version).body.zone,
        news=news,
        chosen=chosen,
        done=request.query_params.get("done", "") if request.method == "GET" else "",
        values=values,
        errors=dict(sorted(errors.items(), key=lambda entry: ORDER.index(entry[0]))),
    )
