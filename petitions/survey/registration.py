"""The survey after the outcome: its address and its part of the dossier."""

from typing import Final

from petitions.http.routing import Row
from petitions.lifecycle.pages.parts import DossierPart, DossierSection
from petitions.lifecycle.registration import Registration
from petitions.survey.pages import dossier, survey

REGISTRATION: Final = Registration(
    name="survey",
    module="survey",
    routes=(
        Row("GET", "/{lang}/survey/{token}", "holder", survey.page),
        Row("POST", "/{lang}/survey/{token}", "holder", survey.answer),
    ),
    dossier=(DossierPart(80, "survey", "survey/dossier.html", dossier.part),),
    dossier_sections=(DossierSection(100, "survey", dossier.section),),
)
