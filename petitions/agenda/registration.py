"""The agenda of committees: addresses."""

from typing import Final

from petitions.agenda.pages import desk as agenda
from petitions.agenda.pages import public as calendars
from petitions.http.routing import Row
from petitions.lifecycle.registration import Registration

REGISTRATION: Final = Registration(
    name="agenda",
    routes=(
        Row("GET", "/{lang}/petitions/{id}.ics", "everyone", calendars.of_petition),
        Row("GET", "/{lang}/committees/{slug}.ics", "everyone", calendars.of_committee),
        Row("GET", "/{lang}/committees/{slug}/calendar", "everyone", calendars.committee),
        Row("GET", "/committee/calendar", "committee", agenda.page),
        Row("POST", "/committee/calendar", "committee", agenda.act),
        Row("GET", "/committee/calendar/{token}.ics", "holder", agenda.feed),
    ),
)
