"""Save and go on later: by a link in a mail that reveals nothing, for a while, and only what the petition says."""

import json
import re
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import httpx
import pytest

from petitions.commands import maintenance
from petitions.lifecycle.acts.saved_drafts import KEPT
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.mails.outbox import SAVED_DAYS, SAVED_SEAL, write
from petitions.lifecycle.queries import events as event_queries
from petitions.security.encryption import lock, unlock
from petitions.subjects import SUBJECTS
from petitions.worker.rounds import one_round
from tests.form_reading import read_form
from tests.lifecycle.pages.test_drafting import ALL, NEW, press, walk
from tests.web import Web
from tests.world import NOW

ADDRESS = "later@voorbeeld.example"
SAVED = "/nl/petitions/saved"


async def save(web: Web, page: httpx.Response, email: str = ADDRESS, **typed: str) -> httpx.Response:
    asked = await press(web, page, "save", **typed)
    assert asked.status_code == 200
    assert 'action="/nl/petitions/saved"' in asked.text
    return await web.client.post(SAVED, data=read_form(asked.text) | {"save_to": email})


async def mails(web: Web) -> list[dict[str, str]]:
    """What the sealed secrets of the waiting mails hold, newest last."""
    async with web.world.service.database.connection() as connection:
        rows = await connection.fetch("select secret from outbox where kind = 'saved_draft' order by id")
    return [json.loads(web.world.service.vault.unseal(row["secret"], SAVED_SEAL)) for row in rows]


async def dump(web: Web) -> str:
    async with web.world.service.database.connection() as connection:
        rows = await connection.fetch("select d::text from saved_draft d union all select o::text from outbox o")
    return " ".join(row[0] for row in rows)


async def test_one_goes_on_where_one_stopped(web: Web) -> None:
    page = await save(
        web, await walk(web, "text"), request="Zorg dat elke huisartsenpost open is.", reasons="Nog niet af"
    )
    assert "Uw tekst is opgeslagen" in page.text
    assert ADDRESS in page.text
    (mail,) = await mails(web)
    assert (mail["email"], mail["language"]) == (ADDRESS, "nl")
    path = f"{SAVED}/{mail['token']}"
    for _ in range(2):  # opening the link changes nothing, whoever does it
        behind = await web.client.get(path)
        assert behind.status_code == 200
        assert behind.headers["cache-control"] == "no-store"
        assert "huisartsenpost" not in behind.text
    form = await web.client.post(path, data={"act": "go_on"})
    values = read_form(form.text)
    assert values["step"] == "text"
    assert values["title"] == ALL["title"]
    assert values["request"] == "Zorg dat elke huisartsenpost open is."
    assert values["reasons"] == "Nog niet af"
    done = await press(web, form, reasons=ALL["reasons"])
    assert read_form(done.text)["step"] == "person"


@pytest.mark.parametrize("step", ["title", "text", "person", "check"])
async def test_every_page_with_a_text_can_be_saved(web: Web, step: str) -> None:
    page = await walk(web, step)
    assert 'name="go" value="save"' in page.text
    await save(web, page)
    (mail,) = await mails(web)
    form = await web.client.post(f"{SAVED}/{mail['token']}", data={"act": "go_on"})
    assert read_form(form.text)["step"] == {"check": "person"}.get(step, step)


async def test_nothing_that_was_typed_stands_in_the_database_or_the_mail(web: Web, mail_context: MailContext) -> None:
    await save(web, await walk(web, "check"))
    stored = await dump(web)
    (mail,) = await mails(web)
    for typed in (*ALL.values(), ADDRESS, mail["token"]):
        if len(typed) > 5:
            assert typed not in stored
    async with web.world.service.database.connection() as connection:
        number = await connection.fetchval("select id from outbox where kind = 'saved_draft'")
        (row,) = await event_queries.outbox_facts(connection, ids=[number])
    written = write(mail_context, row)
    assert written is not None
    message = message_from_bytes(written.content, policy=default)
    assert isinstance(message, EmailMessage)
    assert message["To"] == ADDRESS
    assert message["Subject"] == "Ga verder met uw petitie"
    text = "".join(part.get_content() for part in message.iter_parts())
    assert f"{SAVED}/{mail['token']}" in text
    for typed in (ALL["title"], ALL["request"], ALL["name"], ALL["email"], "nachtzorg"):
        assert typed not in text


async def test_nothing_of_the_person_is_kept(web: Web) -> None:
    await save(web, await walk(web, "check"))
    (mail,) = await mails(web)
    form = await web.client.post(f"{SAVED}/{mail['token']}", data={"act": "go_on"})
    values = read_form(form.text)
    assert values["step"] == "person"
    assert values["title"] == ALL["title"]
    assert [values[name] for name in ("name", "email", "street", "postcode", "birth_date")] == [""] * 5


async def test_it_is_kept_for_fourteen_days_and_then_gone(web: Web) -> None:
    await save(web, await walk(web, "text"))
    (mail,) = await mails(web)
    path = f"{SAVED}/{mail['token']}"
    web.moment = NOW + KEPT - timedelta(seconds=1)
    assert (await web.client.get(path)).status_code == 200
    await one_round(maintenance(web.world.service, SUBJECTS), now=web.moment)
    assert (await web.client.get(path)).status_code == 200
    web.moment = NOW + KEPT
    assert (await web.client.get(path)).status_code == 404
    assert (await web.client.post(path, data={"act": "go_on"})).status_code == 404
    await one_round(maintenance(web.world.service, SUBJECTS), now=web.moment)
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from saved_draft") == 0
    assert KEPT.days == SAVED_DAYS


