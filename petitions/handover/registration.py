"""The hand-over of signatures: its addresses and its tab."""

from typing import Final

from petitions.handover import pages as exports
from petitions.http.routing import Row
from petitions.http.words import N_
from petitions.lifecycle.pages.parts import ReferralTab
from petitions.lifecycle.registration import Registration

REGISTRATION: Final = Registration(
    name="handover",
    routes=(
        Row("GET", "/staff/exports", "administrator", exports.log),
        Row("GET", "/committee/referrals/{petition_id}/{id}/export", "clerk", exports.page),
        Row("POST", "/committee/referrals/{petition_id}/{id}/export", "clerk", exports.ask),
        Row("GET", "/committee/referrals/{petition_id}/{id}/export/{export_id}", "clerk", exports.show_request),
        Row("POST", "/committee/referrals/{petition_id}/{id}/export/{export_id}", "clerk", exports.download),
    ),
    referral_tabs=(
        ReferralTab(
            80, "export", N_("Hand-over of signatures"), belongs=lambda rules: rules.handover is not None, seldom=True
        ),
    ),
)
