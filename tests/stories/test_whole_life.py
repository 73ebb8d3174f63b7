"""The whole life of a petition, played in a browser without script: from the start form to the published decision."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.stories import acts
from tests.stories.conftest import Running, expect_soon, sign_in
from tests.stories.seeding import COUNCIL, Seeds
from tests.stories.waiting import leads_on

TITLE = "Zet een hek om het speelveld aan de Molenweg"


def test_from_the_start_form_to_the_published_decision(page: Page, running: Running) -> None:
    initiator, reader = acts.fresh_address(), acts.fresh_address()
    clerk = Seeds(running).employ("Hilde van Rossem", committees=(COUNCIL,))
    today = datetime.now(UTC).astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%d-%m-%Y")

    acts.start(page, initiator, TITLE)
    expect(page.locator("h1")).to_contain_text("e-mail")
    manage = acts.confirm_start(page, running, initiator)
    expect(page.locator("main")).to_contain_text("ontroleren")
    assert running.mail(initiator, "ontvangen")

    acts.accept(page, running, TITLE)
    assert running.mail(initiator, "open voor ondertekening")
    address = acts.petition_address(page, TITLE)
    petition = int(address.rsplit("/", 1)[1])

    acts.sign(page, address, reader, news=True)
    acts.confirm(page, running, reader)
    expect(page.locator("h1")).to_contain_text("telt mee")
    acts.sign_by_post(running, petition, 24)

    assert running.mail(initiator, "naar een commissie verwezen")
    assert running.mail(reader, "naar een commissie verwezen")
    assert running.mail(clerk, "naar een commissie verwezen")

    page.context.clear_cookies()
    sign_in(page, running, clerk)
    page.goto("/committee")
    leads_on(page.get_by_role("link", name=TITLE).first)
    acts.record_step(page, "received", happened_on=today)
    acts.record_step(page, "check", happened_on=today, text="Er zijn 25 geldige handtekeningen van inwoners.")
    acts.record_step(page, "validity", happened_on=today, admissible="yes")
    acts.record_step(
        page,
        "debate",
        meeting="held",
        meeting_day=today,
        meeting_time="0:00",
        place="Raadzaal",
        text="De raad sprak er een uur over. De indiener lichtte toe.",
    )
    dossier = page.url
    page.goto(f"{dossier.split('?')[0].split('#')[0]}?step=decision")
    page.locator("main input[name=outcome]").first.check()
    page.locator("main [name=happened_on]").fill(today)
    page.locator("main [name=reasons]").fill("De raad vindt het veld nu te gevaarlijk. Er komt dit jaar een hek.")
    leads_on(page.locator("form:has(input[name=step]) button[type=submit]").first)

    page.context.clear_cookies()
    expect_soon(page, address, "Er komt dit jaar een hek.")
    expect(page.locator("main")).to_contain_text("De raad sprak er een uur over.")
    assert running.mail(reader, "Er komt dit jaar een hek.")
    assert running.mail(initiator, "Er komt dit jaar een hek.")
    page.goto(manage)
    expect(page.locator("h1")).to_be_visible()
