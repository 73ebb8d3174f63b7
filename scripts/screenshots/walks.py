"""The walks through the service on which screenshots are taken: forms with and without mistakes, and the results."""

import contextlib
import re
from collections.abc import Iterator
from typing import Final

import httpx
from playwright.sync_api import Page

from scripts.screenshots.stage import Demonstration
from tests.stories.acts import fill_person, fresh_address, go_on, start
from tests.stories.waiting import leads_on

TITLE: Final = "Een hek om het speelveld aan de Lindelaan"
ALIKE: Final = "Een hek om het hondenveld in het Zuiderpark"
ANSWERS: Final = {
    "scope": "many",
    "decider": "municipality",
    "procedure": "nl-gemeente-initiatief",
    "eligible": "yes",
    "title": TITLE,
    "subject": "transport",
    "request": "Wij vragen de raad om een hek om het speelveld te zetten, zodat kinderen veilig kunnen spelen.",
    "reasons": "Het speelveld ligt naast een drukke weg. Vorige maand rende een kind de weg op achter een bal aan. "
    "Het ging net goed. De gemeente zei dat er geen geld is. Een hek kost minder dan een drempel. "
    "Wij willen niet wachten tot het misgaat. Daarom vragen wij de raad om dit jaar nog een hek te plaatsen.",
}
PATIENCE: Final = 60


def send(page: Page, selector: str = "") -> None:
    """Press a button of the page: the last of its forms, or the one that is named."""
    leads_on(page.locator(selector or "main form button[type=submit]").last)


def starting(stage: Demonstration, page: Page) -> Iterator[str]:
    """Every step of the start form, each first with the errors of an empty form."""
    page.goto("/nl/petitions/new")
    go_on(page)
    yield "start-1-mistake"
    page.goto("/nl/petitions/new")
    page.locator("input[name=scope][value=self]").check()
    go_on(page)
    yield "start-alternative"
    page.goto("/nl/petitions/new")
    page.locator("input[name=scope][value=many]").check()
    go_on(page)
    for number in range(2, 9):
        yield f"start-{number}"
        if page.locator("main :is(input, select, textarea):not([type=hidden])").count() and number < 8:
            go_on(page)
            if page.locator("#errors").count():
                yield f"start-{number}-mistake"
        if number == 5:
            page.locator("main [name=title]").fill(ALIKE)
            page.locator("main [name=subject]").select_option("transport")
            go_on(page)
            yield "start-similar"
            send(page, "main button[name=go][value=back]")
        _fill(page)
        go_on(page)
    start(page, "marieke@voorbeeld.example", TITLE)
    yield "start-check-mail"
    row = stage.rows("select id, manage_key from petition where stage = 'draft' order by id desc limit 1")[0]
    page.goto(f"/nl/manage/{stage.link('manage', row['id'], row['manage_key'])}")
    yield "draft-preview"
    page.goto(f"/nl/manage/{stage.link('manage', row['id'], row['manage_key'])}/edit")
    yield "draft-edit"
    page.locator("main [name=title]").fill("Hek")
    send(page, "main form button.button--primary")
    yield "draft-edit-mistake"


def _fill(page: Page) -> None:
    for name, value in ANSWERS.items():
        box = page.locator(f"main [name={name}]:not([type=hidden])")
        if not box.count():
            continue
        if box.first.get_attribute("type") in {"radio", "checkbox"}:
            page.locator(f"main [name={name}][value='{value}']").first.check()
        elif box.first.evaluate("box => box.tagName") == "SELECT":
            box.first.select_option(value)
        else:
            box.first.fill(value)
    fill_person(page, "marieke@voorbeeld.example")


