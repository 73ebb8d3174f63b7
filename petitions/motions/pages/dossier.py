"""Motions and votes in the dossier, on the page of the petition and in the site map."""

from datetime import date
from typing import Any

from starlette.requests import Request

from petitions.http.modules import has
from petitions.lifecycle.pages.dossier_data import DossierData
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import service
from petitions.motions.reads.motions import CastVote, MotionView, read_adopted, read_motions
from petitions.motions.reads.voting import read_addresses


async def part(request: Request, shown: PetitionView) -> Any:
    """The content of the part on the page; None leaves it out."""
    if not has(request, "votes"):
        return None
    return await read_motions(service(request).readers, shown.petition.id) or None


async def adopted(request: Request, shown: PetitionView) -> tuple[tuple[int, str, date], ...]:
    """The adopted motions, for one line above the text; only for petitions that were referred to a committee."""
    if not shown.referrals or not has(request, "votes"):
        return ()
    return await read_adopted(service(request).readers, shown.petition.id)


async def addresses(request: Request) -> list[str]:
    """The pages of members and parties, for the site map."""
    return ["/members", *await read_addresses(service(request).readers)] if has(request, "votes") else []


async def section(about: DossierData) -> list[dict[str, Any]]:
    """Every motion with its votes; none if the body switched the module off."""
    if not has(about.request, "votes"):
        return []
    found = await read_motions(service(about.request).readers, about.shown.petition.id)
    return [_motion(about, one) for one in found]


def _motion(about: DossierData, one: MotionView) -> dict[str, Any]:
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


def _vote(about: DossierData, cast: CastVote) -> dict[str, Any]:
    site = f"{about.site}/{about.shown.petition.language}"
    party = {"name": cast.party, "page": f"{site}/parties/{cast.party_slug}"} if cast.party_slug else None
    member = {"name": cast.member, "page": f"{site}/members/{cast.member_slug}"} if cast.member_slug else None
    return {"party": party, "member": member, "choice": cast.choice, "seats": cast.seats, "mistaken": cast.mistaken}
