"""What a screen reader is given on the main journeys: the accessibility tree of each page, kept as golden files.

A change shows as a difference that somebody must read. ``RENEW_GOLDEN=1`` writes the files anew. Dates, numbers and
addresses differ from run to run and stand as such in the files.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.stories import acts
from tests.stories.conftest import Running
from tests.stories.mails import link_in
from tests.stories.seeding import Seeds
from tests.stories.waiting import PATIENCE, leads_on

GOLDEN = Path(__file__).parent / "golden"
TITLE = "Laat de bibliotheek ook op zondag open"
MONTHS = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|jan|feb|mrt|apr|jun|jul"
    "|aug|sep|okt|nov|dec"
)
VARYING = (
    (re.compile(r"https?(?::|%3A)//localhost(?::|%3A)\d+"), "ORIGIN"),
    (re.compile(r"/(confirm|my-signature|manage|sponsor)/[\w.~-]+"), r"/\1/TOKEN"),
    (re.compile(r"mens-[0-9a-f]+@"), "ADDRESS@"),
    (re.compile(rf"\b\d{{1,2}} (?:{MONTHS})(?: \d{{4}})?( om \d\d\.\d\d uur)?"), "DATE"),
    (re.compile(r"(Nummer|nummer) \d+"), r"\1 N"),
    (re.compile(r"petitions/\d+"), "petitions/N"),
    (re.compile(r"petition-\d+"), "petition-N"),
    (re.compile(r"petition=\d+"), "petition=N"),
    (re.compile(r"(petitie|petition)%20\d+"), r"\1%20N"),
)


def spoken(page: Page) -> str:
    """The accessibility tree of the page that is shown, without what differs from run to run."""
    text = page.title() + "\n" + page.locator("body").aria_snapshot() + "\n"
    for pattern, stand_in in VARYING:
        text = pattern.sub(stand_in, text)
    return text


def compare(page: Page, name: str) -> list[str]:
    """Nothing when the page is what the golden file says; else where they begin to differ."""
    found, path = spoken(page), GOLDEN / f"{name}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, "utf-8")
    wanted = path.read_text("utf-8") if path.exists() else ""
    if found == wanted:
        return []
    pairs = zip(found.splitlines(), [*wanted.splitlines(), *[""] * len(found)], strict=False)
    number, (new, old) = next(((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1]), (0, ("", "(more)")))
    return [f"{name}, line {number}: {new.strip()!r}, not {old.strip()!r}"]


@pytest.fixture
def listener(browser: Browser, running: Running) -> Iterator[Page]:
    context = browser.new_context(base_url=running.url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


def test_what_is_heard_from_start_to_signature(listener: Page, running: Running) -> None:
    page, email, found = listener, acts.fresh_address(), []
    page.goto("/nl/petitions/new")
    found += compare(page, "start-first-question")
    acts.go_on(page)
    found += compare(page, "start-mistake")
    acts.start(page, email, TITLE, procedure="nl-kamer-petitie", decider="national")
    found += compare(page, "start-check-mail")
    acts.confirm_start(page, running, email)
    found += compare(page, "manage")
    address = f"/nl/petitions/{Seeds(running).accept(TITLE)}"
    page.goto(address)
    found += compare(page, "petition")
    page.goto(f"{address}/sign")
    found += compare(page, "sign")
    leads_on(page.locator("main form button[type=submit]").last)
    found += compare(page, "sign-mistake")
    signer = acts.fresh_address()
    acts.sign(page, address, signer)
    found += compare(page, "sign-check-mail")
    mail = running.mail(signer, "Bevestig uw handtekening")
    page.goto(link_in(mail, "/confirm/"))
    found += compare(page, "confirm")
    leads_on(page.locator("main form button[type=submit]").first)
    found += compare(page, "confirmed")
    page.goto(link_in(mail, "/my-signature/"))
    found += compare(page, "my-signature")
    assert found == []
