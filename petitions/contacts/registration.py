"""Declared contacts: addresses, tab, and part of the dossier."""

from typing import Final

from petitions.contacts.events import KINDS
from petitions.contacts.pages import desk as contacts
from petitions.contacts.pages import dossier
from petitions.http.routing import Row
from petitions.http.words import N_
from petitions.lifecycle.pages.parts import DossierPart, DossierSection, ReferralTab
from petitions.lifecycle.registration import Registration

REGISTRATION: Final = Registration(
    name="contacts",
    module="contacts",
    events=KINDS,
    routes=(
        Row("GET", "/committee/referrals/{petition_id}/{id}/contacts", "committee", contacts.page),
        Row("POST", "/committee/referrals/{petition_id}/{id}/contacts", "clerk", contacts.act),
    ),
    referral_tabs=(ReferralTab(60, "contacts", N_("Contacts"), "contacts", who="committee", seldom=True),),
    dossier=(DossierPart(70, "contacts", "contacts/dossier.html", dossier.part),),
    dossier_sections=(DossierSection(90, "contacts", dossier.section),),
)
