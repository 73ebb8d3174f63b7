"""More pages: following, calendars, documents, paper signatures, and the tabs of a clerk's referral."""

from collections.abc import Iterator

from scripts.screenshots.places import CLERK, STATES, PageToShow
from scripts.screenshots.stage import Demonstration


def more_places(stage: Demonstration) -> Iterator[PageToShow]:
    """Public pages, pages behind the initiator's link, and pages of the desks."""
    number = stage.one(f"{STATES['open']} limit 1")
    yield PageToShow("follow", f"/nl/follow?petition={number}")
    yield PageToShow("follow-all", "/en/follow")
    yield PageToShow("follow-link", "/nl/follow/link")
    for row in stage.rows("select committee_slug as slug from referral where meeting_at is not null limit 1"):
        yield PageToShow("committee-calendar", f"/nl/committees/{row['slug']}/calendar")
    seen: set[str] = set()
    for row in stage.rows(
        "select petition_id, id, withdrawn_at is not null as gone from document"
        " where public and published_at is not null order by withdrawn_at nulls last, id"
    ):
        name = "document-withdrawn" if row["gone"] else "document"
        if name not in seen:
            seen.add(name)
            yield PageToShow(name, f"/nl/petitions/{row['petition_id']}/documents/{row['id']}")
    yield PageToShow("print", f"/nl/petitions/{number}/print")
    yield from _paper(stage)
    yield from _desk(stage)


def _paper(stage: Demonstration) -> Iterator[PageToShow]:
    found = stage.rows(
        "select p.id, p.manage_key from petition p join sheet s on s.petition_id = p.id"
        " group by 1, 2 order by 1 limit 1"
    )
    for row in found:
        yield PageToShow("manage-sheets", f"/nl/manage/{stage.link('manage', row['id'], row['manage_key'])}/sheets")
        yield PageToShow("desk-paper", "/staff/paper", "moderator")
        yield PageToShow("desk-paper-counts", f"/staff/paper/{row['id']}", "moderator")


def _desk(stage: Demonstration) -> Iterator[PageToShow]:
    yield PageToShow("committee-agenda", "/committee/calendar", "clerk")
    yield PageToShow("committee-agenda-month", "/committee/calendar?span=month", "clerk")
    found = stage.rows(
        "select r.petition_id, r.id from referral r where r.committee_slug in"
        " (select committee_slug from staff_committee where staff_id = $1) order by r.decided_at nulls first limit 1",
        stage.one(CLERK),
    )
    for row in found:
        here = f"/committee/referrals/{row['petition_id']}/{row['id']}"
        for room in ("notes", "documents", "print"):
            yield PageToShow(f"committee-{room}", f"{here}/{room}", "clerk")
