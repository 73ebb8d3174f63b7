"""The survey in the dossier: on its page and as data."""

from typing import Any

from starlette.requests import Request

from petitions.http.modules import has
from petitions.lifecycle.pages.dossier_data import DossierData
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import service
from petitions.survey.reads import read_survey


async def part(request: Request, shown: PetitionView) -> Any:
    """What the part of the page tells; None for nothing."""
    if not has(request, "survey"):
        return None
    return await read_survey(service(request).readers, shown.petition.id) or None


async def section(subject: DossierData) -> dict[str, dict[str, int]]:
    """How often each answer was given to the questions after the outcome; empty while only a few answered."""
    if not has(subject.request, "survey"):
        return {}
    return await read_survey(service(subject.request).readers, subject.shown.petition.id)
