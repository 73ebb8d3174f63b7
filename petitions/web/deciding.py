"""One petition at the moderators' desk: its dossier, claims, private notes, and the decision about it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, create_model
from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError, InvalidInputError
from petitions.life import moderation
from petitions.reading.moderation import Dossier, SubmittedText, read_dossier
from petitions.reading.similar import read_similar
from petitions.rules.moderation import CLAIM_LASTS, Piece, differences, due, hints, holder
from petitions.rules.states import Act, Actor, Stage, acts
from petitions.rules.thresholds import can_open
from petitions.web.edge import form, language, now, number, render, see, service, staff
from petitions.web.forms import Checked, check, choice, paragraphs
from petitions.web.words import N_, words

LONGEST_REASON: Final = 2000
SHORTEST_REASON: Final = 10
SIMILAR_SHOWN: Final = 5
_TOO_SHORT: Final = N_("Write the reason, in at least %(limit)d characters.")


def _model(**kinds: Any) -> type[BaseModel]:
    fields: dict[str, Any] = {name: (kind, Field(default="", validate_default=True)) for name, kind in kinds.items()}
    return create_model("Typed", **fields)


Accepting: Final = _model(opening_reason=paragraphs(LONGEST_REASON, SHORTEST_REASON))
Noting: Final = _model(note=paragraphs(LONGEST_REASON))


async def petition(request: Request) -> Response:
    """One petition: its text as the public will read it, what is known about it, and the decision."""
    return await _petition(request, {}, {})


async def _petition(
    request: Request, values: Mapping[str, str], errors: Mapping[str, str], *, status: int = 200
) -> Response:
    dossier = await read_dossier(service(request).database, number(request))
    shown = dossier.petition
    procedure = service(request).procedure(shown.procedure_code, shown.procedure_version)
    standard = words(shown.language).gettext("The petition meets the rules of the procedure.")
    similar = await _similar(request, dossier)
    return render(
        request,
        "moderation/petition.html",
        status=status,
        nav="queue",
        petition=shown,
        dossier=dossier,
        procedure=procedure,
        due=due(shown.due_on, now(request), ZoneInfo(shown.timezone)) if shown.due_on else None,
        hints=hints(
            shown.title,
            shown.request,
            shown.reasons,
            shown.previous_action,
            level=procedure.body.level,
            similar=len(dossier.alike),
            versions=len(dossier.texts),
        ),
        similar=similar,
        versions=_versions(dossier),
        holder=holder(shown.claimed_by, shown.claimed_at, staff(request).id, now(request)),
        free_at=shown.claimed_at + CLAIM_LASTS if shown.claimed_at else None,
        may=acts(Stage(shown.stage), Actor.MODERATOR),
        obstacle=can_open(procedure),
        done=request.query_params.get("done", ""),
        values={"opening_reason": standard} | dict(values),
        errors=errors,
    )


async def _similar(request: Request, dossier: Dossier) -> list[Any]:
    """The petitions that look the same: those with every word of the title, then the public ones most like the text."""
    shown = dossier.petition
    text = f"{shown.title} {shown.request}"
    found = await read_similar(service(request).database, text, shown.language, excluding=shown.id, limit=SIMILAR_SHOWN)
    known = {alike.id for alike in dossier.alike}
    return [*dossier.alike, *(other for other in found if other.id not in known)]


def _versions(dossier: Dossier) -> list[tuple[SubmittedText, dict[str, tuple[Piece, ...]]]]:
    """Every text that was submitted, newest first, with what changed in it since the one before."""
    made: list[tuple[SubmittedText, dict[str, tuple[Piece, ...]]]] = []
    before = None
    for text in dossier.texts:
        changed: dict[str, tuple[Piece, ...]] = {}
        for name in ("title", "request", "reasons", "previous_action"):
            new, old = getattr(text, name) or "", (getattr(before, name) or "") if before else ""
            if before and new != old:
                changed[name] = differences(old, new)
        made.append((text, changed))
        before = text
    return made[::-1]


async def act(request: Request) -> Response:
    """Everything that a moderator does to a petition; which it is stands in ``act``."""
    values = await form(request)
    handler = _ACTS.get(values.get("act", ""))
    if handler is None:
        raise InvalidInputError({"act": "choice"})
    try:
        return await handler(request, values)
    except ConflictError as error:
        return await _conflict(request, error.reason)


async def _conflict(request: Request, reason: str) -> Response:
    """Somebody was ahead: what happened, and the way back. Nothing of this moderator was stored."""
    dossier = await read_dossier(service(request).database, number(request))
    shown = dossier.petition
    steps = {"opened", "rejected", "removed", "withdrawn", "closed", "resubmitted"}
    last = next((happening for happening in dossier.history if happening.kind in steps), None)
    return render(
        request,
        "moderation/conflict.html",
        status=409,
        nav="queue",
        petition=shown,
        procedure=service(request).procedure(shown.procedure_code, shown.procedure_version),
        reason=reason,
        last=None if reason in {"claimed", "identity_not_available"} else last,
    )


def _here(request: Request, done: str = "") -> str:
    return f"/staff/petitions/{number(request)}" + (f"?done={done}" if done else "")


def _version(values: Mapping[str, str]) -> int | None:
    text = values.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


async def _claim(request: Request, _: Mapping[str, str]) -> Response:
    await moderation.claim(service(request), number(request), staff(request).id, now=now(request))
    return see(_here(request))


async def _release(request: Request, _: Mapping[str, str]) -> Response:
    await moderation.release(service(request), number(request), staff(request).id, now=now(request))
    return see("/staff")


async def _note(request: Request, values: Mapping[str, str]) -> Response:
    checked = check(Noting, values)
    if checked.problems:
        return await _again(request, values, checked)
    await moderation.note(service(request), number(request), staff(request).id, checked.facts["note"], now=now(request))
    return see(_here(request) + "#notes")


async def _again(request: Request, values: Mapping[str, str], checked: Checked) -> Response:
    """The page once more, with what was typed; the summary stands far from the fields, so it names them."""
    named = {"ground": N_("Choose a ground."), "reason": _TOO_SHORT, "opening_reason": _TOO_SHORT}
    errors = checked.errors(language(request))
    for name, problem in checked.problems.items():
        if name in named and problem.code in {"choice", "missing", "too_short"}:
            errors[name] = words(language(request)).gettext(named[name]) % {"limit": SHORTEST_REASON}
    return await _petition(request, values, errors, status=400)


async def _accept(request: Request, values: Mapping[str, str]) -> Response:
    checked = check(Accepting, values)
    if checked.problems:
        return await _again(request, values, checked)
    await moderation.accept(
        service(request),
        number(request),
        staff(request).id,
        reason=checked.facts["opening_reason"],
        version=_version(values),
        now=now(request),
    )
    return see(_here(request, "open"))


async def _end(request: Request, values: Mapping[str, str], act: Act) -> Response:
    shown = (await read_dossier(service(request).database, number(request))).petition
    procedure = service(request).procedure(shown.procedure_code, shown.procedure_version)
    grounds = choice(*(ground.code for ground in procedure.grounds))
    checked = check(_model(ground=grounds, reason=paragraphs(LONGEST_REASON, SHORTEST_REASON)), values)
    if checked.problems:
        return await _again(request, values, checked)
    end = moderation.reject if act == Act.REJECT else moderation.remove
    await end(
        service(request),
        number(request),
        staff(request).id,
        ground=checked.facts["ground"],
        reason=checked.facts["reason"],
        version=_version(values),
        now=now(request),
    )
    return see(_here(request, "rejected" if act == Act.REJECT else "removed"))


async def _reject(request: Request, values: Mapping[str, str]) -> Response:
    return await _end(request, values, Act.REJECT)


async def _remove(request: Request, values: Mapping[str, str]) -> Response:
    return await _end(request, values, Act.REMOVE)


_ACTS: Final[dict[str, Callable[[Request, Mapping[str, str]], Awaitable[Response]]]] = {
    "claim": _claim,
    "release": _release,
    "note": _note,
    "accept": _accept,
    "reject": _reject,
    "remove": _remove,
}
