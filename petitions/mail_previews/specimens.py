"""Every mail that this service sends, written to made-up people: for the page of staff and for the tests.

The letters are made by the functions that make the real ones, from made-up facts of one procedure.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from petitions.following.mails import letters as following
from petitions.following.mails.letters import how_words, topic_words, what_words
from petitions.following.rules import ALL, UNCONFIRMED_KEPT, Topic, usual
from petitions.lifecycle.mails.news import NOT_FOR_INITIATOR, NOT_FOR_SIGNATORIES, Teller
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.outcome import ends_handling
from petitions.lifecycle.rules.procedures import Procedure, Step, Verification
from petitions.mail import letters
from petitions.mail.letters import DigestEntry, DigestGroup, Letter, Reader, Wording

PETITION: Final = 1234
TITLES: Final = {"nl": "Geef elk dorp weer nachtzorg dichtbij", "en": "Bring night care back to every village"}
OTHER_TITLES: Final = {"nl": "Houd de bibliotheek open op zondag", "en": "Keep the library open on Sundays"}
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
SAVED_DAYS: Final = 14
NEWS: Final = {
    "nl": ("Wij spraken de minister", "Zij luisterde goed.\n\nIn mei hoort u van ons wat zij doet."),
    "en": ("We spoke to the minister", "She listened well.\n\nIn May you hear from us what she does."),
}


def specimens(
    wording: Wording, procedure: Procedure, committees: dict[str, Committee]
) -> Mapping[str, tuple[str, Letter]]:
    """Every kind of mail by its own name: the kind in the outbox, and the letter in the language of ``wording``."""
    made: dict[str, tuple[str, Letter]] = {
        "confirm": ("confirm", letters.confirm(wording, _signatory(wording))),
        "confirm-sponsor": ("confirm", letters.confirm(wording, _signatory(wording, is_sponsor=True))),
        "reminder": ("reminder", letters.confirm(wording, _signatory(wording), reminder=True)),
        "signed-already": ("signed_already", letters.signed_already(wording, _signatory(wording))),
        "draft-confirm": ("draft_confirm", letters.draft_confirm(wording, TOKEN)),
        "saved-draft": ("saved_draft", letters.saved_draft(wording, TOKEN, SAVED_DAYS)),
        "staff-login": ("staff_login", letters.staff_login(wording, "Noor Bakker", TOKEN)),
    }
    if procedure.verification is not None and procedure.verification.kind == "sample":
        made |= _asked(wording, procedure.verification)
    teller = Teller(wording, procedure, committees)
    made |= _following(wording, teller, procedure, committees)
    for name, (kind, data) in _events(wording.language, procedure, committees).items():
        told = teller.tell(kind, data, to_initiator=False)
        if kind not in NOT_FOR_INITIATOR:
            made[f"initiator-{name}"] = ("initiator", _news(wording, teller.tell(kind, data), "initiator"))
        if kind not in NOT_FOR_SIGNATORIES:
            made[f"news-{name}"] = ("news", _news(wording, told, "news", asked=ends_handling(kind, data)))
        if kind == "referred" or data.get("side") == "initiator":
            made[f"clerk-{name}"] = ("clerk", _news(wording, told, "clerk"))
    return made


def _following(
    wording: Wording, teller: Teller, procedure: Procedure, committees: dict[str, Committee]
) -> dict[str, tuple[str, Letter]]:
    """The mails to people who follow something."""
    events = _events(wording.language, procedure, committees)
    own, title = Topic("petition", str(PETITION)), TITLES[wording.language]
    topics = {
        "petition": own,
        "committee": Topic("committee", next(iter(committees))),
        "subject": Topic("subject", "health"),
        "all": ALL,
    }
    made: dict[str, tuple[str, Letter]] = {}
    for name, topic in topics.items():
        words = topic_words(wording, topic, committees)
        wished = following.Wished(
            topic=words,
            what=what_words(wording, usual(topic)[0]),
            how=how_words(wording, usual(topic)[1]),
            token=TOKEN,
            days=UNCONFIRMED_KEPT.days,
            title=title if topic is own else "",
            title_language=wording.language,
        )
        kind, data = events["step-decide" if topic is not own else "opened"]
        headline, lines = teller.tell(kind, data, to_initiator=False)
        happened = following.Happened(
            petition_id=PETITION,
            event_id=56,
            title=title,
            title_language=wording.language,
            headline=headline,
            lines=tuple(line for line in lines if line),
            topic=topic,
            topic_words=words,
            manage_token=TOKEN,
            stop_token=TOKEN,
        )
        made[f"follow-confirm-{name}"] = ("follow_confirm", following.confirm(wording, wished))
        made[f"follow-news-{name}"] = ("follow_news", following.news(wording, happened))
    made["follow-link"] = ("follow_link", following.link(wording, TOKEN))
    groups = (
        _group(
            wording, teller, PETITION, title, [events[name] for name in ("objected", "threshold-reached", "referred")]
        ),
        _group(
            wording,
            teller,
            PETITION + 1,
            OTHER_TITLES[wording.language],
            [events[name] for name in ("opened", "update")],
        ),
    )
    for name, left_out in (("follow-digest", 0), ("follow-digest-long", 1234)):
        letter = following.digest(wording, groups, left_out=left_out, manage_token=TOKEN, stop_token=TOKEN)
        made[name] = ("follow_digest", letter)
    return made


def _group(
    wording: Wording, teller: Teller, petition: int, title: str, events: list[tuple[str, dict[str, Any]]]
) -> DigestGroup:
    """The events of one petition in a mail that tells several, each a day after the other."""
    entries = []
    for number, (kind, data) in enumerate(events, 1):
        headline, lines = teller.tell(kind, data, to_initiator=False)
        day, address = date(2026, 5, number), wording.url(f"/petitions/{petition}/events/{number}")
        entries.append(DigestEntry(wording.formats.day(day), headline, tuple(line for line in lines if line), address))
    return DigestGroup(title, wording.language, tuple(entries))


def _signatory(wording: Wording, *, is_sponsor: bool = False) -> letters.SignatureFacts:
    return letters.SignatureFacts(
        petition_id=PETITION,
        title=TITLES[wording.language],
        title_language=wording.language,
        is_sponsor=is_sponsor,
        confirm_token=TOKEN,
        own_token=TOKEN,
        forget_after_days=7,
    )


def _asked(wording: Wording, rules: Verification) -> dict[str, tuple[str, Letter]]:
    """The question to somebody who was drawn for the check of support, and its reminder."""

    def question(*, reminder: bool) -> Letter:
        return letters.drawn(
            wording,
            title=TITLES[wording.language],
            title_language=wording.language,
            token=TOKEN,
            answer_by=date(2026, 6, 23),
            by=rules.by[wording.language],
            reminder=reminder,
        )

    return {
        "sample": ("sample", question(reminder=False)),
        "sample-reminder": ("sample_reminder", question(reminder=True)),
    }


def _news(wording: Wording, told: tuple[str, tuple[str, ...]], reader: Reader, *, asked: bool = False) -> Letter:
    about = letters.News(
        petition_id=PETITION,
        title=TITLES[wording.language],
        title_language=wording.language,
        headline=told[0],
        lines=tuple(line for line in told[1] if line),
        event_id=56,
        manage_token=TOKEN if reader == "initiator" else "",
        own_token=TOKEN if reader == "news" else "",
        unsubscribe_token=TOKEN if reader == "news" else "",
        survey_token=TOKEN if asked else "",
        referral_id=7 if reader == "clerk" else 0,
    )
    return letters.news(wording, about, reader, "Tess de Groot" if reader == "clerk" else NAMES[wording.language])


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
        "corrected": ("corrected", _correction(language, procedure)),
        "document": ("document", {"document": 3, "document_kind": "report", "title": DOCUMENT[language]}),
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
    result = {"title": title, "outcome": "adopted", "for": 103, "against": 47}
    return {
        "motion": ("motion", {"title": title, "submitters": names}),
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
    """A meeting that moves: the only kind of correction that is mailed."""
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
