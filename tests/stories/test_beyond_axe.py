"""What a checker of rules cannot see: keyboard and focus, zoom and text spacing, forced colours, motion, outline.

The journeys are those of a person who has never seen the service: start a petition, sign one, confirm.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stories import acts
from tests.stories.conftest import Running
from tests.stories.seeding import Seeds
from tests.stories.waiting import PATIENCE, leads_on

TITLE = "Maak de oversteek bij de basisschool veilig"
TEXT_SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    " p { margin-bottom: 2em !important }"
)  # WCAG 2.2, 1.4.12
PAGES = (
    "/nl", "/en", "/nl/petitions", "/nl/petitions?q=zzzz", "/nl/petitions/new", "/nl/procedures",
    "/nl/procedures/nl-burgerinitiatief", "/nl/committees", "/nl/how-it-works", "/nl/privacy", "/nl/accessibility",
    "/nl/embed", "/nl/nothing", "/staff/sign-in",
)  # fmt: skip

FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 2);
  const top = document.elementFromPoint(x, y);
  const label = one.labels && one.labels.length ? one.labels[0] : null;
  return {
    name: (one.getAttribute('name') || one.innerText || one.id || one.tagName).trim().slice(0, 200),
    words: (one.innerText || '').trim().slice(0, 200),
    visible: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none',
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    free: !!top && (one.contains(top) || top.contains(one) || (!!label && label.contains(top))),
  };
}"""

CLIPPED = """() => [...document.querySelectorAll('main *')].filter(one => {
  const style = getComputedStyle(one);
  return one.innerText && style.overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1
    && one.clientWidth > 1 && style.textOverflow !== 'ellipsis';
}).map(one => one.outerHTML.slice(0, 120))"""

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

LEVELS = "() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => +one.tagName[1])"

MOVING = """() => [...document.querySelectorAll('*')].filter(one => {
  const style = getComputedStyle(one);
  const longest = text => Math.max(...text.split(',').map(part => parseFloat(part) * (part.includes('ms') ? 1 : 1000)));
  return longest(style.transitionDuration) > 10
    || (style.animationName !== 'none' && longest(style.animationDuration) > 10);
}).map(one => one.outerHTML.slice(0, 120))"""

BORDERLESS = """() => [...document.querySelectorAll(
    'main button, main input:not([type=hidden]):not([type=radio]):not([type=checkbox]), main select, main textarea')]
  .filter(one => one.offsetParent && !one.closest('.trap') && !one.classList.contains('link-button'))
  .filter(one => parseFloat(getComputedStyle(one).borderTopWidth) === 0)
  .map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def petition(running: Running) -> str:
    """The address of an open petition."""
    made = Seeds(running).do(lambda world, now: world.opened("nl-gemeente-initiatief", now=now, title=TITLE))
    return f"/nl/petitions/{made.petition_id}"


@pytest.fixture
def visitor(browser: Browser, running: Running) -> Iterator[Page]:
    """Somebody at a small laptop, with a keyboard and no script."""
    context = browser.new_context(
        base_url=running.url,
        bypass_csp=True,
        reduced_motion="reduce",  # else the page is still on its way when it is looked at
        viewport={"width": 1280, "height": 720},
    )
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


def tab_to(page: Page, name: str, most: int = 90) -> list[str]:
    """Press Tab until what bears this name (or these words) has the focus; every stop must be seen. The stops."""
    stops: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            continue
        stops.append(focus["name"])
        assert focus["visible"], f"{page.url}: no visible focus on {focus['name']!r}"
        assert focus["inside"], f"{page.url}: the focus on {focus['name']!r} is out of sight"
        assert focus["free"], f"{page.url}: something lies over {focus['name']!r}"
        if any(re.fullmatch(name, focus[by].replace("\n", " ")) for by in ("name", "words")):
            return stops
    raise AssertionError(f"{page.url}: {name!r} cannot be reached; stops: {stops}")


def enter(page: Page, name: str) -> None:
    """Go to a link or a button with Tab, and press Enter."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page: Page, name: str, text: str) -> None:
    """Go to a field with Tab, and type."""
    tab_to(page, name)
    page.keyboard.type(text)


def from_the_mailbox(page: Page, running: Running, email: str, subject: str, part: str) -> None:
    """From the page that says so to the mailbox of the demonstration, to the link of the mail."""
    link = running.link(email, subject, f"/{part}/")
    enter(page, "postbus van dit voorbeeld")
    enter(page, re.escape(link[:200]))


def fill_person_by_keyboard(page: Page, email: str) -> None:
    """Every question about oneself that the page asks, in its order."""
    for box in page.locator("main form input:not([type=hidden]):not([tabindex='-1'])").all():
        name = str(box.get_attribute("name"))
        if name in acts.PERSON or name == "email":
            type_into(page, name, (acts.PERSON | {"email": email})[name])
        elif name == "declaration":
            tab_to(page, name)
            page.keyboard.press("Space")


