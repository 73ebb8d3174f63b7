"""A moderator with a phone-sized screen and only the keyboard. (The journeys at the desk: test_journeys_of_staff.)"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories.axe import faults
from tests.stories.conftest import Running
from tests.stories.person import Person, at_desk
from tests.stories.seeding import Seeds
from tests.stories.waiting import PATIENCE

TITLE = "Maak een wet voor stille treinen in de nacht"


@pytest.fixture
def scripted(browser: Browser, running: Running) -> Iterator[Page]:
    """A phone-sized screen whose browser runs scripts."""
    context = browser.new_context(base_url=running.url, viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


def press_until(page: Page, selector: str, key: str = "Tab", at_most: int = 60) -> None:
    """Press a key until the focus is there."""
    for _ in range(at_most):
        if page.evaluate("place => document.activeElement.matches(place)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{selector} cannot be reached with {key} in {at_most} presses on {page.url}")


def test_the_desk_with_the_keyboard_only(scripted: Page, running: Running) -> None:
    page = scripted
    seeds = Seeds(running)
    seeds.do(lambda world, now: world.moderated("nl-burgerinitiatief", now=now, title=TITLE))
    at_desk(Person(page, running, "nl"), seeds, "Noor Bakker", role="moderator")
    page.goto("/staff")
    page.keyboard.press("t")  # off until switched on
    page.keyboard.press("q")
    assert page.url.endswith("/staff")
    page.goto("/staff/help")
    press_until(page, "#shortcuts-switch")
    page.keyboard.press("Enter")
    expect(page.locator("#shortcuts-switch")).to_have_attribute("aria-checked", "true")
    with page.expect_navigation(url="**/staff"):
        page.keyboard.press("q")
    press_until(page, "tbody th a", key="j", at_most=3)
    page.keyboard.press("/")
    page.keyboard.type("qtj")  # letters in a field are letters
    assert page.locator("#q").input_value() == "qtj"
    page.goto(f"/staff/petitions/{waiting(page)}")
    with page.expect_navigation():
        page.keyboard.press("u")
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.name") == "ground"
    page.keyboard.press("Space")
    press_until(page, "button[name=fill]", at_most=2)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#reason:focus")).not_to_be_empty()
    assert faults(page) == []
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
