"""The list of everything in this service: the life of a petition, and the subjects around it, in display order."""

from typing import Final

from petitions.about.registration import REGISTRATION as ABOUT
from petitions.agenda.registration import REGISTRATION as AGENDA
from petitions.contacts.registration import REGISTRATION as CONTACTS
from petitions.corrections.registration import REGISTRATION as CORRECTIONS
from petitions.data.registration import REGISTRATION as DATA
from petitions.documents.registration import REGISTRATION as DOCUMENTS
from petitions.dossier.registration import REGISTRATION as DOSSIER
from petitions.embeds.registration import REGISTRATION as EMBEDS
from petitions.following.registration import REGISTRATION as FOLLOWING
from petitions.handover.registration import REGISTRATION as HANDOVER
from petitions.health.registration import REGISTRATION as HEALTH
from petitions.lifecycle.registration import Registration, event_kinds_of
from petitions.lifecycle.spine import SPINE
from petitions.mail_previews.registration import REGISTRATION as MAIL_PREVIEWS
from petitions.mailbox.registration import REGISTRATION as MAILBOX
from petitions.motions.registration import REGISTRATION as MOTIONS
from petitions.paper.registration import REGISTRATION as PAPER
from petitions.questions.registration import REGISTRATION as QUESTIONS
from petitions.staff.registration import REGISTRATION as STAFF
from petitions.survey.registration import REGISTRATION as SURVEY
from petitions.verification.registration import REGISTRATION as VERIFICATION

SUBJECTS: Final[tuple[Registration, ...]] = (
    SPINE,
    FOLLOWING,
    PAPER,
    VERIFICATION,
    HANDOVER,
    MOTIONS,
    DOCUMENTS,
    DOSSIER,
    QUESTIONS,
    CONTACTS,
    SURVEY,
    CORRECTIONS,
    AGENDA,
    STAFF,
    EMBEDS,
    DATA,
    ABOUT,
    MAIL_PREVIEWS,
    MAILBOX,
    HEALTH,
)
"""To leave a subject out, remove its line (or switch its module off in the site file)."""

EVENT_KINDS: Final = event_kinds_of(SUBJECTS)
"""All kinds of events of this service."""
