"""The pages of a signatory: the form, the same response for everybody, the button, the personal page."""

import re
from datetime import timedelta

import pytest

from petitions.lifecycle.acts import drafting, moderation
from petitions.security.tokens import Link
from tests.web import Web

FORM = {
    "name": "Sanne de Wit",
    "email": "sanne@voorbeeld.example",
    "street": "Dorpsstraat 1",
    "postcode": "8011ab",
    "place": "Zwolle",
    "birth_date": "1-2-1980",
    "declaration": "yes",
}


async def opened(web: Web) -> int:
    return (await web.world.opened()).petition_id


async def pending_count(web: Web) -> int:
    async with web.world.service.database.connection() as connection:
        return int(await connection.fetchval("select count(*) from pending_signature"))


async def test_the_whole_way_of_a_signature(web: Web) -> None:
    petition = await opened(web)
    page = await web.client.get(f"/nl/petitions/{petition}/sign")
    assert page.status_code == 200
    answer = await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM)
    assert answer.status_code == 200
    assert "Kijk nu in uw e-mail" in answer.text
    assert "sanne@voorbeeld.example" in answer.text
    assert await web.world.count(petition) == 0
    async with web.world.service.database.connection() as connection:
        key = await connection.fetchval("select token_id from pending_signature")
    token = web.token("confirm", petition, key)
    shown = await web.client.get(f"/nl/confirm/{token}")
    assert "Bevestig mijn handtekening" in shown.text
    assert await web.world.count(petition) == 0
    pressed = await web.client.post(f"/nl/confirm/{token}")
    assert pressed.status_code == 200
    assert "U bent nummer <b>1</b>" in pressed.text
    again = await web.client.post(f"/nl/confirm/{token}")
    assert "U had al bevestigd" in again.text
    assert await web.world.count(petition) == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Vul dit in"),
        ("name", "A\x00B", "teken"),
        ("name", "A\u202eB", "teken"),
        ("name", "x" * 101, "ten hoogste 100"),
        ("email", "sanne@voorbeeld", "Vul een e-mailadres in"),
        ("email", "a@b.nl\r\nBcc: x@y.nl", "Vul een e-mailadres in"),
        ("postcode", "0011 AB", "Vul een postcode in"),
        ("birth_date", "31-2-1980", "Vul een datum in"),
        ("birth_date", "1-1-2015", "ten minste 18 jaar"),
        ("declaration", "", "vinkje"),
    ],
)
async def test_wrong_field_is_said_at_the_field_and_everything_is_kept(
    web: Web, field: str, value: str, message: str
) -> None:
    petition = await opened(web)
    answer = await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM | {field: value})
    assert answer.status_code == 400
    assert "<title>Fout:" in answer.text.replace("\n", "")
    assert f'href="#{field}"' in answer.text
    assert message in answer.text
    if field != "name":
        assert "Sanne de Wit" in answer.text
    assert await pending_count(web) == 0


async def test_answer_is_the_same_for_new_waiting_and_known_addresses(web: Web) -> None:
    petition = await opened(web)
    await web.world.sign(petition, "sanne@voorbeeld.example", now=web.moment - timedelta(hours=3))
    known = await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM)
    new = await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM | {"email": "tanne@voorbeeld.example"})
    waiting = await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM | {"email": "tanne@voorbeeld.example"})
    texts = {answer.text.replace("tanne@", "sanne@") for answer in (known, new, waiting)}
    assert len(texts) == 1
    assert {answer.status_code for answer in (known, new, waiting)} == {200}


async def test_machine_that_fills_the_trap_stores_nothing(web: Web) -> None:
    petition = await opened(web)
    answer = await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM | {"website": "http://spam.example"})
    assert answer.status_code == 200
    assert await pending_count(web) == 0


async def test_closed_petition_is_a_conflict(web: Web) -> None:
    link = await web.world.opened()
    await drafting.withdraw(web.world.service, link, reason="Het is opgelost.", now=web.moment)
    answer = await web.client.post(f"/nl/petitions/{link.petition_id}/sign", data=FORM)
    assert answer.status_code == 409


