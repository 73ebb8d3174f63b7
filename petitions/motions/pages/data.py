"""Motions and votes in the document of a dossier: what parliament decided, as data."""

from typing import Any, Protocol

from starlette.requests import Request

from petitions.http.modules import has
from petitions.http.state import service
from petitions.lifecycle.pages.petition import Shown
from petitions.motions.reads.motions import Cast, MotionView, read_motions


class About(Protocol):
    """What the section is made from: the subject of the document."""

    @property
    def request(self) -> Request:
        """The request."""

    @property
    def shown(self) -> Shown:
        """The petition."""

    @property
    def site(self) -> str:
        """The address of this service."""

    @property
    def page(self) -> str:
        """The address of the petition."""

    def tag(self, *parts: object) -> str:
        """An identifier of a part of the petition that never changes."""


async def motions(about: About) -> list[dict[str, Any]]:
    """The section: every motion with its votes; none where the body switched the module off."""
    if not has(about.request, "votes"):
        return []
    found = await read_motions(service(about.request).readers, about.shown.petition.id)
    return [_motion(about, one) for one in found]


def _motion(about: About, one: MotionView) -> dict[str, Any]:
    sums = one.tally
    return {
        "id": about.tag("motion", one.id),
        "referral": about.tag("referral", one.referral_id),
        "title": one.title,
        "summary": one.summary or None,
        "submitters": one.submitters or None,
        "submittedOn": one.submitted_on,
        "document": one.document or None,
        "caseNumber": one.case_number,
        "externalIds": list(one.external_ids),
        "governmentAdvice": one.advice or None,
        "url": one.link or None,
        "outcome": one.outcome,
        "decidedOn": one.voted_on,
        "voteKind": {"parties": "byParty", "roll_call": "byName", "none": "notCounted"}.get(one.vote_kind or ""),
        "tally": {"for": sums.for_, "against": sums.against, "abstained": sums.abstained, "absent": sums.absent}
        if one.votes
        else None,
        "difference": one.difference or None,
        "votes": [_vote(about, cast) for cast in one.votes],
        "takenBackAt": one.removed_at,
        "corrections": [
            {"correctedAt": made.occurred_at, "reason": made.reason or None, "fields": sorted(made.data)}
            for made in one.changes
        ],
        "page": f"{about.page}/dossier#motion-{one.id}",
    }


def _vote(about: About, cast: Cast) -> dict[str, Any]:
    site = f"{about.site}/{about.shown.petition.language}"
    party = {"name": cast.party, "page": f"{site}/parties/{cast.party_slug}"} if cast.party_slug else None
    member = {"name": cast.member, "page": f"{site}/members/{cast.member_slug}"} if cast.member_slug else None
    return {"party": party, "member": member, "choice": cast.choice, "seats": cast.seats, "mistaken": cast.mistaken}
