"""Sections of the dossier as data: what was asked, who spoke with the committee, how support was checked, the survey.

``subject`` is a :class:`petitions.dossier.pages.data.Subject`. A module that the body switched off gives nothing.
"""

from typing import Any

from petitions.contacts.reads import Declared, read_contacts
from petitions.http.modules import has
from petitions.http.state import service
from petitions.questions.reads import Remark, read_questions
from petitions.survey.reads import read_survey
from petitions.verification.reads import Check, read_checks
from petitions.verification.rules import Estimate


async def questions(subject: Any) -> list[dict[str, Any]]:
    """Published questions with their published answers, in the order in which they were asked."""
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


async def contacts(subject: Any) -> list[dict[str, Any]]:
    """Declared contacts, the newest first; one that was taken back says so."""
    if not has(subject.request, "contacts"):
        return []
    found = await read_contacts(service(subject.request).readers, subject.shown.petition.id)
    return [_contact(subject, one) for one in found]


def _contact(subject: Any, one: Declared) -> dict[str, Any]:
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


async def checks(subject: Any) -> list[dict[str, Any]]:
    """How support was checked: all that is needed to draw the sample again, and the result apart from the number."""
    found = await read_checks(service(subject.request).readers, subject.shown.petition.id)
    return [_check(subject, one) for one in found]


def _check(subject: Any, one: Check) -> dict[str, Any]:
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


def _result(one: Check) -> dict[str, Any]:
    return {
        "at": one.finished_at,
        "verified": one.tally.verified,
        "refused": one.tally.refused,
        "noAnswer": one.tally.no_answer,
        "gone": one.tally.gone,
        "estimateOfAll": _estimate(one.of_all),
        "estimateOfAnswered": _estimate(one.of_answered),
    }


def _estimate(one: Estimate | None) -> dict[str, float] | None:
    return {"share": round(one.share, 4), "low": round(one.low, 4), "high": round(one.high, 4)} if one else None


async def survey(subject: Any) -> dict[str, dict[str, int]]:
    """How often each answer was given to the questions after the outcome; empty while only a few answered."""
    if not has(subject.request, "survey"):
        return {}
    return await read_survey(service(subject.request).readers, subject.shown.petition.id)
