"""A sample of every mail of this service, to made-up people: for the previews at the desk and for the tests.

The letters are made by the functions that make the real ones, from made-up facts of one procedure.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling
from petitions.lifecycle.mails.sample import PETITION, TITLES, TOKEN, Sample, Specimens
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.outcome import ends_handling
from petitions.lifecycle.rules.procedures import Procedure, Verification
from petitions.mail import letters
from petitions.mail.letters import Letter, Reader, Wording
from petitions.mail_previews.made_up_events import NAMES, made_up_events

SAVED_DAYS: Final = 14


def specimens(
    wording: Wording,
    procedure: Procedure,
    committees: dict[str, Committee],
    kinds: EventKinds,
    subjects: tuple[Specimens, ...],
) -> Mapping[str, tuple[str, Letter]]:
    """A sample of every kind of mail, by name: the kind in the outbox, and the letter in this wording."""
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
    telling = Telling(wording, procedure, committees)

    def tell(kind: str, data: Mapping[str, Any], reader: EventReader) -> Sentences:
        return kinds.tell(telling, kind, data, 1, reader)

    events = made_up_events(wording.language, procedure, committees)
    for of_subject in subjects:
        made |= of_subject(Sample(wording, tell, committees, events))
    for name, (kind, data) in events.items():
        known = kinds[kind]
        if "initiator" in known.told:
            made[f"initiator-{name}"] = ("initiator", _news(wording, tell(kind, data, "initiator"), "initiator"))
        if "signatories" in known.told:
            letter = _news(wording, tell(kind, data, "signatories"), "news", asked=ends_handling(kind, data))
            made[f"news-{name}"] = ("news", letter)
        if known.tells("clerk", known.from_data(data, 1), procedure):
            made[f"clerk-{name}"] = ("clerk", _news(wording, tell(kind, data, "clerk"), "clerk"))
    return made


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
    """The question to somebody in the sample of the check of support, and its reminder."""

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
