"""Take the screenshots: every page in every look (light, dark, wide, narrow), and every walk through the forms."""

import html
import itertools
import sys
from typing import Final

from playwright.sync_api import Page, sync_playwright

from scripts.screenshots.stage import FOLDER, Demonstration, demonstration
from scripts.screenshots.tour import PageTour
from tests.stories.conftest import CHROMIUM

DEFECT: Final = ("Er ging iets mis bij ons", "Something went wrong on our side")
"""The beginnings of the title of the page for a defect (500)."""
LOOKS: Final = tuple(itertools.product(("light", "dark"), (1280, 390)))


def main(words: list[str]) -> None:
    """Take the pages whose name contains one of the words (none: all)."""
    if not words:
        for path in FOLDER.glob("*.png"):
            path.unlink()
    with demonstration(fresh=not words) as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=stage.url)
        context.set_default_timeout(20_000)
        camera = Camera(stage, words)
        PageTour(stage, context, camera.take, words).go()
        browser.close()
    _index(camera.taken)
    print(f"{len(camera.taken)} pages, {len(camera.taken) * len(LOOKS)} pictures: {FOLDER / 'index.html'}")


class Camera:
    """Takes screenshots of a page in every look."""

    def __init__(self, stage: Demonstration, words: list[str]) -> None:
        self.stage = stage
        self.words = words
        self.taken: dict[str, str] = {}

    def wanted(self, name: str) -> bool:
        """Whether this screenshot was asked for."""
        return not self.words or any(word in name for word in self.words)

    def take(self, page: Page, name: str) -> None:
        """Take the screenshots of a page as it is now."""
        if not self.wanted(name):
            return
        if name != "error-500" and page.title().startswith(DEFECT):
            raise SystemExit(f"{name}: a defect instead of a page")
        for scheme, width in LOOKS:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True)
        self.taken[name] = page.url.removeprefix(self.stage.url)


def _index(taken: dict[str, str]) -> None:
    """The index page of all screenshots: those of this run with their addresses, and those of earlier ones."""
    names = sorted({path.stem.rsplit("-", 2)[0] for path in FOLDER.glob("*.png")})
    rows = "".join(
        f"<h2>{html.escape(name)} <small>{html.escape(taken.get(name, '').split('?')[0][:60])}</small></h2><p>"
        + "".join(
            f'<a href="{name}-{width}-{scheme}.png"><img loading="lazy" height="360" alt="{name}, {width} px, {scheme}"'
            f' src="{name}-{width}-{scheme}.png"></a> '
            for scheme, width in LOOKS
        )
        + "</p>"
        for name in names
    )
    text = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Screens</title><h1>Screens</h1>{rows}</html>'
    (FOLDER / "index.html").write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
