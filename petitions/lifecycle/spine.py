"""The registration of the life of a petition: its routes and its periodic maintenance."""

from typing import Final

from petitions.http.routing import Row
from petitions.lifecycle.acts import delays, retention, thresholds
from petitions.lifecycle.acts import saved_drafts as kept_drafts
from petitions.lifecycle.events.table import KINDS
from petitions.lifecycle.pages import committee_desk as desk
from petitions.lifecycle.pages import (
    committees,
    decisions,
    drafting,
    managing,
    moderation,
    notes,
    petition,
    procedures,
    referral,
    signing,
)
from petitions.lifecycle.pages import home as pages
from petitions.lifecycle.pages import moderation_dossier as deciding
from petitions.lifecycle.pages import saved_drafts as saving
from petitions.lifecycle.pages.referral_tabs import TABS
from petitions.lifecycle.registration import PeriodicJob, Registration

SPINE: Final = Registration(
    name="lifecycle",
    events=KINDS,
    routes=(
        Row("GET", "/{lang}/petitions/new", "everyone", drafting.begin),
        Row("POST", "/{lang}/petitions/new", "everyone", drafting.go_on),
        Row("POST", "/{lang}/petitions/similar", "everyone", drafting.similar_titles),
        Row("POST", "/{lang}/petitions/saved", "everyone", saving.keep),
        Row("GET", "/{lang}/petitions/saved/{token}", "holder", saving.saved),
        Row("POST", "/{lang}/petitions/saved/{token}", "holder", saving.go_on),
        Row("GET", "/{lang}/manage/{token}", "holder", managing.page),
        Row("POST", "/{lang}/manage/{token}", "holder", managing.act),
        Row("GET", "/{lang}/manage/{token}/edit", "holder", managing.edit_form),
        Row("POST", "/{lang}/manage/{token}/edit", "holder", managing.edit),
        Row("GET", "/{lang}/sponsor/{token}", "holder", signing.sponsor_form),
        Row("POST", "/{lang}/sponsor/{token}", "holder", signing.sponsor),
        Row("GET", "/{lang}/petitions/{id}/sign", "everyone", signing.sign_form),
        Row("POST", "/{lang}/petitions/{id}/sign", "everyone", signing.sign),
        Row("GET", "/{lang}/confirm/{token}", "holder", signing.confirm_form),
        Row("POST", "/{lang}/confirm/{token}", "holder", signing.confirm),
        Row("GET", "/{lang}/my-signature/{token}", "holder", signing.own_signature),
        Row("POST", "/{lang}/my-signature/{token}", "holder", signing.change_own_signature),
        Row("GET", "/{lang}/unsubscribe/{token}", "holder", signing.unsubscribe_form),
        Row("POST", "/{lang}/unsubscribe/{token}", "holder", signing.unsubscribe),
        Row("GET", "/", "everyone", pages.root),
        Row("GET", "/{lang}", "everyone", pages.home),
        Row("GET", "/{lang}/petitions", "everyone", pages.listing),
        Row("GET", "/{lang}/petitions/{id}", "everyone", petition.petition),
        Row("GET", "/{lang}/petitions/{id}/signatures.csv", "everyone", petition.numbers),
        Row("GET", "/{lang}/procedures", "everyone", procedures.index),
        Row("GET", "/{lang}/procedures/{code}", "everyone", procedures.procedure),
        Row("GET", "/{lang}/how-it-works", "everyone", procedures.how_it_works),
        Row("GET", "/{lang}/committees", "everyone", committees.committees),
        Row("GET", "/{lang}/committees/{slug}", "everyone", committees.committee),
        Row("GET", "/staff", "moderator", moderation.queue),
        Row("POST", "/staff", "moderator", moderation.claim_oldest),
        Row("GET", "/staff/search", "moderator", moderation.search_petitions),
        Row("GET", "/staff/help", "moderator", moderation.help_page),
        Row("GET", "/staff/petitions/{id}", "moderator", deciding.petition),
        Row("POST", "/staff/petitions/{id}", "moderator", decisions.act),
        Row("GET", "/committee", "committee", desk.desk),
        Row("GET", "/committee/referrals/{petition_id}/{id}", "committee", referral.dossier),
        Row("GET", "/committee/referrals/{petition_id}/{id}/notes", "committee", notes.notes),
        Row("POST", "/committee/referrals/{petition_id}/{id}/notes", "committee", notes.act),
        Row("POST", "/committee/referrals/{petition_id}/{id}/assignment", "clerk", notes.assign),
        Row("POST", "/committee/referrals/{petition_id}/{id}/steps", "clerk", referral.record),
        Row("POST", "/committee/referrals/{petition_id}/{id}/extension", "clerk", referral.extend),
    ),
    jobs=(
        PeriodicJob("closing", lambda service, now: thresholds.close_due(service, now=now)),
        PeriodicJob("delays", lambda service, now: delays.tell_delays(service, now=now)),
        PeriodicJob("reminders", lambda service, now: retention.remind(service, now=now)),
        PeriodicJob("unconfirmed signatures", lambda service, now: retention.forget_pending(service, now=now)),
        PeriodicJob("drafts", lambda service, now: retention.delete_drafts(service, now=now)),
        PeriodicJob("saved drafts", lambda service, now: kept_drafts.forget(service, now=now)),
        PeriodicJob("ended petitions", lambda service, now: retention.forget_people(service, now=now)),
    ),
    referral_tabs=TABS,
)
