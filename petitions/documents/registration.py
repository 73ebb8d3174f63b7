"""Documents: addresses, tab, part of the dossier and of its print, and the sweep of files that nothing names."""

from typing import Final

from petitions.documents import acts, reads
from petitions.documents.events import KINDS
from petitions.documents.pages import filing
from petitions.documents.pages import public as documents
from petitions.http.routing import Row
from petitions.http.uploads import LARGEST_UPLOAD
from petitions.http.words import N_
from petitions.lifecycle.pages.parts import DossierPart, DossierSection, ReferralTab
from petitions.lifecycle.registration import PeriodicJob, Registration

REGISTRATION: Final = Registration(
    name="documents",
    events=KINDS,
    routes=(
        Row("GET", "/{lang}/petitions/{id}/documents/{document}", "everyone", documents.document),
        Row("GET", "/documents/{id}/{document}/{mark}.pdf", "everyone", documents.file),
        Row("GET", "/committee/referrals/{petition_id}/{id}/documents", "committee", filing.index),
        Row("POST", "/committee/referrals/{petition_id}/{id}/documents", "clerk", filing.add, LARGEST_UPLOAD),
        Row("GET", "/committee/referrals/{petition_id}/{id}/documents/{document}", "committee", filing.document),
        Row("POST", "/committee/referrals/{petition_id}/{id}/documents/{document}", "clerk", filing.act),
        Row("GET", "/committee/referrals/{petition_id}/{id}/documents/{document}/file.pdf", "committee", filing.file),
    ),
    jobs=(PeriodicJob("files without a document", lambda service, _: acts.sweep(service), every_minutes=30),),
    referral_tabs=(ReferralTab(50, "documents", N_("Documents"), who="committee"),),
    dossier=(DossierPart(30, "documents", "documents/dossier.html", documents.part),),
    dossier_sections=(DossierSection(120, "documents", documents.section),),
    printed_documents=reads.printed_documents,
)
