"""Requests about public questions: at the committee's desk, behind the link, for moderators, in the dossier."""

import dataclasses

import pytest

from petitions.lifecycle.acts.handling import SeenReferral
from petitions.sites import Modules
from tests.web import Web

ASK = "In welke dorpen is de huisartsenpost nu dicht?"
ANSWER = "In elf dorpen. De lijst staat in onze brief van mei."


async def manage(web: Web, seen: SeenReferral) -> str:
    link = await web.world.manage_link(seen.petition_id)
    return f"/en/manage/{web.token('manage', link.petition_id, link.key)}"


async def test_a_question_goes_round(web: Web) -> None:
    seen = await web.world.referred()
    await web.sign_in(web.world.clerk)
    desk = f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/questions"
    assert "Nothing was asked yet" in (await web.client.get(f"{desk}?lang=en")).text
    answer = await web.client.post(desk, data={"text": ASK, "answer_by": "20-3-2026"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{desk}?done=asked")
    mine = await manage(web, seen)
    page = (await web.client.get(f"{mine}/questions")).text
    assert ASK in page
    assert "20 March 2026" in page
    answer = await web.client.post(f"{mine}/questions", data={"question": "1", "text": ANSWER})
    assert answer.headers["location"].endswith("/questions?done=answered")
    dossier = f"/en/petitions/{seen.petition_id}/dossier"
    page = (await web.client.get(dossier)).text
    assert ASK in page
    assert ANSWER not in page
    await web.sign_in(web.world.moderator)
    assert ANSWER in (await web.client.get("/staff/questions?lang=en")).text
    answer = await web.client.post(f"/staff/questions/{seen.petition_id}/2", data={"act": "publish"})
    assert answer.headers["location"] == "/staff/questions?done=published"
    page = (await web.client.get(dossier)).text
    assert ANSWER in page
    assert "Marieke Hoekstra" in page
    again = await web.client.post(f"/staff/questions/{seen.petition_id}/2", data={"act": "publish"})
    assert again.status_code == 409
    assert (
        "A colleague decided about it"
        in (await web.client.post(f"/staff/questions/{seen.petition_id}/2?lang=en", data={"act": "publish"})).text
    )


async def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(web: Web) -> None:
    seen = await web.world.referred()
    await web.sign_in(web.world.clerk)
    desk = f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/questions?lang=en"
    answer = await web.client.post(desk, data={"text": ASK, "answer_by": "1-1-2020"})
    assert answer.status_code == 400
    assert "This must lie in the future." in answer.text
    assert ASK in answer.text
    assert (await web.client.post(desk, data={"text": "", "answer_by": "soon"})).status_code == 400
    mine = await manage(web, seen)
    short = await web.client.post(f"{mine}/questions", data={"referral": str(seen.referral_id), "text": "Huh?"})
    assert short.status_code == 400
    assert "Write at least 10 characters." in short.text
    assert (await web.client.post(f"{mine}/questions", data={"text": ASK})).status_code == 404
    for large in (2**31, 2**63 - 1):
        answered = await web.client.post(f"{mine}/questions", data={"question": str(large), "text": ASK})
        assert answered.status_code == 404, "a number larger than any question has"
    await web.client.post(f"{mine}/questions", data={"referral": str(seen.referral_id), "text": ASK})
    await web.sign_in(web.world.moderator)
    none = await web.client.post(f"/staff/questions/{seen.petition_id}/{2**31}", data={"act": "publish"})
    assert none.status_code == 404
    refused = await web.client.post(f"/staff/questions/{seen.petition_id}/1?lang=en", data={"act": "refuse"})
    assert refused.status_code == 400
    assert "Fill this in." in refused.text


async def test_other_committee_and_switched_off(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = await web.world.referred()
    other = await web.world.clerk_of("digitale-zaken")
    await web.sign_in(other.staff_id)
    desk = f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/questions"
    assert (await web.client.get(desk)).status_code == 403
    assert (await web.client.post(desk, data={"text": ASK})).status_code == 403
    site = web.app_state.pages.site
    off = site.body.model_copy(update={"modules": Modules(questions=False)})
    monkeypatch.setattr(web.app_state.pages, "site", dataclasses.replace(site, body=off))
    await web.sign_in(web.world.clerk)
    assert (await web.client.get(desk)).status_code == 404
    mine = await manage(web, seen)
    assert (await web.client.get(f"{mine}/questions")).status_code == 404
