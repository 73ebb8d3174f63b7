"""Every kind of event that this service knows: those of a petition's life, and those of each subject."""

from typing import Final

from petitions.contacts import events as contacts
from petitions.corrections import events as corrections
from petitions.documents import events as documents
from petitions.lifecycle.events import table
from petitions.lifecycle.events.registry import EventKinds
from petitions.motions import events as motions
from petitions.paper import events as paper
from petitions.questions import events as questions
from petitions.verification import events as verification

SUBJECTS: Final = (paper, verification, motions, documents, questions, contacts, corrections)
EVENT_KINDS: Final = EventKinds((*table.KINDS, *(kind for subject in SUBJECTS for kind in subject.KINDS)))
