"""Sponsors: five people sign by a private invitation before the petition is public, and their signatures count."""

import re

import httpx
from playwright.sync_api import Page, expect

from tests.stories import acts
from tests.stories.conftest import Running


def test_five_sponsors_bring_a_petition_to_moderation(page: Page, running: Running) -> None:
    email, title = acts.fresh_address(), "Let buses wait for late trains in the evening"
    acts.start(page, email, title, decider="abroad", procedure="uk-parliament")
    acts.confirm_start(page, running, email)
    found = re.search(r"/nl/sponsor/[\w.\-]+", page.content())
    assert found
    invitation = found[0]

    page.goto(invitation)
    expect(page.locator("main")).to_contain_text(title)
    sponsor = acts.fresh_address()
    acts.fill_person(page, sponsor)
    page.locator("main form button[type=submit]").first.click()
    assert title not in running.mail(sponsor, "Bevestig uw handtekening")["text"]
    acts.confirm(page, running, sponsor)
    with httpx.Client(base_url=running.url) as client:
        for _ in range(4):
            address = acts.fresh_address()
            answer = client.post(
                invitation, data=acts.PERSON | {"email": address, "declaration": "yes", "country": "nl"}
            )
            assert answer.status_code == 200
            assert client.post(running.link(address, "Bevestig uw handtekening", "/confirm/")).status_code == 200
    assert running.mail(email, "ontvangen")
    acts.accept(page, running, title)
    page.context.clear_cookies()
    acts.petition_address(page, title)
    expect(page.locator("main .count")).to_have_text("6")  # the initiator and five sponsors
