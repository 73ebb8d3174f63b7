"""A citizens' initiative from its 40,000th signature to the published decision, as citizens and a clerk meet it.

The first 39,990 signatures are seeded; the last ten are signed, mailed and confirmed. Then the committee closes the
list, draws the sample, asks by mail, holds its meeting and reports; the House debates and votes on a motion.
"""

import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from petitions.app import make_service
from petitions.demo.content import load_content
from petitions.demo.signatories import Crowd, Keys, sign_in_bulk
from petitions.lifecycle.acts import drafting, moderation
from petitions.lifecycle.reads.recount import recount
from petitions.mailbox.reads import CaughtMail
from petitions.security.tokens import Link
from petitions.settings import read
from petitions.staff.acts import sessions as staff
from tests.conftest import run_apart
from tests.stories import acts
from tests.stories.conftest import CLIENT, Running, expect_soon, sign_in
from tests.stories.mails import link_in
from tests.stories.waiting import leads_on, until

TITLE = "Geef elk dorp weer een halte binnen een kilometer"
COMMITTEE = "verzoekschriften-en-burgerinitiatieven"
CLERK = "griffie.vb@kantoor.example"
SEEDED = 39_990
SAMPLE = 400
REFUSED = 4
ZONE = ZoneInfo("Europe/Amsterdam")
REASONS = "De Kamer vraagt de regering om een plan. Zij wil dat elk dorp binnen vier jaar weer een halte heeft."


