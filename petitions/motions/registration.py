"""Motions and votes: addresses, tab, a line on the page of the petition, its part of the dossier and the site map."""

from typing import Final

from petitions.http.routing import Row
from petitions.http.words import N_
from petitions.lifecycle.pages.parts import DossierPart, DossierSection, PetitionPart, ReferralTab
from petitions.lifecycle.registration import Registration
from petitions.motions.events import KINDS
from petitions.motions.pages import desk as motions
from petitions.motions.pages import dossier, voting

REGISTRATION: Final = Registration(
    name="motions",
    module="votes",
    events=KINDS,
    routes=(
        Row("GET", "/{lang}/members", "everyone", voting.index),
        Row("GET", "/{lang}/members/{slug}", "everyone", voting.member),
        Row("GET", "/{lang}/parties/{slug}", "everyone", voting.party),
        Row("GET", "/committee/referrals/{petition_id}/{id}/motions", "committee", motions.index),
        Row("POST", "/committee/referrals/{petition_id}/{id}/motions", "clerk", motions.store),
        Row("POST", "/committee/referrals/{petition_id}/{id}/motions/cases", "clerk", motions.link),
        Row("POST", "/committee/referrals/{petition_id}/{id}/motions/seats", "clerk", motions.seats),
        Row("POST", "/committee/referrals/{petition_id}/{id}/motions/{motion_id}/vote", "clerk", motions.vote),
    ),
    referral_tabs=(ReferralTab(20, "motions", N_("Motions"), "votes", who="committee"),),
    petition_page=(PetitionPart("motions/petition.html", dossier.adopted),),
    dossier=(DossierPart(50, "motions", "motions/dossier.html", dossier.part),),
    dossier_sections=(DossierSection(60, "motions", dossier.section),),
    site_pages=(dossier.addresses,),
)
