"""Declared contacts in the dossier: on its page and as data."""

from typing import Any

from starlette.requests import Request

from petitions.contacts.reads import RecordedContact, read_contacts
from petitions.http.modules import has
from petitions.lifecycle.pages.dossier_data import DossierData
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import service


async def part(request: Request, shown: PetitionView) -> Any:
    """The content of the part on the page; None leaves it out."""
    if not has(request, "contacts"):
        return None
    return await read_contacts(service(request).readers, shown.petition.id) or None


async def section(subject: DossierData) -> list[dict[str, Any]]:
    """Declared contacts, the newest first; withdrawn ones are marked."""
    if not has(subject.request, "contacts"):
        return []
    found = await read_contacts(service(subject.request).readers, subject.shown.petition.id)
    return [_contact(subject, one) for one in found]


def _contact(subject: DossierData, one: RecordedContact) -> dict[str, Any]:
    return {
        "id": subject.tag("contact", one.number),
        "page": f"{subject.page}/dossier#contact-{one.number}",
        "referral": subject.tag("referral", one.referral_id),
        "on": one.met_on,
        "how": one.how,
        "who": one.who,
        "interest": one.interest,
        "withWhom": one.with_whom,
        "about": one.about,
        "takenBack": {"at": one.withdrawn_at, "reason": one.withdrawn_reason} if one.withdrawn_at else None,
    }
