"""Refusals by two, canned reasons and objections in requests: forms, conflicts, who sees which button."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from petitions.lifecycle.acts import objections
from petitions.lifecycle.procedure_files import load_reasons
from petitions.security.tokens import Link
from petitions.staff.acts import sessions as staff
from tests.conftest import NOW
from tests.form_reading import read_form
from tests.web import Web

REASON = "De gemeente gaat over dit onderwerp."
BY_TWO = "nl-burgerinitiatief"
BY_ONE = "nl-gemeente-initiatief"
TEXT = "De gemeente gaat hier juist niet over, zie de wet."


@pytest.fixture
async def desk(web: Web) -> Web:
    """A moderator who is signed in."""
    await web.sign_in(web.world.moderator)
    return web


async def send(web: Web, petition_id: int, act: str, **values: str) -> httpx.Response:
    """Press a button of the page of one petition."""
    return await web.client.post(f"/staff/petitions/{petition_id}?lang=en", data={"act": act} | values)


async def show(web: Web, petition_id: int) -> str:
    return (await web.client.get(f"/staff/petitions/{petition_id}?lang=en")).text


async def stored(web: Web, petition_id: int) -> Any:
    async with web.world.service.database.connection() as connection:
        return await connection.fetchrow("select * from petition where id = $1", petition_id)


async def proposal(web: Web, petition_id: int) -> str:
    async with web.world.service.database.connection() as connection:
        return str(await connection.fetchval("select id from refusal_proposal where petition_id = $1", petition_id))


async def proposed(web: Web) -> int:
    """A petition whose refusal the signed-in moderator proposed."""
    number = (await web.world.moderated(BY_TWO)).petition_id
    answer = await send(web, number, "propose", ground="wrong_body", reason=REASON)
    assert answer.headers["location"].endswith("?done=proposed")
    return number


async def test_where_two_are_wanted_one_proposes(desk: Web) -> None:
    number = (await desk.world.moderated(BY_TWO)).petition_id
    await send(desk, number, "claim")
    page = await show(desk, number)
    assert 'value="propose"' in page
    assert 'value="reject"' not in page
    alone = await send(desk, number, "reject", ground="wrong_body", reason=REASON)
    assert alone.status_code == 409
    assert "asks for two people" in alone.text
    assert (await stored(desk, number))["stage"] == "moderation"


async def test_the_proposer_waits_and_can_take_it_back(desk: Web) -> None:
    number = await proposed(desk)
    page = (await desk.client.get(f"/staff/petitions/{number}?done=proposed&lang=en")).text
    assert "Your proposal waits for a second reader." in page
    assert 'value="agree"' not in page
    assert 'value="claim"' not in page
    own = await send(desk, number, "agree", proposal=await proposal(desk, number))
    assert own.status_code == 409
    assert "You proposed this refusal yourself." in own.text
    back = await send(desk, number, "take_back", proposal=await proposal(desk, number))
    assert back.headers["location"].endswith("?done=taken_back")
    assert "Nobody is working on this" in await show(desk, number)


async def test_the_second_reader_agrees(desk: Web) -> None:
    number = await proposed(desk)
    second = (await desk.client.get("/staff?show=second&lang=en")).text
    assert "Noor Bakker (you)" in second
    assert f'href="/staff/petitions/{number}"' in second
    await desk.sign_in(await desk.world.colleague())
    assert REASON in await show(desk, number)
    assert 'value="agree"' not in await show(desk, number)  # first take it up
    await send(desk, number, "claim")
    page = await show(desk, number)
    assert 'value="agree"' in page
    assert 'value="accept"' not in page
    answer = await send(desk, number, "agree", proposal=await proposal(desk, number))
    assert answer.headers["location"].endswith("?done=rejected")
    row = await stored(desk, number)
    assert (row["stage"], row["ground"], row["reason"]) == ("rejected", "wrong_body", REASON)
    again = await send(desk, number, "agree", proposal="1")
    assert again.status_code == 409
    assert "Amir Haddad" in again.text


async def test_the_second_reader_sends_it_back_with_a_reason(desk: Web) -> None:
    number = await proposed(desk)
    await desk.sign_in(await desk.world.colleague())
    await send(desk, number, "claim")
    short = await send(desk, number, "send_back", proposal=await proposal(desk, number), back_reason="nee")
    assert short.status_code == 400
    assert "Write the reason, in at least 10 characters." in short.text
    assert 'id="send-back" open' in short.text
    number_of = await proposal(desk, number)
    taken = await send(desk, number, "take_back", proposal=number_of)
    assert taken.status_code == 409  # only one's own is taken back without a reason
    answer = await send(desk, number, "send_back", proposal=number_of, back_reason="De Kamer gaat hier wel over.")
    assert answer.headers["location"].endswith("?done=sent_back")
    page = (await desk.client.get(answer.headers["location"] + "&lang=en")).text
    assert "Proposal sent back" in page
    assert "De Kamer gaat hier wel over." in page
    late = await send(desk, number, "agree", proposal=number_of)
    assert late.status_code == 409
    assert "answered or taken back in the meantime" in late.text


@pytest.mark.parametrize("value", ["", "x", "0", "9" * 30, "-1", "\u0663"])
async def test_a_proposal_that_is_none(desk: Web, value: str) -> None:
    number = await proposed(desk)
    await desk.sign_in(await desk.world.colleague())
    assert (await send(desk, number, "agree", proposal=value)).status_code == 409
    assert (await stored(desk, number))["stage"] == "moderation"


async def test_a_canned_reason_is_put_in_and_can_be_edited(desk: Web) -> None:
    number = (await desk.world.moderated(BY_ONE)).petition_id
    await send(desk, number, "claim")
    answer = await send(desk, number, "reject", ground="wrong_body", reason="", fill="nl", version="2")
    assert answer.status_code == 200
    form = read_form(answer.text)
    canned = load_reasons().of(BY_ONE, "wrong_body")
    assert canned is not None
    assert form["reason"].strip() == canned.reason.nl.strip()
    assert form["ground"] == "wrong_body"
    assert 'id="reject" open' in answer.text
    assert (await stored(desk, number))["stage"] == "moderation"
    # another ground takes its place, own words stay
    answer = await send(desk, number, "reject", ground="duplicate", reason=form["reason"], fill="en")
    assert read_form(answer.text)["reason"].startswith("There already is a petition")
    answer = await send(desk, number, "reject", ground="duplicate", reason="Mijn eigen woorden.", fill="nl")
    assert read_form(answer.text)["reason"].startswith("Mijn eigen woorden.\n\nEr is al een petitie")


async def test_a_reason_with_an_open_place_is_not_sent(desk: Web) -> None:
    number = (await desk.world.moderated(BY_ONE)).petition_id
    await send(desk, number, "claim")
    canned = load_reasons().of(BY_ONE, "duplicate")
    assert canned is not None
    answer = await send(desk, number, "reject", ground="duplicate", reason=canned.reason.nl)
    assert answer.status_code == 400
    assert "Fill in what stands between the brackets: [invullen: titel en nummer van die petitie]" in answer.text
    assert (await stored(desk, number))["stage"] == "moderation"
    filled = re.sub(r"\[invullen[^\]]*\]", "Red het zwembad, nummer 7", canned.reason.nl)
    assert (await send(desk, number, "reject", ground="duplicate", reason=filled)).status_code == 303


@pytest.mark.parametrize("ground", ["", "nonsense", "\x00"])
async def test_without_a_ground_there_is_no_canned_reason(desk: Web, ground: str) -> None:
    number = (await desk.world.moderated(BY_ONE)).petition_id
    await send(desk, number, "claim")
    answer = await send(desk, number, "reject", ground=ground, reason="Mijn eigen woorden.", fill="nl")
    assert answer.status_code == 400
    assert "Choose a ground first." in answer.text
    assert "Mijn eigen woorden." in answer.text


def manage(web: Web, link: Link) -> str:
    return f"/nl/manage/{web.token('manage', link.petition_id, link.key)}"


async def test_an_initiator_objects_once(web: Web) -> None:
    link = await web.world.rejected(await web.world.moderated(BY_ONE))
    path = manage(web, link)
    page = (await web.client.get(path)).text
    assert 'name="objection"' in page
    assert "16 maart 2026" in page
    short = await web.client.post(path, data={"act": "object", "objection": "Nee"})
    assert short.status_code == 400
    assert "<title>Fout:" in short.text
    answer = await web.client.post(path, data={"act": "object", "objection": TEXT})
    assert answer.headers["location"] == f"{path}?done=objected"
    page = (await web.client.get(answer.headers["location"])).text
    assert "Uw bezwaar ligt bij ons" in page
    assert "9 maart 2026" in page
    assert 'name="objection"' not in page
    assert (await web.client.post(path, data={"act": "object", "objection": TEXT})).status_code == 409


async def test_after_two_weeks_nobody_objects(web: Web) -> None:
    link = await web.world.rejected(await web.world.moderated(BY_ONE))
    web.moment = NOW + timedelta(days=15)
    page = (await web.client.get(manage(web, link))).text
    assert 'name="objection"' not in page
    assert "vragen@petitieloket.example" in page  # there is a next step all the same
    answer = await web.client.post(manage(web, link), data={"act": "object", "objection": TEXT})
    assert answer.status_code == 409


async def test_somebody_else_decides_about_the_objection(desk: Web) -> None:
    link = await desk.world.rejected(await desk.world.moderated(BY_ONE))
    await objections.object_to(desk.world.service, link, text=TEXT, now=NOW)
    listed = (await desk.client.get("/staff?show=objections&lang=en")).text
    assert "you took part in the rejection" in listed
    page = await show(desk, link.petition_id)
    assert TEXT in page
    assert 'value="dismiss"' not in page
    own = await send(desk, link.petition_id, "dismiss", objection_reason="De afwijzing klopt.")
    assert own.status_code == 409
    assert "Somebody else decides about the objection." in own.text
    await desk.sign_in(await desk.world.colleague())
    assert 'value="dismiss"' in await show(desk, link.petition_id)
    short = await send(desk, link.petition_id, "dismiss", objection_reason="nee")
    assert short.status_code == 400
    answer = await send(desk, link.petition_id, "dismiss", objection_reason="De <b>afwijzing</b> klopt.")
    assert answer.headers["location"].endswith("?done=dismissed")
    public = (await desk.client.get(f"/nl/petitions/{link.petition_id}")).text
    assert "Het bezwaar is ongegrond: de afwijzing blijft" in public
    assert "De &lt;b&gt;afwijzing&lt;/b&gt; klopt." in public
    assert TEXT not in public  # the objection itself is for the desk only
    again = await send(desk, link.petition_id, "uphold", objection_reason="Toch wel gelijk.")
    assert again.status_code == 409
    assert "That objection was decided in the meantime." in again.text


async def test_upheld_it_is_at_the_desk_of_who_decided(desk: Web) -> None:
    link = await desk.world.rejected(await desk.world.moderated(BY_ONE))
    await objections.object_to(desk.world.service, link, text=TEXT, now=NOW)
    await desk.sign_in(await desk.world.colleague())
    answer = await send(desk, link.petition_id, "uphold", objection_reason="De raad gaat hierover.")
    assert answer.headers["location"].endswith("?done=upheld")
    page = (await desk.client.get(answer.headers["location"] + "&lang=en")).text
    assert "The rejection is undone." in page
    assert 'value="accept"' in page
    assert (await desk.client.get(f"/nl/petitions/{link.petition_id}")).status_code == 404  # not public meanwhile
    own = (await desk.client.get(manage(desk, link))).text
    assert "Uw bezwaar is gegrond: de afwijzing vervalt" in own
    assert "De raad gaat hierover." in own
    await send(desk, link.petition_id, "accept", opening_reason="Alles klopt, wij openen.")
    assert "bezwaar" not in (await desk.client.get(manage(desk, link))).text
    public = (await desk.client.get(f"/nl/petitions/{link.petition_id}")).text
    assert "Het bezwaar is gegrond: de afwijzing vervalt" in public
    assert "De raad gaat hierover." in public


async def test_administrators_may_be_the_third(desk: Web) -> None:
    link = await desk.world.rejected(await desk.world.moderated(BY_TWO))
    await objections.object_to(desk.world.service, link, text=TEXT, now=NOW)
    boss = await staff.add(desk.world.service, "baas@kantoor.example", "Baas", is_administrator=True, now=NOW)
    await desk.sign_in(boss)
    answer = await send(desk, link.petition_id, "dismiss", objection_reason="De afwijzing klopt.")
    assert answer.status_code == 303
