"""The text of mails: to a signatory who must confirm or has signed already, an initiator, a clerk, a colleague.

Mail to an address that is not confirmed contains nothing that the requester typed. Every mail says why it was sent.
"""

from dataclasses import dataclass
from datetime import date
from gettext import NullTranslations
from typing import Literal

from petitions.locale.formats import Formats


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One event in a mail about several events; ``lines`` are short, the address leads to the rest."""

    when: str
    headline: str
    lines: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """The events of one petition in a mail about several events."""

    title: str
    title_language: str
    entries: tuple[DigestEntry, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The content of one mail, from which its text and its HTML are made."""

    subject: str
    preheader: str
    paragraphs: tuple[str, ...]
    why: str
    button: tuple[str, str] | None = None  # words, address
    quote: str = ""  # a petition's title
    quote_language: str = ""
    after: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # words, address
    unsubscribe: str = ""
    groups: tuple[DigestGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """The language of a letter: translations, formats of numbers and dates, and addresses of this site."""

    language: str
    translations: NullTranslations
    formats: Formats
    site: str
    public_url: str

    def say(self, text: str, **facts: object) -> str:
        """The translation of a sentence, with ``facts`` filled in."""
        return self.translations.gettext(text) % facts if facts else self.translations.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The translation of a sentence about a number of things, which it names as ``num``."""
        return self.translations.ngettext(one, many, number) % {"num": self.formats.number(number)}

    def url(self, path: str) -> str:
        """The address of a page of the site in the language of the letter."""
        return f"{self.public_url}/{self.language}{path}"


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """The facts of a letter to a signatory about a signature."""

    petition_id: int
    title: str
    title_language: str
    is_sponsor: bool
    confirm_token: str
    own_token: str
    forget_after_days: int


def confirm(wording: Wording, about: SignatureFacts, *, reminder: bool = False) -> Letter:
    """The mail that asks to confirm; the reminder says that it is the only one."""
    _ = wording.say
    paragraphs = [
        _("Somebody supported a petition with this address. Was that you? Then press the button on the next page.")
        if about.is_sponsor
        else _("Somebody signed a petition with this address. Was that you? Then press the button on the next page."),
        _("Only then the signature counts."),
    ]
    if reminder:
        paragraphs.insert(0, _("You have not confirmed yet. This is the only reminder that we send."))
    return Letter(
        subject=_("Reminder: confirm your signature") if reminder else _("Confirm your signature"),
        preheader=_("Your signature counts only after you confirm it."),
        paragraphs=tuple(paragraphs),
        quote="" if about.is_sponsor else about.title,
        quote_language=about.title_language,
        button=(_("To the page with the button"), wording.url(f"/confirm/{about.confirm_token}")),
        after=(
            _(
                "Was it not you? Then do nothing. After %(days)s days we erase this address and it does not count.",
                days=about.forget_after_days,
            ),
        ),
        links=((_("See, change or erase your signature"), wording.url(f"/my-signature/{about.own_token}")),),
        why=_("You get this mail because this address was filled in at %(site)s.", site=wording.site),
    )


def signed_already(wording: Wording, about: SignatureFacts) -> Letter:
    """The mail to an address that has signed before."""
    _ = wording.say
    return Letter(
        subject=_("You have already signed"),
        preheader=_("Your signature counts. You need not do anything."),
        paragraphs=(
            _("Somebody filled in this address again for a petition that you signed and confirmed before."),
            _("Your signature counts once. You need not do anything."),
        ),
        quote=about.title,
        quote_language=about.title_language,
        links=((_("See, change or erase your signature"), wording.url(f"/my-signature/{about.own_token}")),),
        why=_("You get this mail because this address was filled in at %(site)s.", site=wording.site),
    )


def drawn(
    wording: Wording, *, title: str, title_language: str, token: str, answer_by: date, by: str, reminder: bool = False
) -> Letter:
    """The question to a signatory who was drawn for the check of support; the reminder says that it is the only one."""
    _ = wording.say
    day = wording.formats.day(answer_by)
    paragraphs = [
        _("With this address somebody gave support to a petition."),
        _("The body checks a number of people who are drawn by lot. You are one of them. Who checks: %(by)s.", by=by)
        if by
        else _("The body checks a number of people who are drawn by lot. You are one of them."),
        _("Did you give your support yourself? Answer yes or no on the next page, at the latest on %(day)s.", day=day),
    ]
    if reminder:
        paragraphs.insert(0, _("You have not answered yet. This is the only reminder that we send."))
    return Letter(
        subject=_("Reminder: did you support this petition?") if reminder else _("Did you support this petition?"),
        preheader=_("You were drawn for a check. Answer yes or no."),
        paragraphs=tuple(paragraphs),
        quote=title,
        quote_language=title_language,
        button=(_("To the question"), wording.url(f"/support/{token}")),
        after=(
            _("We only publish how many people said yes, no, or nothing."),
            _("We never ask for a password or for money."),
        ),
        why=_("You get this mail because this address was filled in at %(site)s.", site=wording.site),
    )


def draft_confirm(wording: Wording, manage_token: str) -> Letter:
    """The mail by which an initiator confirms a petition. It contains nothing that was typed."""
    _ = wording.say
    return Letter(
        subject=_("Confirm your petition"),
        preheader=_("Your petition goes on only after you confirm it."),
        paragraphs=(
            _("Somebody wrote a petition with this address. Was that you? Then look at it once more and send it in."),
            _("Keep this mail. Its link is the key to your petition: see the state, change the text, publish news."),
        ),
        button=(_("To my petition"), wording.url(f"/manage/{manage_token}")),
        after=(_("Was it not you? Then do nothing. After some days we erase the draft and this address."),),
        why=_("You get this mail because this address was filled in at %(site)s.", site=wording.site),
    )


def saved_draft(wording: Wording, token: str, days: int) -> Letter:
    """The mail with the link to an unfinished start form. It contains nothing that was typed."""
    _ = wording.say
    return Letter(
        subject=_("Go on with your petition"),
        preheader=_("With this link you go on where you stopped."),
        paragraphs=(
            _("Somebody began to write a petition and wants to go on later, with this address. Was that you?"),
            _("Then go on with the link below. Keep this mail: who has the link can read what was written."),
        ),
        button=(_("Go on with my petition"), wording.url(f"/petitions/saved/{token}")),
        after=(
            _(
                "We keep what was written for %(days)s days. On the page behind the link you can erase it at once.",
                days=days,
            ),
            _("Was it not you? Then do nothing."),
        ),
        why=_("You get this mail because this address was filled in at %(site)s.", site=wording.site),
    )


def staff_login(wording: Wording, name: str, token: str) -> Letter:
    """The mail with the one-time sign-in link of a colleague."""
    _ = wording.say
    return Letter(
        subject=_("Your link to sign in"),
        preheader=_("This link works once, for ten minutes."),
        paragraphs=(
            _("Hello %(name)s,", name=name),
            _("With this link you sign in to your desk. It works once, for ten minutes."),
        ),
        button=(_("Sign in"), f"{wording.public_url}/staff/sign-in/{token}"),
        after=(_("Did you not ask for this? Then do nothing, and tell your administrator."),),
        why=_("You get this mail because you work at %(site)s.", site=wording.site),
    )


def sentence(words: str) -> str:
    """A headline as a sentence: with a full stop, unless it has an end mark already."""
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


Reader = Literal["initiator", "news", "clerk"]


@dataclass(frozen=True, slots=True)
class News:
    """The facts of a letter about an event; ``headline`` and ``lines`` are in the language of the letter."""

    petition_id: int
    title: str
    title_language: str
    headline: str
    lines: tuple[str, ...]
    event_id: int
    manage_token: str = ""
    own_token: str = ""
    unsubscribe_token: str = ""
    survey_token: str = ""
    referral_id: int = 0


def news(wording: Wording, about: News, reader: Reader, name: str = "") -> Letter:
    """The mail about an event, to the initiator, a signatory who asked for news, or a clerk."""
    _ = wording.say
    event = wording.url(f"/petitions/{about.petition_id}/events/{about.event_id}")
    button = (_("Read it on the website"), event)
    links: list[tuple[str, str]] = []
    unsubscribe = ""
    why = _("You get this mail because you work for this committee.")
    if reader == "clerk" and about.referral_id:
        button = (
            _("To the referral"),
            f"{wording.public_url}/committee/referrals/{about.petition_id}/{about.referral_id}",
        )
    elif reader == "initiator":
        button = (_("To my petition"), wording.url(f"/manage/{about.manage_token}"))
        why = _("You get this mail because you started this petition.")
    elif reader == "news":
        unsubscribe = wording.url(f"/unsubscribe/{about.unsubscribe_token}")
        links = [
            (_("See, change or erase your signature"), wording.url(f"/my-signature/{about.own_token}")),
            (_("No more mail about this petition"), unsubscribe),
        ]
        if about.survey_token:
            links.insert(0, (_("Two questions: how did it go?"), wording.url(f"/survey/{about.survey_token}")))
        why = _("You get this mail because you signed this petition and asked for news.")
    greeting = (_("Hello %(name)s,", name=name),) if name else ()
    return Letter(
        subject=about.headline,
        preheader=about.lines[0] if about.lines else about.headline,
        paragraphs=(*greeting, sentence(about.headline), *about.lines),
        quote=about.title,
        quote_language=about.title_language,
        button=button,
        links=tuple(links),
        why=why,
        unsubscribe=unsubscribe,
    )
