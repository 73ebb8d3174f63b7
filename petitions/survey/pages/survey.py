"""The survey after the outcome: the page behind the link in the mail."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, InvalidInputError
from petitions.http.modules import demand
from petitions.http.state import form, language, now, redirect_after_post, render
from petitions.http.words import error_text
from petitions.lifecycle.pages.managing import PERSONAL
from petitions.lifecycle.pages.state import link, service
from petitions.survey import acts as survey
from petitions.survey.rules import QUESTIONS

STATUS: Final = {"open": 200, "answered": 200, "closed": 410}


async def page(request: Request) -> Response:
    """The two questions. Opening the page counts nothing."""
    demand(request, "survey")
    return await _page(request)


async def answer(request: Request) -> Response:
    """Count the answers, once."""
    demand(request, "survey")
    values = await form(request)
    try:
        await survey.answer(service(request), link(request, "survey"), values, now=now(request))
    except InvalidInputError as error:
        errors = {name: error_text(language(request), code) for name, code in error.fields.items()}
        return await _page(request, values=values, errors=errors)
    except ConflictError:
        return await _page(request, conflict=True)
    return redirect_after_post(request.scope["path"])


async def _page(
    request: Request,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    conflict: bool = False,
) -> Response:
    found = await survey.look_up(service(request), link(request, "survey"), now=now(request))
    return render(
        request,
        "survey/survey.html",
        status=409 if conflict else 400 if errors else STATUS[found.state],
        headers=PERSONAL,
        survey=found,
        questions=QUESTIONS,
        values=values or {},
        errors=errors or {},
    )
