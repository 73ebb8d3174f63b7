"""Help where it counts: search, save and go on later, the same with the script of the site and without it."""

import re
import time

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.stories import acts
from tests.stories.conftest import PATIENCE, Running, press

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
    deadline = time.monotonic() + PATIENCE
    while httpx.get(f"{running.url}/embed/petitions/{petition}.json", timeout=10).json()["count"] != count:
        assert time.monotonic() < deadline
        time.sleep(0.2)


@BOTH
def test_a_petition_is_saved_found_again_and_shared(page: Page, running: Running, *, with_script: bool) -> None:
    wrong = watched(page)
    email = acts.fresh_address()
    title = "Zet fietsenstallingen bij de sporthal" if with_script else "Zet fietsenstallingen bij het zwembad"

    acts.to_title(page)
    page.locator("input[name=title]").press_sequentially(title)
    if with_script:
        expect(page.locator(".counter").first).to_contain_text(f"Nog {80 - len(title)} tekens")
    else:
        assert page.locator(".counter").count() == 0
    page.locator("select[name=subject]").select_option("transport")
    page.locator("button[value=save]").click()
    page.locator("input[name=save_to]").fill(email)
    press(page, "Mail mij de link")
    expect(page.locator("main")).to_contain_text("Uw tekst is opgeslagen")
    assert title not in running.mail(email, "Ga verder met uw petitie")["text"]
    page.goto(running.link(email, "Ga verder met uw petitie", "/saved/"))
    press(page, "Verder waar ik was")
    assert page.locator("input[name=title]").input_value() == title
    acts.go_on(page)
    if not page.locator("textarea[name=request]").count():
        acts.go_on(page)
    page.locator("textarea[name=request]").fill(acts.REQUEST)
    page.locator("textarea[name=reasons]").fill(acts.REASONS)
    acts.go_on(page)
    acts.fill_person(page, email)
    acts.go_on(page)
    acts.go_on(page)
    acts.confirm_start(page, running, email)
    expect(page.locator("main")).to_contain_text(re.compile(r"Stap \d van \d: wij controleren, uiterlijk"))
    acts.accept(page, running, title)
    page.context.clear_cookies()

    for words in ("stalling", "fietsenstalingen"):
        page.goto("/nl/petitions")
        page.locator("input[name=q]").fill(words)
        press(page, "Zoeken")
        page.get_by_role("link", name=title).first.click()
    address = page.url
    page.locator("summary", has_text="Deel deze petitie").click()
    expect(page.locator("a[href^='https://wa.me/']")).to_be_visible()
    expect(page.locator("[data-copy]")).to_be_visible(visible=with_script)

    acts.to_title(page)
    page.locator("input[name=title]").press_sequentially(
        f"Een stalling voor fietsen bij {title.split()[-2]} {title.rsplit(maxsplit=1)[-1]}"
    )
    if with_script:
        expect(page.locator(".similar-now a").first).to_have_attribute("href", address.replace(running.url, ""))
    else:
        page.locator("select[name=subject]").select_option("transport")
        acts.go_on(page)
        expect(page.locator("main")).to_contain_text(title)
    assert wrong == []


@pytest.mark.parametrize("page", [True], ids=["with script"], indirect=True)
def test_the_count_follows_while_one_looks(page: Page, running: Running) -> None:
    wrong = watched(page)
    email, title = acts.fresh_address(), "Leg een pad aan langs de vaart"
    acts.start(page, email, title)
    acts.confirm_start(page, running, email)
    acts.accept(page, running, title)
    page.context.clear_cookies()
    address = acts.petition_address(page, title)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(".json") else None)
    page.clock.install()
    page.goto(address)
    expect(page.locator("main .count")).to_have_text("0")
    petition = int(address.rsplit("/", 1)[1])
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
