"""The moderators' queue of questions and answers by initiators: publish or refuse each of them."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, InvalidInputError
from petitions.http.modules import demand
from petitions.http.state import form, language, now, number, redirect_after_post, render
from petitions.http.words import error_text
from petitions.lifecycle.pages.state import service, staff
from petitions.questions import acts as questions
from petitions.questions.reads import read_waiting
from petitions.questions.rules import GROUNDS
from petitions.text import TextError, clean_paragraphs

LONGEST_REASON = 1000
TOLD = frozenset({"published", "refused"})


async def queue(request: Request) -> Response:
    """The queue, oldest first."""
    demand(request, "questions")
    return await _queue(request)


async def decide(request: Request) -> Response:
    """Publish one of them, or refuse it with a ground and a reason."""
    demand(request, "questions")
    values = await form(request)
    ids = (number(request, "petition_id"), number(request), staff(request).id)
    refusing = values.get("act") == "refuse"
    try:
        if refusing:
            reason = clean_paragraphs(values.get("reason", ""), maximum=LONGEST_REASON)
            ground = values.get("ground", "")
            await questions.refuse(service(request), *ids, ground=ground, reason=reason, now=now(request))
        else:
            await questions.publish(service(request), *ids, now=now(request))
    except TextError as error:
        errors = {"reason": error_text(language(request), error.code, error.limit)}
        return await _queue(request, values=values, errors=errors)
    except InvalidInputError as error:
        errors = {name: error_text(language(request), code) for name, code in error.fields.items()}
        return await _queue(request, values=values, errors=errors)
    except ConflictError:
        return await _queue(request, conflict=True)
    return redirect_after_post(f"/staff/questions?done={'refused' if refusing else 'published'}")


async def _queue(
    request: Request,
    *,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    conflict: bool = False,
) -> Response:
    done = request.query_params.get("done", "") if request.method == "GET" else ""
    open_at = (number(request, "petition_id"), number(request)) if errors else None
    return render(
        request,
        "questions/moderation.html",
        status=409 if conflict else 400 if errors else 200,
        nav="questions",
        waiting=await read_waiting(service(request).database),
        procedures=service(request).procedures,
        grounds=GROUNDS,
        open_at=open_at,
        done=done if done in TOLD else "",
        conflict=conflict,
        values=values or {},
        errors=errors or {},
    )
