"""A signatory: sign, get it wrong, look in the mail, confirm, change one's mind."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.stories import acts
from tests.stories.conftest import Running, press


@pytest.fixture
def address(page: Page, running: Running) -> str:
    """A petition that is open."""
    email, title = acts.fresh_address(), f"Meer banken in het park voor {acts.fresh_address()[5:11]}"
    acts.start(page, email, title)
    acts.confirm_start(page, running, email)
    acts.accept(page, running, title)
    page.context.clear_cookies()
    return acts.petition_address(page, title)


def test_signatory_signs_confirms_and_takes_it_back(page: Page, running: Running, address: str) -> None:
    email = acts.fresh_address()
    acts.sign(page, address, "geen-adres")
    expect(page).to_have_title(re.compile(r"^\s*Fout:"))
    expect(page.locator("[role=alert]")).to_contain_text("e-mailadres")
    assert page.locator("main input[name=name]").first.input_value() == acts.PERSON["name"]
    page.locator("main input[name=email]").first.fill(email)
    press(page, "Onderteken")
    expect(page.locator("main")).to_contain_text(email)
    acts.confirm(page, running, email)
    expect(page.locator("main")).to_contain_text("U bent nummer")
    assert page.context.cookies() == []
    page.goto(running.link(email, "Bevestig uw handtekening", "/my-signature/"))
    expect(page.locator("main")).to_contain_text(acts.PERSON["name"])
    press(page, "Trek mijn handtekening in")
    press(page, "Ja, trek in")
    expect(page.locator("h1")).to_contain_text("ingetrokken")


def test_second_time_with_the_same_address_looks_the_same_and_mails_something_else(
    page: Page, running: Running, address: str
) -> None:
    email = acts.fresh_address()
    acts.sign(page, address, email)
    first = page.locator("h1").inner_text()
    acts.confirm(page, running, email)
    acts.sign(page, address, email)
    assert page.locator("h1").inner_text() == first
    assert running.mail(email, "U hebt al ondertekend")
