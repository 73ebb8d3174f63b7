"""The pages and states to show: their names and addresses, found in the data of the demonstration."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from scripts.screenshots.stage import Demonstration


class PageToShow(NamedTuple):
    """One page: the name of its screenshots, its address, and the role of the reader (empty: the public)."""

    name: str
    path: str
    who: str = ""


PUBLIC: Final = {
    "home": "",
    "list": "/petitions",
    "list-page-2": "/petitions?page=2",
    "list-answered": "/petitions?status=answered",
    "list-referred": "/petitions?status=referred",
    "list-closed": "/petitions?status=closed",
    "list-rejected": "/petitions?status=rejected",
    "list-filtered": "/petitions?status=all&subject=health",
    "search-almost": "/petitions?q=huisartsn",
    "search-found": "/petitions?q=school",
    "search-nothing": "/petitions?q=zzzzqqq",
    "start-1": "/petitions/new",
    "procedures": "/procedures",
    "procedure-burgerinitiatief": "/procedures/nl-burgerinitiatief",
    "procedure-uk": "/procedures/uk-parliament",
    "committees": "/committees",
    "embeds": "/embed",
    "how-it-works": "/how-it-works",
    "about": "/about",
    "contact": "/contact",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
}
_REFERRED: Final = (
    "select r.petition_id from referral r join petition p on p.id = r.petition_id where p.stage <> 'removed'"
)
STATES: Final = {
    "open": "select p.id from petition p join signature_count c on c.petition_id = p.id"
    " where p.stage = 'open' order by c.confirmed desc",
    "open-new": "select id from petition where stage = 'open' order by opened_at desc",
    "open-english": "select id from petition where stage = 'open' and language = 'en' order by id",
    "closed": "select p.id from petition p where p.stage = 'closed'"
    " and not exists (select 1 from referral r where r.petition_id = p.id) order by p.id",
    "rejected": "select id from petition where stage = 'rejected' and not text_hidden order by id",
    "rejected-hidden": "select id from petition where stage = 'rejected' and text_hidden order by id",
    "withdrawn": "select id from petition where stage = 'withdrawn' and opened_at is not null order by id",
    "removed": "select id from petition where stage = 'removed' order by id",
    "referred-waiting": f"{_REFERRED} and r.state = 'waiting' order by r.created_at",
    "referred-received": f"{_REFERRED} and r.state in ('received', 'examined', 'admissible') order by r.created_at",
    "overdue": f"{_REFERRED} and r.decided_at is null and r.due_on < current_date order by r.due_on",
    "inadmissible": f"{_REFERRED} and r.state = 'inadmissible' order by r.created_at",
    "answered": f"{_REFERRED} and r.state in ('decided', 'concluded') order by r.decided_at desc",
    "responded": "select s.petition_id from referral_step s where s.kind = 'publish_response' order by s.recorded_at",
    "debated": "select s.petition_id from referral_step s where s.kind like '%debate%' order by s.recorded_at desc",
}


def public(stage: Demonstration) -> Iterator[PageToShow]:
    """Public pages, in Dutch; home, list and a petition also in English."""
    for name, path in PUBLIC.items():
        yield PageToShow(name, f"/nl{path}")
    for name, sql in STATES.items():
        number = stage.one(f"{sql} limit 1")
        if number is not None:
            yield PageToShow(f"petition-{name}", f"/nl/petitions/{number}")
    number = stage.one(f"{STATES['open']} limit 1")
    asked = stage.one("select petition_id from question order by 1 limit 1")
    yield PageToShow("dossier", f"/nl/petitions/{asked}/dossier")
    yield PageToShow("sign", f"/nl/petitions/{number}/sign")
    yield PageToShow("petition-embeds", f"/nl/petitions/{number}/embed")
    yield from _dossier(stage)
    yield PageToShow("embed-card", f"/embed/petitions/{number}")
    yield PageToShow("embed-compact", f"/embed/petitions/{number}?size=compact")
    committee = stage.one("select committee_slug from referral group by 1 order by count(*) desc limit 1")
    yield PageToShow("committee", f"/nl/committees/{committee}")
    for row in stage.rows("select petition_id from motion order by voted_on desc nulls last limit 1"):
        yield PageToShow("dossier-motions", f"/nl/petitions/{row['petition_id']}/dossier")
    yield PageToShow("members", "/nl/members")
    for row in stage.rows("select m.slug from motion_vote v join member m on m.id = v.member_id order by 1 limit 1"):
        yield PageToShow("member", f"/nl/members/{row['slug']}")
    for row in stage.rows("select slug from party order by seats desc limit 1"):
        yield PageToShow("party", f"/nl/parties/{row['slug']}")
    yield PageToShow("english-home", "/en")
    yield PageToShow("english-petition", f"/en/petitions/{number}")


def _dossier(stage: Demonstration) -> Iterator[PageToShow]:
    """A dossier with a corrected event and two texts; and one that waits."""
    waiting = stage.one(f"{STATES['referred-waiting']} limit 1")
    yield PageToShow("dossier-waiting", f"/nl/petitions/{waiting}/dossier")
    for row in stage.rows("select petition_id, data ->> 'event' as event from event where kind = 'corrected' limit 1"):
        home = f"/nl/petitions/{row['petition_id']}"
        yield PageToShow("dossier", f"{home}/dossier")
        yield PageToShow("dossier-committee", f"{home}/dossier?show=committee")
        yield PageToShow("event-corrected", f"{home}/events/{row['event']}")
        yield PageToShow("versions", f"{home}/versions")
        yield PageToShow("version-2", f"{home}/versions/2")


def personal(stage: Demonstration) -> Iterator[PageToShow]:
    """Pages behind personal links."""
    row = stage.rows(
        "select petition_id, token_id from signature where kind = 'signatory' and contact is not null"
        " order by confirmed_at desc limit 1"
    )[0]
    token = stage.link("signature", row["petition_id"], row["token_id"])
    yield PageToShow("my-signature", f"/nl/my-signature/{token}")
    yield PageToShow("already-confirmed", f"/nl/confirm/{stage.link('confirm', row['petition_id'], row['token_id'])}")
    yield PageToShow("unsubscribe", f"/nl/unsubscribe/{stage.link('unsubscribe', row['petition_id'], row['token_id'])}")
    yield PageToShow("confirm-unknown", f"/nl/confirm/{stage.link('confirm', row['petition_id'], bytes(16))}")
    row = stage.rows(
        "select p.id, p.manage_key from petition p where exists (select 1 from question q where q.petition_id = p.id)"
        " order by p.id limit 1"
    )[0]
    yield PageToShow("manage-questions", f"/nl/manage/{stage.link('manage', row['id'], row['manage_key'])}/questions")
    asked = stage.rows(
        "select s.petition_id, s.token_id from signature s join referral r on r.petition_id = s.petition_id"
        " where r.state = 'decided' and s.kind = 'signatory' order by r.decided_at desc limit 1"
    )
    for row in asked:
        yield PageToShow("survey", f"/nl/survey/{stage.link('survey', row['petition_id'], row['token_id'])}")
    yield PageToShow("link-broken", "/nl/confirm/no-such-link")
    for kept in ("draft", "sponsoring", "moderation", "open", "rejected", "closed"):
        found = stage.rows(
            "select id, manage_key, sponsor_key from petition where stage = $1 order by id desc limit 1", kept
        )
        for row in found:
            yield PageToShow(f"manage-{kept}", f"/nl/manage/{stage.link('manage', row['id'], row['manage_key'])}")
            if kept == "sponsoring":
                yield PageToShow("sponsor", f"/nl/sponsor/{stage.link('sponsor', row['id'], row['sponsor_key'])}")
            if kept in {"draft", "rejected"}:
                token = stage.link("manage", row["id"], row["manage_key"])
                yield PageToShow(f"edit-{kept}", f"/nl/manage/{token}/edit")


def desks(stage: Demonstration) -> Iterator[PageToShow]:
    """Pages of staff."""
    yield PageToShow("staff-sign-in", "/staff/sign-in")
    yield PageToShow("demo-mailbox", "/mailbox")
    yield PageToShow("error-403", "/staff/people", "clerk")
    yield PageToShow("desk-queue", "/staff", "moderator")
    yield PageToShow("desk-search", "/staff/search?q=school", "moderator")
    yield PageToShow("desk-mails", "/staff/mails", "moderator")
    yield PageToShow("styleguide", "/styleguide", "moderator")
    yield PageToShow("desk-help", "/staff/help", "moderator")
    yield PageToShow("desk-second-reader", "/staff?show=second", "moderator")
    yield PageToShow("desk-objections", "/staff?show=objections", "moderator")
    yield PageToShow("desk-questions", "/staff/questions", "moderator")
    yield PageToShow("desk-people", "/staff/people", "administrator")
    yield PageToShow("desk-person", f"/staff/people/{stage.one(CLERK)}", "administrator")
    waiting = stage.one("select id from petition where stage = 'moderation' order by moderation_due_on limit 1")
    yield PageToShow("desk-petition", f"/staff/petitions/{waiting}", "moderator")
    shown = stage.one(f"{STATES['open']} limit 1")
    yield PageToShow("desk-petition-open", f"/staff/petitions/{shown}", "moderator")
    yield PageToShow("committee-desk", "/committee", "clerk")
    yield PageToShow("committee-desk-nothing", "/committee", "idle clerk")
    mine = stage.rows(
        "select r.petition_id, r.id, r.state from referral r"
        " where r.committee_slug in (select committee_slug from staff_committee where staff_id = $1)"
        " order by r.decided_at nulls first, r.created_at limit 2",
        stage.one(CLERK),
    )
    room = f"/committee/referrals/{mine[0]['petition_id']}/{mine[0]['id']}"
    yield PageToShow("committee-questions", f"{room}/questions", "clerk")
    yield PageToShow("committee-contacts", f"{room}/contacts", "clerk")
    for row in mine:
        yield PageToShow(
            f"committee-dossier-{row['state']}", f"/committee/referrals/{row['petition_id']}/{row['id']}", "clerk"
        )
    for row in stage.rows(CORRECTED, stage.one(CLERK)):
        place = f"/committee/referrals/{row['petition_id']}/{row['referral']}/corrections"
        yield PageToShow("committee-corrections", place, "clerk")
        yield PageToShow("committee-correct", f"{place}?event={row['event']}", "clerk")
    for row in stage.rows(
        "select m.petition_id, m.referral_id, m.id from motion m join referral r on r.petition_id = m.petition_id"
        " and r.id = m.referral_id where r.committee_slug in"
        " (select committee_slug from staff_committee where staff_id = $1) order by m.id limit 1",
        stage.one(CLERK),
    ):
        room = f"/committee/referrals/{row['petition_id']}/{row['referral_id']}/motions"
        yield PageToShow("committee-motions", room, "clerk")
        yield PageToShow("committee-motion-new", f"{room}?add", "clerk")
        yield PageToShow("committee-vote-parties", f"{room}?vote={row['id']}&by=parties", "clerk")
        yield PageToShow("committee-vote-names", f"{room}?vote={row['id']}&by=roll_call", "clerk")
        yield PageToShow("committee-seats", f"{room}?seats", "clerk")


CORRECTED: Final = (
    "select e.petition_id, e.data ->> 'referral' as referral, e.data ->> 'event' as event from event e"
    " join staff_committee m on m.committee_slug = e.data ->> 'committee'"
    " where e.kind = 'corrected' and m.staff_id = $1 limit 1"
)


def checks(stage: Demonstration) -> Iterator[PageToShow]:
    """The check of support and the hand-over: at the desk, behind the link of the mail, and in the dossier."""
    rows = stage.rows("select petition_id, referral_id, state from verification order by petition_id")
    for row in rows:
        desk = f"/committee/referrals/{row['petition_id']}/{row['referral_id']}"
        yield PageToShow(f"check-dossier-{row['state']}", f"/nl/petitions/{row['petition_id']}/dossier")
        yield PageToShow(f"check-desk-{row['state']}", f"{desk}/verification", "exporter")
        yield PageToShow(f"check-export-{row['state']}", f"{desk}/export", "exporter")
    untouched = stage.rows(
        "select r.petition_id, r.id from referral r join petition p on p.id = r.petition_id"
        " left join verification v on v.petition_id = r.petition_id"
        " where p.procedure_code = 'nl-burgerinitiatief' and r.state = 'waiting' and v.petition_id is null limit 1"
    )
    for row in untouched:
        desk = f"/committee/referrals/{row['petition_id']}/{row['id']}"
        yield PageToShow("check-desk-none", f"{desk}/verification", "exporter")
    yield PageToShow("check-question", f"/nl/support/{_drawn(stage, 'drawn')}")
    yield PageToShow("check-over", f"/en/support/{_drawn(stage, 'finished')}")
    yield PageToShow("check-log", "/staff/exports", "administrator")
    yield PageToShow("check-procedure", "/nl/procedures/nl-burgerinitiatief")


def _drawn(stage: Demonstration, state: str) -> str:
    """The link of a signatory who was drawn and has not answered, in a check in this state."""
    row = stage.rows(
        "select x.petition_id, x.token_id from verification_sample x"
        " join verification v on v.petition_id = x.petition_id and v.referral_id = x.referral_id"
        " where v.state = $1 and coalesce(x.result, 'no_answer') = 'no_answer' limit 1",
        state,
    )[0]
    return stage.link("sample", row["petition_id"], row["token_id"])


MODERATOR: Final = "select id from staff where is_moderator and active order by id limit 1"
ADMINISTRATOR: Final = "select id from staff where is_administrator and active order by id limit 1"
CLERK: Final = (
    "select m.staff_id from staff_committee m join referral r on r.committee_slug = m.committee_slug"
    " where m.role = 'clerk' group by 1 order by count(*) desc limit 1"
)
IDLE: Final = (
    "select m.staff_id from staff_committee m where m.role = 'clerk' group by 1 having not bool_or(exists"
    " (select 1 from referral r where r.committee_slug = m.committee_slug)) order by 1 limit 1"
)
EXPORTER: Final = "select id from staff where may_export and active order by id limit 1"
PEOPLE: Final = {
    "moderator": MODERATOR,
    "administrator": ADMINISTRATOR,
    "clerk": CLERK,
    "idle clerk": IDLE,
    "exporter": EXPORTER,
}
"""The id of a member of staff for each role."""