async def test_it_can_be_erased_at_once(web: Web) -> None:
    await save(web, await walk(web, "text"))
    (mail,) = await mails(web)
    path = f"{SAVED}/{mail['token']}"
    for _ in range(2):
        assert "Uw tekst is gewist" in (await web.client.post(path, data={"act": "erase"})).text
    assert (await web.client.get(path)).status_code == 404


async def test_a_wrong_address_is_asked_again_and_nothing_is_lost(web: Web) -> None:
    page = await save(web, await walk(web, "text"), email="geen adres", request="Zorg dat elke post open is.")
    assert page.status_code == 400
    assert "<title>Fout:" in page.text
    assert await mails(web) == []
    again = await web.client.post(SAVED, data=read_form(page.text) | {"save_to": ADDRESS})
    assert "Uw tekst is opgeslagen" in again.text
    on = await web.client.post(NEW, data=read_form(again.text) | {"go": "stay"})
    assert read_form(on.text)["request"] == "Zorg dat elke post open is."


async def test_nobody_is_mailed_too_often_and_nothing_tells(web: Web) -> None:
    page = await walk(web, "text")
    answers = [await save(web, page) for _ in range(7)]
    assert len({re.sub(r"\s+", " ", answer.text) for answer in answers}) == 1
    assert len(await mails(web)) == 5
    web.moment = NOW + timedelta(hours=1, seconds=1)
    await save(web, page)
    assert len(await mails(web)) == 6


async def test_a_machine_is_not_mailed(web: Web) -> None:
    asked = await press(web, await walk(web, "text"), "save")
    data = read_form(asked.text) | {"save_to": ADDRESS, "website": "http://x.example"}
    assert (await web.client.post(SAVED, data=data)).status_code == 200
    assert await mails(web) == []


async def test_sent_in_it_is_not_kept_twice(web: Web) -> None:
    await save(web, await walk(web, "person"))
    await save(web, await walk(web, "person"), "other@voorbeeld.example")
    first, other = await mails(web)
    form = await web.client.post(f"{SAVED}/{first['token']}", data={"act": "go_on"})
    last = await press(
        web, form, **{name: ALL[name] for name in ("name", "email", "street", "postcode", "place", "birth_date")}
    )
    assert read_form(last.text)["step"] == "check"
    assert (await web.client.get(f"{SAVED}/{first['token']}")).status_code == 200
    assert "Kijk nu in uw e-mail" in (await press(web, last)).text
    assert (await web.client.get(f"{SAVED}/{first['token']}")).status_code == 404
    assert (await web.client.get(f"{SAVED}/{other['token']}")).status_code == 200


@pytest.mark.parametrize("saved", ["", "x", "é" * 43, "A" * 43])
async def test_a_form_that_was_never_saved_is_sent_in_all_the_same(web: Web, saved: str) -> None:
    page = await walk(web, "check")
    answer = await web.client.post(NEW, data=read_form(page.text) | {"go": "on", "saved": saved})
    assert "Kijk nu in uw e-mail" in answer.text


@pytest.mark.parametrize("token", ["x", "%00", "a" * 43, "é" * 43, "-" * 44, "AAAA"])
async def test_a_wrong_link_leads_nowhere(web: Web, token: str) -> None:
    for response in (await web.client.get(f"{SAVED}/{token}"), await web.client.post(f"{SAVED}/{token}")):
        assert response.status_code == 404


async def test_nothing_typed_breaks_the_saving(web: Web) -> None:
    for data in ({}, {"save_to": ADDRESS}, {"save_to": ADDRESS, "step": "nonsense", "title": "\x00", "extra": "x"}):
        assert (await web.client.post(SAVED, data=data)).status_code in {200, 400}
    for mail in await mails(web):
        response = await web.client.post(f"{SAVED}/{mail['token']}", data={"act": "go_on"})
        assert read_form(response.text)["step"] == "scope"


def test_what_is_locked_opens_only_with_its_secret() -> None:
    box = lock(b"one", b"text")
    assert unlock(b"one", box) == b"text"
    assert b"text" not in box
    with pytest.raises(ValueError, match="another secret"):
        unlock(b"two", box)


@pytest.fixture
def mail_context(web: Web) -> MailContext:
    service = web.world.service
    return MailContext(
        vault=service.vault, tokens=service.tokens, procedures=service.procedures, committees=service.committees,
        event_kinds=service.event_kinds, render=web.app_state.pages.render, site="Petitieloket",
        sender="post@petitieloket.example", public_url=web.app_state.public_url,
        zone=web.app_state.pages.site.body.zone,
    )  # fmt: skip


def test_the_page_about_privacy_says_it() -> None:
    text = Path(__file__).parents[3].joinpath("templates/about/privacy.html").read_text("utf-8")
    assert f"{SAVED_DAYS} days, locked" in text
