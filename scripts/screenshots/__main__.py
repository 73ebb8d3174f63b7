"""Take the pictures: every place in every look, and what the start form and the sign form say on the way."""

import html
import itertools
import sys
from collections.abc import Iterator
from typing import Final

from playwright.sync_api import BrowserContext, Page, sync_playwright

from scripts.screenshots.places import PEOPLE, STATES, Place, checks, desks, personal, public
from scripts.screenshots.stage import FOLDER, Stage, demonstration
from tests.stories.acts import fill_person, fresh_address, go_on, start
from tests.stories.conftest import CHROMIUM

LOOKS: Final = tuple(itertools.product(("light", "dark"), (1280, 390)))


def main(words: list[str]) -> None:
    """Every place whose name holds one of the words (none: all)."""
    with demonstration() as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=stage.url)
        context.set_default_timeout(20_000)
        camera = Camera(stage, context, words)
        for place in itertools.chain(public(stage), personal(stage), desks(stage), checks(stage)):
            camera.visit(place)
        camera.walk()
        browser.close()
    _index(camera.taken)
    print(f"{len(camera.taken)} pages, {len(camera.taken) * len(LOOKS)} pictures: {FOLDER / 'index.html'}")


class Camera:
    """Goes to places and takes pictures of them in every look."""

    def __init__(self, stage: Stage, context: BrowserContext, words: list[str]) -> None:
        self.stage = stage
        self.context = context
        self.words = words
        self.taken: dict[str, str] = {}
        self._who = ""

    def wanted(self, name: str) -> bool:
        """Whether this picture was asked for."""
        return not self.words or any(word in name for word in self.words)

    def visit(self, place: Place) -> None:
        """Go there as who may, and take the pictures."""
        if not self.wanted(place.name):
            return
        self._be(place.who)
        page = self.context.new_page()
        page.goto(place.path)
        self.take(page, place.name)
        page.close()

    def _be(self, who: str) -> None:
        if who == self._who:
            return
        self.context.clear_cookies()
        if who:
            person = self.stage.one(PEOPLE[who])
            secret = self.stage.session(person)
            self.context.add_cookies([{"name": "desk", "value": secret, "url": self.stage.url}])
        self._who = who

    def take(self, page: Page, name: str) -> None:
        """The pictures of what is shown now."""
        if not self.wanted(name):
            return
        for scheme, width in LOOKS:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True)
        self.taken[name] = page.url.removeprefix(self.stage.url)

    def walk(self) -> None:
        """The forms: every step of the start, with and without mistakes; signing and what comes after."""
        self._be("")
        page = self.context.new_page()
        if self.wanted("start"):
            for name in self._start(page):
                self.take(page, name)
        if self.wanted("sign"):
            for name in self._sign(page):
                self.take(page, name)
        page.close()

    def _start(self, page: Page) -> Iterator[str]:
        page.goto("/nl/petitions/new")
        go_on(page)
        yield "start-1-mistake"
        for scope, name in (("self", "start-other-door"), ("many", "")):
            page.goto("/nl/petitions/new")
            choice = page.locator(f"input[name=scope][value={scope}]")
            if choice.count():
                choice.check()
                go_on(page)
                if name:
                    yield name
        for number in range(2, 9):
            yield f"start-{number}"
            self._fill(page)
            go_on(page)
        start(page, "marieke@voorbeeld.example", "Een hek om het speelveld aan de Lindelaan")
        yield "start-check-mail"

    def _fill(self, page: Page) -> None:
        for name, value in ANSWERS.items():
            box = page.locator(f"main [name={name}]:not([type=hidden])")
            if not box.count():
                continue
            if box.first.get_attribute("type") in {"radio", "checkbox"}:
                page.locator(f"main [name={name}][value='{value}']").first.check()
            elif box.first.evaluate("box => box.tagName") == "SELECT":
                box.first.select_option(value)
            else:
                box.first.fill(value)
        fill_person(page, "marieke@voorbeeld.example")

    def _sign(self, page: Page) -> Iterator[str]:
        number = self.stage.one(f"{STATES['open']} limit 1")
        page.goto(f"/nl/petitions/{number}/sign")
        page.locator("main form button[type=submit]").last.click()
        yield "sign-mistake"
        page.goto(f"/nl/petitions/{number}/sign")
        fill_person(page, fresh_address())
        page.locator("main form button[type=submit]").last.click()
        yield "sign-check-mail"
        row = self.stage.rows("select petition_id, token_id from pending_signature order by signed_at desc limit 1")[0]
        page.goto(f"/nl/confirm/{self.stage.link('confirm', row['petition_id'], row['token_id'])}")
        yield "sign-confirm"
        page.locator("main form button[type=submit]").first.click()
        yield "sign-confirmed"


ANSWERS: Final = {
    "scope": "many",
    "decider": "municipality",
    "procedure": "nl-gemeente-initiatief",
    "eligible": "yes",
    "title": "Een hek om het speelveld aan de Lindelaan",
    "subject": "transport",
    "request": "Wij vragen de raad om een hek om het speelveld te zetten, zodat kinderen veilig kunnen spelen.",
    "reasons": "Het speelveld ligt naast een drukke weg. Vorige maand rende een kind de weg op achter een bal aan. "
    "Het ging net goed. De gemeente zei dat er geen geld is. Een hek kost minder dan een drempel. "
    "Wij willen niet wachten tot het misgaat. Daarom vragen wij de raad om dit jaar nog een hek te plaatsen.",
}


def _index(taken: dict[str, str]) -> None:
    """One page to look through all pictures."""
    rows = "".join(
        f"<h2>{html.escape(name)} <small>{html.escape(address.split('?')[0][:60])}</small></h2><p>"
        + "".join(
            f'<a href="{name}-{width}-{scheme}.png"><img loading="lazy" height="360" alt="{name}, {width} px, {scheme}"'
            f' src="{name}-{width}-{scheme}.png"></a> '
            for scheme, width in LOOKS
        )
        + "</p>"
        for name, address in taken.items()
    )
    text = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens</title><h1>Screens</h1>{rows}</html>'
    (FOLDER / "index.html").write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
