"""The tab in which a clerk runs the check of support: close the list, draw, record answers, establish the result."""

import re
from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.http.state import form, language, now, redirect_after_post, render, today
from petitions.http.typed import messages, typed_day
from petitions.http.words import words
from petitions.lifecycle.pages.referral_tabs import ReferralContext, clerk, here, load, seen, tab_page
from petitions.lifecycle.pages.state import service
from petitions.lifecycle.rules.referral import StepRefusedError
from petitions.verification.acts import checking as verification
from petitions.verification.acts import sampling
from petitions.verification.acts.sampling import SampleSeed
from petitions.verification.pages.seed_form import read_seed
from petitions.verification.reads import SupportCheck, read_checks, read_places
from petitions.verification.rules import may_finish

ROOM: Final = "verification"
LARGEST_PLACE: Final = 2**31 - 1
MOST_PLACES: Final = 20_000


class _WrongError(Exception):
    """The typed values are not valid; the messages by field, in the reader's language."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__()
        self.errors = errors


async def page(request: Request) -> Response:
    """The progress of the check, and the one action that is possible now."""
    found = await _before(request)
    return await _page(request, found, {})


async def _before(request: Request) -> ReferralContext:
    found = await load(request)
    rules = found.shown.procedure.verification
    if rules is None or rules.kind != "sample":
        raise NotFoundError("verification")
    return found


async def _check(request: Request, found: ReferralContext) -> SupportCheck | None:
    checks = await read_checks(service(request).database, found.petition.id)
    return next((one for one in checks if one.referral_id == found.shown.view.id), None)


async def _page(
    request: Request, found: ReferralContext, values: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> Response:
    shown, made = found.shown, await _check(request, found)
    places = await read_places(service(request).database, found.petition.id, shown.view.id) if made else ()
    day = today(request, shown.zone)
    first = {"seed_day": typed_day(day), "method": shown.procedure.verification.methods[0]}  # type: ignore[union-attr]
    return tab_page(
        request,
        found,
        ROOM,
        "verification/desk.html",
        status=400 if errors else 200,
        rules=shown.procedure.verification,
        check=made,
        places=places,
        open_step=any(step.step.kind == "check_conditions" for step in shown.possible),
        may_finish=made is not None and made.answer_by is not None and may_finish(made.answer_by, day, made.waiting),
        done=request.query_params.get("done", "") if request.method == "GET" else "",
        recorded=request.query_params.get("places", "") if request.method == "GET" else "",
        values=values or first,
        errors=dict(errors or {}),
    )


async def act(request: Request) -> Response:
    """Close the list, draw, record or finish, by the button that was pressed."""
    values = await form(request)
    found = await _before(request)
    acts: dict[str, Any] = {"close": _close, "draw": _draw, "record": _record, "finish": _finish}
    do = acts.get(values.get("act", ""))
    if do is None:
        raise InvalidInputError({"act": "choice"})
    try:
        done: str = await do(request, found, values)
    except _WrongError as error:
        return await _page(request, found, values, error.errors)
    except InvalidInputError as error:
        return await _page(request, found, values, _in_words(error.fields, language(request)))
    except ConflictError as error:
        return await _conflict(request, error)
    return redirect_after_post(f"{here(request)}/{ROOM}?done={done}")


def _in_words(problems: Mapping[str, str], spoken: str) -> dict[str, str]:
    """The messages by field; they name the places that were not drawn."""
    told = messages(spoken, {name: code for name, code in problems.items() if name != "places"})
    if "places" in problems:
        text = problems["places"]
        told["places"] = (
            words(spoken).gettext("These places were not drawn: %(places)s. Nothing was stored.") % {"places": text}
            if text[:1].isdigit()
            else messages(spoken, {"places": text})["places"]
        )
    return told


async def _close(request: Request, _found: ReferralContext, values: Mapping[str, str]) -> str:
    await sampling.close_list(service(request), clerk(request), seen(request, values), now=now(request))
    return "listed"


async def _draw(request: Request, found: ReferralContext, values: Mapping[str, str]) -> str:
    facts, wrong = read_seed(values, found.shown.zone, language(request))
    if wrong:
        raise _WrongError(wrong)
    blank = {"value": "", "source": "", "link": "", "method": ""}
    typed = {"value" if name == "seed" else name: value for name, value in facts.items()}
    seed = SampleSeed(**(blank | typed))
    await sampling.draw_sample(service(request), clerk(request), seen(request, values), seed, now=now(request))
    return "drawn"


async def _record(request: Request, _found: ReferralContext, values: Mapping[str, str]) -> str:
    numbers = re.findall(r"[0-9]+", values.get("places", ""))
    rest = re.sub(r"[0-9]+|[\s,;.]+", "", values.get("places", ""))
    if rest or not numbers or len(numbers) > MOST_PLACES:
        raise InvalidInputError({"places": "places" if values.get("places", "").strip() else "missing"})
    places = {int(text[:11]) for text in numbers}
    if unknown := sorted(place for place in places if place > LARGEST_PLACE):
        raise InvalidInputError({"places": ", ".join(map(str, unknown[:20]))})
    count = await verification.record_results(
        service(request), clerk(request), seen(request, values), places, values.get("result", ""), now=now(request)
    )
    return f"recorded&places={count}"


async def _finish(request: Request, _found: ReferralContext, values: Mapping[str, str]) -> str:
    await verification.finish(service(request), clerk(request), seen(request, values), now=now(request))
    return "finished"


async def _conflict(request: Request, error: ConflictError) -> Response:
    """Say that a colleague was first, or that it is not possible now: why, and the link to the current state."""
    found = await load(request)
    return render(
        request,
        "verification/conflict.html",
        status=409,
        nav="referrals",
        petition=found.petition,
        reason=error.reason,
        waits_for=error.waits_for if isinstance(error, StepRefusedError) else None,
        here=f"{here(request)}/{ROOM}",
    )
