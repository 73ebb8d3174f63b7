"""What every page about one referral at the desk has in common: the petition above it, and the way to its rooms.

A room is one subject of the handling (the steps, the papers, the questions ...). Each has an address of its own below
the referral, its own file and its own form, so that a clerk finds everything about a petition in one row of tabs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from petitions.life.handling import Clerk, Seen
from petitions.reading.committees import Referred, read_dossier
from petitions.reading.referral import ReferralView, ShownReferral, show
from petitions.rules.procedures import Procedure
from petitions.web.edge import now, number, render, service, staff
from petitions.web.modules import has
from petitions.web.words import N_


class Room(NamedTuple):
    """One tab: its path below the referral, its words, and under which procedures it is there."""

    path: str
    text: str
    module: str = ""  # of sites.Modules: where it is switched off, there is no such tab
    belongs: Callable[[Procedure], bool] = lambda _: True


ROOMS: Final = (
    Room("", N_("Steps")),
    Room("motions", N_("Motions and votes"), "votes"),
    Room("questions", N_("Questions"), "questions"),
    Room(
        "verification",
        N_("Check of support"),
        belongs=lambda rules: bool(rules.verification and rules.verification.methods),
    ),
    Room("contacts", N_("Contacts"), "contacts"),
    Room("export", N_("Hand-over of signatures"), belongs=lambda rules: rules.handover is not None),
)
"""The tabs, in the order in which a clerk needs them."""


@dataclass(frozen=True, slots=True)
class Before:
    """What lies before the desk: the petition, this referral, and the petition's other referrals."""

    petition: Referred
    shown: ShownReferral
    others: tuple[ShownReferral, ...]


async def load(request: Request) -> Before:
    """The referral in the path. Raises NotFoundError, or ForbiddenError when it lies before another committee."""
    petition, own, others = await read_dossier(
        service(request).database, staff(request).committees, number(request, "petition_id"), number(request)
    )
    return Before(petition, _show(request, own), tuple(_show(request, view) for view in others))


def _show(request: Request, view: ReferralView) -> ShownReferral:
    return show(view, service(request).procedures, service(request).committees, now=now(request))


def here(request: Request) -> str:
    """The address of this referral, without a room."""
    return f"/committee/referrals/{number(request, 'petition_id')}/{number(request)}"


def clerk(request: Request) -> Clerk:
    """Who acts."""
    return Clerk(staff(request).id, staff(request).committees)


def seen(request: Request, values: Mapping[str, str]) -> Seen:
    """Which referral was before the clerk, and its version there (the hidden field ``version``)."""
    text = values.get("version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
    return Seen(number(request, "petition_id"), number(request), version)


def _is_there(request: Request, one: Room, procedure: Procedure) -> bool:
    return (not one.module or has(request, one.module)) and one.belongs(procedure)


def room(request: Request, before: Before, path: str, template: str, *, status: int = 200, **context: Any) -> Response:
    """A room of this referral. ``template`` extends ``referral/room.html``; ``path`` is the room's in :data:`ROOMS`."""
    return render(
        request,
        template,
        status=status,
        nav="referrals",
        petition=before.petition,
        shown=before.shown,
        others=before.others,
        here=here(request),
        rooms=[one for one in ROOMS if _is_there(request, one, before.shown.procedure)],
        room=path,
        **context,
    )
