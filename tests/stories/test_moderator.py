"""Moderators: a refusal by two, an objection and a third who decides; a phone-sized screen and only the keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.stories import acts
from tests.stories.conftest import MODERATORS, Running, sign_in
from tests.stories.test_accessibility import faults, look

__all__ = ["look"]
TITLE = "Maak een wet voor stille treinen in de nacht"


@pytest.fixture
def scripted(browser: Browser, running: Running) -> Iterator[Page]:
    """A phone-sized screen whose browser runs scripts."""
    context = browser.new_context(base_url=running.url, viewport={"width": 390, "height": 844})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def press_until(page: Page, selector: str, key: str = "Tab", at_most: int = 60) -> None:
    """Press a key until the focus is there."""
    for _ in range(at_most):
        if page.evaluate("place => document.activeElement.matches(place)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} cannot be reached with {key} in {at_most} presses on {page.url}")


def started(page: Page, running: Running, title: str) -> str:
    """A petition that two must refuse, waiting at the desk; the address of its management page."""
    email = acts.fresh_address()
    acts.start(page, email, title, decider="national", procedure="nl-burgerinitiatief")
    return acts.confirm_start(page, running, email)


def test_a_refusal_by_two_an_objection_and_a_third(page: Page, running: Running) -> None:
    title = "Geef elke trein een stille coupé in de avond"
    manage = started(page, running, title)
    sign_in(page, running, MODERATORS[0])
    acts.open_at_desk(page, title)
    page.locator("#reject > summary").click()
    page.locator("#reject input[name=ground][value=no_clear_proposal]").check()
    page.locator("#reject button[name=fill][value=nl]").click()
    assert page.locator("#reason").input_value().startswith("Wij lezen niet welke regel of welk beleid u wilt")
    page.locator("#reject button.button--danger").click()
    expect(page.locator("main")).to_contain_text("Uw voorstel wacht op een tweede lezer.")
    assert page.locator("input[name=act][value=agree]").count() == 0

    page.context.clear_cookies()
    sign_in(page, running, MODERATORS[1])
    page.goto("/staff?show=second")
    page.locator("tr", has_text=title).locator("button[type=submit]").click()
    page.locator("form:has(input[name=act][value=agree]) button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("De petitie is afgewezen.")

    page.context.clear_cookies()
    page.goto(manage)
    page.locator("#objecting summary").click()
    page.locator("#objecting [name=objection]").fill("Er staat wel een regel in: artikel 12 van de Spoorwegwet.")
    page.locator("#objecting button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Uw bezwaar ligt bij ons")

    sign_in(page, running, MODERATORS[2])
    page.goto("/staff?show=objections")
    page.locator("tr", has_text=title).locator("a.button").click()
    page.locator("#objection [name=objection_reason]").fill("U heeft gelijk. De tekst noemt de wet.")
    page.locator("#objection button[value=uphold]").click()
    page.locator("form:has(input[name=act][value=accept]) button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("De petitie is open.")
    page.context.clear_cookies()
    acts.petition_address(page, title)
    expect(page.locator("main")).to_contain_text("Het bezwaar is gegrond: de afwijzing vervalt")


def test_the_desk_with_the_keyboard_only(scripted: Page, running: Running) -> None:
    page = scripted
    started(page, running, TITLE)
    sign_in(page, running, MODERATORS[3])
    page.goto("/staff")
    page.keyboard.press("t")  # off until switched on
    page.keyboard.press("q")
    assert page.url.endswith("/staff")
    page.goto("/staff/help")
    press_until(page, "#shortcuts-switch")
    page.keyboard.press("Enter")
    expect(page.locator("#shortcuts-switch")).to_have_attribute("aria-checked", "true")
    page.keyboard.press("q")
    page.wait_for_url("**/staff")
    press_until(page, "tbody th a", key="j", at_most=3)
    page.keyboard.press("/")
    page.keyboard.type("qtj")  # letters in a field are letters
    assert page.locator("#q").input_value() == "qtj"
    page.goto(f"/staff/petitions/{waiting(page)}")
    page.keyboard.press("u")
    page.wait_for_selector("#reject")
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.name") == "ground"
    page.keyboard.press("Space")
    press_until(page, "button[name=fill]", at_most=2)
    page.keyboard.press("Enter")
    expect(page.locator("#reason:focus")).not_to_be_empty()
    page.keyboard.press("Control+A")
    page.keyboard.type("Het gaat over de trein van een persoon.")
    press_until(page, "#reject button.button--danger", at_most=2)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Uw voorstel wacht op een tweede lezer.")
    page.goto("/staff/help")
    press_until(page, "#shortcuts-switch")
    page.keyboard.press("Enter")
    page.keyboard.press("q")
    expect(page.locator("#shortcuts-switch")).to_have_attribute("aria-checked", "false")
    assert page.url.endswith("/staff/help")


def waiting(page: Page) -> str:
    """The number of the petition in the queue."""
    page.goto("/staff")
    address = page.locator("tbody th a", has_text=TITLE).get_attribute("href")
    assert address
    return address.rsplit("/", 1)[1]


def test_axe_at_the_desk(look: BrowserContext, running: Running) -> None:
    """Every page of the desk, with its parts open."""
    page = look.new_page()
    title = "Laat treinen in de nacht zachter fluiten voor de buurt"
    started(page, running, title)
    sign_in(page, running, MODERATORS[4])
    found = []
    acts.open_at_desk(page, title)
    page.locator("#reject > summary").click()
    page.locator("#reject input[name=ground]").first.check()
    page.locator("#reject button[name=fill]").first.click()
    found += faults(page)
    page.locator("#reject button.button--danger").click()
    found += faults(page)  # an open place is refused
    for address in (
        "/staff?whose=mine&subject=transport",
        "/staff?subject=abroad",
        "/staff?show=second",
        "/staff?show=objections",
        "/staff?show=decided",
        "/staff/help",
        "/staff/mails",
        "/staff/mails/initiator-rejected",
    ):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        found += faults(page)
    assert found == []
