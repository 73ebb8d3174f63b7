"""The start form: from "may I ask for this here?" to a draft that waits for its initiator's confirmation.

It needs no account, cookie or script. Every step is a POST with everything that was typed; only the last one stores it.
"""

from collections.abc import Mapping
from typing import Any, Final

from babel.numbers import format_decimal
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from petitions.errors import UnavailableError
from petitions.http.failures import RETRY_SECONDS
from petitions.http.state import day_here, form, language, now, render
from petitions.http.words import words
from petitions.lifecycle.acts import drafting
from petitions.lifecycle.acts.saved_drafts import KEPT, key_of
from petitions.lifecycle.pages.draft_forms import (
    PAGES,
    STEPS,
    Answers,
    FormPage,
    make_draft,
    page_after,
    page_before,
    page_named,
)
from petitions.lifecycle.pages.state import app_state, service
from petitions.lifecycle.reads.similar import SimilarPetition, read_similar
from petitions.lifecycle.rules.drafting import decider_of, in_force
from petitions.lifecycle.rules.procedures import Procedure
from petitions.locale import LANGUAGES, TEXT_LANGUAGES
from petitions.text import TextError, clean_line, clean_paragraphs

SIMILAR_SHOWN: Final = 5
SEARCHED: Final = 2_000
PRIVATE: Final = frozenset({"person", "check"})
"""The pages with personal data, which browsers must not store. For others, Back works without a warning."""


def _answers(request: Request, values: Mapping[str, str]) -> Answers:
    return Answers(values, tuple(service(request).procedures.values()), day_here(request))


async def begin(request: Request) -> Response:
    """The first page; ``?procedure=`` (from the page of a procedure) is remembered as the likely choice."""
    values: dict[str, str] = {}
    asked = request.query_params.get("procedure", "")
    answers = _answers(request, values)
    for procedure in in_force(answers.procedures, answers.day):
        if procedure.code == asked:
            values |= {"procedure": asked, "decider": decider_of(procedure)}
    return await _show(request, PAGES[0], answers)


async def go_on(request: Request) -> Response:  # noqa: PLR0911 - one return per button
    """Go to the next or the previous step; what was typed is kept either way."""
    answers = _answers(request, await form(request))
    at = page_named(answers.get("step"))
    go = answers.get("go")
    if go == "stay":
        return await _show(request, at, answers)
    if go == "back":
        return await _show(request, page_before(at), answers)
    if go == "save":
        return _page(request, at, answers, "lifecycle/drafting/save.html", days=KEPT.days)
    if go.startswith("to-"):
        return await _change(request, page_named(go.removeprefix("to-")), answers)
    if answers.alternative and (at.name != "scope" or answers.get("scope") == "self"):
        return _page(request, at, answers, "lifecycle/drafting/alternative.html", alternative=answers.alternative)
    if problem := answers.first_problem(at):
        page, checked = problem
        return await _show(request, page, answers, checked.errors(language(request)), status=400)
    if at.name == "check":
        return await _send_in(request, answers)
    return await _show(request, await _next(request, at, answers), answers)


async def resume(request: Request, values: Mapping[str, str]) -> Response:
    """The form as it was saved. The saved answers are validated again, like all others."""
    answers = _answers(request, values)
    return await _show(request, page_named(answers.get("step")), answers)


async def _change(request: Request, page: FormPage, answers: Answers) -> Response:
    """Go from the last page back to one answer; after it the form returns to the last page."""
    values = dict(answers.values) | {"changing": "yes"}
    return await _show(request, page, _answers(request, values))


async def _next(request: Request, at: FormPage, answers: Answers) -> FormPage:
    if answers.get("changing") == "yes":
        problem = answers.first_problem(PAGES[-1])
        return problem[0] if problem else PAGES[-1]
    page = page_after(at)
    if page.name == "similar" and not await _similar(request, answers):
        return page_after(page)
    return page


