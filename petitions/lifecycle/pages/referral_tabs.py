"""What every page about one referral at the desk has in common: the petition above it, and the row of tabs.

A tab is one subject of the handling (the steps, the documents, the questions ...). Each has its own address below
the referral, its own module and its own form, so that a clerk finds everything about a petition in one row of tabs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from petitions.errors import ConflictError
from petitions.http.modules import has
from petitions.http.state import now, number, render
from petitions.http.words import N_
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.pages.guard import committees
from petitions.lifecycle.pages.parts import ReferralTab
from petitions.lifecycle.pages.state import app_state, service, staff
from petitions.lifecycle.reads.committees import ReferredPetition, read_dossier
from petitions.lifecycle.reads.desk import Assignment, read_assignment
from petitions.lifecycle.reads.referral import ReferralView, ShownReferral, show
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.referral import StepRefusedError

TABS: Final = (
    ReferralTab(10, "", N_("Steps"), who="committee"),
    ReferralTab(70, "notes", N_("Notes"), who="committee"),
)
"""The tabs that every referral has. Other subjects add theirs in their registration, in the order in which a clerk
needs them; those needed every day come before "More"."""


@dataclass(frozen=True, slots=True)
class ReferralContext:
    """The petition, this referral, and the petition's other referrals, for a person at the desk.

    ``records``: this person is a clerk of its committee, not a member; ``is_rapporteur``: a member, and its rapporteur.
    """

    petition: ReferredPetition
    shown: ShownReferral
    others: tuple[ShownReferral, ...]
    charge: Assignment
    records: bool
    is_rapporteur: bool


async def load(request: Request) -> ReferralContext:
    """The referral in the path. Raises NotFoundError, or ForbiddenError when another committee has it.

    On a route with the role ``committee`` its members have access too; on any other only its clerks.
    """
    database, me = service(request).database, staff(request)
    petition, own, others = await read_dossier(
        database, committees(request), number(request, "petition_id"), number(request)
    )
    charge = await read_assignment(database, own.petition_id, own.id)
    return ReferralContext(
        petition,
        _show(request, own),
        tuple(_show(request, view) for view in others),
        charge,
        records=own.committee_slug in me.committees,
        is_rapporteur=own.committee_slug in me.sits_on and charge.rapporteur_id == me.id,
    )


def _show(request: Request, view: ReferralView) -> ShownReferral:
    return show(view, service(request).procedures, service(request).committees, now=now(request))


def _is_open(request: Request, before: ReferralContext, one: ReferralTab) -> bool:
    """Whether this person may see a tab."""
    return (before.records or one.who == "committee") and _is_there(request, one, before.shown.procedure)


def here(request: Request) -> str:
    """The address of this referral, without a tab."""
    return f"/committee/referrals/{number(request, 'petition_id')}/{number(request)}"


def clerk(request: Request) -> Clerk:
    """The person who acts, as a clerk."""
    return Clerk(staff(request).id, staff(request).committees)


def seen(request: Request, values: Mapping[str, str]) -> SeenReferral:
    """The referral on the submitted page, with its version there (the hidden field ``version``)."""
    text = values.get("version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
    return SeenReferral(number(request, "petition_id"), number(request), version)


def _is_there(request: Request, one: ReferralTab, procedure: Procedure) -> bool:
    return (not one.module or has(request, one.module)) and one.belongs(procedure)


async def conflict(request: Request, error: ConflictError, typed: Iterable[str] = ()) -> Response:
    """Say that a colleague was first, or that a step is out of order: why, the current state, and the typed texts."""
    found = await load(request)
    return render(
        request,
        "lifecycle/referral/conflict.html",
        status=409,
        nav="referrals",
        petition=found.petition,
        shown=found.shown,
        reason=error.reason,
        waits_for=error.waits_for if isinstance(error, StepRefusedError) else None,
        has_it=found.charge.assigned_name,
        typed=[text for text in typed if text.strip()],
        here=here(request),
    )


def tab_page(
    request: Request, before: ReferralContext, path: str, template: str, *, status: int = 200, **context: Any
) -> Response:
    """A tab of this referral; ``template`` extends ``tab.html``, ``path`` is that of the tab."""
    return render(
        request,
        template,
        status=status,
        nav="referrals",
        petition=before.petition,
        shown=before.shown,
        others=before.others,
        charge=before.charge,
        records=before.records,
        is_rapporteur=before.is_rapporteur,
        here=here(request),
        referral_tabs=[one for one in app_state(request).parts.referral_tabs if _is_open(request, before, one)],
        tab_path=path,
        **context,
    )
