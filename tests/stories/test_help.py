"""What the script of the site adds, and that all works without it: counters, similar titles, sharing, the count.

(Search, and save and go on later: test_journeys_of_citizens.)
"""

import pytest
from playwright.sync_api import Page, expect

from tests.stories import acts
from tests.stories.conftest import CLIENT, Running
from tests.stories.seeding import Seeds
from tests.stories.waiting import until

BOTH = pytest.mark.parametrize(
    ("page", "with_script"),
    [(False, False), (True, True)],
    ids=["without script", "with script"],
    indirect=["page"],
)


def watched(page: Page) -> list[str]:
    """What the browser complains about, and what it asks of anybody else."""
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: wrong.append(asked.url) if "//localhost" not in asked.url else None)
    return wrong


def known_to_be(running: Running, petition: int, count: int) -> None:
    """Wait until the counter says so: it is read once a second."""
    address = f"{running.url}/embed/petitions/{petition}.json"
    until(lambda: CLIENT.get(address).json()["count"] == count, lambda: f"the counter is not {count}", pause=0.2)


def opened(running: Running, title: str) -> int:
    """An open petition; its number."""
    return Seeds(running).do(lambda world, now: world.opened("nl-kamer-petitie", now=now, title=title)).petition_id


@BOTH
def test_a_petition_is_shared_and_found_before_another_like_it_is_written(
    page: Page, running: Running, *, with_script: bool
) -> None:
    wrong = watched(page)
    title = "Zet fietsenstallingen bij de sporthal" if with_script else "Zet fietsenstallingen bij het zwembad"
    address = f"/nl/petitions/{opened(running, title)}"
    page.goto(address)
    page.locator("summary", has_text="Deel deze petitie").click()
    expect(page.locator("a[href^='https://wa.me/']")).to_be_visible()
    expect(page.locator("[data-copy]")).to_be_visible(visible=with_script)

    acts.to_title(page)
    similar = f"Een stalling voor fietsen bij {title.split()[-2]} {title.rsplit(maxsplit=1)[-1]}"
    page.locator("input[name=title]").press_sequentially(similar)
    if with_script:
        expect(page.locator(".counter").first).to_contain_text(f"Nog {80 - len(similar)} tekens")
        expect(page.locator(".similar-now a").first).to_have_attribute("href", address)
    else:
        assert page.locator(".counter").count() == 0
        page.locator("select[name=subject]").select_option("transport")
        acts.go_on(page)
        expect(page.locator("main")).to_contain_text(title)
    assert wrong == []


@pytest.mark.parametrize("page", [True], ids=["with script"], indirect=True)
def test_no_button_moves_while_it_is_pressed(page: Page, running: Running) -> None:
    """Else it is let go beside the button, and the press is lost: on a slow machine, and by who presses slowly."""
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    acts.to_title(page)
    page.locator("input[name=title]").fill("Zet een bankje bij de vijver")
    page.locator("select[name=subject]").select_option("transport")
    button = page.locator("main button[name=go][value=on]").first
    button.hover()
    before = button.bounding_box()
    page.mouse.down()
    page.clock.fast_forward(650)  # the counter is due after 400
    assert button.bounding_box() == before
    with page.expect_navigation():
        page.mouse.up()
    expect(page.locator("textarea[name=request]")).to_be_visible()
    page.locator("textarea[name=request]").fill("Een bankje.")
    page.locator("main h1").click()
    page.clock.fast_forward(650)
    expect(page.locator(".counter").first).to_be_visible()  # it comes after all


@pytest.mark.parametrize("page", [True], ids=["with script"], indirect=True)
def test_the_count_follows_while_one_looks(page: Page, running: Running) -> None:
    wrong = watched(page)
    petition = opened(running, "Leg een pad aan langs de vaart")
    address = f"/nl/petitions/{petition}"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(".json") else None)
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # the time of the page goes on only when it is told to
    page.goto(address)
    expect(page.locator("main .count")).to_have_text("0")
    acts.sign_by_post(running, petition, 2)
    known_to_be(running, petition, 2)
    page.clock.fast_forward(29_000)
    assert asked == []  # not more often than every half minute
    page.clock.fast_forward(17_000)
    expect(page.locator("main .count")).to_have_text("2")
    expect(page.locator("p[aria-live=polite] .count")).to_be_visible()
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    seen = len(asked)
    page.clock.fast_forward(120_000)
    assert len(asked) == seen  # nobody looks
    assert wrong == []
