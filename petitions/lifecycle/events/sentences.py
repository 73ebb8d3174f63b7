"""The sentences about each event in the life of a petition: a headline, and sentences with dates and deadlines."""

from petitions.lifecycle.events.facts import (
    CheckDueFacts,
    ClosedFacts,
    EventFacts,
    GroundFacts,
    ReasonFacts,
    ReferredFacts,
    SubmittedFacts,
    ThresholdReachedFacts,
    UpdateFacts,
    UpheldFacts,
    WithdrawnFacts,
)
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling


def sponsors_invited(telling: Telling, _facts: EventFacts, _reader: EventReader) -> Sentences:
    """The petition looks for its first supporters."""
    return telling.news()


def submitted(telling: Telling, facts: SubmittedFacts, _reader: EventReader) -> Sentences:
    """The petition was submitted for the check."""
    _ = telling.say
    lines = [_("We now check whether it keeps to the rules. You hear from us whatever we decide.")]
    if facts.due_on:
        lines.append(_("We decide at the latest on %(day)s.", day=telling.day(facts.due_on)))
    return _("We have received your petition"), tuple(lines)


def delayed(telling: Telling, facts: CheckDueFacts, _reader: EventReader) -> Sentences:
    """The check is later than was promised."""
    _ = telling.say
    return _("The check of your petition takes longer"), (
        _(
            "We promised an answer at the latest on %(day)s. That did not work out. We are sorry.",
            day=telling.day(facts.due_on),
        ),
        _("Your petition keeps its place in the row. You need not do anything."),
        _("You hear from us whatever we decide."),
    )


def opened(telling: Telling, _facts: ReasonFacts, _reader: EventReader) -> Sentences:
    """The petition can be signed."""
    _ = telling.say
    return _("The petition is open for signing"), (
        _("Everybody can now read and sign it. Share the address of the petition."),
    )


def _ground(telling: Telling, facts: GroundFacts) -> tuple[str, ...]:
    ground = telling.procedure.ground(facts.ground)
    first = (ground.text[telling.language],) if ground else ()
    return (*first, facts.reason)


def rejected(telling: Telling, facts: GroundFacts, reader: EventReader) -> Sentences:
    """The petition was not accepted; its initiator can improve it or object."""
    _ = telling.say
    if reader != "initiator":
        return _("The petition was not accepted"), _ground(telling, facts)
    mend = _("With your link you can change the text and send it in again.")
    differ = _("Do you think that we are wrong? With that link you can object, within two weeks.")
    return _("The petition was not accepted"), (*_ground(telling, facts), mend, differ)


def objected(telling: Telling, facts: CheckDueFacts, reader: EventReader) -> Sentences:
    """The initiator objects to a rejection."""
    _ = telling.say
    to_initiator = reader == "initiator"
    lines = (
        _("Somebody who took no part in the rejection now reads your petition again.")
        if to_initiator
        else _("Somebody who took no part in the rejection now reads the petition again."),
        _("We decide at the latest on %(day)s.", day=telling.day(facts.due_on)),
    )
    if not to_initiator:
        return _("The initiator objects to the rejection"), lines
    return _("We have received your objection"), lines


def objection_dismissed(telling: Telling, facts: ReasonFacts, _reader: EventReader) -> Sentences:
    """The rejection stands."""
    return telling.say("The objection was dismissed: the rejection stands"), (facts.reason,)


def objection_upheld(telling: Telling, facts: UpheldFacts, _reader: EventReader) -> Sentences:
    """The rejection is undone, and the petition is checked again."""
    _ = telling.say
    lines = [facts.reason, _("We now check the petition again.")]
    if facts.due_on:
        lines.append(_("We decide at the latest on %(day)s.", day=telling.day(facts.due_on)))
    return _("The objection was upheld: the rejection is undone"), tuple(lines)


def removed(telling: Telling, facts: GroundFacts, _reader: EventReader) -> Sentences:
    """The petition was taken down."""
    return telling.say("The petition was taken down"), _ground(telling, facts)


def withdrawn(telling: Telling, facts: WithdrawnFacts, _reader: EventReader) -> Sentences:
    """The initiator withdrew the petition."""
    return telling.say("The initiator has withdrawn the petition"), (facts.reason,)


def closed(telling: Telling, facts: ClosedFacts, _reader: EventReader) -> Sentences:
    """Signing has ended."""
    _ = telling.say
    why = _("Too few people signed in time.") if facts.because == "too_few" else _("It can no longer be signed.")
    return _("Signing has ended"), (why,)


def update(_telling: Telling, facts: UpdateFacts, _reader: EventReader) -> Sentences:
    """News in the words of the initiator."""
    return facts.title, tuple(part.strip() for part in facts.text.split("\n\n") if part.strip())


def threshold_reached(telling: Telling, facts: ThresholdReachedFacts, _reader: EventReader) -> Sentences:
    """A number of signatures was reached."""
    return telling.say("%(count)s signatures", count=telling.number(facts.required)), ()


def referred(telling: Telling, facts: ReferredFacts, _reader: EventReader) -> Sentences:
    """The petition goes to a committee."""
    _ = telling.say
    lines = [_("It now lies before: %(committee)s.", committee=telling.committee_name(facts.committee))]
    threshold = telling.procedure.threshold(facts.threshold)
    if threshold and threshold.count:
        lines.insert(0, _("It has %(count)s signatures.", count=telling.number(threshold.count)))
    if facts.due_on:
        lines.append(_("The rules give until %(day)s for this.", day=telling.day(facts.due_on)))
    return _("The petition was referred"), tuple(lines)
