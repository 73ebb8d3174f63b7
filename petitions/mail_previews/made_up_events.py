"""Made-up events for the sample mails: one of every kind that is mailed, with facts as they are stored."""

from typing import Any, Final

from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.procedures import Procedure, Step

NAMES: Final = {"nl": "Marieke Hoekstra", "en": "Mary Holder"}
REASONS: Final = {
    "nl": "De gemeente beslist hierover. U kunt uw vraag aan de gemeenteraad stellen.",
    "en": "The municipality decides on this. You can put your request to its council.",
}
ANSWERS: Final = {
    "objection_dismissed": {
        "nl": "U schrijft dat de Kamer erover gaat. De wet geeft deze taak aan de gemeente.",
        "en": "You write that the House decides on this. The law gives this task to the municipality.",
    },
    "objection_upheld": {
        "nl": "U heeft gelijk: u vraagt om een wet, en daarover gaat de Kamer.",
        "en": "You are right: you ask for an act, and the House decides on that.",
    },
    "extended": {
        "nl": "De commissie wil eerst een deskundige horen.",
        "en": "The committee wants to hear an expert first.",
    },
    "withdrawn": {
        "nl": "De gemeente heeft het probleem opgelost.",
        "en": "The municipality has solved the problem.",
    },
    "document_withdrawn": {
        "nl": "In het verslag stond een fout. Er komt een nieuw verslag.",
        "en": "There was a mistake in the report. A new one will follow.",
    },
}
QUESTIONS: Final = {
    "nl": ("In welke dorpen is de huisartsenpost nu dicht?", "In elf dorpen. De lijst staat in onze brief van mei."),
    "en": ("In which villages is the surgery closed now?", "In eleven villages. The list is in our letter of May."),
}
NOT_PUBLISHED: Final = {
    "nl": "U noemt de naam van een arts. Laat die naam weg.",
    "en": "You name a doctor. Please leave out that name.",
}
MOTIONS: Final = {
    "nl": ("Motie van het lid Wierda over nachtzorg binnen een half uur", "Tessa Wierda (Linde)"),
    "en": ("Motion by Tessa Wierda about night care within half an hour", "Tessa Wierda (Linde)"),
}
DOCUMENT: Final = {"nl": "Verslag van de hoorzitting", "en": "Report of the hearing"}
CONTACTS: Final = {
    "nl": {
        "who": "Vereniging van dorpsartsen",
        "with_whom": "de rapporteur",
        "about": "Hoe lang een rit naar de post duurt.",
    },
    "en": {
        "who": "Association of village doctors",
        "with_whom": "the rapporteur",
        "about": "How long a drive to the surgery takes.",
    },
}
DAY: Final = "2026-05-04"
NEWS: Final = {
    "nl": ("Wij spraken de minister", "Zij luisterde goed.\n\nIn mei hoort u van ons wat zij doet."),
    "en": ("We spoke to the minister", "She listened well.\n\nIn May you hear from us what she does."),
}


def made_up_events(
    language: str, procedure: Procedure, committees: dict[str, Committee]
) -> dict[str, tuple[str, dict[str, Any]]]:
    """Events by name: their kind, and facts as the use cases record them."""
    reason = {"reason": REASONS[language]}
    ground = procedure.ground("wrong_body") or procedure.grounds[0]
    ended = {"ground": ground.code, **reason}
    answers = {kind: {"reason": texts[language]} for kind, texts in ANSWERS.items()}
    title, text = NEWS[language]
    made: dict[str, tuple[str, dict[str, Any]]] = {
        "submitted": ("submitted", {"due_on": "2026-05-12"}),
        "delayed": ("delayed", {"due_on": "2026-05-12"}),
        "opened": ("opened", reason),
        "rejected": ("rejected", ended),
        "objected": ("objected", {"due_on": "2026-05-19"}),
        "objection-dismissed": ("objection_dismissed", answers["objection_dismissed"]),
        "objection-upheld": ("objection_upheld", answers["objection_upheld"] | {"due_on": "2026-05-26"}),
        "removed": ("removed", ended),
        "withdrawn": ("withdrawn", answers["withdrawn"]),
        "closed": ("closed", {}),
        "closed-too-few": ("closed", {"because": "too_few"}),
        "update": ("update", {"title": title, "text": text}),
        "extended": ("extended", answers["extended"] | {"due_on": "2026-09-01"}),
        "corrected": ("corrected", _correction(language, procedure)),
        "document": ("document", {"document": 3, "document_kind": "report", "title": DOCUMENT[language]}),
        "contact": ("contact", {"date": DAY} | CONTACTS[language]),
        "paper-counted": ("paper_counted", {"accepted": 1834, "refused": 52, "sheets": 96, "total": 1834}),
        "document-withdrawn": ("document_withdrawn", answers["document_withdrawn"] | {"title": DOCUMENT[language]}),
    }
    made |= _questions(language) | _motions(language)
    if procedure.verification is not None and procedure.verification.kind == "sample":
        made["sample-listed"] = ("sample_listed", {"listed": 40213})
        made["sample-drawn"] = ("sample_drawn", {"listed": 40213, "size": 400, "answer_by": "2026-06-23"})
        result = {"verified": 380, "refused": 6, "no_answer": 14, "gone": 0}
        made["sample-result"] = ("sample_result", {"listed": 40213, "size": 400} | result)
    return made | _thresholds(procedure, committees) | _steps(language, procedure)


