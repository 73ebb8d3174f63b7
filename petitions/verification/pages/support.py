"""The question to somebody in the sample of the check of support: a page that changes nothing, and two buttons."""

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import GoneError, InvalidInputError
from petitions.http.state import form, language, now, render
from petitions.http.words import error_text
from petitions.lifecycle.pages.signing import PERSONAL
from petitions.lifecycle.pages.state import link, service
from petitions.verification.acts import checking as verification
from petitions.verification.acts.checking import SampledSupport


async def question(request: Request) -> Response:
    """Ask whether they supported this petition. Mail scanners open links, so only a button answers."""
    found = link(request, "sample")
    try:
        asked = await verification.read_sampled(service(request), found, now=now(request))
    except GoneError:
        return _over(request)
    return _page(request, asked)


async def answer(request: Request) -> Response:
    """Store the answer; the same one again changes nothing, and another one replaces it until the last day."""
    found = link(request, "sample")
    values = await form(request)
    try:
        asked = await verification.answer(service(request), found, values.get("answer", ""), now=now(request))
    except GoneError:
        return _over(request)
    except InvalidInputError:
        asked = await verification.read_sampled(service(request), found, now=now(request))
        return _page(request, asked, {"answer": error_text(language(request), "choice")})
    return _page(request, asked, done=True)


def _page(
    request: Request, asked: SampledSupport, errors: dict[str, str] | None = None, *, done: bool = False
) -> Response:
    return render(
        request,
        "verification/support.html",
        status=400 if errors else 200,
        asked=asked,
        done=done,
        errors=errors or {},
        values={"answer": asked.answer},
        headers=PERSONAL,
    )


def _over(request: Request) -> Response:
    """The page when it is too late to answer: last day passed, result known, or signature withdrawn."""
    return render(request, "verification/support_over.html", status=410, headers=PERSONAL)
