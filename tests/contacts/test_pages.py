"""Declared contacts: a module that a body switches on; the tab at the desk and the part of the dossier."""

import dataclasses

import pytest

from petitions.sites import Modules
from tests.web import Web

CONTACT = {
    "act": "declare",
    "met_on": "2-3-2026",
    "how": "meeting",
    "who": "Vereniging van dorpsartsen",
    "interest": "Huisartsen in kleine dorpen",
    "with_whom": "De rapporteur",
    "about": "Hoe lang een rit naar de post duurt.",
}


def switch(web: Web, monkeypatch: pytest.MonkeyPatch, *, contacts: bool) -> Web:
    """The application of a body that switched this module on or off."""
    site = web.app_state.pages.site
    changed = dataclasses.replace(site, body=site.body.model_copy(update={"modules": Modules(contacts=contacts)}))
    monkeypatch.setattr(web.app_state.pages, "site", changed)
    for environment in web.app_state.pages._environments.values():
        monkeypatch.setitem(environment.globals, "site", changed)
    return web


@pytest.fixture
def switched_on(web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    return switch(web, monkeypatch, contacts=True)


async def test_contacts_are_off_unless_the_body_wants_them(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Modules().contacts
    switch(web, monkeypatch, contacts=False)
    seen = await web.world.referred()
    await web.sign_in(web.world.clerk)
    desk = f"/committee/referrals/{seen.petition_id}/{seen.referral_id}"
    assert (await web.client.get(f"{desk}/contacts")).status_code == 404
    assert (await web.client.post(f"{desk}/contacts", data=CONTACT)).status_code == 404
    assert "/contacts" not in (await web.client.get(desk)).text


async def test_a_contact_is_declared_and_taken_back_in_public(switched_on: Web) -> None:
    web = switched_on
    seen = await web.world.referred()
    await web.sign_in(web.world.clerk)
    desk = f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/contacts"
    assert "No contact was declared." in (await web.client.get(f"{desk}?lang=en")).text
    for _ in range(2):
        answer = await web.client.post(desk, data=CONTACT)
        assert answer.headers["location"] == f"{desk}?done=declared"
    assert "Vereniging van dorpsartsen" in (await web.client.get(desk)).text
    dossier = f"/en/petitions/{seen.petition_id}/dossier"
    page = (await web.client.get(dossier)).text
    assert page.count('id="contact-') == 1
    assert "Vereniging van dorpsartsen" in page
    wrong = await web.client.post(f"{desk}?lang=en", data={"act": "take_back", "number": "1", "reason": " "})
    assert wrong.status_code == 400
    nul = await web.client.post(f"{desk}?lang=en", data={"act": "take_back", "number": "1", "reason": "a\0b"})
    assert nul.status_code == 400
    for number in (2**31, 2**63 - 1):
        none = await web.client.post(desk, data={"act": "take_back", "number": str(number), "reason": "Niet deze."})
        assert none.status_code == 409
    taken = {"act": "take_back", "number": "1", "reason": "Het was een andere petitie."}
    assert (await web.client.post(desk, data=taken)).status_code == 303
    assert (await web.client.post(desk, data=taken)).status_code == 409
    assert "Taken back, it was wrong: Het was een andere petitie." in (await web.client.get(dossier)).text


async def test_what_is_wrong_is_said_and_nothing_is_stored(switched_on: Web) -> None:
    web = switched_on
    seen = await web.world.referred()
    await web.sign_in(web.world.clerk)
    desk = f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/contacts?lang=en"
    for wrong, message in (
        ({"met_on": "1-1-2020"}, "This lies before"),
        ({"met_on": "1-1-2030"}, "This date is still to come."),
        ({"met_on": "soon", "who": ""}, "Fill in a date"),
        ({"how": "telepathy"}, "Choose one of these."),
        ({"who": ""}, "Fill this in."),
    ):
        answer = await web.client.post(desk, data=CONTACT | wrong)
        assert answer.status_code == 400, wrong
        assert message in answer.text
        assert "De rapporteur" in answer.text, "what was typed stays"
    assert "No contact was declared." in (await web.client.get(desk)).text
    other = await web.world.clerk_of("digitale-zaken")
    await web.sign_in(other.staff_id)
    assert (await web.client.post(desk, data=CONTACT)).status_code == 403
