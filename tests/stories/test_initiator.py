"""An initiator: sent to the right door, rejected, mends the text, is accepted, publishes news, withdraws."""

from playwright.sync_api import Page, expect

from tests.stories import acts
from tests.stories.conftest import Running, expect_soon, sign_in


def test_personal_grievance_is_shown_another_door(page: Page) -> None:
    page.goto("/nl/petitions/new")
    page.locator("input[name=scope][value=self]").check()
    acts.go_on(page)
    expect(page.locator("main")).to_contain_text("verzoekschrift")
    assert page.locator("main input[name=title]").count() == 0


def test_rejected_petition_is_mended_accepted_and_withdrawn(page: Page, running: Running) -> None:
    email, title = acts.fresh_address(), "Haal de slechte directeur van het zwembad weg"
    acts.start(page, email, title)
    manage = acts.confirm_start(page, running, email)

    sign_in(page, running, next(acts.A_MODERATOR))
    acts.open_at_desk(page, title)
    reject = page.locator("form:has(input[name=act][value=reject])")
    if not reject.is_visible():
        page.locator("details:has(input[name=act][value=reject]) > summary").click()
    reject.locator("input[name=ground]").first.check()
    reject.locator("[name=reason]").fill("Het gaat over één persoon. Schrijf wat er anders moet bij het zwembad.")
    reject.locator("button.button--danger").click()

    mail = running.mail(email, "De petitie is afgewezen")
    assert "Schrijf wat er anders moet" in mail["text"]
    page.context.clear_cookies()
    page.goto(manage)
    expect(page.locator("main")).to_contain_text("Schrijf wat er anders moet")
    page.locator("main a[href$='/edit']").first.click()
    better = "Open het zwembad ook op zondag"
    page.locator("main [name=title]").fill(better)
    page.locator("main form button[type=submit]").first.click()

    acts.accept(page, running, better)
    page.context.clear_cookies()
    address = acts.petition_address(page, better)
    page.goto(manage)
    page.locator("main [name=news_title]").fill("Het zwembad doet mee")
    page.locator("main [name=news_text]").fill("De badmeesters willen op zondag werken.")
    page.locator("form:has(input[name=act][value=update]) button[type=submit]").click()
    expect_soon(page, address, "De badmeesters willen op zondag werken.")

    page.goto(manage)
    page.locator("form:has(input[name=act][value=withdraw]) [name=reason]").fill("Het zwembad gaat open op zondag.")
    page.locator("form:has(input[name=act][value=withdraw]) button[type=submit]").first.click()
    page.locator("form:has(input[name=sure][value=yes]) button[type=submit]").first.click()
    expect_soon(page, address, "Het zwembad gaat open op zondag.")
    assert page.locator("main form[action$='/sign']").count() == 0
