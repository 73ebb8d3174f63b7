"""The check of support in the dossier: on its page and as data."""

from typing import Any

from starlette.requests import Request

from petitions.lifecycle.pages.dossier_data import DossierData
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import service
from petitions.verification.reads import SupportCheck, read_checks
from petitions.verification.rules import SupportEstimate


async def part(request: Request, shown: PetitionView) -> Any:
    """The content of the part on the page; None leaves it out."""
    if shown.petition.procedure.verification is None:
        return None
    return await read_checks(service(request).readers, shown.petition.id) or None


async def section(subject: DossierData) -> list[dict[str, Any]]:
    """The check of support: all that is needed to repeat the draw, and the result, separate from the count."""
    found = await read_checks(service(subject.request).readers, subject.shown.petition.id)
    return [_check(subject, one) for one in found]


def _check(subject: DossierData, one: SupportCheck) -> dict[str, Any]:
    return {
        "referral": subject.tag("referral", one.referral_id),
        "state": one.state,
        "collected": one.collected,
        "listed": one.listed,
        "tooOld": one.too_old,
        "erased": one.erased,
        "listedAt": one.listed_at,
        "digest": one.digest,
        "seed": {"value": one.seed, "source": one.seed_source, "link": one.seed_link, "publishedAt": one.seed_at}
        if one.seed
        else None,
        "drawnAt": one.drawn_at,
        "places": list(one.places),
        "result": _result(one) if one.state == "finished" else None,
    }


def _result(one: SupportCheck) -> dict[str, Any]:
    return {
        "at": one.finished_at,
        "verified": one.tally.verified,
        "refused": one.tally.refused,
        "noAnswer": one.tally.no_answer,
        "gone": one.tally.gone,
        "estimateOfAll": _estimate(one.of_all),
        "estimateOfAnswered": _estimate(one.of_answered),
    }


def _estimate(one: SupportEstimate | None) -> dict[str, float] | None:
    return {"share": round(one.share, 4), "low": round(one.low, 4), "high": round(one.high, 4)} if one else None
