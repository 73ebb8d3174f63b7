"""The events of declared contacts."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from petitions.lifecycle.events.facts import EventFacts
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling


@dataclass(frozen=True, slots=True)
class ContactFacts(EventFacts):
    """Who spoke with which people of the committee, when and about what."""

    referral: int
    committee: str
    number: int
    date_: date
    how: str
    who: str
    with_whom: str
    about: str


def _declared(telling: Telling, facts: ContactFacts, _reader: EventReader) -> Sentences:
    _ = telling.say
    return _("Somebody spoke with the committee about the petition"), (
        _("%(who)s spoke with: %(with_whom)s.", who=facts.who, with_whom=facts.with_whom),
        facts.about,
    )


CONTACT: Final = EventKind(
    name="contact",
    facts=ContactFacts,
    shown="timeline",
    told=frozenset({"followers"}),
    group="steps",
    sentence=_declared,
    printed_whole=True,
)

KINDS: Final[tuple[EventKind[Any], ...]] = (CONTACT,)
