"""The calendar of a committee's desk: meetings and days on which something is due, by week or month, as a list of days.

The same is served as iCalendar: its address holds a secret, because calendar programs have no session. Whoever has it
can read the calendar; its owner can make a new address or stop it here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from petitions.agenda import acts as calendars
from petitions.agenda.pages.icalendar import MEDIA_TYPE, Feed
from petitions.agenda.reads import Deadline, Meeting, read_deadlines, read_meetings
from petitions.durations import add_months
from petitions.http.state import day_here, form, now, render
from petitions.lifecycle.pages.guard import committees
from petitions.lifecycle.pages.state import app_state, service, staff
from petitions.locale import load_catalogue

CalendarView = Literal["week", "month"]
WEEK: Final = timedelta(days=7)
FEED_BACK: Final = timedelta(days=92)
FEED_AHEAD: Final = timedelta(days=366)
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2200


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """A week or a month that is shown: its first and last day, and the first days of those before and after."""

    span: CalendarView
    first: date
    last: date
    before: date
    after: date


def period(span: CalendarView, day: date) -> CalendarPeriod:
    """The week (from Monday) or month in which ``day`` lies."""
    if span == "week":
        first = day - timedelta(days=day.weekday())
        return CalendarPeriod(span, first, first + WEEK - timedelta(days=1), first - WEEK, first + WEEK)
    first = day.replace(day=1)
    after = add_months(first, 1)
    return CalendarPeriod(span, first, after - timedelta(days=1), add_months(first, -1), after)


def _asked(request: Request) -> CalendarPeriod:
    span: CalendarView = "month" if request.query_params.get("show") == "month" else "week"
    try:
        day = date.fromisoformat(request.query_params.get("day", ""))
    except ValueError:
        day = day_here(request)
    return period(span, day if FIRST_YEAR <= day.year <= LAST_YEAR else day_here(request))


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """The entries of one day: meetings by the hour, and deadlines."""

    day: date
    meetings: tuple[Meeting, ...]
    deadlines: tuple[Deadline, ...]


def by_day(meetings: Sequence[Meeting], deadlines: Sequence[Deadline], shown: CalendarPeriod) -> list[CalendarDay]:
    """The days of a period that have entries."""
    all_days = {one.day for one in meetings} | {one.day for one in deadlines}
    days = {day for day in all_days if shown.first <= day <= shown.last}
    return [
        CalendarDay(
            day,
            tuple(one for one in meetings if one.day == day),
            tuple(one for one in deadlines if one.day == day),
        )
        for day in sorted(days)
    ]


async def page(request: Request) -> Response:
    """The week or month in the address, else this week; for one committee if it is chosen."""
    return await _page(request)


async def _page(request: Request, secret: str = "", *, stopped: bool = False) -> Response:
    running, mine, shown = service(request), committees(request), _asked(request)
    asked = request.query_params.get("committee", "")
    chosen = asked if asked in mine else ""
    slugs = [chosen] if chosen else list(mine)
    meetings = await read_meetings(
        running.database, running.procedures, running.committees, slugs=slugs, now=now(request)
    )
    deadlines = await read_deadlines(running.database, running.committees, slugs, shown.first, shown.last)
    return render(
        request,
        "agenda/agenda.html",
        nav="calendar",
        shown=shown,
        today=day_here(request),
        days=by_day(meetings, deadlines, shown),
        upcoming=next((m for m in meetings if m.day > shown.last and not m.appointment.is_cancelled), None),
        chosen=chosen,
        committees=[running.committees[slug] for slug in mine],
        address=lambda **changes: _address(shown, chosen, **changes),
        since=await calendars.address_since(running, staff(request).id),
        feed=f"{app_state(request).public_url}/committee/calendar/{secret}.ics" if secret else "",
        stopped=stopped,
    )


def _address(shown: CalendarPeriod, chosen: str, **changes: Any) -> str:
    query = {"show": shown.span, "day": shown.first, "committee": chosen} | changes
    return "/committee/calendar?" + urlencode({name: str(value) for name, value in query.items() if value})


async def act(request: Request) -> Response:
    """Make an address for a calendar program (shown once), or stop it."""
    values = await form(request)
    if "stop" in values:
        await calendars.stop_address(service(request), staff(request).id)
        return await _page(request, stopped=True)
    return await _page(request, await calendars.make_address(service(request), staff(request).id, now=now(request)))


async def feed(request: Request) -> Response:
    """The calendar of the owner of this address: meetings and deadlines, from three months back to a year ahead."""
    running, moment = service(request), now(request)
    owner = await calendars.owner(running, str(request.path_params["token"]))
    site = app_state(request).public_url
    say = load_catalogue(owner.language).gettext
    made = Feed(
        owner.language,
        site,
        name=say("Committee desk"),
        about=say("Meetings of my committees, and what is due"),
        address=f"{site}/committee/calendar",
        own="",
    )
    meetings = await read_meetings(
        running.readers, running.procedures, running.committees, slugs=owner.committees, now=moment
    )
    for meeting in meetings:
        made.add_meeting(meeting, f"{site}/committee/referrals/{meeting.petition_id}/{meeting.referral_id}")
    day = moment.date()
    stamp = datetime.combine(day, time(), UTC)
    for deadline in await read_deadlines(
        running.readers, running.committees, owner.committees, day - FEED_BACK, day + FEED_AHEAD
    ):
        made.add_deadline(
            deadline, f"{site}/committee/referrals/{deadline.petition_id}/{deadline.referral_id}", now=stamp
        )
    return Response(made.write(), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
