"""What a checker of rules cannot see: keyboard and focus, zoom and text spacing, forced colours, motion, outline.

The journeys are those of a person who has never seen the service: start a petition, sign one, confirm.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page

from tests.stories import acts
from tests.stories.conftest import MODERATORS, Running, sign_in

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
    name: (one.getAttribute('name') || one.innerText || one.id || one.tagName).trim().slice(0, 60),
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
def petition(browser: Browser, running: Running) -> str:
    """The address of an open petition, made as people make it."""
    context = browser.new_context(base_url=running.url)
    context.set_default_timeout(15_000)
    page, email = context.new_page(), acts.fresh_address()
    acts.start(page, email, TITLE, procedure="nl-gemeente-initiatief")
    acts.confirm_start(page, running, email)
    sign_in(page, running, MODERATORS[-2])
    acts.open_at_desk(page, TITLE)
    page.locator("form:has(input[name=act][value=accept]) button[type=submit]").click()
    address = acts.petition_address(page, TITLE)
    context.close()
    return address.removeprefix(running.url)


@pytest.fixture
def visitor(browser: Browser, running: Running) -> Iterator[Page]:
    """Somebody at a small laptop, with a keyboard and no script."""
    context = browser.new_context(
        base_url=running.url,
        bypass_csp=True,
        reduced_motion="reduce",  # else the page is still on its way when it is looked at
        viewport={"width": 1280, "height": 720},
    )
    context.set_default_timeout(15_000)
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
        if re.fullmatch(name, focus["name"].replace("\n", " ")):
            return stops
    raise AssertionError(f"{page.url}: {name!r} cannot be reached; stops: {stops}")


def test_sign_and_confirm_with_the_keyboard_only(visitor: Page, running: Running, petition: str) -> None:
    page, email = visitor, acts.fresh_address()
    page.goto(petition)
    assert tab_to(page, "Naar de inhoud")[0] == "Naar de inhoud"
    page.keyboard.press("Enter")
    order = []
    for field, text in (("name", "Marieke Hoekstra"), ("email", email)):
        order += tab_to(page, field)
        page.keyboard.type(text)
    for field in ("street", "postcode", "place", "birth_date"):
        box = page.locator(f"main input[name={field}]:not([type=hidden])")
        if box.count():
            order += tab_to(page, field)
            page.keyboard.type(acts.PERSON[field])
    if page.locator("main input[name=declaration]").count():
        tab_to(page, "declaration")
        page.keyboard.press("Space")
    tab_to(page, "Onderteken.*")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Kijk nu in uw e-mail").wait_for()
    page.goto(running.link(email, "Bevestig uw handtekening", "/confirm/"))
    tab_to(page, "Bevestig mijn handtekening")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Uw handtekening telt mee").wait_for()


def test_start_with_the_keyboard_only(visitor: Page) -> None:
    page = visitor
    page.goto("/nl/petitions/new")
    tab_to(page, "scope")
    page.keyboard.press("Space")
    for _ in range(8):
        if page.locator("main textarea[name=request]").count():
            break
        before = page.locator("main").inner_text()
        for name, value in (("decider", "Space"), ("procedure", "Space"), ("eligible", "Space")):
            if page.locator(f"main input[name={name}]:not([type=hidden])").count():
                tab_to(page, name)
                page.keyboard.press(value)
        if page.locator("main input[name=title]:not([type=hidden])").count():
            tab_to(page, "title")
            page.keyboard.type("Meer groen op het plein voor het gemeentehuis")
            tab_to(page, "subject")
            page.keyboard.press("ArrowDown")
        tab_to(page, "go")
        page.keyboard.press("Enter")
        page.wait_for_function("before => document.querySelector('main').innerText !== before", arg=before)
    assert page.locator("main textarea[name=request]").count() == 1
    tab_to(page, "request")


def test_a_mistake_is_said_first_and_leads_to_its_field(visitor: Page, petition: str) -> None:
    page = visitor
    page.goto(f"{petition}/sign")
    page.evaluate("document.querySelectorAll('form').forEach(form => { form.noValidate = true })")
    page.locator("main form button[type=submit]").last.click()
    assert page.title().startswith("Fout:")
    summary = page.locator("#errors, [role=alert]").first
    assert summary.is_visible()
    assert page.evaluate("document.activeElement.id") == "errors"  # heard first, without a script
    first = page.locator("#errors a").first
    target = str(first.get_attribute("href")).removeprefix("#")
    first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == target
    field = page.locator(f"#{target}")
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
    context.route(re.compile(r"\.(svg|png|woff2)(\?|$)"), lambda route: route.abort())
    page = context.new_page()
    page.goto(petition)
    assert TITLE in page.locator("h1").inner_text()
    assert page.get_by_role("button", name=re.compile("Onderteken")).count() >= 1
    unnamed = page.locator("a:not([aria-label]):not(:has(*)):empty, button:empty, img:not([alt])")
    assert unnamed.count() == 0
    context.close()
