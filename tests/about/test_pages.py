"""The pages about the service and the error pages: from configuration, an honest statement, errors with a next step."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import Request

from petitions.about.pages.statement import CHECKED
from petitions.errors import UnavailableError
from petitions.http.failures import answer
from petitions.http.look import Style
from petitions.http.templating import Pages, Site
from petitions.locale import LANGUAGES
from petitions.settings import ROOT
from petitions.sites import FOLDER, load_logo, load_site, packaged_sites
from petitions.sites.themes import load_theme
from tests.web import ORIGIN, Web

ERRORS = (400, 403, 404, 405, 409, 410, 413, 429, 500, 503)


def pages_of(name: str) -> Pages:
    body = load_site(name)
    logo = load_logo(body.logo.file, FOLDER) if body.logo else None
    site = Site(body.name, body.tagline, body.contact.email, ORIGIN, False, body)
    return Pages(site, style=Style(load_theme(body.theme), logo))


def request(web: Web, path: str) -> Request:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    return Request(scope | {"state": {"app_state": web.app_state}})


# The body


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_pages_say_who_and_how(web: Web, language: str) -> None:
    body = web.app_state.pages.site.body
    about = html.unescape((await web.client.get(f"/{language}/about")).text)
    assert body.imprint.organisation[language] in about
    assert body.imprint.responsible[language] in about
    assert body.about[language].split("\n\n")[0].strip() in about
    contact = (await web.client.get(f"/{language}/contact")).text
    assert f"mailto:{body.contact.email}" in contact
    assert "binnen 5 werkdagen" in contact or "within 5 working days" in contact
    assert body.contact.phone
    assert body.contact.phone in contact
    privacy = html.unescape((await web.client.get(f"/{language}/privacy")).text)
    assert body.privacy.controller[language] in privacy
    assert f"mailto:{body.privacy.officer}" in privacy
    assert f'href="{body.privacy.authority.to(language)}"' in privacy


@pytest.mark.parametrize("path", ["/nl", "/en/about", "/en/contact", "/nl/accessibility", "/nl/petitions"])
async def test_the_foot_of_a_page_leads_to_the_body(web: Web, path: str) -> None:
    text = (await web.client.get(path)).text
    for link in web.app_state.pages.site.body.footer:
        assert f'<a href="{link.to(path[1:3])}">{link.text[path[1:3]]}</a>' in text
    assert f'href="/{path[1:3]}/contact"' in text


@pytest.mark.parametrize("name", packaged_sites())
def test_every_body_has_its_own_name_and_look(name: str) -> None:
    pages = pages_of(name)
    text = pages.render("about/about.html", "en").decode()
    body = pages.site.body
    assert f" – {pages.site.name_in('en')}</title>" in text
    assert body.tagline["en"] in text
    assert pages.style.light["petitions-hero-bg"] in text
    assert ('class="logo" src="data:image/svg+xml;base64,' in text) == bool(body.logo)


def test_a_logo_with_the_name_in_it_says_the_name_once() -> None:
    body = load_site("municipality")
    assert body.logo
    drawn = body.model_copy(update={"logo": body.logo.model_copy(update={"shows_name": True})})
    style = Style(load_theme("municipality"), load_logo(body.logo.file, FOLDER))
    beside = Pages(Site(body.name, body.tagline, body=body), style=style).render("about/about.html", "en").decode()
    inside = Pages(Site(body.name, body.tagline, body=drawn), style=style).render("about/about.html", "en").decode()
    assert 'width="48" height="40" alt=""' in beside
    assert f"<span>{body.name}<small>" in beside
    assert f'width="48" height="40" alt="{body.name}"' in inside
    assert f"<span>{body.name}<small>" not in inside


def test_a_large_logo_is_a_file_of_its_own() -> None:
    small, large = (b'<svg viewBox="0 0 4 4">' + b" " * room + b"</svg>" for room in (10, 5_000))
    assert Style(load_theme("default"), small).logo_address.startswith("data:image/svg+xml;base64,")
    assert re.fullmatch(r"/style/logo\.svg\?v=[0-9a-f]{8}", Style(load_theme("default"), large).logo_address)


async def test_the_logo_is_served_as_a_drawing_that_can_do_nothing(web: Web) -> None:
    app_state = replace(web.app_state, pages=pages_of("municipality"))
    from petitions.http.style import file

    asked = request(web, "/style/logo.svg")
    asked.scope["path_params"] = {"file": "logo.svg"}
    asked.state.app_state = app_state
    response = await file(asked)
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"


# The accessibility statement


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_statement_is_complete(web: Web, language: str) -> None:
    text = (await web.client.get(f"/{language}/accessibility")).text
    said = web.app_state.pages.site.body.accessibility
    assert ("nog niet door anderen getest" if language == "nl" else "not yet tested by others") in text
    assert ("25 november 2026" if language == "nl" else "25 November 2026") in text
    assert f"mailto:{said.email}" in text
    assert f'href="{said.complaint.to(language)}"' in text
    assert text.count("<li>") > 15


def test_the_statement_claims_only_tests_that_exist() -> None:
    for check in CHECKED:
        assert check.tests
        for test in check.tests:
            path, _, name = test.partition("::")
            text = (ROOT / path).read_text("utf-8")
            assert f"def {name or 'test_'}" in text, test


def test_a_body_that_was_tested_says_so() -> None:
    body = load_site("default")
    known = {"nl": "De knop is klein.", "en": "The button is small."}
    said = body.accessibility.model_copy(update={"status": "partial", "report": "https://r.example", "gaps": (known,)})
    pages = Pages(Site(body.name, body.tagline, body=body.model_copy(update={"accessibility": said})))
    text = pages.render("about/accessibility.html", "nl", checked=(), unchecked=(), gaps=()).decode()
    assert "voldoet deels aan WCAG 2.2, niveau AA" in text
    assert "De knop is klein." in text
    assert 'href="https://r.example"' in text


# Errors


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ERRORS)
async def test_every_error_says_what_to_do_next(web: Web, status: int, language: str) -> None:
    response = answer(request(web, f"/{language}/nothing"), status, "1a2b3c4d" if status == 500 else "")
    text = bytes(response.body).decode()
    assert response.status_code == status
    main = text.partition("<main")[2].partition("</main>")[0]
    assert len(re.findall(r"<h1", main)) == 1
    assert len(re.findall(r"<li>", main)) >= 2
    assert f'href="/{language}/petitions"' in main
    assert f'href="/{language}/contact"' in main
    assert ("1a2b3c4d" in main) == (status == 500)
    assert ('role="search"' in main) == (status in (404, 410))
    assert (response.headers.get("retry-after") is not None) == (status == 503)


async def test_an_error_about_a_petition_leads_back_to_it(web: Web) -> None:
    for status, there in ((409, True), (503, True), (404, False)):
        text = bytes(answer(request(web, "/nl/petitions/12/sign"), status).body).decode()
        assert ('class="button button--primary" href="/nl/petitions/12"' in text) == there, status


async def test_an_error_at_a_desk_leads_back_to_the_desk(web: Web) -> None:
    text = bytes(answer(request(web, "/staff/petitions/999"), 404).body).decode()
    assert 'class="button button--primary" href="/staff"' in text
    assert 'role="search"' not in text
    refused = bytes(answer(request(web, "/committee"), 403).body).decode()
    assert 'href="/committee"' not in refused
    assert 'href="/staff/sign-in"' in refused


async def test_errors_need_no_database(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise UnavailableError

    monkeypatch.setattr(web.world.service.database, "connection", away)
    gone = await web.client.get("/nl/petitions?q=iets")
    assert gone.status_code == 503
    assert "Probeer het over een paar seconden opnieuw" in gone.text
    assert (await web.client.get("/nl/nergens/iets")).status_code == 404
    for path in ("/nl/about", "/nl/contact", "/en/accessibility"):
        assert (await web.client.get(path)).status_code == 200, path


async def test_a_broken_template_still_ends_in_a_page(web: Web, tmp_path: Path) -> None:
    (tmp_path / "errors").mkdir()
    (tmp_path / "errors" / "error.html").write_text("{{ nobody }}", encoding="utf-8")
    broken = replace(web.app_state, pages=Pages(web.app_state.pages.site, templates_dir=tmp_path))
    asked = request(web, "/nl/nothing")
    asked.state.app_state = broken
    response = answer(asked, 500, "1a2b3c4d")
    text = bytes(response.body).decode()
    assert response.status_code == 500
    assert "1a2b3c4d" in text
    assert "Er ging iets mis bij ons" in text
    assert "Something went wrong on our side" in text
