"""The events of signatures on paper."""

from dataclasses import dataclass
from typing import Any, Final

from petitions.lifecycle.events.facts import EventFacts
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling


@dataclass(frozen=True, slots=True)
class PaperCountedFacts(EventFacts):
    """How many signatures of how many sheets were accepted and refused, and how many there are on paper now."""

    accepted: int
    refused: int
    sheets: int
    total: int


def _counted(telling: Telling, facts: PaperCountedFacts, _reader: EventReader) -> Sentences:
    _ = telling.say
    return _("Signatures on paper were counted"), (
        _(
            "%(accepted)s were accepted and %(refused)s refused.",
            accepted=telling.number(facts.accepted),
            refused=telling.number(facts.refused),
        ),
        _("There are now %(total)s on paper.", total=telling.number(facts.total)),
    )


PAPER_COUNTED: Final = EventKind(
    name="paper_counted",
    facts=PaperCountedFacts,
    shown="timeline",
    told=frozenset({"followers"}),
    group="milestones",
    sentence=_counted,
    printed_whole=True,
)

KINDS: Final[tuple[EventKind[Any], ...]] = (PAPER_COUNTED,)
