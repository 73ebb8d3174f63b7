"""The events of public questions: a question, an answer, and a refusal to publish one."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from petitions.lifecycle.events.facts import EventFacts, ReferralFacts
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling
from petitions.lifecycle.rules.procedures import Procedure
from petitions.questions.rules import GROUNDS, Side


@dataclass(frozen=True, slots=True)
class RemarkFacts(ReferralFacts):
    """A question or an answer (then with the question), in the words that were published."""

    number: int
    side: Side
    name: str
    text: str
    question: str | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class RemarkRefusedFacts(EventFacts):
    """Why a question or answer of an initiator was not published."""

    number: int
    ground: str
    reason: str


def _question(telling: Telling, facts: RemarkFacts, reader: EventReader) -> Sentences:
    _ = telling.say
    lines = [f"{facts.name}: {facts.text}"]
    if facts.due_on:
        day = telling.day(facts.due_on)
        lines.append(
            _("Please answer at the latest on %(day)s.", day=day)
            if reader == "initiator"
            else _("An answer is expected at the latest on %(day)s.", day=day)
        )
    if facts.side == "committee":
        return _("The committee asks the initiator a question"), tuple(lines)
    return _("The initiator asks the committee a question"), tuple(lines)


def _answer(telling: Telling, facts: RemarkFacts, _reader: EventReader) -> Sentences:
    _ = telling.say
    lines = (_("The question: %(words)s", words=facts.question), f"{facts.name}: {facts.text}")
    if facts.side == "committee":
        return _("The committee answers a question of the initiator"), lines
    return _("The initiator answers a question of the committee"), lines


def _refused(telling: Telling, facts: RemarkRefusedFacts, _reader: EventReader) -> Sentences:
    _ = telling.say
    ground = next((one.text[telling.language] for one in GROUNDS if one.code == facts.ground), "")
    return _("We did not publish what you wrote to the committee"), (
        ground,
        facts.reason,
        _("You can write it again. Your link leads you there."),
    )


def _concerns(facts: RemarkFacts, _procedure: Procedure, reader: EventReader) -> bool:
    """Clerks get no mail about what their committee wrote itself."""
    return reader != "clerk" or facts.side == "initiator"


_TOLD: Final[frozenset[EventReader]] = frozenset({"initiator", "followers", "clerk"})

QUESTION: Final = EventKind(
    name="question",
    facts=RemarkFacts,
    shown="timeline",
    told=_TOLD,
    told_if=_concerns,
    group="steps",
    sentence=_question,
    printed_whole=True,
)
ANSWER: Final = EventKind(
    name="answer",
    facts=RemarkFacts,
    shown="timeline",
    told=_TOLD,
    told_if=_concerns,
    group="steps",
    sentence=_answer,
    printed_whole=True,
)
QUESTION_REFUSED: Final = EventKind(
    name="question_refused",
    facts=RemarkRefusedFacts,
    shown="nowhere",
    told=frozenset({"initiator"}),
    sentence=_refused,
)

KINDS: Final[tuple[EventKind[Any], ...]] = (QUESTION, ANSWER, QUESTION_REFUSED)