def saving(stage: Demonstration, page: Page) -> Iterator[str]:
    """Saving the start form, and continuing by the link in the mail."""
    address = fresh_address()
    page.goto("/nl/petitions/new")
    page.locator("input[name=scope][value=many]").check()
    go_on(page)
    for _ in range(4):
        _fill(page)
        go_on(page)
    send(page, "main button[value=save]")
    yield "saving"
    page.locator("main [name=save_to]").fill("geen adres")
    send(page, "main form button.button--primary")
    yield "saving-mistake"
    page.locator("main [name=save_to]").fill(address)
    send(page, "main form button.button--primary")
    yield "saving-done"
    link = _mailed(stage, page, address, "/petitions/saved/")
    page.goto(link)
    yield "saving-go-on"
    send(page, "main form button.button--secondary")
    yield "saving-erased"


def _mailed(stage: Demonstration, page: Page, to: str, part: str) -> str:
    """The address in the mail that was sent to somebody, as soon as it has arrived."""
    for _ in range(PATIENCE):
        for mail in httpx.get(f"{stage.url}/mailbox/messages.json", timeout=10).json():
            links = [link for link in mail["links"] if part in link]
            if mail["to"] == to and links:
                return str(links[0])
        page.wait_for_timeout(500)
    raise SystemExit(f"no mail to {to}")


def signing(stage: Demonstration, page: Page) -> Iterator[str]:
    """Signing, with a mistake and without, confirming, and taking the signature back."""
    number = stage.one(
        "select p.id from petition p join signature_count c on c.petition_id = p.id"
        " where p.stage = 'open' order by c.confirmed desc limit 1"
    )
    page.goto(f"/nl/petitions/{number}/sign")
    send(page)
    yield "sign-mistake"
    page.goto(f"/nl/petitions/{number}/sign")
    fill_person(page, fresh_address())
    send(page)
    yield "sign-check-mail"
    row = stage.rows("select petition_id, token_id from pending_signature order by signed_at desc limit 1")[0]
    page.goto(f"/nl/confirm/{stage.link('confirm', row['petition_id'], row['token_id'])}")
    yield "sign-confirm"
    send(page)
    yield "sign-confirmed"
    page.goto(f"/nl/my-signature/{stage.link('signature', row['petition_id'], row['token_id'])}")
    leads_on(page.locator("main form:has(input[value=erase]) button"))
    yield "my-signature-erase"
    page.goto(f"/nl/my-signature/{stage.link('signature', row['petition_id'], row['token_id'])}")
    leads_on(page.locator("main form:has(input[value=withdraw]) button"))
    yield "my-signature-withdraw"
    send(page, "main button.button--danger")
    yield "my-signature-gone"


def managing(stage: Demonstration, page: Page) -> Iterator[str]:
    """The page of an initiator: mistakes, and the questions before what cannot be undone."""
    row = stage.rows("select id, manage_key from petition where stage = 'open' order by id desc limit 1")[0]
    address = f"/nl/manage/{stage.link('manage', row['id'], row['manage_key'])}"
    page.goto(address)
    leads_on(page.locator("main form:has(input[value=update]) button"))
    yield "manage-open-mistake"
    page.goto(address)
    page.locator("main [name=reason]").fill("De gemeente plaatst het hek al.")
    leads_on(page.locator("main form:has(input[value=withdraw]) button"))
    yield "manage-withdraw"
    row = stage.rows("select id, sponsor_key from petition where stage = 'sponsoring' order by id desc limit 1")[0]
    page.goto(f"/nl/sponsor/{stage.link('sponsor', row['id'], row['sponsor_key'])}")
    send(page)
    yield "sponsor-mistake"