async def _prepare(environ: dict[str, str]) -> int:
    """An open initiative with 39,990 signatures that were confirmed last month, and the clerk of its committee."""
    service = make_service(read(environ))
    await service.database.open()
    service.start()
    now = datetime.now(UTC)
    try:
        await staff.add(service, CLERK, "Geertje Hoving", committees=(COMMITTEE,), now=now)
        people = load_content().people
        procedure = max(
            (p for (code, _), p in service.procedures.items() if code == "nl-burgerinitiatief"), key=lambda p: p.version
        )
        text = drafting.Draft("transport", TITLE, acts.REQUEST, acts.REASONS)
        contact = Crowd(people, procedure, "halte").answers(0) | {"email": "halte@voorbeeld.example"}
        begun = now - timedelta(days=40)
        number = await drafting.begin(service, procedure, text, contact, language="nl", now=begun)
        async with service.database.connection() as connection:
            key = await connection.fetchval("select manage_key from petition where id = $1", number)
        await drafting.confirm(service, Link(number, key), now=begun)
        moderator = await staff.add(service, "opent@kantoor.example", "Noor", is_moderator=True, now=begun)
        await moderation.accept(service, number, moderator, reason="In orde.", now=begun)
        async with service.database.transaction() as connection:
            row = await connection.fetchrow(
                "select p.data_key, p.salt, c.confirmed from petition p"
                " join signature_count c on c.petition_id = p.id where p.id = $1",
                number,
            )
            assert row is not None
            left = SEEDED - row["confirmed"]
            start = (now - timedelta(days=30)).replace(minute=0, second=0, microsecond=0)
            hours = [(start + timedelta(hours=hour), left // 30) for hour in range(30)]
            hours[-1] = (hours[-1][0], left - 29 * (left // 30))
            await sign_in_bulk(
                connection,
                service,
                Crowd(people, procedure, "halte-steun"),
                Keys(number, row["data_key"], row["salt"], "nl"),
                hours,
                first_number=row["confirmed"] + 1,
                shows_names=False,
            )
    finally:
        await service.stop()
        await service.database.close()
    return number


def _follow(page: Page, running: Running, petition: int, email: str) -> None:
    page.goto(f"/nl/follow?petition={petition}")
    page.get_by_label("E-mailadres").fill(email)
    leads_on(page.get_by_role("button", name="Volgen"))
    page.goto(running.link(email, "Bevestig wat u wilt volgen", "/follow/confirm/"))
    leads_on(page.get_by_role("button", name="Ja, ik wil dit volgen"))


def _draw_and_ask(page: Page, running: Running, room: str) -> None:
    """Close the list, enter the seed, and ask by mail; three answer themselves, the clerk records the others."""
    page.goto(f"{room}/verification")
    leads_on(page.locator("form:has(input[name=act][value=close]) button[type=submit]"))
    now = datetime.now(ZONE)
    page.get_by_label("Startgetal").or_(page.locator("main [name=seed]")).first.fill("7 12 23 31 40 44")
    page.locator("main [name=source]").fill("Lotto van Voorbeeldstad, trekking 812")
    page.locator("main [name=seed_day]").fill(f"{now:%d-%m-%Y}")
    page.locator("main [name=seed_time]").fill(f"{now:%H:%M}")
    page.locator("main input[name=method][value=mail]").check()
    before = running.mailbox.mark()
    leads_on(page.locator("form:has(input[name=act][value=draw]) button[type=submit]"))
    asked = until(lambda: _mails_of_the_sample(running, before), lambda: "too few of the sample were asked")
    for mail, answer in zip(asked, ("yes", "yes", "no"), strict=True):
        assert CLIENT.post(link_in(mail, "/support/"), data={"answer": answer}).status_code == 200


def _mails_of_the_sample(running: Running, after: str) -> list[CaughtMail]:
    found = [mail for mail in running.mailbox.mails(after=after) if any("/support/" in link for link in mail.links)]
    return found[:3] if len(found) >= 3 else []


def _record_the_rest(page: Page, room: str) -> None:
    page.goto(f"{room}/verification")
    page.locator("details.data summary").first.click()
    rows = page.locator("table tbody tr").all_inner_texts()
    assert len(rows) == SAMPLE
    open_places = [re.split(r"\s", row.strip())[0] for row in rows if "nog niets" in row]
    assert len(open_places) == SAMPLE - 3
    for places, result in ((open_places[: REFUSED - 1], "refused"), (open_places[REFUSED - 1 :], "verified")):
        page.locator("main [name=places]").fill(" ".join(place.replace(".", "") for place in places))
        page.locator(f"main input[name=result][value={result}]").check()
        leads_on(page.locator("form:has(input[name=act][value=record]) button[type=submit]"))
    leads_on(page.locator("form:has(input[name=act][value=finish]) button[type=submit]"))


def _move_and_vote(page: Page, room: str, today: str) -> None:
    """Two made-up parties, a motion, and how they voted."""
    page.goto(f"{room}/motions?seats")
    page.locator("main [name=parties]").fill("Linde; 90; De Linde; Tessa Wierda\nAnker; 60; Het Anker; Bas Kuiper")
    page.locator("main [name=since]").fill("1-1-2020")
    leads_on(page.locator("form[action$='/seats'] button[type=submit]"))
    page.goto(f"{room}/motions?add")
    page.locator("main [name=title]").fill("Motie over een halte in elk dorp")
    page.locator("main [name=submitters]").fill("Tessa Wierda (Linde)")
    leads_on(page.locator("form[action$='/motions'] button[type=submit]"))
    to_the_result = re.compile("Uitslag vastleggen|Leg de uitslag vast|uitslag", re.IGNORECASE)
    leads_on(page.get_by_role("link", name=to_the_result).first)
    page.locator("main input[name=outcome][value=adopted]").check()
    page.locator("main [name=voted_on]").fill(today)
    choices = page.locator("main select[name^=choice-]")
    labels = [page.locator(f"label[for='{choices.nth(n).get_attribute('id')}']").inner_text() for n in range(2)]
    for number, label in enumerate(labels):
        choices.nth(number).select_option("for" if "Linde" in label else "against")
    leads_on(page.locator("form[action$='/vote'] button[type=submit]"))


def test_from_the_forty_thousandth_signature_to_the_decision(page: Page, running: Running) -> None:
    petition = run_apart(_prepare(running.environ))
    address, today = f"/nl/petitions/{petition}", f"{datetime.now(ZONE):%d-%m-%Y}"
    signatory, follower = acts.fresh_address(), acts.fresh_address()
    _follow(page, running, petition, follower)
    acts.sign(page, address, signatory, news=True)
    acts.confirm(page, running, signatory)
    expect(page.locator("main")).to_contain_text("39.991")
    acts.sign_by_post(running, petition, 9)
    for told in (signatory, follower, CLERK):
        assert running.mail(told, "naar een commissie verwezen", TITLE)

    page.context.clear_cookies()
    sign_in(page, running, CLERK)
    page.goto("/committee")
    leads_on(page.get_by_role("link", name=TITLE).first)
    room = page.url.split("?")[0].split("#")[0]
    acts.record_step(page, "received", happened_on=today)
    _draw_and_ask(page, running, room)
    _record_the_rest(page, room)
    page.goto(room)
    acts.record_step(page, "sample_check", happened_on=today, text="De steekproef laat zien dat er genoeg steun is.")
    held = {"meeting": "held", "meeting_day": today, "meeting_time": "0:00", "place": "Troelstrazaal"}
    acts.record_step(page, "hearing", **held, text="De initiatiefnemer lichtte het voorstel toe.")
    acts.record_step(page, "report", happened_on=today, text="De commissie adviseert de Kamer om het te behandelen.")
    acts.record_step(page, "admissibility", happened_on=today, admissible="yes")
    page.goto(f"{room}/print")
    leads_on(page.locator("form:has(input[name=language][value=nl]) button[type=submit]"))
    acts_debate = {"meeting": "held", "meeting_day": today, "meeting_time": "0:00", "place": "Plenaire zaal"}
    page.goto(room)
    acts.record_step(page, "plenary_debate", **acts_debate, text="De Kamer sprak er drie uur over.")
    _move_and_vote(page, room, today)
    page.goto(f"{room}?step=votes")
    page.locator("main input[name=outcome][value=motion_adopted]").check()
    page.locator("main [name=happened_on]").fill(today)
    page.locator("main [name=reasons]").fill(REASONS)
    leads_on(page.locator("form:has(input[name=step]) button[type=submit]").first)
    expect_soon(page, f"{room}/print", "PDF,")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("pdf", re.IGNORECASE)).first.click()
    reader = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    text = " ".join(one.extract_text() for one in reader.pages)
    assert TITLE in " ".join(text.split())
    assert "40.000" in text

    page.context.clear_cookies()
    expect_soon(page, address, "elk dorp binnen vier jaar")
    for words in (f"{SAMPLE - REFUSED}", "Motie over een halte in elk dorp", "De Kamer sprak er drie uur over."):
        expect_soon(page, f"{address}/dossier", words)
    for told in (signatory, follower):
        assert running.mail(told, "elk dorp binnen vier jaar")
    dossier = CLIENT.get(f"{running.url}/api/v1/petitions/{petition}/dossier").json()
    assert dossier
    subjects = [mail.subject for mail in running.mailbox.mails(follower)]
    assert len(subjects) == len(set(subjects)), "nothing is told twice"
    assert run_apart(_recount(running.environ)) == []


async def _recount(environ: dict[str, str]) -> list[str]:
    service = make_service(read(environ))
    await service.database.open()
    try:
        return await recount(service.database)
    finally:
        await service.database.close()