async def test_petition_that_is_not_public_yet_does_not_exist(web: Web) -> None:
    petition = (await web.world.moderated()).petition_id
    assert (await web.client.get(f"/nl/petitions/{petition}/sign")).status_code == 404
    assert (await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM)).status_code == 404


async def test_text_that_was_taken_down_is_gone_from_personal_pages(web: Web) -> None:
    world = web.world
    petition = (await world.opened(title="Een titel die pijn doet aan iemand")).petition_id
    link = await world.pending(petition)
    confirm = f"/nl/confirm/{web.token('confirm', petition, link.key)}"
    own, stop = (
        f"/nl/{path}/{web.token(purpose, petition, link.key)}"
        for path, purpose in (("my-signature", "signature"), ("unsubscribe", "unsubscribe"))
    )
    assert "pijn doet" in (await web.client.post(confirm)).text
    await moderation.remove(
        world.service, petition, world.moderator, ground="offensive", reason="Beledigend.", now=web.moment
    )
    for path in (confirm, own, stop):
        page = await web.client.get(path)
        assert page.status_code == 200
        assert "pijn doet" not in page.text


@pytest.mark.parametrize("path", ["/nl/confirm/x", "/nl/confirm/x.y", "/nl/my-signature/%00", "/xx/petitions/1/sign"])
async def test_wrong_link_is_a_friendly_404(web: Web, path: str) -> None:
    answer = await web.client.get(path)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


async def test_link_for_one_purpose_does_not_work_for_another(web: Web) -> None:
    petition = await opened(web)
    link = await web.world.pending(petition)
    token = web.token("signature", link.petition_id, link.key)
    assert (await web.client.post(f"/nl/confirm/{token}")).status_code == 404


async def test_choices_withdrawal_and_erasure(web: Web) -> None:
    petition = (await web.world.opened("nl-kamer-petitie")).petition_id
    link = await web.world.pending(petition)
    token = web.token("confirm", link.petition_id, link.key)
    await web.client.post(f"/nl/confirm/{token}")
    own = f"/nl/my-signature/{web.token('signature', link.petition_id, link.key)}"
    page = await web.client.get(own)
    assert "Sanne de Wit" in page.text
    assert page.headers["cache-control"] == "no-store"
    saved = await web.client.post(own, data={"act": "choose", "wants_news": "yes"})
    assert saved.status_code == 303
    assert re.search(r'name="wants_news"[^>]*checked', (await web.client.get(own)).text)
    asked = await web.client.post(own, data={"act": "withdraw"})
    assert await web.world.count(petition) == 1
    assert "intrekken?" in asked.text
    done = await web.client.post(own, data={"act": "withdraw", "sure": "yes"})
    assert done.status_code == 200
    assert await web.world.count(petition) == 0
    assert (await web.client.get(own)).status_code == 410


async def test_one_click_unsubscribe(web: Web) -> None:
    petition = await opened(web)
    link = await web.world.pending(petition, news=True)
    await web.client.post(f"/nl/confirm/{web.token('confirm', link.petition_id, link.key)}")
    path = f"/nl/unsubscribe/{web.token('unsubscribe', link.petition_id, link.key)}"
    await web.client.get(path)
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select wants_news from signature where token_id = $1", link.key)
        answer = await web.client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not await connection.fetchval("select wants_news from signature where token_id = $1", link.key)


async def test_old_link_says_that_it_is_too_old(web: Web) -> None:
    petition = await opened(web)
    link = await web.world.pending(petition, now=web.moment - timedelta(days=8))
    answer = await web.client.get(f"/nl/confirm/{web.token('confirm', link.petition_id, link.key)}")
    assert answer.status_code == 410
    unknown = web.token("confirm", petition, Link(petition, b"n" * 16).key)
    assert (await web.client.get(f"/nl/confirm/{unknown}")).status_code == 404


async def test_in_a_storm_the_page_says_how_late_the_mail_is(web: Web) -> None:
    petition = await opened(web)
    assert "heel druk" not in (await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM)).text
    async with web.world.service.database.connection() as connection:
        await connection.execute("update outbox set created_at = now() - interval '200 seconds'")
    await web.app_state.counters.refresh()
    answer = await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM | {"email": "iemand@voorbeeld.example"})
    assert "ongeveer 4 minuten later" in answer.text
