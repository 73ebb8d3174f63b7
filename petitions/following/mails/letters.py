"""The mails about following: confirm, the link to all follows, instant news, and digests."""

from collections.abc import Iterable
from dataclasses import dataclass

from petitions.following.rules import Topic
from petitions.lifecycle.rules.committees import Committee
from petitions.mail.letters import DigestGroup, Letter, Wording, sentence


def subject_words(wording: Wording) -> dict[str, str]:
    """The names of the subjects of petitions."""
    _ = wording.say
    return {
        "health": _("Health and care"),
        "transport": _("Traffic and transport"),
        "education": _("Education"),
        "nature": _("Nature and environment"),
        "housing": _("Housing"),
        "money": _("Money and benefits"),
        "work": _("Work and business"),
        "justice": _("Justice and safety"),
        "government": _("Government and democracy"),
        "digital": _("Digital life and privacy"),
        "agriculture": _("Farming, food and animals"),
        "culture": _("Culture, sport and media"),
        "abroad": _("Abroad and defence"),
        "other": _("Something else"),
    }


def topic_words(wording: Wording, topic: Topic, committees: dict[str, Committee]) -> str:
    """The topic in words; for a petition without its title, which may be hidden."""
    _ = wording.say
    if topic.kind == "petition":
        return _("a petition")
    if topic.kind == "committee":
        committee = committees.get(topic.target)
        name = committee.name[wording.language] if committee else topic.target
        return _("the petitions before “%(committee)s”", committee=name)
    if topic.kind == "subject":
        words = subject_words(wording)
        return _("petitions about “%(subject)s”", subject=words.get(topic.target, topic.target))
    return _("all petitions")


def group_words(wording: Wording, what: Iterable[str]) -> str:
    """The chosen groups of news, in words."""
    _ = wording.say
    words = {
        "petitions": _("new petitions"),
        "milestones": _("milestones"),
        "steps": _("steps of the committee"),
        "decisions": _("decisions"),
        "news": _("news from the initiator"),
    }
    chosen = set(what)
    return ", ".join(text for name, text in words.items() if name in chosen)


def frequency_words(wording: Wording, how: str) -> str:
    """The frequency, in words."""
    _ = wording.say
    return {"at_once": _("at once"), "daily": _("once a day"), "weekly": _("once a week, on Monday")}[how]


@dataclass(frozen=True, slots=True)
class FollowRequest:
    """The facts of a mail that asks to confirm. ``title`` is that of a public petition."""

    topic: str
    what: str
    how: str
    token: str
    days: int
    title: str = ""
    title_language: str = ""


def confirm(wording: Wording, about: FollowRequest) -> Letter:
    """The mail that asks to confirm. It contains no typed text: all words come from fixed lists."""
    _ = wording.say
    return Letter(
        subject=_("Confirm what you want to follow"),
        preheader=_("You get mail only after you confirm it."),
        paragraphs=(
            _(
                "Somebody wants to follow petitions with this address. Was that you?"
                " Then press the button on the next page."
            ),
            *(() if about.title else (_("What: %(topic)s.", topic=about.topic),)),
            _("You hear of: %(what)s.", what=about.what),
            _("How often: %(how)s.", how=about.how),
        ),
        quote=about.title,
        quote_language=about.title_language if about.title else "",
        button=(_("To the page with the button"), wording.url(f"/follow/confirm/{about.token}")),
        after=(_("Was it not you? Then do nothing. After %(days)s days we erase this address.", days=about.days),),
        why=_("You get this mail because this address was filled in at %(site)s.", site=wording.site),
    )


def link(wording: Wording, manage_token: str) -> Letter:
    """The mail with the link to all follows of its reader."""
    _ = wording.say
    return Letter(
        subject=_("Your link to what you follow"),
        preheader=_("With this link you change or stop what you follow."),
        paragraphs=(
            _("Somebody asked for this link with your address. Was that you? Then use the button."),
            _("Do not pass this mail on: who has the link can change what you follow."),
        ),
        button=(_("To what I follow"), wording.url(f"/following/{manage_token}")),
        after=(_("Was it not you? Then do nothing."),),
        why=_("You get this mail because this address follows petitions at %(site)s.", site=wording.site),
    )


@dataclass(frozen=True, slots=True)
class InstantNews:
    """The facts of a mail with instant news."""

    petition_id: int
    event_id: int
    title: str
    title_language: str
    headline: str
    lines: tuple[str, ...]
    topic: Topic
    topic_words: str
    manage_token: str
    stop_token: str


def news(wording: Wording, about: InstantNews) -> Letter:
    """The mail about one event, to somebody who follows its petition, its committee, its subject, or all."""
    _ = wording.say
    stop = wording.url(f"/unfollow/{about.stop_token}")
    why = (
        _("You get this mail because you follow this petition.")
        if about.topic.kind == "petition"
        else _("You get this mail because you follow %(topic)s.", topic=about.topic_words)
    )
    return Letter(
        subject=f"{about.headline} – {about.title}" if about.title else about.headline,
        preheader=about.lines[0] if about.lines else about.headline,
        paragraphs=(sentence(about.headline), *about.lines),
        quote=about.title,
        quote_language=about.title_language,
        button=(_("Read it on the website"), wording.url(f"/petitions/{about.petition_id}/events/{about.event_id}")),
        links=(
            (_("Change what I follow, or stop"), wording.url(f"/following/{about.manage_token}")),
            (_("No more mail because of this"), stop),
        ),
        why=why,
        unsubscribe=stop,
    )


def digest(
    wording: Wording, groups: tuple[DigestGroup, ...], *, left_out: int, manage_token: str, stop_token: str
) -> Letter:
    """The digest: all news since the last one, by petition."""
    _ = wording.say
    stop = wording.url(f"/undigest/{stop_token}")
    more = (
        (
            wording.ngettext(
                "%(num)s more event does not fit in this mail.",
                "%(num)s more events do not fit in this mail.",
                left_out,
            ),
        )
        if left_out
        else ()
    )
    return Letter(
        subject=wording.ngettext(
            "News about %(num)s petition that you follow", "News about %(num)s petitions that you follow", len(groups)
        ),
        preheader=groups[0].entries[0].headline,
        paragraphs=(_("This happened since the last mail. Each line leads to the event on the page of its petition."),),
        groups=groups,
        button=(_("See all petitions"), wording.url("/petitions?status=all")) if left_out else None,
        after=more,
        links=(
            (_("Change what I follow, or stop"), wording.url(f"/following/{manage_token}")),
            (_("No more of these mails"), stop),
        ),
        why=_("You get this mail because you follow petitions and chose one mail a day or a week."),
        unsubscribe=stop,
    )
