"""The main journeys once more in each language, with script and without: nothing here is found by its words."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.stories import acts
from tests.stories.conftest import Running, expect_soon

LANGUAGES = ("nl", "en")
SCRIPT = {"with script": True, "without script": False}
TITLES = {"nl": "Maak het bos bij de Lindelaan groter", "en": "Make the forest at Linden Lane larger"}


@pytest.fixture
def contexts(browser: Browser, running: Running) -> Iterator[list[BrowserContext]]:
    """Browsers of several people, closed at the end."""
    made: list[BrowserContext] = []
    yield made
    for context in made:
        context.close()


def visitor(browser: Browser, running: Running, made: list[BrowserContext], *, script: bool) -> tuple[Page, list[str]]:
    """Somebody on a phone, and the faults that the browser reports."""
    context = browser.new_context(
        base_url=running.url, java_script_enabled=script, viewport={"width": 390, "height": 844}
    )
    context.set_default_timeout(15_000)
    made.append(context)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    return page, faults


def spoken_in(page: Page, language: str) -> None:
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1


@pytest.mark.timeout(120)
@pytest.mark.parametrize("script", SCRIPT.values(), ids=SCRIPT)
@pytest.mark.parametrize("language", LANGUAGES)
def test_from_an_idea_to_a_signature_and_back(
    browser: Browser, running: Running, contexts: list[BrowserContext], language: str, script: bool
) -> None:
    title = f"{TITLES[language]} {'met' if script else 'zonder'}"
    page, faults = visitor(browser, running, contexts, script=script)
    starter, signer = acts.fresh_address(), acts.fresh_address()
    acts.start(page, starter, title, decider="national", procedure="nl-kamer-petitie", language=language)
    spoken_in(page, language)
    assert starter in page.locator("main").inner_text()
    page.goto(running.link(starter, "", f"/{language}/manage/"))
    page.locator("form:has(input[name=act][value=confirm]) button[type=submit]").first.click()
    spoken_in(page, language)

    moderator, _ = visitor(browser, running, contexts, script=script)
    acts.accept(moderator, running, title)

    expect_soon(page, f"/{language}/petitions?q={quote(title)}", title)
    page.locator(f"main a:has-text('{title}')").first.click()
    spoken_in(page, language)
    address = page.url
    page.goto(f"{address}/sign")
    page.locator("main form button[type=submit]").last.click()  # without anything filled in
    if not script or page.locator("#errors").count():
        assert page.locator("#errors a").count() >= 3
    acts.fill_person(page, signer)
    page.locator("main form button[type=submit]").last.click()
    spoken_in(page, language)
    assert signer in page.locator("main").inner_text()

    page.goto(running.link(signer, "", f"/{language}/confirm/"))
    spoken_in(page, language)
    page.locator("main form button[type=submit]").first.click()
    spoken_in(page, language)
    assert page.locator("main b").first.inner_text() == "1"
    expect_soon(page, address, "1")

    own = running.link(signer, "", f"/{language}/my-signature/")
    page.goto(own)
    page.locator("input[name=show_name]").check()
    page.locator("form:has(input[name=act][value=choose]) button[type=submit]").click()
    assert page.locator("input[name=show_name]").is_checked()
    expect_soon(page, address, acts.PERSON["name"])
    page.goto(own)
    page.locator("form:has(input[name=act][value=withdraw]) button[type=submit]").click()
    page.locator("form:has(input[name=sure]) button[type=submit]").click()
    spoken_in(page, language)
    page.goto(running.link(signer, "", f"/{language}/confirm/"))
    assert page.locator("main form").count() == 0  # what was taken back cannot be confirmed again
    assert [fault for fault in faults if "410" not in fault and "400" not in fault] == []
