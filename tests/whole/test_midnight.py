"""Days end by the clock of the body: around midnight, on the days on which the clocks change, wherever it is shown."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from petitions.durations import end_of_day, local_day
from petitions.lifecycle.acts import thresholds
from tests.web import Web
from tests.world import ANSWERS

INSTANT = timedelta(microseconds=1)
LIVES = [
    # opened half an hour after midnight there; the last day of signing; its end in UTC
    pytest.param("uk-parliament", (2026, 4, 24, 23, 30), date(2026, 10, 25), (2026, 10, 26, 0, 0), id="25 hours"),
    pytest.param("uk-parliament", (2026, 9, 27, 23, 30), date(2027, 3, 28), (2027, 3, 28, 23, 0), id="23 hours"),
    pytest.param("nl-kamer-petitie", (2026, 3, 1, 23, 30), date(2026, 3, 29), (2026, 3, 29, 22, 0), id="23 hours here"),
    pytest.param(
        "nl-kamer-petitie", (2026, 9, 1, 22, 30), date(2026, 10, 25), (2026, 10, 25, 23, 0), id="25 hours here"
    ),
]
MONTHS = {3: "maart", 10: "oktober"}


@pytest.mark.parametrize(("code", "opened_at", "last_day", "end_at"), LIVES)
async def test_the_last_day_is_a_whole_day_there(
    web: Web, code: str, opened_at: tuple[int, ...], last_day: date, end_at: tuple[int, ...]
) -> None:
    opened, end = datetime(*opened_at, tzinfo=UTC), datetime(*end_at, tzinfo=UTC)  # type: ignore[misc, arg-type]
    link = await web.world.opened(code, now=opened)
    if code == "nl-kamer-petitie":  # its rules have no last day; here it gets one
        async with web.world.service.database.connection() as connection:
            await connection.execute("update petition set closes_at = $2 where id = $1", link.petition_id, end)
    zone = web.world.procedure(code).body.zone
    assert end_of_day(last_day, zone) == end
    assert local_day(end - INSTANT, zone) == last_day
    address = f"/nl/petitions/{link.petition_id}"
    data = ANSWERS | {"email": "laat@voorbeeld.example", "postcode": "SW1A 0AA"}

    web.moment = end_of_day(last_day - timedelta(days=1), zone) - INSTANT
    assert "Nog 1 dag open" in (await web.client.get(address)).text
    web.moment = end - INSTANT
    for path in (address, "/nl/petitions", "/nl"):
        assert "Sluit vandaag" in (await web.client.get(path)).text, path
    assert 'id="sign"' in (await web.client.get(address)).text
    assert (await web.client.post(f"{address}/sign", data=data)).status_code == 200
    manage = f"/nl/manage/{web.token('manage', link.petition_id, link.key)}"
    day = f"{last_day.day} {MONTHS[last_day.month]} {last_day.year}"
    assert day in (await web.client.get(manage)).text
    counter = (await web.client.get(f"/embed/petitions/{link.petition_id}.json")).json()
    assert datetime.fromisoformat(counter["closesAt"]) == end

    web.moment = end
    assert 'id="sign"' not in (await web.client.get(address)).text
    assert (await web.client.post(f"{address}/sign", data=data)).status_code == 409
    await thresholds.close_due(web.world.service, now=end)
    for path in (address, "/nl/petitions?status=closed"):
        assert day in (await web.client.get(path)).text  # not the day after, on which it was closed
    assert f"Het tekenen stopte op {day}" in (await web.client.get(address)).text


@pytest.mark.parametrize(
    ("moment", "known"),
    [
        (datetime(2021, 3, 30, 21, 59, tzinfo=UTC), False),  # summer time began on 28 March
        (datetime(2021, 3, 30, 22, 0, tzinfo=UTC), True),
    ],
)
async def test_a_procedure_comes_into_force_at_midnight_here(web: Web, moment: datetime, *, known: bool) -> None:
    web.moment = moment
    page = (await web.client.get("/nl")).text.partition('class="hero-list"')[2].partition("</ul>")[0]
    assert ('href="/nl/procedures/nl-burgerinitiatief"' in page) is known


async def test_midnight_here_is_that_of_the_clock_of_the_service(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    site = web.app_state.pages.site
    away = replace(site, body=site.body.model_copy(update={"timezone": "America/New_York"}))
    monkeypatch.setattr(web.app_state.pages, "site", away)
    for moment, known in (
        (datetime(2021, 3, 31, 3, 59, tzinfo=UTC), False),
        (datetime(2021, 3, 31, 4, tzinfo=UTC), True),
    ):
        web.moment = moment
        assert ('href="/nl/procedures/nl-burgerinitiatief"' in (await web.client.get("/nl")).text) is known


async def test_a_signature_is_shown_at_the_time_there(web: Web) -> None:
    link = await web.world.opened("uk-parliament", now=datetime(2026, 7, 1, 9, 0, tzinfo=UTC))
    await web.world.sign(link.petition_id, "me@voorbeeld.example", now=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    async with web.world.service.database.connection() as connection:
        key = await connection.fetchval(
            "select token_id from signature where petition_id = $1 order by confirmed_at desc limit 1", link.petition_id
        )
    page = (await web.client.get(f"/nl/my-signature/{web.token('signature', link.petition_id, key)}")).text
    assert "1 juli 2026 om 23.30 uur" in page  # not yet 2 July, as it is in Amsterdam


def test_every_hour_of_a_year_lies_on_exactly_one_day() -> None:
    for code in ("Europe/Amsterdam", "Europe/London", "Asia/Taipei", "Europe/Helsinki"):
        zone, moment = ZoneInfo(code), datetime(2026, 1, 1, tzinfo=UTC)
        for hours in range(366 * 24):
            now = moment + timedelta(hours=hours)
            day = local_day(now, zone)
            assert end_of_day(day - timedelta(days=1), zone) <= now < end_of_day(day, zone)


async def test_the_desk_shows_the_hours_of_the_body(web: Web) -> None:
    link = await web.world.opened("uk-parliament", now=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    await web.sign_in(web.world.moderator)
    page = (await web.client.get(f"/staff/petitions/{link.petition_id}")).text
    assert "1 juli 2026 om 23.30 uur" in page  # summer time in London, half an hour after midnight here
    assert "2 juli 2026" not in page
    recent = (await web.client.get("/staff?show=decided")).text
    assert "2 juli 2026" not in recent
