"""Signing in at a desk: the same answer for everybody, a button behind the link, a cookie with the right attributes."""

import base64
from datetime import timedelta

import pytest

from petitions.http.templating import Pages, Site
from petitions.staff.acts import sessions as staff
from petitions.staff.pages import sign_in as pages
from tests.conftest import NOW
from tests.web import ORIGIN, Web


async def link_token(web: Web) -> str:
    """The token of the newest sign-in mail that waits."""
    async with web.world.service.database.connection() as connection:
        sealed = await connection.fetchval(
            "select secret from outbox where kind = 'staff_login' order by id desc limit 1"
        )
    return base64.urlsafe_b64encode(web.world.service.vault.unseal(sealed, staff.SEAL)).rstrip(b"=").decode()


async def mails(web: Web) -> int:
    async with web.world.service.database.connection() as connection:
        return int(await connection.fetchval("select count(*) from outbox where kind = 'staff_login'"))


async def test_the_whole_way_in_and_out(web: Web) -> None:
    assert (await web.client.get("/staff")).headers["location"] == "/staff/sign-in"
    form = await web.client.get("/staff/sign-in")
    assert form.status_code == 200
    assert 'name="email"' in form.text
    assert "noor@kantoor.example" not in form.text  # outside the demo nobody is shown
    asked = await web.client.post("/staff/sign-in", data={"email": " Noor@Kantoor.example "})
    assert asked.status_code == 200
    token = await link_token(web)
    opened = await web.client.get(f"/staff/sign-in/{token}")
    again = await web.client.get(f"/staff/sign-in/{token}")  # a mail scanner was here first
    assert opened.status_code == again.status_code == 200
    assert "set-cookie" not in opened.headers
    entered = await web.client.post(f"/staff/sign-in/{token}")
    assert entered.status_code == 303
    assert entered.headers["location"] == "/staff"
    desk = await web.client.get("/staff")
    assert desk.status_code == 200
    assert "Noor Bakker" in desk.text
    assert desk.headers["cache-control"] == "no-store"
    out = await web.client.post("/staff/sign-out")
    assert out.status_code == 303
    assert (await web.client.get("/staff")).status_code == 303


async def test_the_cookie(web: Web) -> None:
    await web.client.post("/staff/sign-in", data={"email": "noor@kantoor.example"})
    entered = await web.client.post(f"/staff/sign-in/{await link_token(web)}")
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith("desk=")
    for attribute in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert attribute in cookie
    assert "Secure" not in cookie  # the test site has no https
    assert "Max-Age" not in cookie  # it ends with the browser


async def test_the_cookie_over_https(web: Web) -> None:
    token = await _asked(web)
    object.__setattr__(web.app_state, "public_url", "https://petitions.example")
    entered = await web.client.post(f"/staff/sign-in/{token}")
    cookie = entered.headers["set-cookie"]
    assert cookie.startswith("__Host-desk=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


async def _asked(web: Web, email: str = "noor@kantoor.example") -> str:
    await web.client.post("/staff/sign-in", data={"email": email})
    return await link_token(web)


async def test_the_same_answer_for_an_unknown_address(web: Web) -> None:
    known = await web.client.post("/staff/sign-in", data={"email": "noor@kantoor.example"})
    unknown = await web.client.post("/staff/sign-in", data={"email": "kees@kantoor.example"})
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("noor@", "kees@") == unknown.text
    assert min(known.elapsed, unknown.elapsed).total_seconds() >= pages.ANSWER_AFTER
    assert await mails(web) == 1


async def test_a_link_works_once_and_a_used_one_says_so(web: Web) -> None:
    token = await _asked(web)
    assert (await web.client.post(f"/staff/sign-in/{token}")).status_code == 303
    again = await web.client.post(f"/staff/sign-in/{token}")
    assert again.status_code == 409
    assert "/staff/sign-in" in again.text
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize("token", ["x", "%00", "a" * 300, "%F0%9F%90%9F", "=====", "..."])
async def test_a_made_up_link(web: Web, token: str) -> None:
    assert (await web.client.get(f"/staff/sign-in/{token}")).status_code == 200
    assert (await web.client.post(f"/staff/sign-in/{token}")).status_code == 409


async def test_a_late_link(web: Web) -> None:
    token = await _asked(web)
    web.moment = NOW + timedelta(minutes=10)
    assert (await web.client.post(f"/staff/sign-in/{token}")).status_code == 409


async def test_signing_in_ends_the_older_session_of_the_browser(web: Web) -> None:
    await web.client.post(f"/staff/sign-in/{await _asked(web)}")
    old = web.client.cookies["desk"]
    await web.client.post(f"/staff/sign-in/{await _asked(web)}")
    assert web.client.cookies["desk"] != old
    assert await staff.session_person(web.world.service, old, web.moment) is None


async def test_a_clerk_goes_to_the_desk_of_the_committee_and_not_to_the_other(web: Web) -> None:
    entered = await web.client.post(f"/staff/sign-in/{await _asked(web, 'griffier@kantoor.example')}")
    assert entered.headers["location"] == "/committee"
    refused = await web.client.get("/staff", headers={"Accept-Language": "en-GB"})
    assert refused.status_code == 403
    assert '<html lang="nl">' in refused.text, "a refusal speaks the language of the desk, not of the browser"


async def test_idle_and_absolute_ends(web: Web) -> None:
    await web.client.post(f"/staff/sign-in/{await _asked(web)}")
    web.moment = NOW + timedelta(minutes=29)
    assert (await web.client.get("/staff")).status_code == 200
    web.moment += timedelta(minutes=31)
    assert (await web.client.get("/staff")).status_code == 303


@pytest.mark.parametrize("typed", ["", "noor", "noor@", "a@b\r\nBcc: x@y.example", "\x00@kantoor.example"])
async def test_what_is_no_address(web: Web, typed: str) -> None:
    refused = await web.client.post("/staff/sign-in", data={"email": typed})
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert await mails(web) == 0
    if typed.isalpha():
        assert f'value="{typed}"' in refused.text


async def test_english(web: Web) -> None:
    page = await web.client.get("/staff/sign-in?lang=en")
    assert "There is no password." in page.text
    assert "Er is geen wachtwoord" in (await web.client.get("/staff/sign-in")).text


async def test_the_demo_says_whom_to_use(web: Web) -> None:
    object.__setattr__(web.app_state, "demo", True)
    site = Site("Petitieloket", {"nl": "van de Kamer", "en": "of the House"}, "", ORIGIN, True)
    object.__setattr__(web.app_state, "pages", Pages(site))
    page = await web.client.get("/staff/sign-in")
    for words in ("noor@kantoor.example", "Tess de Groot", "Verzoekschriften en de Burgerinitiatieven", "/mailbox"):
        assert words in page.text
