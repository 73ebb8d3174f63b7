"""The one table of addresses, in the order of a petition's life. Every row names who may come in."""

from typing import Final, NamedTuple

from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import BaseRoute, Route

from petitions.about.pages import about, styleguide
from petitions.agenda.pages import desk as agenda
from petitions.agenda.pages import public as calendars
from petitions.contacts.pages import desk as contacts
from petitions.corrections.pages import desk as correcting
from petitions.corrections.pages import moderation as news_correcting
from petitions.data.pages import api, feeds, sitemap
from petitions.documents.pages import filing
from petitions.documents.pages import public as documents
from petitions.dossier.pages import data as dossier_json
from petitions.dossier.pages import dossier, events, print_room, versions
from petitions.dossier.pages import prints as printing
from petitions.embeds import pages as embed
from petitions.following.pages import follow_form as following
from petitions.following.pages import my_follows as followed
from petitions.handover import pages as exports
from petitions.health import pages as health
from petitions.http import static, style
from petitions.http.guard import Handler, Role, guarded
from petitions.http.uploads import FRAMEWORK_LIMIT, LARGEST_FORM, LARGEST_UPLOAD, limited
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
from petitions.lifecycle.pages import moderation_parts as deciding
from petitions.lifecycle.pages import saved_drafts as saving
from petitions.mail_previews import pages as mails
from petitions.mailbox import pages as mailbox
from petitions.motions.pages import desk as motions
from petitions.motions.pages import voting
from petitions.paper.pages import counting
from petitions.paper.pages import sheets as paper
from petitions.questions.pages import desk as asking
from petitions.questions.pages import initiator as questions
from petitions.questions.pages import moderation as publishing
from petitions.staff.pages import people, sign_in
from petitions.survey import pages as survey
from petitions.verification.pages import desk as verification
from petitions.verification.pages import support


class Row(NamedTuple):
    """One address: method, path, who may come in, what answers, and how many bytes it takes where that is more."""

    method: str
    path: str
    who: Role
    handler: Handler
    most_bytes: int = 0


