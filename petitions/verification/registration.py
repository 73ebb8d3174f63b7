"""The check of support: its addresses, its reminder, its tab and its part of the dossier."""

from typing import Final

from petitions.http.routing import Row
from petitions.http.words import N_
from petitions.lifecycle.pages.parts import DossierPart, DossierSection, ReferralTab
from petitions.lifecycle.registration import PeriodicJob, Registration
from petitions.verification.acts import sampling
from petitions.verification.events import KINDS
from petitions.verification.pages import desk as verification
from petitions.verification.pages import dossier, support

REGISTRATION: Final = Registration(
    name="verification",
    events=KINDS,
    routes=(
        Row("GET", "/{lang}/support/{token}", "holder", support.question),
        Row("POST", "/{lang}/support/{token}", "holder", support.answer),
        Row("GET", "/committee/referrals/{petition_id}/{id}/verification", "clerk", verification.page),
        Row("POST", "/committee/referrals/{petition_id}/{id}/verification", "clerk", verification.act),
    ),
    jobs=(PeriodicJob("sample reminders", lambda service, now: sampling.remind(service, now=now)),),
    referral_tabs=(
        ReferralTab(
            40,
            "verification",
            N_("Support check"),
            belongs=lambda rules: bool(rules.verification and rules.verification.methods),
        ),
    ),
    dossier=(DossierPart(40, "verification", "verification/dossier.html", dossier.part),),
    dossier_sections=(DossierSection(70, "checks", dossier.section),),
)
