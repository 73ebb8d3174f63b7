"""The events of documents: published or withdrawn; those of a document for the committee only are not public."""

from dataclasses import dataclass
from typing import Any, Final

from petitions.documents.rules import DocumentKind
from petitions.lifecycle.events.facts import ReferralFacts
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.events.table import EVERYBODY
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling


@dataclass(frozen=True, slots=True)
class DocumentFacts(ReferralFacts):
    """The document, and why it was withdrawn."""

    document: int
    document_kind: DocumentKind
    title: str
    reason: str = ""


def _document(telling: Telling, facts: DocumentFacts, _reader: EventReader) -> Sentences:
    _ = telling.say
    other = _("The committee has added a document to the dossier.")
    kinds = {
        "report": _("The committee has added a report to the dossier."),
        "letter": _("The committee has added a letter to the dossier."),
        "response": _("The committee has added a response to the dossier."),
        "agenda": _("The committee has added an agenda to the dossier."),
        "transcript": _("The committee has added a transcript to the dossier."),
    }
    return _("New document: %(title)s", title=facts.title), (kinds.get(facts.document_kind, other),)


def _withdrawn(telling: Telling, facts: DocumentFacts, _reader: EventReader) -> Sentences:
    return telling.say("A document was withdrawn: %(title)s", title=facts.title), (facts.reason,)


DOCUMENT: Final = EventKind(
    name="document", facts=DocumentFacts, shown="timeline", told=EVERYBODY, group="steps", sentence=_document
)
DOCUMENT_WITHDRAWN: Final = EventKind(
    name="document_withdrawn",
    facts=DocumentFacts,
    shown="timeline",
    told=EVERYBODY,
    group="steps",
    sentence=_withdrawn,
    printed_whole=True,
)
DOCUMENT_FILED: Final = EventKind(name="document_filed", facts=DocumentFacts, shown="nowhere")
DOCUMENT_WITHDRAWN_FILED: Final = EventKind(name="document_withdrawn_filed", facts=DocumentFacts, shown="nowhere")

KINDS: Final[tuple[EventKind[Any], ...]] = (DOCUMENT, DOCUMENT_WITHDRAWN, DOCUMENT_FILED, DOCUMENT_WITHDRAWN_FILED)