def deciding(stage: Demonstration, page: Page) -> Iterator[str]:
    """The moderators' desk, as an administrator who moderates: claiming, deciding with mistakes, second reading."""
    waiting = stage.one(
        "select id from petition where stage = 'moderation' and procedure_code = 'nl-kamer-petitie'"
        " order by moderation_due_on limit 1"
    )
    _take_up(page, waiting)
    yield "desk-taken-up"
    page.locator("#reject > summary").click()
    leads_on(page.locator("#reject button.button--danger"))
    yield "desk-rejection-mistake"
    _give_back(page, waiting)
    proposed = stage.one("select petition_id from refusal_proposal order by 1 desc limit 1")
    _take_up(page, proposed)
    yield "desk-second-reading"
    _give_back(page, proposed)
    yield "desk-proposal"
    objected = stage.one("select petition_id from objection where decided_at is null order by made_at limit 1")
    page.goto(f"/staff/petitions/{objected}")
    yield "desk-objection"
    page.goto("/staff?show=decided")
    yield "desk-decided"
    page.goto("/staff?show=sponsoring")
    yield "desk-sponsoring"
    page.goto("/staff?subject=housing&hint=money")
    yield "desk-nothing"
    page.goto("/staff/search?q=zzzzqqq")
    yield "desk-search-nothing"
    page.goto("/staff/mails/confirm")
    yield "desk-mail"
    page.goto("/staff/mails/initiator-rejected")
    yield "desk-mail-rejected"
    page.goto("/staff/people")
    leads_on(page.locator("main form button.button--primary").last)
    yield "desk-people-mistake"


def _take_up(page: Page, number: int) -> None:
    page.goto(f"/staff/petitions/{number}")
    leads_on(page.locator("form:has(input[value=claim]) button").first)


def _give_back(page: Page, number: int) -> None:
    page.goto(f"/staff/petitions/{number}")
    leads_on(page.locator("form:has(input[value=release]) button").first)
    page.goto(f"/staff/petitions/{number}")


def colliding(stage: Demonstration, page: Page) -> Iterator[str]:
    """Conflicts between moderators: a petition that a colleague has claimed or decided first."""
    number = stage.one("select id from petition where stage = 'moderation' order by moderation_due_on limit 1")
    page.goto(f"/staff/petitions/{number}")
    with _held_by_colleague(stage, number):
        leads_on(page.locator("form:has(input[value=claim]) button").first)
        yield "desk-conflict"
        page.goto(f"/staff/petitions/{number}")
        yield "desk-colleague"
        page.goto("/staff")
        yield "desk-queue-colleague"


@contextlib.contextmanager
def _held_by_colleague(stage: Demonstration, number: int) -> Iterator[None]:
    """A petition that a colleague has claimed, for the time of the screenshots."""
    held = "(select max(id) from staff where is_moderator), claimed_at = now()"
    for claim in (held, "null, claimed_at = null"):
        stage.rows(f"update petition set claimed_by = {claim} where id = $1 returning id", number)
        if claim is held:
            yield


def handling(_: Demonstration, page: Page) -> Iterator[str]:
    """The desk of a committee: its parts, the form of a step with mistakes and without, more time."""
    for tab in ("new", "handling", "follow_up", "done"):
        page.goto(f"/committee?show={tab}")
        yield f"committee-desk-{tab.replace('_', '-')}"
    page.goto("/committee")
    leads_on(page.locator("main table a").first)
    dossier = page.url
    leads_on(page.locator("main .dossier a[href*='step=']").first)
    yield "committee-step"
    for box in page.locator("main form :is(input:not([type=hidden]), textarea)").all():
        if box.get_attribute("type") not in {"radio", "checkbox"}:
            box.fill("")
    send(page)
    yield "committee-step-mistake"
    page.goto(re.sub(r"[?#].*", "", dossier) + "?extend")
    yield "committee-more-time"


def late(stage: Demonstration, page: Page) -> Iterator[str]:
    """A committee that is late: a due day is moved into the past for the time of the screenshots."""
    row = stage.rows(
        "update referral set due_on = current_date - 12 where (petition_id, id) ="
        " (select petition_id, id from referral where state in ('received', 'examined') order by created_at limit 1)"
        " returning petition_id, id, committee_slug"
    )[0]
    page.goto(f"/nl/petitions/{row['petition_id']}")
    yield "petition-overdue"
    page.goto(f"/nl/committees/{row['committee_slug']}")
    yield "committee-overdue"
    stage.rows(
        "update referral set due_on = null where petition_id = $1 and id = $2 returning id",
        row["petition_id"],
        row["id"],
    )
