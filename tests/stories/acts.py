"""The acts that the stories share: start a petition, sign one, decide about one, record a step."""

import re
import uuid

import httpx
from playwright.sync_api import Page

from tests.stories.conftest import Running, press, sign_in
from tests.stories.seeding import Seeds
from tests.stories.waiting import PATIENCE, leads_on

REQUEST = "Wij vragen de raad om een hek om het speelveld te zetten, zodat kinderen veilig kunnen spelen."
REASONS = (
    "Het speelveld ligt naast een drukke weg. Vorige maand rende een kind van vier de weg op achter een bal aan. "
    "Het ging net goed. De gemeente zei dat er geen geld is. Een hek kost minder dan een drempel. "
    "Wij willen niet wachten tot het misgaat. Daarom vragen wij de raad om dit jaar nog een hek te plaatsen."
)
PERSON = {
    "name": "Marieke Hoekstra",
    "place": "Voorbeeldstad",
    "postcode": "1234 AB",
    "street": "Dam 1",
    "birth_date": "1-2-1980",
}


def fresh_address() -> str:
    """An address that nobody used before."""
    return f"mens-{uuid.uuid4().hex[:10]}@voorbeeld.example"


def fill_person(page: Page, email: str) -> None:
    """Fill in every question that the form asks."""
    for name, value in (PERSON | {"email": email, "country": "Nederland"}).items():
        box = page.locator(f"main input[name={name}]:not([type=hidden])")
        if box.count():
            box.first.fill(value)
    declaration = page.locator("main input[name=declaration]")
    if declaration.count():
        declaration.first.check()


def go_on(page: Page) -> None:
    """The button that goes on."""
    leads_on(page.locator("main button[name=go][value=on]").first)


def to_title(page: Page) -> None:
    """The start form, up to the page of the title."""
    page.goto("/nl/petitions/new")
    page.locator("input[name=scope][value=many]").check()
    go_on(page)
    page.locator("input[name=decider][value=municipality]").check()
    go_on(page)
    go_on(page)
    page.locator("input[name=eligible]").check()
    go_on(page)


def start(
    page: Page, email: str, title: str, *, decider: str = "municipality", procedure: str = "", language: str = "nl"
) -> None:
    """The whole start form, up to "look in your mail"."""
    page.goto(f"/{language}/petitions/new")
    page.locator("input[name=scope][value=many]").check()
    go_on(page)
    page.locator(f"input[name=decider][value={decider}]").check()
    go_on(page)
    choice = page.locator(f"input[type=radio][name=procedure][value='{procedure}']")
    if choice.count():
        choice.check()
    go_on(page)
    page.locator("input[name=eligible]").check()
    go_on(page)
    page.locator("input[name=title]").fill(title)
    page.locator("select[name=subject]").select_option("transport")
    go_on(page)
    if not page.locator("textarea[name=request]").count():
        go_on(page)  # similar petitions were shown
    page.locator("textarea[name=request]").fill(REQUEST)
    page.locator("textarea[name=reasons]").fill(REASONS)
    go_on(page)
    fill_person(page, email)
    go_on(page)
    go_on(page)


def confirm_start(page: Page, running: Running, email: str) -> str:
    """Open the management link of the mail and press the button; the address of the management page."""
    manage = running.link(email, "Bevestig uw petitie", "/manage/")
    page.goto(manage)
    leads_on(page.locator("form:has(input[name=act][value=confirm]) button[type=submit]").first)
    return manage


def accept(page: Page, running: Running, title: str) -> None:
    """A moderator takes the petition up and opens it."""
    sign_in(page, running, Seeds(running).employ("Noor Bakker", role="moderator"))
    open_at_desk(page, title)
    leads_on(page.locator("form:has(input[name=act][value=accept]) button[type=submit]"))


def open_at_desk(page: Page, title: str) -> None:
    """Take a petition up from the queue (or go on with it)."""
    page.goto("/staff")
    row = page.locator("tr", has_text=title)
    leads_on(row.locator("button[type=submit], a.button").first)


def petition_address(page: Page, title: str) -> str:
    """The address of a public petition, found by searching."""
    page.goto("/nl/petitions")
    page.locator("main input[name=q]").first.fill(title)
    leads_on(page.locator("main form:has(input[name=q]) button[type=submit]").first)
    leads_on(page.get_by_role("link", name=re.compile(re.escape(title))).first)
    return page.url


def sign(page: Page, address: str, email: str, *, news: bool = False) -> None:
    """Fill in the form on the page of a petition."""
    page.goto(address)
    fill_person(page, email)
    if news:
        page.locator("input[name=wants_news]").first.check()
    press(page, "Onderteken")


def confirm(page: Page, running: Running, email: str) -> None:
    """Open the link of the mail and press the button."""
    page.goto(running.link(email, "Bevestig uw handtekening", "/confirm/"))
    press(page, "Bevestig mijn handtekening")


def sign_by_post(running: Running, petition: int, count: int) -> None:
    """Signatures of as many other people, each with a real mail and a real confirmation, without a browser."""
    with httpx.Client(base_url=running.url, timeout=PATIENCE) as client:
        addresses = [fresh_address() for _ in range(count)]
        for email in addresses:
            answer = client.post(f"/nl/petitions/{petition}/sign", data=PERSON | {"email": email, "declaration": "yes"})
            assert answer.status_code == 200
        for email in addresses:
            assert client.post(running.link(email, "Bevestig uw handtekening", "/confirm/")).status_code == 200


def record_step(page: Page, code: str, **facts: str) -> None:
    """Record a step on the dossier that is shown."""
    page.goto(f"{page.url.split('?')[0].split('#')[0]}?step={code}")
    for name, value in facts.items():
        radio = page.locator(f"main input[type=radio][name={name}][value='{value}']")
        if radio.count():
            radio.check()
        else:
            page.locator(f"main [name={name}]").first.fill(value)
    leads_on(page.locator("form:has(input[name=step]) button[type=submit]").first)
