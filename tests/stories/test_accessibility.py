"""Accessibility: axe finds nothing on any page or state of the tour, light and dark, wide and narrow."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from petitions.commands import run_demo, run_migrations
from petitions.settings import read
from petitions.sites.themes import packaged_themes
from scripts.screenshots.stage import Demonstration
from scripts.screenshots.tour import PageTour
from tests.conftest import run_apart
from tests.stories import acts
from tests.stories.axe import AXE, SOURCE, TAGS, faults
from tests.stories.conftest import Running, serving, sign_in
from tests.stories.seeding import Seeds
from tests.stories.waiting import PATIENCE, leads_on

FRAMES = ("embed-card", "embed-compact")
EVERYTHING = """async tags => {
  const said = await axe.run({runOnly: {type: 'tag', values: tags}, preload: false, iframes: false});
  const kinds = ['violations', 'incomplete', 'passes', 'inapplicable'].map(kind =>
    [kind, Object.fromEntries(said[kind].map(rule => [rule.id, rule.nodes]))]);
  return Object.fromEntries(kinds);
}"""


@pytest.fixture
def look(browser: Browser, running: Running) -> Iterator[BrowserContext]:
    """A visitor in whose pages axe may run (the pages themselves allow no script)."""
    context = browser.new_context(base_url=running.url)
    context.set_default_timeout(PATIENCE * 1000)
    yield context
    context.close()


async def seed(environ: dict[str, str]) -> None:
    """The content of the demonstration."""
    settings = read(environ)
    await run_migrations(settings)
    await run_demo(settings, datetime.now(UTC))


@pytest.mark.timeout(1200)
def test_every_page_and_state_of_the_tour(
    browser: Browser, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The pages of which pictures are taken: there is one list, so that none is seen by eyes only."""
    seen: dict[str, list[str]] = {}
    folder = tmp_path_factory.mktemp("demonstration")

    def redirect_after_post(page: Page, name: str) -> None:
        seen[name] = faults(page, is_frame=name in FRAMES)

    with serving(template_database, folder, lambda environ: run_apart(seed(environ))) as running:
        settings = read(running.environ)
        stage = Demonstration(running.url, settings.database_url, settings.secrets[-1])
        context = browser.new_context(base_url=running.url)
        context.set_default_timeout(PATIENCE * 1000)
        PageTour(stage, context, redirect_after_post).go()
        context.close()
    found = [f"{name}: {fault}" for name, faulty in seen.items() for fault in faulty]
    assert found == [], "\n".join(found)
    assert len(seen) > 100


def test_axe_says_the_same_when_it_is_fast(look: BrowserContext) -> None:
    """All that it says of a page with every component, and of the same page where a text cannot be read."""
    page = look.new_page()

    def said_by(axe: str, grey: str) -> dict[str, dict[str, object]]:
        page.goto("/styleguide?lang=nl")
        page.evaluate("grey => document.querySelectorAll('main p').forEach(one => { one.style.color = grey })", grey)
        page.evaluate(axe)
        said: dict[str, dict[str, object]] = page.evaluate(EVERYTHING, TAGS)
        return said

    for grey, is_read in (("rgb(40, 40, 40)", True), ("rgba(120, 120, 120, .7)", False)):
        fast = said_by(AXE, grey)
        assert fast == said_by(SOURCE, grey)
        assert ("color-contrast" not in fast["violations"]) is is_read


@pytest.mark.parametrize("theme", packaged_themes())
def test_every_component_in_every_theme(look: BrowserContext, theme: str) -> None:
    """Each part of a page in each state, in the colours of each body."""
    page = look.new_page()
    page.goto(f"/styleguide?theme={theme}&lang=nl")
    assert faults(page) == []


def test_what_only_the_script_shows_and_what_is_refused(look: BrowserContext, running: Running) -> None:
    """The counter of characters and similar titles while one types; a right that one cannot take from oneself."""
    page, found = look.new_page(), []
    email, title = acts.fresh_address(), "Plaats drinkwaterfonteinen bij de kinderboerderij"
    acts.start(page, email, title, procedure="nl-gemeente-initiatief")
    acts.confirm_start(page, running, email)
    acts.accept(page, running, title)
    page.context.clear_cookies()
    acts.to_title(page)
    page.locator("input[name=title]").press_sequentially("Een drinkwaterfontein bij de kinderboerderij " + "x" * 50)
    page.locator(".counter.error").wait_for()
    page.locator(".similar-now a").first.wait_for()
    found += faults(page)
    sign_in(page, running, Seeds(running).employ("Ruud Prins", role="administrator"))
    page.goto("/staff/people")
    leads_on(page.locator("main a:has-text('Ruud Prins')").first)
    page.locator("input[name=active]").uncheck()
    leads_on(page.locator("main form button[type=submit]").first)
    assert "Dit kunt u uzelf niet afnemen" in page.locator("main").inner_text()
    found += faults(page)
    assert found == []
