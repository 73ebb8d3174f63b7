"""The events of a check of support by a sample: the list, the draw, the result."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from petitions.lifecycle.events.facts import ReferralFacts
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling
from petitions.lifecycle.rules.procedures import Method


@dataclass(frozen=True, slots=True)
class SampleListedFacts(ReferralFacts):
    """The length of the list, how many signatures are not on it and why, and its digest."""

    listed: int
    collected: int
    erased: int
    too_old: int
    digest: str


@dataclass(frozen=True, slots=True)
class SampleDrawnFacts(ReferralFacts):
    """All that is needed to repeat the draw: list, size, and seed with its source; and how people are asked."""

    listed: int
    size: int
    digest: str
    seed: str
    source: str
    seed_at: datetime | None
    method: Method
    answer_by: date | None
    link: str = ""


@dataclass(frozen=True, slots=True)
class SampleResultFacts(ReferralFacts):
    """The numbers of each answer in the sample."""

    listed: int
    size: int
    verified: int
    refused: int
    no_answer: int
    gone: int


def _listed(telling: Telling, facts: SampleListedFacts, _reader: EventReader) -> Sentences:
    _ = telling.say
    return _("The list for the check of support is closed"), (
        _("It has %(count)s signatures. The sample is drawn from it.", count=telling.number(facts.listed)),
    )


def _drawn(telling: Telling, facts: SampleDrawnFacts, _reader: EventReader) -> Sentences:
    _ = telling.say
    lines = [
        _("%(size)s of %(count)s people were drawn by lot. They are asked whether they gave their support.",
          size=telling.number(facts.size), count=telling.number(facts.listed))
    ]  # fmt: skip
    if facts.answer_by:
        lines.append(_("They can answer until %(day)s.", day=telling.day(facts.answer_by)))
    return _("The sample for the check of support is drawn"), tuple(lines)


def _result(telling: Telling, facts: SampleResultFacts, _reader: EventReader) -> Sentences:
    _ = telling.say
    lines = [
        _("%(verified)s of the %(size)s people who were drawn confirmed their support.",
          verified=telling.number(facts.verified), size=telling.number(facts.size)),
        _("%(refused)s said that they did not give it. %(silent)s did not answer.",
          refused=telling.number(facts.refused), silent=telling.number(facts.no_answer)),
    ]  # fmt: skip
    if facts.gone:
        lines.append(_("%(gone)s could not be asked any more.", gone=telling.number(facts.gone)))
    lines.append(_("The committee now judges what this means."))
    return _("Support was checked: the result of the sample"), tuple(lines)


_TO_INITIATOR: Final[frozenset[EventReader]] = frozenset({"initiator", "followers"})

SAMPLE_LISTED: Final = EventKind(
    name="sample_listed",
    facts=SampleListedFacts,
    shown="timeline",
    told=_TO_INITIATOR,
    group="steps",
    sentence=_listed,
    printed_whole=True,
)
SAMPLE_DRAWN: Final = EventKind(
    name="sample_drawn",
    facts=SampleDrawnFacts,
    shown="timeline",
    told=_TO_INITIATOR,
    group="steps",
    sentence=_drawn,
    printed_whole=True,
)
SAMPLE_RESULT: Final = EventKind(
    name="sample_result",
    facts=SampleResultFacts,
    shown="timeline",
    told=_TO_INITIATOR | {"signatories"},
    group="steps",
    sentence=_result,
    printed_whole=True,
)

KINDS: Final[tuple[EventKind[Any], ...]] = (SAMPLE_LISTED, SAMPLE_DRAWN, SAMPLE_RESULT)
