"""One petition at the moderators' desk: its dossier, and the page for conflicts with a colleague."""

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from petitions.differences import Piece, differences
from petitions.http.state import now, number, render
from petitions.http.words import words
from petitions.lifecycle.pages.moderation import watched
from petitions.lifecycle.pages.state import service, staff
from petitions.lifecycle.procedure_files import load_reasons
from petitions.lifecycle.reads.moderation import ModerationDossier, read_dossier
from petitions.lifecycle.reads.texts import SubmittedText
from petitions.lifecycle.rules.hints import Hint, hints
from petitions.lifecycle.rules.moderation import CLAIM_LASTS, due, holder
from petitions.lifecycle.rules.objections import may_judge
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.states import Actor, Stage, acts
from petitions.lifecycle.rules.thresholds import can_open

STEPS: Final = frozenset(
    {
        "opened",
        "rejected",
        "removed",
        "withdrawn",
        "closed",
        "resubmitted",
        "proposed",
        "sent_back",
        "taken_back",
        "objection_upheld",
        "objection_dismissed",
    }
)
"""The possible reasons why a decision comes too late."""
NOT_AHEAD: Final = frozenset(
    {"claimed", "identity_not_available", "second_reader", "no_second_reader", "own_proposal", "own_refusal"}
)
"""Conflicts that no colleague caused."""


async def petition(request: Request) -> Response:
    """One petition: its text as the public will read it, the known facts, and the form for the decision."""
    return await show_petition(request, {}, {})


async def show_petition(
    request: Request, values: Mapping[str, str], errors: Mapping[str, str], *, status: int = 200
) -> Response:
    """The page with what was typed and the errors in it."""
    dossier = await read_dossier(service(request).database, number(request))
    shown = dossier.petition
    procedure = service(request).procedure(shown.procedure_code, shown.procedure_version)
    standard = words(shown.language).gettext("The petition meets the rules of the procedure.")
    me, objection = staff(request).id, dossier.objection
    return render(
        request,
        "lifecycle/moderation/petition.html",
        status=status,
        nav="queue",
        petition=shown,
        dossier=dossier,
        procedure=procedure,
        due=due(shown.due_on, now(request), ZoneInfo(shown.timezone)) if shown.due_on else None,
        hints=_hints(dossier, procedure),
        canned={ground.code for ground in procedure.grounds if load_reasons().of(procedure.code, ground.code)},
        versions=_versions(dossier),
        holder=holder(shown.claimed_by, shown.claimed_at, me, now(request)),
        free_at=shown.claimed_at + CLAIM_LASTS if shown.claimed_at else None,
        own_proposal=dossier.proposal is not None and dossier.proposal.staff_id == me,
        objecting=shown.stage == Stage.REJECTED and objection is not None and objection.outcome is None,
        may_judge=objection is not None and may_judge(me, objection.refused_by),
        may={act.value for act in acts(Stage(shown.stage), Actor.MODERATOR)},
        obstacle=can_open(procedure),
        done=request.query_params.get("done", ""),
        values={"opening_reason": standard} | dict(values),
        errors=errors,
    )


def _hints(dossier: ModerationDossier, procedure: Procedure) -> tuple[Hint, ...]:
    shown = dossier.petition
    return hints(
        shown.title,
        shown.request,
        shown.reasons,
        shown.previous_action,
        level=procedure.body.level,
        similar=sum(other.whole_title for other in dossier.alike),
        versions=len(dossier.texts),
        sponsored=dossier.sponsored,
        watched=watched(procedure),
    )


def _versions(dossier: ModerationDossier) -> list[tuple[SubmittedText, dict[str, tuple[Piece, ...]]]]:
    """Every submitted text, newest first, with its differences from the one before."""
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


async def show_conflict(request: Request, reason: str) -> Response:
    """Say that a colleague was first, what happened, and how to go back. Nothing of this moderator was stored."""
    dossier = await read_dossier(service(request).database, number(request))
    shown = dossier.petition
    last = next((happening for happening in dossier.history if happening.kind in STEPS), None)
    return render(
        request,
        "lifecycle/moderation/conflict.html",
        status=409,
        nav="queue",
        petition=shown,
        procedure=service(request).procedure(shown.procedure_code, shown.procedure_version),
        reason=reason,
        last=None if reason in NOT_AHEAD else last,
    )
