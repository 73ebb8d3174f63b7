"""The events of motions: a motion from a petition, its removal, and its result."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from petitions.lifecycle.events.facts import ReferralFacts
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.events.table import EVERYBODY
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling
from petitions.motions.rules.votes import MotionOutcome, VoteKind


@dataclass(frozen=True, slots=True)
class MotionFacts(ReferralFacts):
    """A motion; ``removed``: whether it was removed from the records, or put back in them.

    ``key`` is unique among the events of a motion, so that none is recorded twice. ``quiet``: nobody was mailed.
    """

    motion: int
    title: str
    date_: date
    key: str
    link: str = ""
    submitters: str = ""
    removed: bool | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class VoteFacts(ReferralFacts):
    """The result of a motion, with its votes if there were any; without an outcome, the earlier result is undone."""

    motion: int
    title: str
    date_: date
    key: str
    corrected: bool
    link: str = ""
    outcome: MotionOutcome | None = None
    vote_kind: VoteKind | None = None
    difference: str = ""
    for_: int | None = None
    against: int | None = None
    abstained: int | None = None
    absent: int | None = None
    quiet: bool = False


def _motion(telling: Telling, facts: MotionFacts, _reader: EventReader) -> Sentences:
    _ = telling.say
    if facts.removed is not None:
        words = _("A motion was taken back from the records") if facts.removed else _("A motion is back in the records")
        return words, (facts.title,)
    lines = [facts.title]
    if facts.submitters:
        lines.append(_("Submitted by: %(names)s.", names=facts.submitters))
    return _("There is a motion about what the petition asks"), tuple(lines)


def _vote(telling: Telling, facts: VoteFacts, _reader: EventReader) -> Sentences:
    _ = telling.say
    headlines = {
        "adopted": _("A motion was adopted"),
        "rejected": _("A motion was rejected"),
        "held": _("The vote on a motion was put off"),
        "withdrawn": _("A motion was withdrawn"),
    }
    lines = [facts.title]
    if facts.for_ is not None:
        for_, against = telling.number(facts.for_), telling.number(facts.against or 0)
        lines.append(_("For: %(for_)s. Against: %(against)s.", for_=for_, against=against))
    if facts.difference:
        lines.append(facts.difference)
    if facts.corrected:
        lines.append(_("What we told about this vote before was not right."))
    return headlines.get(facts.outcome or "", _("The result of a motion is undone")), tuple(lines)


MOTION: Final = EventKind(
    name="motion",
    facts=MotionFacts,
    shown="timeline",
    told=EVERYBODY,
    group="steps",
    sentence=_motion,
    printed_whole=True,
)
VOTE: Final = EventKind(
    name="vote",
    facts=VoteFacts,
    shown="timeline",
    told=EVERYBODY,
    group="decisions",
    sentence=_vote,
    printed_whole=True,
)

KINDS: Final[tuple[EventKind[Any], ...]] = (MOTION, VOTE)