async def _show(
    request: Request, page: FormPage, answers: Answers, errors: Mapping[str, str] | None = None, *, status: int = 200
) -> Response:
    """One page of the form. If the procedure is not known (any more), the page to choose one comes instead."""
    if page.step > 1 and answers.procedure is None:
        page = page_named("procedure") if answers.offers else PAGES[0]
    facts: dict[str, Any] = {}
    if page.name in {"similar", "text", "check"}:
        facts["similar"] = await _similar(request, answers)
    if page.name == "check":
        facts["text_language"] = LANGUAGES[_text_language(request, answers)]
    return _page(request, page, answers, f"lifecycle/drafting/{page.name}.html", errors, status=status, **facts)


def _page(
    request: Request,
    page: FormPage,
    answers: Answers,
    template: str,
    errors: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    **facts: Any,
) -> Response:
    carried = answers.hidden(page)
    if page.step > 2:
        carried["text_language"] = _text_language(request, answers)
    if page.name == "check":
        carried.pop("changing", None)
    return render(
        request,
        template,
        status=status,
        nav="start",
        headers={"Cache-Control": "no-store" if page.name in PRIVATE else "private, no-cache"},
        page=page,
        steps_total=STEPS,
        carried=carried,
        values=answers.values,
        errors=errors or {},
        procedure=answers.procedure,
        offers=answers.offers,
        deciders=answers.deciders,
        bodies=answers.bodies,
        **facts,
    )


def _text_language(request: Request, answers: Answers) -> Any:
    """The language of the text: that of the page on which the title was first typed, if texts can be in it."""
    here = language(request)
    return answers.text_language or (here if here in TEXT_LANGUAGES else TEXT_LANGUAGES[0])


async def _similar(request: Request, answers: Answers) -> list[SimilarPetition]:
    """Public petitions that resemble the text so far; none for a text that is not valid anyway."""
    try:
        text = clean_paragraphs(f"{answers.get('title')} {answers.get('request')}"[:SEARCHED], maximum=SEARCHED)
    except TextError:
        return []
    database, written_in = service(request).database, _text_language(request, answers)
    try:
        return await read_similar(database, text, written_in, excluding=None, limit=SIMILAR_SHOWN)
    except UnavailableError:  # only a help: the form works without it
        return []


async def similar_titles(request: Request) -> Response:
    """Petitions that resemble a title while it is typed, for the script of the form; the next page shows them too."""
    lang = language(request)
    try:
        title = clean_line((await form(request)).get("title", ""), maximum=SEARCHED)
        found = await read_similar(service(request).database, title, lang, excluding=None, limit=SIMILAR_SHOWN)
    except (TextError, UnavailableError):
        found = []
    say = words(lang)
    rows = [
        {
            "title": petition.title,
            "language": petition.language,
            "href": f"/{lang}/petitions/{petition.id}",
            "signatures": f"{format_decimal(petition.confirmed, locale=lang)} "
            + say.ngettext("signature", "signatures", petition.confirmed),
        }
        for petition in found
    ]
    body = {"heading": say.gettext("Petitions like this"), "petitions": rows}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


async def _send_in(request: Request, answers: Answers) -> Response:
    """Store the draft, which queues the mail, and explain what to do with it. On failure, show the form again."""
    procedure = answers.procedure
    assert procedure is not None  # noqa: S101 - the page of the procedure was checked before
    contact = answers.facts("person")
    try:
        if not answers.get("website"):  # a field that people do not see: only bots fill it in
            await drafting.begin(
                service(request),
                procedure,
                make_draft(answers.facts("title") | answers.facts("text")),
                _contact(procedure, contact),
                language=_text_language(request, answers),
                now=now(request),
                kept=key_of(answers.get("saved")),
            )
    except UnavailableError:
        busy = {"": words(language(request)).gettext("The service is busy. Your text is still here. Try again soon.")}
        response = await _show(request, PAGES[-1], answers, busy, status=503)
        response.headers["Retry-After"] = RETRY_SECONDS
        return response
    return _page(
        request,
        PAGES[-1],
        answers,
        "lifecycle/drafting/sent.html",
        email=contact["email"],
        sender=app_state(request).sender,
        forget_after_days=procedure.pending.forget_after_days,
    )


def _contact(procedure: Procedure, facts: Mapping[str, str]) -> dict[str, str]:
    """The stored data of the initiator: only what the procedure asks."""
    asked = {field.name for field in procedure.fields} | {"name", "email"}
    return {name: value for name, value in facts.items() if name in asked or name == "organisation"}
