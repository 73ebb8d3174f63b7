"""Sample mails to followers, from made-up events."""

from datetime import date
from typing import Any

from petitions.following.mails import letters as following
from petitions.following.mails.letters import frequency_words, group_words, topic_words
from petitions.following.rules import ALL, UNCONFIRMED_KEPT, Topic, default_choice
from petitions.lifecycle.events.telling import Sentences
from petitions.lifecycle.mails.sample import OTHER_TITLES, PETITION, TITLES, TOKEN, Sample, SampleTeller
from petitions.mail.letters import DigestEntry, DigestGroup, Letter, Wording


def specimens(sample: Sample) -> dict[str, tuple[str, Letter]]:
    """The sample mails to followers, by name."""
    wording, tell, committees, events = sample.wording, sample.tell, sample.committees, sample.events
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
        wished = following.FollowRequest(
            topic=words,
            what=group_words(wording, default_choice(topic)[0]),
            how=frequency_words(wording, default_choice(topic)[1]),
            token=TOKEN,
            days=UNCONFIRMED_KEPT.days,
            title=title if topic is own else "",
            title_language=wording.language,
        )
        event = events["step-decide" if topic is not own else "opened"]
        happened = _happened(wording, tell(*event, "followers"), topic, words)
        made[f"follow-confirm-{name}"] = ("follow_confirm", following.confirm(wording, wished))
        made[f"follow-news-{name}"] = ("follow_news", following.news(wording, happened))
    for name in ("contact", "paper-counted"):  # only followers get mail about these
        happened = _happened(wording, tell(*events[name], "followers"), own, topic_words(wording, own, committees))
        made[f"follow-news-{name}"] = ("follow_news", following.news(wording, happened))
    made["follow-link"] = ("follow_link", following.link(wording, TOKEN))
    groups = (
        _group(
            wording, tell, PETITION, title, [events[name] for name in ("objected", "threshold-reached", "referred")]
        ),
        _group(
            wording, tell, PETITION + 1, OTHER_TITLES[wording.language], [events[name] for name in ("opened", "update")]
        ),
    )
    for name, left_out in (("follow-digest", 0), ("follow-digest-long", 1234)):
        letter = following.digest(wording, groups, left_out=left_out, manage_token=TOKEN, stop_token=TOKEN)
        made[name] = ("follow_digest", letter)
    return made


def _happened(wording: Wording, told: Sentences, topic: Topic, words: str) -> following.InstantNews:
    """One event in a mail to somebody who follows its petition, or many."""
    headline, lines = told
    return following.InstantNews(
        petition_id=PETITION,
        event_id=56,
        title=TITLES[wording.language],
        title_language=wording.language,
        headline=headline,
        lines=tuple(line for line in lines if line),
        topic=topic,
        topic_words=words,
        manage_token=TOKEN,
        stop_token=TOKEN,
    )


def _group(
    wording: Wording, tell: SampleTeller, petition: int, title: str, events: list[tuple[str, dict[str, Any]]]
) -> DigestGroup:
    """The events of one petition in a digest, each a day after the other."""
    entries = []
    for number, (kind, data) in enumerate(events, 1):
        headline, lines = tell(kind, data, "followers")
        day, address = date(2026, 5, number), wording.url(f"/petitions/{petition}/events/{number}")
        entries.append(DigestEntry(wording.formats.day(day), headline, tuple(line for line in lines if line), address))
    return DigestGroup(title, wording.language, tuple(entries))
