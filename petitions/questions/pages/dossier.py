"""Questions and answers in the dossier: on its page and as data."""

from typing import Any

from starlette.requests import Request

from petitions.http.modules import has
from petitions.lifecycle.pages.dossier_data import DossierData
from petitions.lifecycle.pages.petition_view import PetitionView
from petitions.lifecycle.pages.state import service
from petitions.questions.reads import Remark, read_questions


async def part(request: Request, shown: PetitionView) -> Any:
    """The content of the part on the page; None leaves it out."""
    if not has(request, "questions"):
        return None
    return await read_questions(service(request).readers, shown.petition.id) or None


async def section(subject: DossierData) -> list[dict[str, Any]]:
    """Published questions with their published answers, the oldest first."""
    if not has(subject.request, "questions"):
        return []
    found = await read_questions(service(subject.request).readers, subject.shown.petition.id)
    return [
        {
            "id": subject.tag("question", one.asked.number),
            "page": f"{subject.page}/dossier#question-{one.asked.number}",
            "referral": subject.tag("referral", one.asked.referral_id),
            **_remark(one.asked),
            "answerBy": one.asked.answer_by,
            "answer": _remark(one.answer) if one.answer else None,
        }
        for one in found
    ]


def _remark(one: Remark) -> dict[str, Any]:
    return {"by": one.side, "name": one.name, "text": one.text, "writtenAt": one.written_at}
