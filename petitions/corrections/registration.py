"""Corrections: addresses and tab."""

from typing import Final

from petitions.corrections.events import KINDS
from petitions.corrections.pages import desk as correcting
from petitions.corrections.pages import moderation as news_correcting
from petitions.http.routing import Row
from petitions.http.words import N_
from petitions.lifecycle.pages.parts import ReferralTab
from petitions.lifecycle.registration import Registration

REGISTRATION: Final = Registration(
    name="corrections",
    events=KINDS,
    routes=(
        Row("GET", "/staff/petitions/{id}/corrections", "moderator", news_correcting.corrections),
        Row("POST", "/staff/petitions/{id}/corrections", "moderator", news_correcting.correct),
        Row("GET", "/committee/referrals/{petition_id}/{id}/corrections", "clerk", correcting.corrections),
        Row("POST", "/committee/referrals/{petition_id}/{id}/corrections", "clerk", correcting.correct),
    ),
    referral_tabs=(ReferralTab(90, "corrections", N_("Corrections"), seldom=True),),
)
