"""The private invitation of a sponsor: the text, how many are needed, the form."""

import pytest

from petitions.lifecycle.acts import drafting, moderation
from petitions.security.tokens import Link
from tests.form_reading import read_form
from tests.web import Web
from tests.world import NOW, REASONS, REQUEST

TITLE = "Geef elk dorp weer nachtzorg dichtbij"
GOOD = {
    "name": "Sanne de Wit",
    "email": "sanne@voorbeeld.example",
    "country": "Verenigd Koninkrijk",
    "declaration": "yes",
}


async def invite(web: Web) -> tuple[Link, str]:
    """A petition that gathers its sponsors, and the address of the invitation."""
    link = await web.world.draft("uk-parliament")
    petition = await drafting.confirm(web.world.service, link, now=NOW)
    return link, f"/nl/sponsor/{web.token('sponsor', petition.id, petition.sponsor_key)}"


async def test_the_text_the_number_and_the_form(web: Web) -> None:
    link, address = await invite(web)
    await web.world.sign(link.petition_id, kind="sponsor")
    page = await web.client.get(address)
    assert page.status_code == 200
    for words in (TITLE, REQUEST, REASONS, "Marieke Hoekstra", "Er zijn nog 4 mensen nodig."):
        assert words in page.text
    assert 'content="noindex"' in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "4 more people are needed" in (await web.client.get(address.replace("/nl/", "/en/"))).text


async def test_a_sponsor_signs(web: Web) -> None:
    link, address = await invite(web)
    answer = await web.client.post(address, data=GOOD)
    assert answer.status_code == 200
    assert "sanne@voorbeeld.example" in answer.text
    async with web.world.service.database.connection() as connection:
        kinds = [row["kind"] for row in await connection.fetch("select kind from pending_signature")]
    assert kinds == ["sponsor"]
    assert (await drafting.managed(web.world.service, link)).sponsors == 0  # only a confirmed one counts


@pytest.mark.parametrize("value", ["", "a\x00b", "\u202eabc", "x" * 300])
@pytest.mark.parametrize("name", ["name", "email", "country"])
async def test_bad_input_is_told_at_the_field(web: Web, name: str, value: str) -> None:
    _, address = await invite(web)
    answer = await web.client.post(address, data=GOOD | {name: value})
    assert answer.status_code == 400
    assert "<title>Fout:" in answer.text
    assert f'id="{name}-error"' in answer.text
    kept = GOOD | {name: value}
    assert {field: read_form(answer.text)[field] for field in kept} == kept
    assert REQUEST in answer.text


async def test_enough_sponsors(web: Web) -> None:
    link, address = await invite(web)
    for _ in range(5):
        await web.world.sign(link.petition_id, kind="sponsor")
    page = (await web.client.get(address)).text
    assert "Er zijn genoeg ondersteuners. Wij controleren de petitie nu." in page
    assert 'name="email"' in page  # up to twenty may join
    for _ in range(15):
        await web.world.sign(link.petition_id, kind="sponsor")
    page = (await web.client.get(address)).text
    assert 'name="email"' not in page
    assert "20 mensen steunen de petitie. Meer mag niet." in page
    assert (await web.client.post(address, data=GOOD)).status_code == 409


async def test_the_invitation_ends_when_the_petition_opens(web: Web) -> None:
    link, address = await invite(web)
    for _ in range(5):
        await web.world.sign(link.petition_id, kind="sponsor")
    await moderation.accept(web.world.service, link.petition_id, web.world.moderator, reason="In orde.", now=NOW)
    page = (await web.client.get(address)).text
    assert "Deze uitnodiging is voorbij" in page
    assert f'href="/nl/petitions/{link.petition_id}"' in page


async def test_a_rejected_text_is_not_shown_by_the_invitation(web: Web) -> None:
    link, address = await invite(web)
    for _ in range(5):
        await web.world.sign(link.petition_id, kind="sponsor")
    await moderation.reject(
        web.world.service, link.petition_id, web.world.moderator, ground="offensive", reason="Kwetsende tekst.", now=NOW
    )
    page = await web.client.get(address)
    assert page.status_code == 200
    assert REASONS not in page.text
    assert TITLE not in page.text


async def test_wrong_links(web: Web) -> None:
    link, address = await invite(web)
    assert (await web.client.get(address[:-3] + "xxx")).status_code == 404
    assert (await web.client.get(f"/nl/sponsor/{web.token('manage', link.petition_id, link.key)}")).status_code == 404
    replaced = f"/nl/sponsor/{web.token('sponsor', link.petition_id, bytes(16))}"
    assert (await web.client.get(replaced)).status_code == 409


async def test_text_is_shown_as_text(web: Web) -> None:
    link, address = await invite(web)
    text = drafting.Draft("health", "<script>x</script> titel", "<img src=x> " + REQUEST, "<b>" + REASONS)
    version = (await drafting.managed(web.world.service, link)).version
    await drafting.edit(web.world.service, link, text, version=version, now=NOW)
    page = (await web.client.get(address)).text
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;b&gt;" in page
