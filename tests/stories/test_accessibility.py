"""Nobody is shut out: axe finds nothing on the pages that people meet, light and dark, wide and narrow."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from petitions.sites.themes import packaged_themes
from tests.stories import acts
from tests.stories.conftest import ADMINISTRATOR, MODERATORS, Running, sign_in

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKS = tuple(itertools.product(("light", "dark"), (1280, 390)))
PUBLIC = (
    "/nl",
    "/en",
    "/nl/petitions",
    "/nl/petitions?q=zzzz",
    "/nl/petitions/new",
    "/nl/petitions/99999",
    "/nl/procedures",
    "/nl/procedures/nl-burgerinitiatief",
    "/nl/committees",
    "/nl/how-it-works",
    "/nl/privacy",
    "/nl/accessibility",
    "/staff/sign-in",
)
TITLE = "Zet een hek om het speelveld aan de Lindelaan"


@pytest.fixture
def look(browser: Browser, running: Running) -> Iterator[BrowserContext]:
    """A visitor in whose pages axe may run (the pages themselves allow no script)."""
    context = browser.new_context(base_url=running.url, bypass_csp=True)
    context.set_default_timeout(15_000)
    context.add_init_script(AXE)
    yield context
    context.close()


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is shown, in every look."""
    found = [] if page.locator("h1").count() == 1 else [f"{page.url}: not one h1"]
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.set_viewport_size({"width": width, "height": 900})
        result = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
        found += [
            f"{page.url} {scheme} {width}: {fault['id']} {node['html'][:120]}"
            for fault in result["violations"]
            for node in fault["nodes"]
        ]
    page.set_viewport_size({"width": 320, "height": 900})
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{page.url}: scrolls sideways at 320 px")
    return found


def test_public_pages(look: BrowserContext) -> None:
    """Everybody can read what is public, also a page that is not there."""
    page = look.new_page()
    found = []
    for address in PUBLIC:
        page.goto(address)
        found += faults(page)
    assert found == []


@pytest.mark.parametrize("address", ["/nl/about", "/en/contact", "/nl/embed"])
def test_pages_about_the_body(look: BrowserContext, address: str) -> None:
    """Who runs this, how to reach them, and what others may put on their pages."""
    page = look.new_page()
    page.goto(address)
    assert faults(page) == []


@pytest.mark.parametrize("theme", packaged_themes())
def test_every_component_in_every_theme(look: BrowserContext, theme: str) -> None:
    """Each part of a page in each state, in the colours of each body."""
    page = look.new_page()
    page.goto(f"/styleguide?theme={theme}&lang=nl")
    assert faults(page) == []


def test_forms_with_mistakes_and_desks(look: BrowserContext, running: Running) -> None:
    """Forms that came back with messages, the manager's page, and the desks."""
    page, email = look.new_page(), acts.fresh_address()
    page.goto("/nl/petitions/new")
    acts.go_on(page)
    found = faults(page)
    acts.start(page, email, TITLE, procedure="nl-gemeente-initiatief")
    found += faults(page)
    acts.confirm_start(page, running, email)
    found += faults(page)
    sign_in(page, running, MODERATORS[-1])
    found += faults(page)
    acts.open_at_desk(page, TITLE)
    found += faults(page)
    page.locator("form:has(input[name=act][value=accept]) button[type=submit]").click()
    address = acts.petition_address(page, TITLE)
    found += faults(page)
    page.goto(f"{address}/sign")
    page.locator("main form button[type=submit]").last.click()
    assert page.locator("#errors li").count() > 1
    found += faults(page)
    for part in ("embed", "versions/1", "dossier"):
        page.goto(f"{address}/{part}")
        found += faults(page)
    page.locator("#timeline .timeline a").first.click()
    found += faults(page)
    page.context.clear_cookies()
    sign_in(page, running, "griffie@kantoor.example")
    found += faults(page)
    assert found == []


def test_the_desk_of_administrators(look: BrowserContext, running: Running) -> None:
    """Who works here, one person with a refusal, every mail, and the help."""
    page, found = look.new_page(), []
    sign_in(page, running, ADMINISTRATOR)
    for address in ("/staff/people", "/staff/people/1", "/staff/mails", "/staff/help"):
        page.goto(address)
        found += faults(page)
    page.goto("/staff/people")
    page.locator("main a:has-text('Ruud Prins')").first.click()
    page.locator("input[name=active]").uncheck()
    page.locator("main form button[type=submit]").first.click()
    assert "Dit kunt u uzelf niet afnemen" in page.locator("main").inner_text()
    found += faults(page)
    assert found == []


def test_saving_and_finding(look: BrowserContext, running: Running) -> None:
    """Save and go on later, with what the script adds to the form; a search that mends what was typed."""
    page, email, title = look.new_page(), acts.fresh_address(), "Plaats drinkwaterfonteinen bij de kinderboerderij"
    acts.start(page, email, title, procedure="nl-gemeente-initiatief")
    acts.confirm_start(page, running, email)
    acts.accept(page, running, title)
    page.goto("/nl/petitions?q=drinkwaterfonteine+ruimtevaart")
    found = faults(page)
    page.goto("/nl/petitions?q=kinderboerderji")
    assert "kinderboerderij" in page.locator(".notice").inner_text()
    found += faults(page)
    page.get_by_role("link", name=title).click()
    page.locator("summary", has_text="Deel deze petitie").click()
    found += faults(page)
    acts.to_title(page)
    page.locator("input[name=title]").press_sequentially("Een drinkwaterfontein bij de kinderboerderij " + "x" * 50)
    page.locator(".counter.error").wait_for()
    page.locator(".similar-now a").first.wait_for()
    found += faults(page)
    page.locator("button[value=save]").click()
    found += faults(page)
    page.locator("main button[type=submit]").first.click()
    found += faults(page)
    page.locator("input[name=save_to]").fill(email)
    page.locator("main button[type=submit]").first.click()
    found += faults(page)
    page.goto(running.link(email, "Ga verder met uw petitie", "/saved/"))
    found += faults(page)
    assert found == []
