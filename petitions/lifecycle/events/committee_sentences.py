"""The sentences about the events of a referral: steps of the committee, and extensions of its term."""

from petitions.lifecycle.events.facts import ExtendedFacts, StepFacts
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling


def step(telling: Telling, facts: StepFacts, _reader: EventReader) -> Sentences:
    """A step of the committee."""
    lines = [
        *_meeting(telling, facts),
        *_decision(telling, facts),
        *(words for words in (facts.rapporteur, facts.respondent, facts.text, facts.reasons) if words),
    ]
    return telling.step_name(facts.step), tuple(lines)


def _meeting(telling: Telling, facts: StepFacts) -> list[str]:
    if facts.meeting == "cancelled":
        return [telling.say("The meeting does not take place.")]
    if facts.meeting_at is None:
        return []
    moment = telling.moment(facts.meeting_at)
    return [telling.say("When and where: %(moment)s, %(place)s.", moment=moment, place=facts.place)]


def _decision(telling: Telling, facts: StepFacts) -> list[str]:
    outcome = telling.procedure.outcome(facts.outcome)
    ground = telling.procedure.admissibility_ground(facts.ground)
    return [found.text[telling.language] for found in (outcome, ground) if found]


def extended(telling: Telling, facts: ExtendedFacts, _reader: EventReader) -> Sentences:
    """The committee extends its term."""
    _ = telling.say
    return _("The committee takes more time"), (
        _("The new date is %(day)s.", day=telling.day(facts.due_on)),
        facts.reason,
    )