def test_find_sign_and_confirm_with_the_keyboard_only(visitor: Page, running: Running, petition: str) -> None:
    page, email = visitor, acts.fresh_address()
    page.goto("/nl")
    assert tab_to(page, "Naar de inhoud") == ["Naar de inhoud"]
    page.keyboard.press("Enter")
    type_into(page, "q", TITLE)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    enter(page, re.escape(TITLE))
    page.wait_for_url(f"**{petition}")
    fill_person_by_keyboard(page, email)
    tab_to(page, "Onderteken.*")
    page.keyboard.press("Shift+Tab")
    back = page.evaluate(FOCUS)
    assert back["visible"]
    assert back["name"] == "wants_news"  # the way back is the same
    page.keyboard.press("Space")
    enter(page, "Onderteken.*")
    page.get_by_role("heading", level=1, name="Kijk nu in uw e-mail").wait_for()
    from_the_mailbox(page, running, email, "Bevestig uw handtekening", "confirm")
    enter(page, "Bevestig mijn handtekening")
    page.get_by_role("heading", level=1, name="Uw handtekening telt mee").wait_for()
    assert "Mail mij" not in page.locator("main").inner_text()
    enter(page, "uw eigen pagina")
    assert page.locator("input[name=wants_news]").is_checked()


def test_start_and_confirm_with_the_keyboard_only(visitor: Page, running: Running) -> None:
    page, email = visitor, acts.fresh_address()
    page.goto("/nl")
    enter(page, "Start een petitie")
    tab_to(page, "scope")
    page.keyboard.press("Space")
    enter(page, "go")
    tab_to(page, "decider")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=decider]:checked").get_attribute("value") == "municipality"
    assert page.evaluate(FOCUS)["visible"]
    enter(page, "go")
    enter(page, "go")
    tab_to(page, "eligible")
    page.keyboard.press("Space")
    enter(page, "go")
    type_into(page, "title", "Meer groen op het plein voor het gemeentehuis")
    tab_to(page, "subject")
    page.keyboard.press("ArrowDown")
    enter(page, "go")
    type_into(page, "request", acts.REQUEST)
    type_into(page, "reasons", acts.REASONS)
    enter(page, "go")
    fill_person_by_keyboard(page, email)
    enter(page, "go")
    page.get_by_role("heading", level=1, name="Controleer uw petitie").wait_for()
    enter(page, "Stuur mij de e-mail")
    page.get_by_role("heading", level=1, name="Kijk nu in uw e-mail").wait_for()
    from_the_mailbox(page, running, email, "Bevestig uw petitie", "manage")
    enter(page, "Bevestig en dien in")
    page.get_by_text("Uw petitie is ingediend.").wait_for()


def test_a_mistake_is_said_first_and_leads_to_its_field(visitor: Page, petition: str) -> None:
    page = visitor
    page.goto(f"{petition}/sign")
    page.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true })")
    leads_on(page.locator("main form button[type=submit]").last)
    assert page.title().startswith("Fout:")
    summary = page.locator("#errors, [role=alert]").first
    assert summary.is_visible()
    expect(page.locator("#errors:focus")).to_be_visible()  # heard first, without a script
    first = page.locator("#errors a").first
    target = str(first.get_attribute("href")).removeprefix("#")
    first.focus()
    page.keyboard.press("Enter")
    field = page.locator(f"#{target}")
    expect(field).to_be_focused()
    assert field.get_attribute("aria-invalid") == "true"
    described = str(field.get_attribute("aria-describedby")).split()
    assert all(page.locator(f"#{name}").count() == 1 for name in described)


def test_text_spacing_zoom_and_small_screens_lose_nothing(visitor: Page, petition: str) -> None:
    page, found = visitor, []
    for address in (*PAGES, petition, f"{petition}/sign"):
        page.goto(address)
        for width, height in ((320, 256), (320, 800), (390, 844)):  # 320 x 256: a 1280 x 1024 screen at 400 %
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate(SIDEWAYS):
                found.append(f"{address}: sideways at {width}")
        page.add_style_tag(content=TEXT_SPACING)
        page.set_viewport_size({"width": 320, "height": 800})
        if page.evaluate(SIDEWAYS):
            found.append(f"{address}: sideways with text spacing")
        found += [f"{address}: cut off: {html}" for html in page.evaluate(CLIPPED)]
    assert found == []


def test_headings_make_an_outline(visitor: Page, petition: str) -> None:
    page, found = visitor, []
    for address in (*PAGES, petition, f"{petition}/sign"):
        page.goto(address)
        levels = page.evaluate(LEVELS)
        if levels.count(1) != 1 or levels[0] != 1 or any(b > a + 1 for a, b in pairwise(levels)):
            found.append(f"{address}: {levels}")
    assert found == []


def test_forced_colours_and_less_motion(visitor: Page, petition: str) -> None:
    page, found = visitor, []
    for address in (*PAGES, petition):
        page.goto(address)
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        found += [f"{address}: without border in forced colours: {html}" for html in page.evaluate(BORDERLESS)]
        found += [f"{address}: moves: {html}" for html in page.evaluate(MOVING)]
    assert found == []


def test_without_images_everything_is_said_in_words(browser: Browser, running: Running, petition: str) -> None:
    context = browser.new_context(base_url=running.url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE * 1000)
    context.route(re.compile(r"\.(svg|png|woff2)(\?|$)"), lambda route: route.abort())
    page = context.new_page()
    page.goto(petition)
    assert TITLE in page.locator("h1").inner_text()
    assert page.get_by_role("button", name=re.compile("Onderteken")).count() >= 1
    unnamed = page.locator("a:not([aria-label]):not(:has(*)):empty, button:empty, img:not([alt])")
    assert unnamed.count() == 0
    context.close()
