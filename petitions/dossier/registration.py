"""The dossier and its prints: addresses, tab, the parts that every dossier has, and what it forgets."""

from typing import Final

from petitions.dossier.acts import forget_prints
from petitions.dossier.pages import data as dossier_json
from petitions.dossier.pages import dossier, events, print_desk, versions
from petitions.dossier.pages import prints as printing
from petitions.dossier.pages.data import SECTIONS
from petitions.dossier.pages.dossier import PARTS
from petitions.http.routing import Row
from petitions.http.words import N_
from petitions.lifecycle.pages.parts import ReferralTab
from petitions.lifecycle.registration import Registration

REGISTRATION: Final = Registration(
    name="dossier",
    routes=(
        Row("GET", "/{lang}/petitions/{id}/dossier", "everyone", dossier.dossier),
        Row("GET", "/{lang}/petitions/{id}/events/{event_id}", "everyone", events.event),
        Row("GET", "/{lang}/petitions/{id}/versions", "everyone", versions.versions),
        Row("GET", "/{lang}/petitions/{id}/versions/{version}", "everyone", versions.version),
        Row("GET", "/{lang}/petitions/{id}/print", "everyone", printing.page),
        Row("POST", "/{lang}/petitions/{id}/print", "everyone", printing.ask),
        Row("GET", "/{lang}/petitions/{id}/dossier.pdf", "everyone", printing.dossier),
        Row("GET", "/{lang}/petitions/{id}/poster.pdf", "everyone", printing.poster),
        Row("GET", "/api/v1/petitions/{id}/dossier", "everyone", dossier_json.dossier),
        Row("GET", "/api/v1/dossier.schema.json", "everyone", dossier_json.schema),
        Row("GET", "/committee/referrals/{petition_id}/{id}/print", "committee", print_desk.index),
        Row("POST", "/committee/referrals/{petition_id}/{id}/print", "committee", print_desk.ask),
        Row("GET", "/committee/referrals/{petition_id}/{id}/print/{code}.pdf", "committee", print_desk.file),
    ),
    referral_tabs=(ReferralTab(100, "print", N_("Print"), who="committee", seldom=True),),
    dossier=PARTS,
    dossier_sections=SECTIONS,
    forget_words=forget_prints,
)
