"""Somebody who follows without an account: chooses, confirms, changes, and stops; without a script or a cookie."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.stories import acts
from tests.stories.axe import faults
from tests.stories.conftest import Running
from tests.stories.test_accessibility import look
from tests.stories.waiting import PATIENCE, leads_on

__all__ = ["look"]


@pytest.fixture
def visitor(browser: Browser, running: Running) -> Iterator[Page]:
    """A visitor without script."""
    context = browser.new_context(base_url=running.url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def test_follow_confirm_change_and_stop(visitor: Page, running: Running) -> None:
    page, email = visitor, acts.fresh_address()
    page.goto("/nl")
    leads_on(page.get_by_role("link", name="Petities volgen per e-mail"))
    page.get_by_label("Welke petities?").select_option(label="Petities over: Onderwijs")
    page.get_by_label("Eén keer per dag").check()
    leads_on(page.get_by_role("button", name="Volgen"))
    assert "Er ging iets mis" in page.locator("#errors").inner_text()
    assert page.get_by_label("Eén keer per dag").is_checked()
    page.get_by_label("E-mailadres").fill(email)
    leads_on(page.get_by_role("button", name="Volgen"))
    assert email in page.locator("main").inner_text()
    page.goto(running.link(email, "Bevestig wat u wilt volgen", "/follow/confirm/"))
    leads_on(page.get_by_role("button", name="Ja, ik wil dit volgen"))
    leads_on(page.get_by_role("link", name="Bekijk alles wat ik volg"))
    assert "Petities over: Onderwijs" in page.locator("main").inner_text()
    leads_on(page.get_by_role("link", name="Wijzig"))
    page.get_by_label("Mijlpalen").check()
    leads_on(page.get_by_role("button", name="Bewaar mijn keuzes"))
    assert "Uw keuzes zijn bewaard." in page.get_by_role("status").inner_text()
    page.goto("/nl/follow/link")
    page.get_by_label("E-mailadres").fill(email)
    leads_on(page.get_by_role("button", name="Mail mij de link"))
    page.goto(running.link(email, "Uw link naar wat u volgt", "/following/"))
    leads_on(page.get_by_role("button", name="Met alles stoppen en mijn adres wissen"))
    leads_on(page.get_by_role("button", name="Ja, stop met alles"))
    assert "Wij hebben uw adres gewist." in page.locator("main").inner_text()


def test_the_pages_of_a_follower_are_for_everybody(look: BrowserContext, running: Running) -> None:
    """axe finds nothing on the form with mistakes, the mail page, the buttons, and all that is followed."""
    page, email = look.new_page(), acts.fresh_address()
    page.goto("/en/follow?subject=health")
    leads_on(page.locator("main form button[type=submit]"))
    found = faults(page)
    page.locator("#email").fill(email)
    leads_on(page.locator("main form button[type=submit]"))
    found += faults(page)
    page.goto(running.link(email, "Confirm what you want to follow", "/follow/confirm/"))
    found += faults(page)
    leads_on(page.locator("main form button[type=submit]"))
    found += faults(page)
    leads_on(page.locator("main a.button"))
    found += faults(page)
    leads_on(page.locator("main a.button").first)
    found += faults(page)
    assert found == []
