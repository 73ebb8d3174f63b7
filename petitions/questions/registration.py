"""Questions between committee and initiator: addresses, tab, and part of the dossier."""

from typing import Final

from petitions.http.routing import Row
from petitions.http.words import N_
from petitions.lifecycle.pages.parts import DossierPart, DossierSection, ReferralTab
from petitions.lifecycle.registration import Registration
from petitions.questions.events import KINDS
from petitions.questions.pages import desk as asking
from petitions.questions.pages import dossier
from petitions.questions.pages import initiator as questions
from petitions.questions.pages import moderation as publishing

REGISTRATION: Final = Registration(
    name="questions",
    module="questions",
    events=KINDS,
    routes=(
        Row("GET", "/{lang}/manage/{token}/questions", "holder", questions.own),
        Row("POST", "/{lang}/manage/{token}/questions", "holder", questions.own_act),
        Row("GET", "/staff/questions", "moderator", publishing.queue),
        Row("POST", "/staff/questions/{petition_id}/{id}", "moderator", publishing.decide),
        Row("GET", "/committee/referrals/{petition_id}/{id}/questions", "committee", asking.page),
        Row("POST", "/committee/referrals/{petition_id}/{id}/questions", "committee", asking.act),
    ),
    referral_tabs=(ReferralTab(30, "questions", N_("Questions"), "questions", who="committee"),),
    dossier=(DossierPart(60, "questions", "questions/dossier.html", dossier.part),),
    dossier_sections=(DossierSection(80, "questions", dossier.section),),
)
