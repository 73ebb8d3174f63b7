"""Requests for prints: asked for with a button, made by the worker, downloaded."""

import asyncio
from datetime import timedelta

import pytest

from petitions.dossier.jobs.print_worker import PrintWorker, print_next
from petitions.dossier.pages import prints as printing
from petitions.lifecycle.acts.handling import SeenReferral
from petitions.sites.themes import load_theme
from tests.form_reading import read_form
from tests.web import ORIGIN, Web


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "WAIT_SECONDS", 0.0)


async def work(web: Web) -> bool:
    print_worker = PrintWorker(web.world.service, "Petitieloket", ORIGIN, load_theme("default").light)
    return await print_next(print_worker, now=web.moment)


async def waiting(web: Web) -> int:
    async with web.world.service.database.connection() as connection:
        return int(await connection.fetchval("select count(*) from dossier_print where state = 'waiting'"))


async def test_the_public_asks_for_a_dossier_and_a_poster(web: Web) -> None:
    petition = (await web.world.referred()).petition_id
    page = f"/en/petitions/{petition}/print"
    assert f'href="{page}"' in (await web.client.get(f"/en/petitions/{petition}/dossier")).text
    assert (await web.client.get(f"/en/petitions/{petition}/dossier.pdf")).headers["location"] == page
    assert "Make the PDF" in (await web.client.get(page)).text
    for edition, name in (("public", "dossier"), ("poster", "poster")):
        answer = await web.client.post(page, data={"edition": edition})
        assert (answer.status_code, answer.headers["location"]) == (303, page)
        assert "It is being made" in (await web.client.get(page)).text
        await web.client.post(page, data={"edition": edition})
        assert await waiting(web) == 1, "one is enough"
        assert await work(web)
        file = await web.client.get(f"/en/petitions/{petition}/{name}.pdf")
        assert file.content.startswith(b"%PDF-")
        assert file.headers["content-disposition"] == f'attachment; filename="petition-{petition}-{name}-en.pdf"'
        assert "sandbox" in file.headers["content-security-policy"]
        assert "set-cookie" not in file.headers
    made = (await web.client.get(page)).text
    assert "Make the PDF" not in made
    assert "Make it anew" not in made, "not within the hour"
    await web.client.post(page, data={"edition": "public"})
    assert await waiting(web) == 0
    web.moment += timedelta(hours=1)
    assert "Make it anew" in (await web.client.get(page)).text
    await web.client.post(page, data={"edition": "public"})
    assert await waiting(web) == 1


@pytest.mark.parametrize("edition", ["committee", "", "x"])
async def test_the_public_cannot_ask_for_anything_else(web: Web, edition: str) -> None:
    petition = (await web.world.referred()).petition_id
    answer = await web.client.post(f"/nl/petitions/{petition}/print", data={"edition": edition})
    assert answer.status_code == 404
    assert (await web.client.post("/nl/petitions/999/print", data={"edition": "public"})).status_code == 404
    assert await waiting(web) == 0


def place(seen: SeenReferral) -> str:
    return f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/print"


async def test_a_clerk_has_the_dossier_of_the_committee_made(web: Web) -> None:
    seen = await web.world.referred()
    await web.sign_in(web.world.clerk)
    page = (await web.client.get(f"{place(seen)}?lang=en")).text
    assert "Dossier in: Nederlands" in page
    assert (await web.client.get(f"{place(seen)}/nl.pdf")).status_code == 404
    for _ in range(2):  # a clerk may at any time
        answer = await web.client.post(place(seen), data=read_form(page) | {"language": "nl"})
        assert answer.headers["location"] == place(seen)
        assert await work(web)
    file = await web.client.get(f"{place(seen)}/nl.pdf")
    assert file.content.startswith(b"%PDF-")
    assert file.headers["cache-control"] == "private, no-store"
    assert (await web.client.post(place(seen), data={"language": "xx"})).status_code == 404
    other = await web.world.clerk_of("digitale-zaken")
    await web.sign_in(other.staff_id)
    assert (await web.client.get(f"{place(seen)}/nl.pdf")).status_code == 403
    assert (await web.client.post(place(seen), data={"language": "nl"})).status_code == 403


async def test_what_was_made_for_one_committee_is_not_given_to_a_second_one(web: Web) -> None:
    world = web.world
    seen = await world.referred("uk-parliament")
    first = await world.clerk_of("uk-government")
    await web.sign_in(first.staff_id)
    await web.client.post(place(seen), data={"language": "en"})
    assert await work(web)
    assert (await web.client.get(f"{place(seen)}/en.pdf")).status_code == 200
    web.moment += timedelta(minutes=1)
    await world.lower_threshold(seen.petition_id, "debate", 1 + await world.count(seen.petition_id))
    await world.sign(seen.petition_id, now=web.moment)
    other = await world.referral(seen.petition_id, "debate")
    second = await world.clerk_of("uk-petitions-committee")
    for clerk, referral in ((first, seen), (second, other)):
        await web.sign_in(clerk.staff_id)
        assert (await web.client.get(f"{place(referral)}/en.pdf")).status_code == 404, "it names the first one's papers"
        assert f"{place(referral)}/en.pdf" not in (await web.client.get(place(referral))).text
    web.moment += timedelta(minutes=1)
    await web.client.post(place(other), data={"language": "en"})
    assert await work(web)
    assert (await web.client.get(f"{place(other)}/en.pdf")).status_code == 200


async def test_only_some_wait_for_the_worker_at_a_time(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    petition = (await web.world.referred()).petition_id
    page = f"/en/petitions/{petition}/print"
    monkeypatch.setattr(printing, "WAIT_SECONDS", 600.0)
    monkeypatch.setattr(printing, "MOST_WAITING", 1)
    async with asyncio.TaskGroup() as group:
        waits = group.create_task(web.client.post(page, data={"edition": "poster"}))
        for _ in range(500):
            await asyncio.sleep(0.01 if not printing._waiting else 0)
        assert printing._waiting
        answer = await web.client.post(page, data={"edition": "public"})
        assert answer.status_code == 303
        assert not waits.done()
        assert await work(web)
    assert waits.result().status_code == 303
    assert not printing._waiting


async def test_what_failed_is_said_and_can_be_asked_for_again(web: Web) -> None:
    petition = (await web.world.referred()).petition_id
    page = f"/en/petitions/{petition}/print"
    await web.client.post(page, data={"edition": "poster"})
    async with web.world.service.database.connection() as connection:
        await connection.execute("update dossier_print set state = 'failed', problem = 'too_long'")
    shown = (await web.client.get(page)).text
    assert "We could not make it" in shown
    assert shown.count("Make the PDF") == 2
