"""Calendars: of a committee, of a petition, of a desk; as pages and as valid iCalendar."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from petitions.agenda.pages.desk import period
from petitions.agenda.pages.icalendar import time_zone
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.rules.steps import StepInput
from petitions.staff.acts import sessions as staff
from tests.web import ORIGIN, Web
from tests.world import NOW

SLUG = "volksgezondheid-welzijn-en-sport"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
AT = datetime(2026, 3, 10, 13, 30, tzinfo=AMSTERDAM)
TITLE = "Nachtzorg; dichtbij, voor iedereen: óók in élk klein dorp \\ in het noorden van het land"


async def planned(web: Web, *, title: str = TITLE, text: str = "") -> tuple[Clerk, SeenReferral]:
    """A petition that is handed over on 10 March."""
    seen = await web.world.referred("nl-kamer-petitie", title=title)
    clerk = await web.world.clerk_of(SLUG)
    seen = await web.world.step(clerk, seen, "received", StepInput(happened_on=NOW.date()), now=NOW)
    admitted = StepInput(happened_on=NOW.date(), admissible=True)
    seen = await web.world.step(clerk, seen, "whether_and_when", admitted, now=NOW)
    facts = StepInput(meeting="planned", meeting_at=AT, place="Statenpassage, Den Haag", text=text)
    return clerk, await web.world.step(clerk, seen, "hand_over", facts, now=NOW + timedelta(hours=1))


async def fetch(web: Web, path: str) -> Any:
    answer = await web.client.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "set-cookie" not in answer.headers
    assert answer.content.endswith(b"END:VCALENDAR\r\n")
    lines = answer.content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines), "RFC 5545 3.1: folded, with CRLF"
    found: Any = Calendar.from_ical(answer.content)
    assert found["VERSION"] == "2.0"
    assert str(found["PRODID"]).startswith("-//petitions.test//")
    assert found["NAME"]
    assert found["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert "METHOD" not in found
    identifiers = [str(event["UID"]) for event in found.walk("VEVENT")]
    assert len(identifiers) == len(set(identifiers))
    return found


def only(calendar: Calendar) -> Any:
    (event,) = calendar.walk("VEVENT")
    return event


async def test_a_meeting_in_every_calendar_that_it_belongs_to(web: Web) -> None:
    _, seen = await planned(web)
    await planned_elsewhere(web)
    for path in (f"/nl/committees/{SLUG}.ics", f"/nl/petitions/{seen.petition_id}.ics"):
        calendar = await fetch(web, path)
        event = only(calendar)
        assert str(event["UID"]) == f"referral-{seen.referral_id}-hand_over@petitions.test"
        assert event["DTSTART"].dt == AT
        assert event["DTSTART"].params["TZID"] == "Europe/Amsterdam"
        assert event["DTEND"].dt == AT + timedelta(minutes=15), "the procedure says how long it takes"
        assert (event["SEQUENCE"], str(event["STATUS"])) == (0, "CONFIRMED")
        assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == event["CREATED"].dt == NOW + timedelta(hours=1)
        assert str(event["SUMMARY"]) == f"Aanbieding: {TITLE}"
        assert str(event["LOCATION"]) == "Statenpassage, Den Haag"
        assert str(event["URL"]) == f"{ORIGIN}/nl/petitions/{seen.petition_id}"
        assert str(calendar["SOURCE"]) == ORIGIN + path
        assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Amsterdam"]
        again = await web.client.get(path)
        same = await web.client.get(path, headers={"If-None-Match": again.headers["etag"]})
        assert same.status_code == 304
    english = only(await fetch(web, f"/en/committees/{SLUG}.ics"))
    assert str(english["SUMMARY"]).startswith("Hand-over: ")


async def make_address(web: Web) -> str:
    """Press the button: the path of the calendar that is shown."""
    page = await web.client.post("/committee/calendar")
    found = re.search(rf"{ORIGIN}(/committee/calendar/[\w-]+\.ics)", page.text)
    assert found
    return found[1]


async def planned_elsewhere(web: Web) -> None:
    seen = await web.world.referred("uk-parliament", threshold="debate")
    clerk = await web.world.clerk_of("uk-petitions-committee")
    seen = await web.world.step(clerk, seen, "considered", StepInput(happened_on=NOW.date()), now=NOW)
    at = datetime(2026, 7, 1, 16, 30, tzinfo=ZoneInfo("Europe/London"))
    await web.world.step(clerk, seen, "evidence", StepInput(meeting="planned", meeting_at=at, place="Room 5"), now=NOW)
    event = only(await fetch(web, "/en/committees/uk-petitions-committee.ics"))
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event["DTSTART"].dt == at
    assert "DTEND" not in event, "nobody said how long it takes"


async def test_a_meeting_that_moves_or_is_cancelled_stays_the_same_one(web: Web) -> None:
    clerk, seen = await planned(web)
    path = f"/nl/committees/{SLUG}.ics"
    first = only(await fetch(web, path))
    moved = StepInput(meeting="planned", meeting_at=AT + timedelta(days=7), place="Thorbeckezaal")
    seen = await web.world.step(clerk, seen, "hand_over", moved, now=NOW + timedelta(hours=2))
    second = only(await fetch(web, path))
    cancelled = StepInput(meeting="cancelled", text="De initiatiefnemer is ziek.")
    seen = await web.world.step(clerk, seen, "hand_over", cancelled, now=NOW + timedelta(hours=3))
    third = only(await fetch(web, path))
    assert {str(one["UID"]) for one in (first, second, third)} == {str(first["UID"])}
    assert [one["SEQUENCE"] for one in (first, second, third)] == [0, 1, 2]
    assert [str(one["STATUS"]) for one in (first, second, third)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert third["DTSTART"].dt == second["DTSTART"].dt == AT + timedelta(days=7)
    assert third["LAST-MODIFIED"].dt == NOW + timedelta(hours=3)
    page = (await web.client.get(f"/en/committees/{SLUG}/calendar")).text
    assert "Cancelled" in page
    assert "De initiatiefnemer is ziek." in page


async def test_page_of_a_committee_shows_what_comes_and_what_was(web: Web) -> None:
    _, seen = await planned(web)
    web.moment = AT - timedelta(days=2)
    page = (await web.client.get(f"/en/committees/{SLUG}/calendar")).text
    assert "Tuesday 10 March 2026" in page
    assert "13:30 Hand-over" in page
    assert "until 13:45" in page
    assert f'href="/en/petitions/{seen.petition_id}"' in page
    assert f'href="/en/committees/{SLUG}.ics"' in page
    assert "In the last year" not in page
    web.moment = AT + timedelta(days=2)
    later = (await web.client.get(f"/nl/committees/{SLUG}/calendar")).text
    assert "Er is geen bijeenkomst over een petitie gepland." in later
    assert later.index("In het afgelopen jaar") < later.index("dinsdag 10 maart 2026")
    assert f'href="/nl/committees/{SLUG}/calendar"' in (await web.client.get(f"/nl/committees/{SLUG}")).text
    for path in ("/nl/committees/no-such/calendar", "/nl/committees/no-such.ics", "/nl/petitions/999.ics"):
        assert (await web.client.get(path)).status_code == 404


async def test_public_calendars_do_not_show_a_hidden_text(web: Web) -> None:
    title = "Iets heel beledigends over iemand"
    _, seen = await planned(web, title=title, text=f"Hier wordt {title} aangeboden.")
    for path in (f"/nl/committees/{SLUG}.ics", f"/nl/committees/{SLUG}/calendar"):
        assert "Hier wordt" in (await web.client.get(path)).text
    web.moment += timedelta(minutes=20)
    async with web.world.service.database.connection() as connection:
        await connection.execute(
            "update petition set stage = 'removed', ended_at = now(), ground = 'x', reason = 'x', text_hidden = true"
        )
    for path in (f"/nl/committees/{SLUG}.ics", f"/nl/committees/{SLUG}/calendar"):
        text = (await web.client.get(path)).text
        assert "beledigends" not in text
        assert f"Petitie {seen.petition_id}" in text
    assert (await web.client.get(f"/nl/petitions/{seen.petition_id}.ics")).status_code == 404


async def test_calendar_of_the_desk_by_week_and_month(web: Web) -> None:
    clerk, seen = await planned(web)
    other = await web.world.referred(title="Maak het water in de sloten schoon")
    async with web.world.service.database.connection() as connection:
        await connection.execute("update referral set due_on = '2026-03-12' where petition_id = $1", seen.petition_id)
        await connection.execute("update referral set due_on = '2026-03-12' where petition_id = $1", other.petition_id)
    await web.sign_in(clerk.staff_id)
    empty = (await web.client.get("/committee/calendar?lang=en")).text
    assert "week of 2 March 2026" in empty
    assert "To the next meeting, on 10 March 2026" in empty
    week = (await web.client.get("/committee/calendar?lang=en&day=2026-03-10")).text
    month = (await web.client.get("/committee/calendar?lang=en&show=month")).text
    for page in (week, month):
        assert page.index("Tuesday 10 March 2026") < page.index("Thursday 12 March 2026")
        assert f'href="/committee/referrals/{seen.petition_id}/{seen.referral_id}"' in page
        assert "Maak het water" not in page, "that is for another committee"
    assert "<h1>Calendar: March 2026</h1>" in month
    assert "show=month&amp;day=2026-04-01" in month
    for odd in ("day=x", "day=9999-12-31", "day=0001-01-01", "show=year", "committee=digitale-zaken", "day=%00"):
        assert (await web.client.get(f"/committee/calendar?{odd}")).status_code == 200, odd


async def test_address_of_ones_own_calendar_is_shown_once_replaced_and_stopped(web: Web) -> None:
    clerk, seen = await planned(web)
    async with web.world.service.database.connection() as connection:
        await connection.execute("update referral set due_on = '2026-03-12' where id = $1", seen.referral_id)
    await web.sign_in(clerk.staff_id)
    path = await make_address(web)
    assert path not in (await web.client.get("/committee/calendar?lang=en")).text, "only a hash is kept"
    web.client.cookies.clear()
    calendar = await fetch(web, path)
    meeting, due = sorted(calendar.walk("VEVENT"), key=lambda event: "LOCATION" not in event)
    assert meeting["DTSTART"].dt == AT
    assert due["DTSTART"].dt == date(2026, 3, 12)
    assert due["DTEND"].dt == date(2026, 3, 13)
    assert str(due["TRANSP"]) == "TRANSPARENT"
    assert str(due["SUMMARY"]) == f"Moet af zijn: {TITLE}"
    assert str(due["URL"]) == f"{ORIGIN}/committee/referrals/{seen.petition_id}/{seen.referral_id}"
    assert (await web.client.get(path)).headers["cache-control"] == "no-store"
    async with web.world.service.database.connection() as connection:
        await connection.execute("delete from staff_committee where staff_id = $1", clerk.staff_id)
    assert (await fetch(web, path)).walk("VEVENT") == [], "it follows the committees of its owner"
    async with web.world.service.database.connection() as connection:
        await connection.execute(
            "insert into staff_committee (staff_id, committee_slug, role) values ($1, $2, 'member')",
            clerk.staff_id,
            SLUG,
        )
    await web.sign_in(clerk.staff_id)
    assert "VEVENT" in (await web.client.get(path)).text
    newer = await make_address(web)
    assert (await web.client.get(path)).status_code == 404
    assert (await web.client.get(newer)).status_code == 200
    assert (await web.client.post("/committee/calendar", data={"stop": "yes"})).status_code == 200
    for gone in (newer, "/committee/calendar/x.ics", "/committee/calendar/%00.ics", "/committee/calendar/é.ics"):
        assert (await web.client.get(gone)).status_code == 404


async def test_a_calendar_of_somebody_who_left_is_closed(web: Web) -> None:
    clerk, _ = await planned(web)
    await web.sign_in(clerk.staff_id)
    path = await make_address(web)
    async with web.world.service.database.connection() as connection:
        await connection.execute("update staff set active = false where id = $1", clerk.staff_id)
    assert (await web.client.get(path)).status_code == 404


async def test_member_has_a_calendar_too(web: Web) -> None:
    await planned(web)
    member = await staff.add(web.world.service, "lid@kantoor.example", "Sam de Lange", sits_on=(SLUG,), now=NOW)
    await web.sign_in(member)
    assert "Statenpassage" in (await web.client.get("/committee/calendar?day=2026-03-10")).text


@pytest.mark.parametrize("key", ["Europe/Amsterdam", "Europe/London", "America/New_York", "Asia/Taipei"])
def test_enclosed_time_zones_change_when_the_clocks_do(key: str) -> None:
    zone = ZoneInfo(key)
    parts: list[Any] = time_zone(key, 2026, 2027).subcomponents
    for part in parts:
        others = [one.dt for one in part["RDATE"].dts] if "RDATE" in part else []
        for onset in [part["DTSTART"].dt, *others]:
            if (onset.month, onset.day) == (1, 1):
                continue  # where the enclosed years begin, nothing changes
            moment = (onset - part.TZOFFSETFROM).replace(tzinfo=UTC)  # by the clock before the change (RFC 5545 3.6.5)
            before, after = moment - timedelta(seconds=1), moment
            assert before.astimezone(zone).utcoffset() == part.TZOFFSETFROM
            assert after.astimezone(zone).utcoffset() == part.TZOFFSETTO


def test_weeks_begin_on_monday_and_months_follow_each_other() -> None:
    week = period("week", date(2026, 1, 1))
    assert (week.first, week.last) == (date(2025, 12, 29), date(2026, 1, 4))
    assert (week.before, week.after) == (date(2025, 12, 22), date(2026, 1, 5))
    month = period("month", date(2026, 2, 28))
    assert (month.first, month.last) == (date(2026, 2, 1), date(2026, 2, 28))
    assert (month.before, month.after) == (date(2026, 1, 1), date(2026, 3, 1))


@pytest.mark.parametrize("day", ["31-12-9999", "9999-12-31", "1-1-0001", "1-1-2201"])
async def test_a_meeting_in_a_year_that_nobody_means_is_refused_at_its_field(web: Web, day: str) -> None:
    clerk, seen = await planned(web)
    await web.sign_in(clerk.staff_id)
    desk = f"/committee/referrals/{seen.petition_id}/{seen.referral_id}"
    fields = {"step": "hand_over", "version": str(seen.version), "meeting": "planned", "place": "Den Haag"}
    answer = await web.client.post(f"{desk}/steps", data=fields | {"meeting_day": day, "meeting_time": "23:59"})
    assert answer.status_code == 400
    assert 'id="meeting_day-error"' in answer.text
    for path in (desk, f"/nl/committees/{SLUG}.ics", f"/nl/committees/{SLUG}", f"/nl/petitions/{seen.petition_id}"):
        assert (await web.client.get(path)).status_code == 200