TABLE: Final[tuple[Row, ...]] = (
    # drafting
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
    Row("GET", "/{lang}/manage/{token}/questions", "holder", questions.own),
    Row("POST", "/{lang}/manage/{token}/questions", "holder", questions.own_act),
    Row("GET", "/{lang}/manage/{token}/sheets", "holder", paper.page),
    Row("POST", "/{lang}/manage/{token}/sheets", "holder", paper.sheets),
    # sponsoring
    Row("GET", "/{lang}/sponsor/{token}", "holder", signing.sponsor_form),
    Row("POST", "/{lang}/sponsor/{token}", "holder", signing.sponsor),
    # signing
    Row("GET", "/{lang}/petitions/{id}/sign", "everyone", signing.sign_form),
    Row("POST", "/{lang}/petitions/{id}/sign", "everyone", signing.sign),
    Row("GET", "/{lang}/confirm/{token}", "holder", signing.confirm_form),
    Row("POST", "/{lang}/confirm/{token}", "holder", signing.confirm),
    Row("GET", "/{lang}/my-signature/{token}", "holder", signing.own_signature),
    Row("POST", "/{lang}/my-signature/{token}", "holder", signing.change_own_signature),
    Row("GET", "/{lang}/unsubscribe/{token}", "holder", signing.unsubscribe_form),
    Row("POST", "/{lang}/unsubscribe/{token}", "holder", signing.unsubscribe),
    Row("GET", "/{lang}/survey/{token}", "holder", survey.page),
    Row("POST", "/{lang}/survey/{token}", "holder", survey.answer),
    # somebody who was drawn for the check of support
    Row("GET", "/{lang}/support/{token}", "holder", support.question),
    Row("POST", "/{lang}/support/{token}", "holder", support.answer),
    # public pages: home, petitions, procedures, committees, embeds, API
    Row("GET", "/", "everyone", pages.root),
    Row("GET", "/{lang}", "everyone", pages.home),
    Row("GET", "/{lang}/petitions", "everyone", pages.listing),
    Row("GET", "/{lang}/petitions.atom", "everyone", feeds.everything),
    Row("GET", "/{lang}/petitions/{id}.atom", "everyone", feeds.of_petition),
    Row("GET", "/{lang}/petitions/{id}.ics", "everyone", calendars.of_petition),
    Row("GET", "/{lang}/petitions/{id}", "everyone", petition.petition),
    Row("GET", "/{lang}/petitions/{id}/dossier", "everyone", dossier.dossier),
    Row("GET", "/{lang}/petitions/{id}/events/{event_id}", "everyone", events.event),
    Row("GET", "/{lang}/petitions/{id}/versions", "everyone", versions.versions),
    Row("GET", "/{lang}/petitions/{id}/versions/{version}", "everyone", versions.version),
    Row("GET", "/{lang}/petitions/{id}/documents/{document}", "everyone", documents.document),
    Row("GET", "/documents/{id}/{document}/{mark}.pdf", "everyone", documents.file),
    Row("GET", "/{lang}/petitions/{id}/print", "everyone", printing.page),
    Row("POST", "/{lang}/petitions/{id}/print", "everyone", printing.ask),
    Row("GET", "/{lang}/petitions/{id}/dossier.pdf", "everyone", printing.dossier),
    Row("GET", "/{lang}/petitions/{id}/poster.pdf", "everyone", printing.poster),
    Row("GET", "/{lang}/petitions/{id}/signatures.csv", "everyone", petition.numbers),
    Row("GET", "/{lang}/petitions/{id}/embed", "everyone", embed.snippets),
    Row("GET", "/{lang}/embed", "everyone", embed.about),
    Row("GET", "/embed/petitions/{id}.svg", "everyone", embed.badge),
    Row("GET", "/embed/petitions/{id}.json", "everyone", embed.counter),
    Row("GET", "/embed/petitions/{id}", "everyone", embed.frame),
    Row("GET", "/api/v1/petitions", "everyone", api.petitions),
    Row("GET", "/api/v1/petitions/{id}", "everyone", api.petition),
    Row("GET", "/api/v1/petitions/{id}/dossier", "everyone", dossier_json.dossier),
    Row("GET", "/api/v1/dossier.schema.json", "everyone", dossier_json.schema),
    Row("GET", "/{lang}/procedures", "everyone", procedures.index),
    Row("GET", "/{lang}/procedures/{code}", "everyone", procedures.procedure),
    Row("GET", "/{lang}/how-it-works", "everyone", procedures.how_it_works),
    Row("GET", "/{lang}/privacy", "everyone", procedures.privacy),
    Row("GET", "/{lang}/accessibility", "everyone", about.accessibility),
    Row("GET", "/{lang}/about", "everyone", about.about),
    Row("GET", "/{lang}/contact", "everyone", about.contact),
    Row("GET", "/{lang}/committees", "everyone", committees.committees),
    Row("GET", "/{lang}/committees/{slug}.atom", "everyone", feeds.of_committee),
    Row("GET", "/{lang}/committees/{slug}.ics", "everyone", calendars.of_committee),
    Row("GET", "/{lang}/committees/{slug}/calendar", "everyone", calendars.committee),
    Row("GET", "/{lang}/committees/{slug}", "everyone", committees.committee),
    # how parties and members voted (module "votes")
    Row("GET", "/{lang}/members", "everyone", voting.index),
    Row("GET", "/{lang}/members/{slug}", "everyone", voting.member),
    Row("GET", "/{lang}/parties/{slug}", "everyone", voting.party),
    # following without an account
    Row("GET", "/{lang}/follow", "everyone", following.follow_form),
    Row("POST", "/{lang}/follow", "everyone", following.follow),
    Row("GET", "/{lang}/follow/link", "everyone", following.link_form),
    Row("POST", "/{lang}/follow/link", "everyone", following.send_link),
    Row("GET", "/{lang}/follow/confirm/{token}", "holder", following.confirm_form),
    Row("POST", "/{lang}/follow/confirm/{token}", "holder", following.confirm),
    Row("GET", "/{lang}/following/{token}", "holder", followed.followed),
    Row("POST", "/{lang}/following/{token}", "holder", followed.change),
    Row("GET", "/{lang}/unfollow/{token}", "holder", followed.unfollow_form),
    Row("POST", "/{lang}/unfollow/{token}", "holder", followed.unfollow),
    Row("GET", "/{lang}/undigest/{token}", "holder", followed.undigest_form),
    Row("POST", "/{lang}/undigest/{token}", "holder", followed.undigest),
    # what search engines ask for
    Row("GET", "/robots.txt", "everyone", sitemap.robots),
    Row("GET", "/sitemap.xml", "everyone", sitemap.index),
    Row("GET", "/sitemap-pages.xml", "everyone", sitemap.pages),
    Row("GET", "/sitemap-petitions-{id}.xml", "everyone", sitemap.petitions),
    # moderation and staff
    Row("GET", "/staff/sign-in", "everyone", sign_in.sign_in_form),
    Row("POST", "/staff/sign-in", "everyone", sign_in.ask_link),
    Row("GET", "/staff/sign-in/{token}", "holder", sign_in.link_form),
    Row("POST", "/staff/sign-in/{token}", "holder", sign_in.sign_in),
    Row("POST", "/staff/sign-out", "everyone", sign_in.sign_out),
    Row("GET", "/staff", "moderator", moderation.queue),
    Row("POST", "/staff", "moderator", moderation.take_oldest),
    Row("GET", "/staff/search", "moderator", moderation.search_petitions),
    Row("GET", "/staff/help", "moderator", moderation.help_page),
    Row("GET", "/staff/petitions/{id}", "moderator", deciding.petition),
    Row("POST", "/staff/petitions/{id}", "moderator", decisions.act),
    Row("GET", "/staff/questions", "moderator", publishing.queue),
    Row("POST", "/staff/questions/{petition_id}/{id}", "moderator", publishing.decide),
    Row("GET", "/staff/paper", "moderator", counting.index),
    Row("GET", "/staff/paper/{petition_id}", "moderator", counting.page),
    Row("POST", "/staff/paper/{petition_id}", "moderator", counting.count, LARGEST_UPLOAD),
    Row("POST", "/staff/paper/{petition_id}/{id}", "moderator", counting.decide),
    Row("GET", "/staff/petitions/{id}/corrections", "moderator", news_correcting.corrections),
    Row("POST", "/staff/petitions/{id}/corrections", "moderator", news_correcting.correct),
    Row("GET", "/staff/mails", "moderator", mails.index),
    Row("GET", "/staff/mails/{kind}", "moderator", mails.mail),
    Row("GET", "/staff/mails/{kind}/html", "moderator", mails.mail_html),
    Row("GET", "/staff/people", "administrator", people.index),
    Row("POST", "/staff/people", "administrator", people.let_in),
    Row("GET", "/staff/people/{id}", "administrator", people.person),
    Row("POST", "/staff/people/{id}", "administrator", people.change),
    Row("GET", "/staff/exports", "administrator", exports.log),
    # referral and outcome: the committee's desk
    Row("GET", "/committee", "committee", desk.desk),
    Row("GET", "/committee/calendar", "committee", agenda.page),
    Row("POST", "/committee/calendar", "committee", agenda.act),
    Row("GET", "/committee/calendar/{token}.ics", "holder", agenda.feed),
    Row("GET", "/committee/referrals/{petition_id}/{id}", "committee", referral.dossier),
    Row("GET", "/committee/referrals/{petition_id}/{id}/notes", "committee", notes.notes),
    Row("POST", "/committee/referrals/{petition_id}/{id}/notes", "committee", notes.act),
    Row("POST", "/committee/referrals/{petition_id}/{id}/assignment", "clerk", notes.assign),
    Row("POST", "/committee/referrals/{petition_id}/{id}/steps", "clerk", referral.record),
    Row("POST", "/committee/referrals/{petition_id}/{id}/extension", "clerk", referral.extend),
    Row("GET", "/committee/referrals/{petition_id}/{id}/questions", "committee", asking.page),
    Row("POST", "/committee/referrals/{petition_id}/{id}/questions", "committee", asking.act),
    Row("GET", "/committee/referrals/{petition_id}/{id}/contacts", "committee", contacts.page),
    Row("POST", "/committee/referrals/{petition_id}/{id}/contacts", "clerk", contacts.act),
    # motions and votes: a room of a referral (module "votes")
    Row("GET", "/committee/referrals/{petition_id}/{id}/motions", "committee", motions.index),
    Row("POST", "/committee/referrals/{petition_id}/{id}/motions", "clerk", motions.store),
    Row("POST", "/committee/referrals/{petition_id}/{id}/motions/cases", "clerk", motions.link),
    Row("POST", "/committee/referrals/{petition_id}/{id}/motions/seats", "clerk", motions.seats),
    Row("POST", "/committee/referrals/{petition_id}/{id}/motions/{motion_id}/vote", "clerk", motions.vote),
    # the check of support by a sample
    Row("GET", "/committee/referrals/{petition_id}/{id}/verification", "clerk", verification.page),
    Row("POST", "/committee/referrals/{petition_id}/{id}/verification", "clerk", verification.act),
    # the hand-over of signatures; the right to it is looked up each time
    Row("GET", "/committee/referrals/{petition_id}/{id}/export", "clerk", exports.page),
    Row("POST", "/committee/referrals/{petition_id}/{id}/export", "clerk", exports.ask),
    Row("GET", "/committee/referrals/{petition_id}/{id}/export/{export_id}", "clerk", exports.asked),
    Row("POST", "/committee/referrals/{petition_id}/{id}/export/{export_id}", "clerk", exports.download),
    Row("GET", "/committee/referrals/{petition_id}/{id}/corrections", "clerk", correcting.corrections),
    Row("POST", "/committee/referrals/{petition_id}/{id}/corrections", "clerk", correcting.correct),
    # the documents of a referral
    Row("GET", "/committee/referrals/{petition_id}/{id}/documents", "committee", filing.index),
    Row("POST", "/committee/referrals/{petition_id}/{id}/documents", "clerk", filing.add, LARGEST_UPLOAD),
    Row("GET", "/committee/referrals/{petition_id}/{id}/documents/{document}", "committee", filing.document),
    Row("POST", "/committee/referrals/{petition_id}/{id}/documents/{document}", "clerk", filing.act),
    Row("GET", "/committee/referrals/{petition_id}/{id}/documents/{document}/file.pdf", "committee", filing.file),
    Row("GET", "/committee/referrals/{petition_id}/{id}/print", "committee", print_room.index),
    Row("POST", "/committee/referrals/{petition_id}/{id}/print", "committee", print_room.ask),
    Row("GET", "/committee/referrals/{petition_id}/{id}/print/{code}.pdf", "committee", print_room.file),
    # demo
    Row("GET", "/styleguide", "demo or staff", styleguide.page),
    Row("GET", "/mailbox", "demo", mailbox.mailbox),
    Row("GET", "/mailbox/messages.json", "demo", mailbox.messages),
    # letters and fonts
    Row("GET", "/static/{path:path}", "everyone", static.static),
    # the look of this installation
    Row("GET", "/style/{file}", "everyone", style.file),
    # operators
    Row("GET", "/health/live", "everyone", health.live),
    Row("GET", "/health/ready", "everyone", health.ready),
)


HOT: Final = ("/{lang}/petitions/{id}/sign", "/{lang}/confirm/{token}", "/static/{path:path}")
"""What a storm asks for, matched first. (Pages and counters that were made in this second are sent by the front.)"""


class _Language(Convertor[str]):
    """The first part of an address in a language: two or three letters, so that "/staff/petitions/7" is none."""

    regex = "[a-z]{2,3}"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("language", _Language())


def _taking(row: Row) -> Handler:
    """The handler of a row; one that takes a body refuses what is too large, with a page."""
    return limited(row.handler, row.most_bytes or LARGEST_FORM) if row.method == "POST" else row.handler


def routes() -> list[BaseRoute]:
    """The routes of the application, hot ones first."""
    rows = sorted(TABLE, key=lambda row: (row.path not in HOT, row.path in HOT and row.method == "GET"))
    return [
        Route(
            row.path.replace("{lang}", "{lang:language}"),
            guarded(_taking(row), row.who),
            methods=[row.method],
            name=f"{row.method} {row.path}",
            max_body_size=FRAMEWORK_LIMIT if row.method == "POST" else None,
        )
        for row in rows
    ]
