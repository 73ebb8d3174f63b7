"""Every mail that this service sends, written to made-up people: for the page of staff and for the tests.

The letters are made by the functions that make the real ones, from made-up facts of one procedure.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from petitions.following.mails import letters as following
from petitions.following.mails.letters import how_words, topic_words, what_words
from petitions.following.rules import ALL, UNCONFIRMED_KEPT, Topic, usual
from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.events.telling import EventReader, Telling, Told
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.outcome import ends_handling
from petitions.lifecycle.rules.procedures import Procedure, Verification
from petitions.mail import letters
from petitions.mail.letters import Desk, Entry, Group, Letter, Reader
from petitions.mail_previews.made_up_events import NAMES, made_up_events

PETITION: Final = 1234
TITLES: Final = {"nl": "Geef elk dorp weer nachtzorg dichtbij", "en": "Bring night care back to every village"}
OTHER_TITLES: Final = {"nl": "Houd de bibliotheek open op zondag", "en": "Keep the library open on Sundays"}
TOKEN: Final = "xxxx-made-up-xxxx"  # noqa: S105 - opens nothing
SAVED_DAYS: Final = 14

Tell = Callable[[str, Mapping[str, Any], EventReader], Told]
"""Headline and sentences about an event of this kind, with these facts, for this reader."""


def specimens(
    desk: Desk, procedure: Procedure, committees: dict[str, Committee], kinds: EventKinds
) -> Mapping[str, tuple[str, Letter]]:
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
    if procedure.verification is not None and procedure.verification.kind == "sample":
        made |= _asked(desk, procedure.verification)
    telling = Telling(desk, procedure, committees)

    def tell(kind: str, data: Mapping[str, Any], reader: EventReader) -> Told:
        return kinds.tell(telling, kind, data, 1, reader)

    made |= _following(desk, tell, procedure, committees)
    for name, (kind, data) in made_up_events(desk.language, procedure, committees).items():
        known = kinds[kind]
        if "initiator" in known.told:
            made[f"initiator-{name}"] = ("initiator", _news(desk, tell(kind, data, "initiator"), "initiator"))
        if "signatories" in known.told:
            letter = _news(desk, tell(kind, data, "signatories"), "news", asked=ends_handling(kind, data))
            made[f"news-{name}"] = ("news", letter)
        if known.tells("clerk", known.from_data(data, 1), procedure):
            made[f"clerk-{name}"] = ("clerk", _news(desk, tell(kind, data, "clerk"), "clerk"))
    return made


def _following(
    desk: Desk, tell: Tell, procedure: Procedure, committees: dict[str, Committee]
) -> dict[str, tuple[str, Letter]]:
    """The mails to people who follow something."""
    events = made_up_events(desk.language, procedure, committees)
    own, title = Topic("petition", str(PETITION)), TITLES[desk.language]
    topics = {
        "petition": own,
        "committee": Topic("committee", next(iter(committees))),
        "subject": Topic("subject", "health"),
        "all": ALL,
    }
    made: dict[str, tuple[str, Letter]] = {}
    for name, topic in topics.items():
        words = topic_words(desk, topic, committees)
        wished = following.Wished(
            topic=words,
            what=what_words(desk, usual(topic)[0]),
            how=how_words(desk, usual(topic)[1]),
            token=TOKEN,
            days=UNCONFIRMED_KEPT.days,
            title=title if topic is own else "",
            title_language=desk.language,
        )
        event = events["step-decide" if topic is not own else "opened"]
        happened = _happened(desk, tell(*event, "followers"), topic, words)
        made[f"follow-confirm-{name}"] = ("follow_confirm", following.confirm(desk, wished))
        made[f"follow-news-{name}"] = ("follow_news", following.news(desk, happened))
    for name in ("contact", "paper-counted"):  # told to nobody else
        happened = _happened(desk, tell(*events[name], "followers"), own, topic_words(desk, own, committees))
        made[f"follow-news-{name}"] = ("follow_news", following.news(desk, happened))
    made["follow-link"] = ("follow_link", following.link(desk, TOKEN))
    groups = (
        _group(desk, tell, PETITION, title, [events[name] for name in ("objected", "threshold-reached", "referred")]),
        _group(desk, tell, PETITION + 1, OTHER_TITLES[desk.language], [events[name] for name in ("opened", "update")]),
    )
    for name, left_out in (("follow-digest", 0), ("follow-digest-long", 1234)):
        letter = following.digest(desk, groups, left_out=left_out, manage_token=TOKEN, stop_token=TOKEN)
        made[name] = ("follow_digest", letter)
    return made


def _happened(desk: Desk, told: Told, topic: Topic, words: str) -> following.Happened:
    """One event in a mail to somebody who follows its petition, or many."""
    headline, lines = told
    return following.Happened(
        petition_id=PETITION,
        event_id=56,
        title=TITLES[desk.language],
        title_language=desk.language,
        headline=headline,
        lines=tuple(line for line in lines if line),
        topic=topic,
        topic_words=words,
        manage_token=TOKEN,
        stop_token=TOKEN,
    )


def _group(desk: Desk, tell: Tell, petition: int, title: str, events: list[tuple[str, dict[str, Any]]]) -> Group:
    """The events of one petition in a mail that tells several, each a day after the other."""
    entries = []
    for number, (kind, data) in enumerate(events, 1):
        headline, lines = tell(kind, data, "followers")
        day, address = date(2026, 5, number), desk.url(f"/petitions/{petition}/events/{number}")
        entries.append(Entry(desk.formats.day(day), headline, tuple(line for line in lines if line), address))
    return Group(title, desk.language, tuple(entries))


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


def _asked(desk: Desk, rules: Verification) -> dict[str, tuple[str, Letter]]:
    """The question to somebody who was drawn for the check of support, and its reminder."""

    def question(*, reminder: bool) -> Letter:
        return letters.drawn(
            desk,
            title=TITLES[desk.language],
            title_language=desk.language,
            token=TOKEN,
            answer_by=date(2026, 6, 23),
            by=rules.by[desk.language],
            reminder=reminder,
        )

    return {
        "sample": ("sample", question(reminder=False)),
        "sample-reminder": ("sample_reminder", question(reminder=True)),
    }


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
