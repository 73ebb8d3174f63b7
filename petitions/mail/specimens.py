"""Every mail that this service sends, written to made-up people: for the page of staff and for the tests.

The letters are made by the functions that make the real ones, from made-up facts of one procedure.
"""

from collections.abc import Mapping
from typing import Any, Final

from petitions.mail import letters
from petitions.mail.letters import Desk, Letter, Reader
from petitions.mail.news import NOT_FOR_INITIATOR, NOT_FOR_SIGNATORIES, Teller
from petitions.rules.committees import Committee
from petitions.rules.procedures import Procedure, Step
from petitions.rules.survey import asks

PETITION: Final = 1234
TITLES: Final = {"nl": "Geef elk dorp weer nachtzorg dichtbij", "en": "Bring night care back to every village"}
NAMES: Final = {"nl": "Marieke Hoekstra", "en": "Mary Holder"}
TOKEN: Final = "xxxx-made-up-xxxx"  # noqa: S105 - opens nothing
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
}
QUESTIONS: Final = {
    "nl": ("In welke dorpen is de huisartsenpost nu dicht?", "In elf dorpen. De lijst staat in onze brief van mei."),
    "en": ("In which villages is the surgery closed now?", "In eleven villages. The list is in our letter of May."),
}
NOT_PUBLISHED: Final = {
    "nl": "U noemt de naam van een arts. Laat die naam weg.",
    "en": "You name a doctor. Please leave out that name.",
}
SAVED_DAYS: Final = 14
NEWS: Final = {
    "nl": ("Wij spraken de minister", "Zij luisterde goed.\n\nIn mei hoort u van ons wat zij doet."),
    "en": ("We spoke to the minister", "She listened well.\n\nIn May you hear from us what she does."),
}


def specimens(desk: Desk, procedure: Procedure, committees: dict[str, Committee]) -> Mapping[str, tuple[str, Letter]]:
    """Every kind of mail by a name of its own: the kind in the outbox, and the letter in the language of ``desk``."""
    made: dict[str, tuple[str, Letter]] = {
        "confirm": ("confirm", letters.confirm(desk, _signatory(desk))),
        "confirm-sponsor": ("confirm", letters.confirm(desk, _signatory(desk, is_sponsor=True))),
        "reminder": ("reminder", letters.confirm(desk, _signatory(desk), reminder=True)),
        "signed-already": ("signed_already", letters.signed_already(desk, _signatory(desk))),
        "draft-confirm": ("draft_confirm", letters.draft_confirm(desk, TOKEN)),
        "saved-draft": ("saved_draft", letters.saved_draft(desk, TOKEN, SAVED_DAYS)),
        "staff-login": ("staff_login", letters.staff_login(desk, "Noor Bakker", TOKEN)),
    }
    teller = Teller(desk, procedure, committees)
    for name, (kind, data) in _events(desk.language, procedure, committees).items():
        told = teller.tell(kind, data, to_initiator=False)
        if kind not in NOT_FOR_INITIATOR:
            made[f"initiator-{name}"] = ("initiator", _news(desk, teller.tell(kind, data), "initiator"))
        if kind not in NOT_FOR_SIGNATORIES:
            made[f"news-{name}"] = ("news", _news(desk, told, "news", asked=asks(kind, data)))
        if kind == "referred" or data.get("side") == "initiator":
            made[f"clerk-{name}"] = ("clerk", _news(desk, told, "clerk"))
    return made


def _signatory(desk: Desk, *, is_sponsor: bool = False) -> letters.Signatory:
    return letters.Signatory(
        petition_id=PETITION,
        title=TITLES[desk.language],
        title_language=desk.language,
        is_sponsor=is_sponsor,
        confirm_token=TOKEN,
        own_token=TOKEN,
        forget_after_days=7,
    )


def _news(desk: Desk, told: tuple[str, tuple[str, ...]], reader: Reader, *, asked: bool = False) -> Letter:
    about = letters.News(
        petition_id=PETITION,
        title=TITLES[desk.language],
        title_language=desk.language,
        headline=told[0],
        lines=tuple(line for line in told[1] if line),
        event_id=56,
        manage_token=TOKEN if reader == "initiator" else "",
        own_token=TOKEN if reader == "news" else "",
        unsubscribe_token=TOKEN if reader == "news" else "",
        survey_token=TOKEN if asked else "",
        referral_id=7 if reader == "clerk" else 0,
    )
    return letters.news(desk, about, reader, "Tess de Groot" if reader == "clerk" else NAMES[desk.language])


def _events(
    language: str, procedure: Procedure, committees: dict[str, Committee]
) -> dict[str, tuple[str, dict[str, Any]]]:
    """Events by a name of their own: their kind, and facts as the use cases record them."""
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
    }
    made |= _questions(language)
    return made | _thresholds(procedure, committees) | _steps(language, procedure)


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
    """Of each kind of step that the procedure has one, with the facts that belong to it."""
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
        f"step-{kind.replace('_', '-')}": ("step", {"step": step.code, "kind": kind} | facts.get(kind, {}))
        for kind, step in first.items()
    }
