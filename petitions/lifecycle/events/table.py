"""The kinds of events of a petition's life and of its referrals. Those of a subject are in its ``events`` module."""

from typing import Any, Final

from petitions.lifecycle.events import committee_sentences, sentences
from petitions.lifecycle.events.facts import (
    AssignedFacts,
    CheckDueFacts,
    ClosedFacts,
    EventFacts,
    ExtendedFacts,
    GroundFacts,
    ReasonFacts,
    ReferredFacts,
    ReturnFacts,
    StepFacts,
    SubmittedFacts,
    ThresholdReachedFacts,
    UpdateFacts,
    UpheldFacts,
    WithdrawnFacts,
)
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.events.telling import EventReader
from petitions.lifecycle.rules.procedures import Procedure

INITIATOR: Final[frozenset[EventReader]] = frozenset({"initiator"})
SUPPORTERS: Final[frozenset[EventReader]] = frozenset({"signatories", "followers"})
EVERYBODY: Final = INITIATOR | SUPPORTERS


def _by_itself(facts: ThresholdReachedFacts, procedure: Procedure, _reader: EventReader) -> bool:
    """If reaching a threshold causes a referral, only the mail about the referral is sent."""
    threshold = procedure.threshold(facts.threshold)
    return threshold is None or threshold.effect == "publish"


# On the way to the opening

DRAFT_STARTED: Final = EventKind(name="draft_started", facts=EventFacts, shown="nowhere")
EDITED: Final = EventKind(name="edited", facts=EventFacts, shown="nowhere")
SPONSORS_INVITED: Final = EventKind(
    name="sponsors_invited",
    facts=EventFacts,
    shown="dossier",
    chapter="text",
    sentence=sentences.sponsors_invited,
)
SUBMITTED: Final = EventKind(
    name="submitted",
    facts=SubmittedFacts,
    shown="dossier",
    chapter="text",
    told=INITIATOR,
    sentence=sentences.submitted,
)
RESUBMITTED: Final = EventKind(
    name="resubmitted",
    facts=SubmittedFacts,
    shown="dossier",
    chapter="text",
    told=INITIATOR,
    sentence=sentences.submitted,
)

# The check

CLAIMED: Final = EventKind(name="claimed", facts=EventFacts, shown="nowhere")
RELEASED: Final = EventKind(name="released", facts=EventFacts, shown="nowhere")
DELAYED: Final = EventKind(
    name="delayed", facts=CheckDueFacts, shown="nowhere", told=INITIATOR, sentence=sentences.delayed
)
PROPOSED: Final = EventKind(name="proposed", facts=GroundFacts, shown="nowhere")
SENT_BACK: Final = EventKind(name="sent_back", facts=ReturnFacts, shown="nowhere")
TAKEN_BACK: Final = EventKind(name="taken_back", facts=ReturnFacts, shown="nowhere")
OPENED: Final = EventKind(
    name="opened",
    facts=ReasonFacts,
    shown="timeline",
    chapter="text",
    told=EVERYBODY,
    group="petitions",
    sentence=sentences.opened,
    without_text=True,
)
REJECTED: Final = EventKind(
    name="rejected",
    facts=GroundFacts,
    shown="timeline",
    chapter="text",
    told=EVERYBODY,
    group="decisions",
    sentence=sentences.rejected,
    of_the_check=True,
    while_rejected=True,
    without_text=True,
)
OBJECTED: Final = EventKind(
    name="objected",
    facts=CheckDueFacts,
    shown="timeline",
    chapter="text",
    told=INITIATOR | {"followers"},
    group="decisions",
    sentence=sentences.objected,
    of_the_check=True,
    while_rejected=True,
    without_text=True,
)
OBJECTION_DISMISSED: Final = EventKind(
    name="objection_dismissed",
    facts=ReasonFacts,
    shown="timeline",
    chapter="text",
    told=EVERYBODY,
    group="decisions",
    sentence=sentences.objection_dismissed,
    of_the_check=True,
    while_rejected=True,
    without_text=True,
)
OBJECTION_UPHELD: Final = EventKind(
    name="objection_upheld",
    facts=UpheldFacts,
    shown="timeline",
    chapter="text",
    told=EVERYBODY,
    group="decisions",
    sentence=sentences.objection_upheld,
    of_the_check=True,
    without_text=True,
    printed_whole=True,
)

# Signing and its end

UPDATE: Final = EventKind(
    name="update",
    facts=UpdateFacts,
    shown="timeline",
    chapter="news",
    told=SUPPORTERS,
    group="news",
    sentence=sentences.update,
)
CLOSED: Final = EventKind(
    name="closed",
    facts=ClosedFacts,
    shown="timeline",
    chapter="signatures",
    told=EVERYBODY,
    group="milestones",
    sentence=sentences.closed,
    without_text=True,
)
WITHDRAWN: Final = EventKind(
    name="withdrawn",
    facts=WithdrawnFacts,
    shown="timeline",
    chapter="text",
    told=EVERYBODY,
    group="milestones",
    sentence=sentences.withdrawn,
    without_text=True,
    printed_whole=True,
)
REMOVED: Final = EventKind(
    name="removed",
    facts=GroundFacts,
    shown="timeline",
    chapter="text",
    told=EVERYBODY,
    group="decisions",
    sentence=sentences.removed,
    of_the_check=True,
    without_text=True,
)

# Thresholds and referrals

THRESHOLD_REACHED: Final = EventKind(
    name="threshold_reached",
    facts=ThresholdReachedFacts,
    shown="timeline",
    chapter="signatures",
    told=EVERYBODY,
    told_if=_by_itself,
    group="milestones",
    sentence=sentences.threshold_reached,
)
REFERRED: Final = EventKind(
    name="referred",
    facts=ReferredFacts,
    shown="timeline",
    told=EVERYBODY | {"clerk"},
    group="milestones",
    sentence=sentences.referred,
    printed_whole=True,
)
ASSIGNED: Final = EventKind(name="assigned", facts=AssignedFacts, shown="nowhere")
STEP: Final = EventKind(
    name="step",
    facts=StepFacts,
    shown="timeline",
    told=EVERYBODY,
    group="steps",
    sentence=committee_sentences.step,
)
EXTENDED: Final = EventKind(
    name="extended",
    facts=ExtendedFacts,
    shown="timeline",
    told=EVERYBODY,
    group="steps",
    sentence=committee_sentences.extended,
    printed_whole=True,
)

KINDS: Final[tuple[EventKind[Any], ...]] = (
    DRAFT_STARTED,
    EDITED,
    SPONSORS_INVITED,
    SUBMITTED,
    RESUBMITTED,
    CLAIMED,
    RELEASED,
    DELAYED,
    PROPOSED,
    SENT_BACK,
    TAKEN_BACK,
    OPENED,
    REJECTED,
    OBJECTED,
    OBJECTION_DISMISSED,
    OBJECTION_UPHELD,
    UPDATE,
    CLOSED,
    WITHDRAWN,
    REMOVED,
    THRESHOLD_REACHED,
    REFERRED,
    ASSIGNED,
    STEP,
    EXTENDED,
)
