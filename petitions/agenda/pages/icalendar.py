"""Calendars as iCalendar (RFC 5545, with the names and intervals of RFC 7986), written by a library.

A meeting keeps its identifier for good; a cancelled one stays, marked CANCELLED, so that it is also cancelled in
calendars that have it already. Without a METHOD, DTSTAMP is the moment of the last change of an entry, so that the
same calendar is the same bytes. Times are in the body's time zone, whose definition is included.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from icalendar import Calendar, Event, Timezone, vDDDLists, vDDDTypes

from petitions.agenda.reads import Deadline, Meeting
from petitions.locale import load_catalogue

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
REFRESH: Final = timedelta(hours=1)


class Feed:
    """One calendar in one language: entries are added one by one, then the calendar is written.

    ``public_url`` is the address of the site, ``address`` that of the page that shows the same, ``own`` that of the
    calendar itself (empty: it holds a secret, so the calendar does not mention it).
    """

    def __init__(self, language: str, public_url: str, *, name: str, about: str, address: str, own: str) -> None:
        self._language, self._site = language, public_url
        self._host = urlsplit(public_url).hostname or "localhost"
        self._say = load_catalogue(language).gettext
        self._calendar = calendar = Calendar()
        calendar.add("prodid", f"-//{self._host}//Petitions//{language.upper()}")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("name", name, parameters={"LANGUAGE": language})
        calendar.add("x-wr-calname", name)  # for programs that do not know NAME yet
        calendar.add("description", about, parameters={"LANGUAGE": language})
        calendar.add("url", address)
        if own:
            calendar.add("source", own, parameters={"VALUE": "URI"})
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        self._changed: list[datetime] = []
        self._zones: dict[str, list[date]] = {}

    def add_meeting(self, meeting: Meeting, url: str) -> None:
        """A hearing or hand-over. The title of a hidden text is left out: calendars are shown on many screens."""
        held, say = meeting.appointment, self._say
        title = say("Petition %(number)s") % {"number": meeting.petition_id}
        if not meeting.text_hidden:
            title = meeting.title
        event = Event()
        event.add("uid", f"referral-{meeting.referral_id}-{meeting.step.code}@{self._host}")
        event.add("dtstamp", held.changed_at)
        event.add("created", held.created_at)
        event.add("last-modified", held.changed_at)
        event.add("sequence", held.sequence)
        event.add("status", "CANCELLED" if held.is_cancelled else "CONFIRMED")
        event.add("dtstart", meeting.moment)
        if meeting.ends:
            event.add("dtend", meeting.ends)
        event.add("summary", f"{_kind_words(self._language, meeting)}: {title}")
        if held.place:
            event.add("location", held.place)
        words = "" if meeting.text_hidden else held.text  # it may quote what is hidden
        lines = [meeting.committee.name[self._language], meeting.step.name[self._language], words, url]
        event.add("description", "\n\n".join(line for line in lines if line))
        event.add("url", url)
        event.add("categories", [meeting.committee.name[self._language]])
        self._calendar.add_component(event)
        self._changed.append(held.changed_at)
        self._zones.setdefault(meeting.zone.key, []).append(meeting.day)

    def add_deadline(self, deadline: Deadline, url: str, *, now: datetime) -> None:
        """A deadline: an all-day entry that does not mark anybody as busy."""
        say = self._say
        title = say("Petition %(number)s") % {"number": deadline.petition_id}
        words = say("Due: %(title)s") if deadline.kind == "due" else say("What came of it: %(title)s")
        event = Event()
        event.add("uid", f"referral-{deadline.referral_id}-{deadline.kind}@{self._host}")
        event.add("dtstamp", now)
        event.add("sequence", deadline.version)
        event.add("dtstart", deadline.day)
        event.add("dtend", deadline.day + timedelta(days=1))
        event.add("summary", words % {"title": title if deadline.text_hidden else deadline.title})
        event.add("description", f"{deadline.committee.name[self._language]}\n\n{url}")
        event.add("url", url)
        event.add("transp", "TRANSPARENT")
        event.add("categories", [deadline.committee.name[self._language]])
        self._calendar.add_component(event)

    def write(self) -> bytes:
        """The bytes of the calendar, with the definitions of the time zones of its entries."""
        if self._changed:
            self._calendar.add("last-modified", max(self._changed))
        for position, (key, days) in enumerate(sorted(self._zones.items())):
            zone = time_zone(key, min(days).year, max(days).year)
            self._calendar.subcomponents.insert(position, zone)  # before the entries that refer to it
        return bytes(self._calendar.to_ical())


def _kind_words(language: str, meeting: Meeting) -> str:
    say = load_catalogue(language).gettext
    words = {"hand_over": say("Hand-over"), "debate": say("Debate")}
    return words.get(meeting.step.kind) or say("Hearing")


@lru_cache(maxsize=64)
def time_zone(key: str, first_year: int, last_year: int) -> Timezone:
    """The definition of a time zone for these years (VTIMEZONE).

    The library writes the moment of a change in the local time after it; RFC 5545 (3.6.5) wants the local time before.
    The two differ where clocks go forward.
    """
    made = Timezone.from_tzid(key, first_date=date(first_year, 1, 1), last_date=date(last_year + 1, 1, 1))
    parts: Iterable[Any] = made.subcomponents
    for part in parts:
        ahead = part.TZOFFSETTO - part.TZOFFSETFROM
        if ahead > timedelta():
            part["DTSTART"] = vDDDTypes(part["DTSTART"].dt - ahead)
            if "RDATE" in part:
                part["RDATE"] = vDDDLists([one.dt - ahead for one in part["RDATE"].dts])
    return made


def meetings_feed(
    language: str, public_url: str, meetings: Sequence[Meeting], *, name: str, about: str, address: str, own: str
) -> bytes:
    """A public calendar of meetings; each entry links to the page of its petition."""
    feed = Feed(language, public_url, name=name, about=about, address=address, own=own)
    for meeting in meetings:
        feed.add_meeting(meeting, f"{public_url}/{language}/petitions/{meeting.petition_id}")
    return feed.write()
