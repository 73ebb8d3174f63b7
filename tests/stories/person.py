"""Somebody with a browser who reads the page: every control is found by its role and by the words of the catalogue.

So a journey is the same in every language, and it fails where a page speaks another one, where a control has no name,
or where a name changed and the catalogue did not.
"""

import html
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from petitions.locale import LANGUAGES, SOURCE_LANGUAGE, load_catalogue, read_catalogue
from petitions.mailbox.reads import CaughtMail
from tests.stories.conftest import Running, expect_soon
from tests.stories.mails import link_in
from tests.stories.seeding import Seeds
from tests.stories.waiting import PATIENCE, leads_on

SCRIPT = {"with script": True, "without script": False}
_TAG = re.compile(r"<[^>]+>")
_REFUSED = re.compile(r"the server responded with a status of 4\d\d")

every_way = pytest.mark.parametrize(
    "ways",
    [
        pytest.param((language, script), id=f"{language}, {name}")
        for language, (name, script) in itertools.product(LANGUAGES, SCRIPT.items())
    ],
)
"""Play it in each language, with script and without."""


@cache
def _known() -> Catalog:
    return read_catalogue(next(language for language in LANGUAGES if language != SOURCE_LANGUAGE))


def words(language: str, message: str, **values: object) -> str:
    """What a page says in this language: the translation of a message of the catalogue, without its tags."""
    assert _known().get(message) is not None, f"no page says {message!r} any more"
    text = load_catalogue(language).gettext(message)
    return html.unescape(_TAG.sub("", text % values if values else text.replace("%%", "%")))


class Person:
    """One person, one browser, one language."""

    def __init__(self, page: Page, running: Running, language: str) -> None:
        self.page = page
        self.running = running
        self.language = language

    def says(self, message: str, **values: object) -> str:
        """The words of this message in the language of this person."""
        return words(self.language, message, **values)

    def go(self, address: str) -> None:
        """Go to an address of the service."""
        self.page.goto(address)

    def go_by(self, mail: CaughtMail, part: str) -> None:
        """Follow the link in this mail that has this part."""
        self.go(link_in(mail, f"/{part}/"))

    def find(self, role: str, message: str, *, after: str = "", **values: object) -> Locator:
        """The control of this role with this name; ``after``: what follows for who does not see the page."""
        named = re.escape(self.says(message, **values))
        name = re.compile(rf"^{named}\s*{re.escape(after.strip())}$")
        return self.page.get_by_role(role, name=name)  # type: ignore[arg-type]

    def press(self, message: str, *, after: str = "") -> None:
        """Press the button with these words."""
        leads_on(self.find("button", message, after=after))

    def follow(self, message: str, *, after: str = "") -> None:
        """Follow the link with these words."""
        leads_on(self.find("link", message, after=after).first)

    def read_about(self, title: str) -> None:
        """Follow the link with the title of a petition."""
        leads_on(self.page.get_by_role("main").get_by_role("link", name=title).first)

    def fill(self, message: str, text: str, *, optional: bool = False) -> None:
        """Type into the field with this label."""
        self.find("textbox", message, after=self.says("(optional)") if optional else "").fill(text)

    def choose(self, message: str) -> None:
        """Choose one of several."""
        self.find("radio", message).check()

    def tick(self, message: str, *, optional: bool = False) -> None:
        """Tick a box."""
        self.find("checkbox", message, after=self.says("(optional)") if optional else "").check()

    def pick(self, message: str, option: str) -> None:
        """Choose from a list."""
        self.find("combobox", message).select_option(label=option)

    def open(self, message: str) -> None:
        """Open a part of the page that is folded."""
        self.page.locator("summary").filter(has_text=self.says(message)).first.click()

    def reads(self, message: str, **values: object) -> None:
        """This stands on the page."""
        self.sees(self.says(message, **values))

    def sees(self, text: str) -> None:
        """This text stands on the page."""
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def is_at(self, message: str, **values: object) -> None:
        """The page has this heading, the only one of the first level, and speaks this person's language."""
        self.is_at_petition(self.says(message, **values))

    def is_at_petition(self, title: str) -> None:
        """The same, where the heading is the title of a petition."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        assert self.page.locator("html").get_attribute("lang") == self.language

    def is_told_what_is_wrong(self, *fields: str) -> None:
        """The page says first what is wrong, with a link to each of these fields."""
        alert = self.page.get_by_role("alert")
        expect(alert).to_contain_text(self.says("Something went wrong"))
        assert self.page.title().strip().startswith(self.says("Error:"))
        for message in fields:
            expect(alert.get_by_role("link", name=re.compile(rf"^{re.escape(self.says(message))}[: ]"))).to_be_visible()

    def waits_for(self, address: str, text: str, *, where: str = "main") -> None:
        """Look at a public page until it says so: pages are kept for some seconds, by the service and by browsers."""
        expect_soon(self.page, address, text, where)

    def is_mailed(self, to: str, subject: str, *, after: str = "") -> CaughtMail:
        """The mail with this subject; ``after``: as :meth:`Running.mail` has it."""
        return self.running.mail(to, self.says(subject), after=after)


People = Callable[[], Person]


@pytest.fixture
def language(ways: tuple[str, bool]) -> str:
    """The language in which the journey is played."""
    return ways[0]


@pytest.fixture
def seeds(running: Running) -> Seeds:
    """What is there already."""
    return Seeds(running)


@dataclass
class Browsing:
    """A browser window that is used again: the next person finds no cookie in it, and an empty list of complaints."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def windows(browser: Browser, running: Running) -> Iterator[Callable[[tuple[str, bool], int], Browsing]]:
    """The windows of this file by language, script and number: to open one costs as much as three pages."""
    made: dict[tuple[tuple[str, bool], int], Browsing] = {}

    def window(ways: tuple[str, bool], number: int) -> Browsing:
        if (ways, number) not in made:
            language, script = ways
            context = browser.new_context(
                base_url=running.url,
                java_script_enabled=script,
                locale={"nl": "nl-NL", "en": "en-GB"}.get(language, language),
                viewport={"width": 390, "height": 844},
            )
            context.set_default_timeout(PATIENCE * 1000)
            one = made[ways, number] = Browsing(context, context.new_page())
            say = one.complaints.append
            one.page.on("pageerror", lambda error: say(str(error)))
            one.page.on("console", lambda said: say(said.text) if said.type == "error" else None)
            one.page.on("request", lambda asked: say(asked.url) if running.url not in asked.url else None)
        return made[ways, number]

    yield window
    for one in made.values():
        one.context.close()


@pytest.fixture
def people(
    windows: Callable[[tuple[str, bool], int], Browsing], running: Running, ways: tuple[str, bool]
) -> Iterator[People]:
    """As many people as the journey needs, each with a browser; at the end none of the browsers had a complaint."""
    used: list[Browsing] = []

    def person() -> Person:
        one = windows(ways, len(used))
        used.append(one)
        one.context.clear_cookies()
        one.complaints.clear()
        return Person(one.page, running, ways[0])

    yield person
    complaints = [said for one in used for said in one.complaints if not _REFUSED.search(said)]
    for one in used:
        one.page.goto("about:blank")
    assert complaints == [], complaints


@pytest.fixture
def somebody(people: People) -> Person:
    """One person."""
    return people()


def at_desk(person: Person, seeds: Seeds, name: str, *, role: str = "", committees: tuple[str, ...] = ()) -> Person:
    """Give this person a desk and a session at it."""
    cookie = seeds.session(name, person.language, role=role, committees=committees)
    person.page.context.add_cookies([{"name": "desk", "value": cookie, "url": person.running.url}])
    return person