def _motions(language: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """A motion, its result, and a result that was corrected."""
    title, names = MOTIONS[language]
    result = {"date": DAY, "title": title, "outcome": "adopted", "for": 103, "against": 47}
    return {
        "motion": ("motion", {"date": DAY, "title": title, "submitters": names}),
        "vote": ("vote", result),
        "vote-corrected": ("vote", result | {"outcome": "rejected", "for": 47, "against": 103, "corrected": True}),
    }


def _questions(language: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Questions and answers of both sides, and one that was not published."""
    question, answer = QUESTIONS[language]
    committee = {"side": "committee", "name": "K. de Boer", "referral": 7}
    initiator = {"side": "initiator", "name": NAMES[language], "referral": 7}
    return {
        "question-committee": ("question", committee | {"text": question, "due_on": "2026-06-09"}),
        "question-initiator": ("question", initiator | {"text": question}),
        "answer-committee": ("answer", committee | {"text": answer, "question": question}),
        "answer-initiator": ("answer", initiator | {"text": answer, "question": question}),
        "question-refused": ("question_refused", {"ground": "personal", "reason": NOT_PUBLISHED[language]}),
    }


def _correction(language: str, procedure: Procedure) -> dict[str, Any]:
    """A meeting with a new time: the only kind of correction that is mailed."""
    meeting = next((step for step in procedure.steps if step.kind in {"hand_over", "hearing"}), procedure.steps[0])
    halls = {"nl": ("Thorbeckezaal", "Statenpassage"), "en": ("Small hall", "Main hall")}[language]
    changes = {
        "meeting_at": {"before": "2026-06-02T13:15:00+02:00", "after": "2026-06-02T14:15:00+02:00"},
        "place": {"before": halls[0], "after": halls[1]},
    }
    reason = {"nl": "De eerste zaal is te klein.", "en": "The first hall is too small."}[language]
    return {"event": 55, "step": meeting.code, "changes": changes, "reason": reason}


def _thresholds(procedure: Procedure, committees: dict[str, Committee]) -> dict[str, tuple[str, dict[str, Any]]]:
    counted = next((one for one in procedure.thresholds if one.count), procedure.thresholds[0])
    referring = next((one for one in procedure.thresholds if one.effect != "publish"), counted)
    committee = referring.committee if referring.committee in committees else next(iter(committees))
    return {
        "threshold-reached": ("threshold_reached", {"threshold": counted.code, "required": counted.count or 0}),
        "referred": (
            "referred",
            {"threshold": referring.code, "committee": committee, "due_on": "2026-06-30", "referral": 7},
        ),
    }


def _steps(language: str, procedure: Procedure) -> dict[str, tuple[str, dict[str, Any]]]:
    """One step of each kind in the procedure, with the facts of its kind."""
    place = {"nl": "Statenpassage", "en": "Main hall"}[language]
    held = {"meeting": "planned", "meeting_at": "2026-06-02T13:15:00+02:00", "place": place}
    outcome = procedure.outcomes[0].code if procedure.outcomes else ""
    facts: dict[str, dict[str, Any]] = {
        "appoint_rapporteur": {"rapporteur": "K. de Boer"},
        "hand_over": held,
        "hearing": held,
        "debate": held,
        "decide": {"outcome": outcome, "reasons": REASONS[language]},
    }
    first: dict[str, Step] = {}
    for step in procedure.steps:
        first.setdefault(step.kind, step)
    return {
        f"step-{kind.replace('_', '-')}": (
            "step",
            {"step": step.code, "kind": kind, "date": DAY} | facts.get(kind, {}),
        )
        for kind, step in first.items()
    }
