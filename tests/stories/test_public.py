"""A reader of public pages: home, search, procedures, the embedded counter; nothing is stored about them."""

from playwright.sync_api import Page, expect

from tests.stories import acts
from tests.stories.conftest import CLIENT, Running
from tests.stories.seeding import Seeds


def test_reader_finds_reads_and_embeds(page: Page, running: Running) -> None:
    title = "Plant bomen langs de Stationsweg"
    Seeds(running).do(lambda world, now: world.opened("nl-kamer-petitie", now=now, title=title))

    page.goto("/")
    assert page.url.endswith(("/nl", "/en"))
    address = acts.petition_address(page, title)
    expect(page.locator("h1")).to_have_text(title)
    assert page.locator("h1").count() == 1
    number = address.rsplit("/", 1)[1]
    page.goto(f"/embed/petitions/{number}?lang=nl")
    expect(page.locator("body")).to_contain_text(title)
    counter = CLIENT.get(f"{running.url}/embed/petitions/{number}.json")
    assert counter.json()["count"] == 0
    assert counter.headers["access-control-allow-origin"] == "*"
    badge = CLIENT.get(f"{running.url}/embed/petitions/{number}.svg")
    assert badge.headers["content-type"].startswith("image/svg+xml")

    for path in ("/nl/procedures", "/en/procedures/nl-gemeente-initiatief", "/nl/committees", "/en/how-it-works"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.context.cookies() == []
