"""A tour of every page and state: each page as a person who may see it, and each walk through the forms.

Screenshots are taken on it, and the accessibility tests check every page of it.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from playwright.sync_api import BrowserContext, Page

from scripts.screenshots.failing import failing
from scripts.screenshots.more_places import more_places
from scripts.screenshots.places import PEOPLE, checks, desks, personal, public
from scripts.screenshots.stage import Demonstration
from scripts.screenshots.walks import colliding, deciding, handling, late, managing, saving, signing, starting

Walk = Callable[[Demonstration, Page], Iterator[str]]
See = Callable[[Page, str], None]

WALKS: Final[tuple[tuple[tuple[str, ...], str, Walk], ...]] = (
    (("start", "draft"), "", starting),
    (("saving",), "", saving),
    (("sign", "my-signature"), "", signing),
    (("manage", "sponsor"), "", managing),
    (("desk",), "administrator", deciding),
    (("desk",), "moderator", colliding),
    (("committee",), "clerk", handling),
    (("petition-overdue", "committee-overdue"), "", late),
    (("error",), "", failing),
)
"""The beginnings of the names of their pages, the role of the reader, and the walk."""


class PageTour:
    """Opens every page whose name contains one of the words (none: all), and passes it with its name to ``see``."""

    def __init__(self, stage: Demonstration, context: BrowserContext, see: See, words: Sequence[str] = ()) -> None:
        self._stage = stage
        self._context = context
        self._see = see
        self._words = words
        self._who = ""

    def go(self) -> None:
        """Open every page once."""
        page = self._context.new_page()
        for place in itertools.chain(*(part(self._stage) for part in (public, personal, desks, checks, more_places))):
            if not self._words or any(word in place.name for word in self._words):
                self._be(place.who)
                page.goto(place.path)
                self._see(page, place.name)
        page.close()
        for names, who, way in WALKS:
            if not self._words or any(word in name or name in word for word in self._words for name in names):
                self._be(who)
                page = self._context.new_page()
                for name in way(self._stage, page):
                    self._see(page, name)
                page.close()

    def _be(self, who: str) -> None:
        if who == self._who:
            return
        self._context.clear_cookies()
        if who:
            secret = self._stage.session(self._stage.one(PEOPLE[who]))
            self._context.add_cookies([{"name": "desk", "value": secret, "url": self._stage.url}])
        self._who = who
