"""The actions of a moderator: claim a petition, add a note, accept, refuse (alone or by two), answer an objection."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from pydantic import BaseModel, Field, create_model
from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, InvalidInputError
from petitions.http.forms import Checked, check, choice, paragraphs
from petitions.http.state import form, language, now, number, redirect_after_post
from petitions.http.words import N_, words
from petitions.lifecycle.acts import moderation, objections, second_reading
from petitions.lifecycle.pages.moderation_dossier import show_conflict, show_petition
from petitions.lifecycle.pages.state import service, staff
from petitions.lifecycle.procedure_files import load_reasons
from petitions.lifecycle.reads.moderation import read_dossier
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.reasons import open_place, put_in
from petitions.lifecycle.rules.states import Act

LONGEST_REASON: Final = 2000
SHORTEST_REASON: Final = 10
_TOO_SHORT: Final = N_("Write the reason, in at least %(limit)d characters.")
_OPEN: Final = N_("Fill in what stands between the brackets: %(place)s")
_NO_CANNED: Final = N_("Choose a ground first. Then we can put the standard text in.")


def _model(**kinds: Any) -> type[BaseModel]:
    fields: dict[str, Any] = {name: (kind, Field(default="", validate_default=True)) for name, kind in kinds.items()}
    return create_model("Typed", **fields)


_Reason: Final = paragraphs(LONGEST_REASON, SHORTEST_REASON)
Accepting: Final = _model(opening_reason=_Reason)
SendingBack: Final = _model(back_reason=_Reason)
Judging: Final = _model(objection_reason=_Reason)
Noting: Final = _model(note=paragraphs(LONGEST_REASON))


async def act(request: Request) -> Response:
    """Dispatch the action of a moderator that the field ``act`` names."""
    values = await form(request)
    handler = _ACTS.get(values.get("act", ""))
    if handler is None:
        raise InvalidInputError({"act": "choice"})
    try:
        return await handler(request, values)
    except ConflictError as error:
        return await show_conflict(request, error.reason)


def _here(request: Request, done: str = "") -> str:
    return f"/staff/petitions/{number(request)}" + (f"?done={done}" if done else "")


def _number(values: Mapping[str, str], name: str) -> int | None:
    text = values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


async def _claim(request: Request, _: Mapping[str, str]) -> Response:
    await moderation.claim(service(request), number(request), staff(request).id, now=now(request))
    return redirect_after_post(_here(request))


async def _release(request: Request, _: Mapping[str, str]) -> Response:
    await moderation.release(service(request), number(request), staff(request).id, now=now(request))
    return redirect_after_post("/staff")


async def _note(request: Request, values: Mapping[str, str]) -> Response:
    checked = check(Noting, values)
    if checked.problems:
        return await _again(request, values, checked)
    await moderation.note(service(request), number(request), staff(request).id, checked.facts["note"], now=now(request))
    return redirect_after_post(_here(request) + "#notes")


async def _again(request: Request, values: Mapping[str, str], checked: Checked) -> Response:
    """The page again, with what was typed; the error summary is far from the fields, so it names them."""
    short = dict.fromkeys(("reason", "opening_reason", "back_reason", "objection_reason"), _TOO_SHORT)
    named = {"ground": N_("Choose a ground."), **short}
    errors = checked.errors(language(request))
    for name, problem in checked.problems.items():
        if name in named and problem.code in {"choice", "missing", "too_short"}:
            errors[name] = words(language(request)).gettext(named[name]) % {"limit": SHORTEST_REASON}
    return await show_petition(request, values, errors, status=400)


async def _accept(request: Request, values: Mapping[str, str]) -> Response:
    checked = check(Accepting, values)
    if checked.problems:
        return await _again(request, values, checked)
    await moderation.accept(
        service(request),
        number(request),
        staff(request).id,
        reason=checked.facts["opening_reason"],
        version=_number(values, "version"),
        now=now(request),
    )
    return redirect_after_post(_here(request, "open"))


async def _shown(request: Request) -> tuple[Procedure, str]:
    """The procedure and the language of the petition."""
    shown = (await read_dossier(service(request).database, number(request))).petition
    return service(request).procedure(shown.procedure_code, shown.procedure_version), shown.language


async def _fill(request: Request, values: Mapping[str, str]) -> Response:
    """The page again, with the standard text of the chosen ground as the reason; nothing is stored."""
    procedure, _ = await _shown(request)
    canned = load_reasons().of(procedure.code, values.get("ground", ""))
    if canned is None or procedure.ground(values.get("ground", "")) is None:
        return await show_petition(
            request, values, {"ground": words(language(request)).gettext(_NO_CANNED)}, status=400
        )
    known = [load_reasons().of(procedure.code, ground.code) for ground in procedure.grounds]
    every = frozenset(text for one in known if one for text in (one.reason.nl.strip(), one.reason.en.strip()))
    typed = values.get("reason", "").replace("\r\n", "\n")[:LONGEST_REASON]
    reason = put_in(typed, canned.reason[values["fill"]].strip(), every)
    return await show_petition(request, {**values, "reason": reason, "filled": "yes"}, {})


async def _refuse(request: Request, values: Mapping[str, str], act: Act) -> Response:
    if values.get("fill") in {"nl", "en"}:
        return await _fill(request, values)
    procedure, _ = await _shown(request)
    grounds = choice(*(ground.code for ground in procedure.grounds))
    checked = check(_model(ground=grounds, reason=_Reason), values)
    if checked.problems:
        return await _again(request, values, checked)
    if place := open_place(checked.facts["reason"]):
        problem = words(language(request)).gettext(_OPEN) % {"place": place}
        return await show_petition(request, values, {"reason": problem}, status=400)
    await _REFUSALS[act](
        service(request),
        number(request),
        staff(request).id,
        ground=checked.facts["ground"],
        reason=checked.facts["reason"],
        version=_number(values, "version"),
        now=now(request),
    )
    return redirect_after_post(_here(request, {Act.REJECT: "rejected", Act.REMOVE: "removed"}.get(act, "proposed")))


_REFUSALS: Final[Mapping[Act, Callable[..., Awaitable[None]]]] = {
    Act.REJECT: moderation.reject,
    Act.REMOVE: moderation.remove,
    Act.PROPOSE: second_reading.propose,
}


async def _reject(request: Request, values: Mapping[str, str]) -> Response:
    return await _refuse(request, values, Act.REJECT)


async def _propose(request: Request, values: Mapping[str, str]) -> Response:
    return await _refuse(request, values, Act.PROPOSE)


async def _remove(request: Request, values: Mapping[str, str]) -> Response:
    return await _refuse(request, values, Act.REMOVE)


async def _agree(request: Request, values: Mapping[str, str]) -> Response:
    proposal = _number(values, "proposal") or 0
    await second_reading.agree(
        service(request), number(request), staff(request).id, proposal=proposal, now=now(request)
    )
    return redirect_after_post(_here(request, "rejected"))


async def _send_back(request: Request, values: Mapping[str, str]) -> Response:
    checked = check(SendingBack, values)
    if checked.problems:
        return await _again(request, values, checked)
    return await _answer(request, values, checked.facts["back_reason"], "sent_back")


async def _take_back(request: Request, values: Mapping[str, str]) -> Response:
    proposal = (await read_dossier(service(request).database, number(request))).proposal
    if proposal is not None and proposal.staff_id != staff(request).id:
        raise ConflictError("not_proposed")  # the proposal of a colleague is sent back instead, with a reason
    return await _answer(request, values, "", "taken_back")


async def _answer(request: Request, values: Mapping[str, str], reason: str, done: str) -> Response:
    proposal = _number(values, "proposal") or 0
    await second_reading.send_back(
        service(request), number(request), staff(request).id, proposal=proposal, reason=reason, now=now(request)
    )
    return redirect_after_post(_here(request, done))


async def _judge(
    request: Request, values: Mapping[str, str], judge: Callable[..., Awaitable[None]], done: str
) -> Response:
    checked = check(Judging, values)
    if checked.problems:
        return await _again(request, values, checked)
    reason = checked.facts["objection_reason"]
    await judge(service(request), number(request), staff(request).id, reason=reason, now=now(request))
    return redirect_after_post(_here(request, done))


async def _uphold(request: Request, values: Mapping[str, str]) -> Response:
    return await _judge(request, values, objections.uphold, "upheld")


async def _dismiss(request: Request, values: Mapping[str, str]) -> Response:
    return await _judge(request, values, objections.dismiss, "dismissed")


_ACTS: Final[dict[str, Callable[[Request, Mapping[str, str]], Awaitable[Response]]]] = {
    "claim": _claim,
    "release": _release,
    "note": _note,
    "accept": _accept,
    "reject": _reject,
    "propose": _propose,
    "agree": _agree,
    "send_back": _send_back,
    "take_back": _take_back,
    "uphold": _uphold,
    "dismiss": _dismiss,
    "remove": _remove,
}
