"""The dossier of a petition: its state, its timeline, every event and every text at a permanent address."""

import re
from datetime import date, datetime, timedelta
from html import unescape

import pytest

from petitions.corrections.acts import correct_step
from petitions.lifecycle.acts import drafting, moderation, objections
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.rules.steps import StepInput
from petitions.security.tokens import Link
from tests.web import Web
from tests.world import NOW, REASONS, REQUEST

CHECKED = "Van 500 mesnen is de steun gecontroleerd."
RIGHT = "Van 500 mensen is de steun gecontroleerd."
EARLIER = "Geef elk dorp weer goede nachtzorg"


def at(days: float) -> datetime:
    return NOW + timedelta(days=days)


async def get(web: Web, path: str, status: int = 200) -> str:
    answer = await web.client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return unescape(answer.text)


async def number_of(web: Web, petition: int, kind: str) -> int:
    async with web.world.service.database.connection() as connection:
        found: int = await connection.fetchval(
            "select max(id) from event where petition_id = $1 and kind = $2", petition, kind
        )
    return found


async def mended(web: Web, code: str = "nl-kamer-petitie", *, ground: str = "wrong_body") -> Link:
    """An open petition of which the first text was refused, and a better one accepted."""
    world = web.world
    link = await world.moderated(code, title=EARLIER)
    await world.rejected(link, ground=ground, now=at(2))
    managed = await drafting.managed(world.service, link)
    better = drafting.Draft("health", "Geef elk dorp weer nachtzorg dichtbij", REQUEST, REASONS + " Nu meteen.")
    await drafting.resubmit(world.service, link, better, version=managed.version, now=at(3))
    await moderation.accept(world.service, link.petition_id, world.moderator, reason="In orde.", now=at(5))
    web.moment = at(6)
    return link


async def handled(web: Web) -> SeenReferral:
    """A referral with a corrected step."""
    world = web.world
    seen, clerk = await world.referred(), Clerk(world.clerk, (world.committee,))
    seen = await world.step(clerk, seen, "received", StepInput(happened_on=date(2026, 3, 3)), now=at(1))
    facts = StepInput(happened_on=date(2026, 3, 4), text=CHECKED)
    seen = await world.step(clerk, seen, "sample_check", facts, now=at(2))
    event = await number_of(web, seen.petition_id, "step")
    await correct_step(world.service, clerk, seen, event, StepInput(text=RIGHT), reason="Een tikfout.", now=at(3))
    web.moment = at(13)
    return SeenReferral(seen.petition_id, seen.referral_id, seen.version + 1)


async def test_the_dossier_says_who_acts_until_when_and_tells_everything(web: Web) -> None:
    seen = await handled(web)
    page = await get(web, f"/en/petitions/{seen.petition_id}/dossier")
    now, told = page.split('id="timeline"', 1)
    assert "Waiting for a decision for 13 days" in now
    assert "What happens now and what comes next" in now
    assert "Waiting for 11 days" in now
    for words in ("Handed in for the check", "Checked and published", RIGHT):
        assert words in told
    assert "Corrected on 5 March 2026" in told
    assert CHECKED in told
    event = await number_of(web, seen.petition_id, "step")
    assert f'href="/en/petitions/{seen.petition_id}/events/{event}"' in told
    assert f'href="/api/v1/petitions/{seen.petition_id}/dossier"' in page
    dutch = await get(web, f"/nl/petitions/{seen.petition_id}/dossier")
    assert "Waar het nu staat" in dutch


async def test_a_kind_can_be_chosen_in_the_address(web: Web) -> None:
    seen = await handled(web)
    path = f"/en/petitions/{seen.petition_id}/dossier"
    committee = (await get(web, f"{path}?show=committee")).split('id="timeline"', 1)[1]
    assert RIGHT in committee
    assert "Checked and published" not in committee
    assert re.search(r'show=committee#timeline" aria-current="true"', committee)
    odd, plain = await get(web, f"{path}?show=nonsense&year=0"), await get(web, path)
    assert odd.split("<main")[1] == plain.split("<main")[1]


async def test_every_event_that_is_told_has_a_page_that_leads_on(web: Web) -> None:
    seen = await handled(web)
    home = f"/en/petitions/{seen.petition_id}"
    page = await get(web, f"{home}/dossier")
    numbers = [int(one) for one in re.findall(rf'href="{home}/events/(\d+)"', page)]
    assert len(numbers) >= 6
    for place, number in enumerate(numbers):
        event = await get(web, f"{home}/events/{number}")
        assert f"http://petitions.test{home}/events/{number}" in event
        if place:
            assert f'href="{home}/events/{numbers[place - 1]}" rel="prev"' in event
    crossed = await get(web, f"{home}/events/{await number_of(web, seen.petition_id, 'threshold_reached')}")
    assert web.world.procedure().thresholds[0].what.en in crossed
    last = await get(web, f"{home}/events/{numbers[-1]}")
    assert f'href="/en/committees/{web.world.committee}"' in last
    assert "Earlier version" in last
    assert CHECKED in last


async def test_a_correction_stands_with_what_it_corrects(web: Web) -> None:
    seen = await handled(web)
    event = await number_of(web, seen.petition_id, "step")
    correction = await number_of(web, seen.petition_id, "corrected")
    answer = await web.client.get(f"/nl/petitions/{seen.petition_id}/events/{correction}")
    assert answer.status_code == 308
    place = f"/nl/petitions/{seen.petition_id}/events/{event}#correction-{correction}"
    assert answer.headers["location"] == place
    assert f'id="correction-{correction}"' in await get(web, place)
    short = await get(web, f"/nl/petitions/{seen.petition_id}")
    assert "Gecorrigeerd op 5 maart 2026" in short
    assert f'id="event-{event}"' in short


async def test_what_the_public_may_not_know_has_no_address(web: Web) -> None:
    world = web.world
    waiting = (await world.moderated("nl-kamer-petitie")).petition_id
    link = await mended(web)
    number, home = link.petition_id, f"/nl/petitions/{link.petition_id}/events"
    await get(web, f"/nl/petitions/{waiting}/events/{await number_of(web, waiting, 'submitted')}", 404)
    await get(web, f"{home}/{await number_of(web, number, 'edited')}", 404)
    await get(web, f"{home}/{await number_of(web, number, 'rejected')}", 410)
    other = await world.opened("nl-kamer-petitie", title="Meer treinen in het noorden")
    await get(web, f"{home}/{await number_of(web, other.petition_id, 'opened')}", 404)
    for wrong in ("0", "x", "9" * 30):
        await get(web, f"{home}/{wrong}", 404)


async def test_a_petition_that_was_taken_down_takes_its_dossier_along(web: Web) -> None:
    world, link = web.world, await mended(web)
    number = link.petition_id
    opened = await number_of(web, number, "opened")
    await moderation.remove(world.service, number, world.moderator, ground="offensive", reason="Nee.", now=at(7))
    for path, status in (("dossier", 404), (f"events/{opened}", 410), ("versions", 404), ("versions/2", 404)):
        assert "nachtzorg" not in await get(web, f"/nl/petitions/{number}/{path}", status)


async def test_events_of_a_rejected_petition_never_show_a_hidden_text(web: Web) -> None:
    world = web.world
    link = await world.moderated("nl-kamer-petitie", title="Een geheime titel die beledigt")
    await world.rejected(link, ground="offensive", reason="Het beledigt mensen.", now=NOW)
    await objections.object_to(world.service, link, text="Dat vind ik niet.", now=at(1))
    for kind, status in (("rejected", 200), ("objected", 200), ("submitted", 404)):
        number = await number_of(web, link.petition_id, kind)
        page = await get(web, f"/nl/petitions/{link.petition_id}/events/{number}", status)
        assert "geheime" not in page
        assert "Dat vind ik niet" not in page


async def test_versions_show_what_was_changed_word_by_word(web: Web) -> None:
    number = (await mended(web)).petition_id
    page = await get(web, f"/en/petitions/{number}/versions")
    assert "Changed: title, reasons." in page
    assert "Version 1" in page
    second = await get(web, f"/en/petitions/{number}/versions/2")
    plain = re.sub(r"<span class=\"vh\"[^>]*>.*?</span>", "", second)
    assert "<del>goede nachtzorg</del><ins>nachtzorg dichtbij</ins>" in plain or "<del>goede </del>" in plain
    assert "[removed:" in second
    first = await get(web, f"/en/petitions/{number}/versions/1")
    assert EARLIER in first
    assert "<del>" not in first
    assert "not accepted with this text" in first
    for wrong in ("0", "3", "x"):
        await get(web, f"/en/petitions/{number}/versions/{wrong}", 404)
    dossier = await get(web, f"/en/petitions/{number}/dossier")
    assert f'href="/en/petitions/{number}/versions/1"' in dossier
    assert "The check took 2 days." in dossier


async def test_a_version_that_was_refused_on_a_hiding_ground_is_never_shown(web: Web) -> None:
    number = (await mended(web, ground="offensive")).petition_id
    page = await get(web, f"/nl/petitions/{number}/versions")
    await get(web, f"/nl/petitions/{number}/versions/1", 404)
    second = await get(web, f"/nl/petitions/{number}/versions/2")
    dossier = await get(web, f"/nl/petitions/{number}/dossier")
    for text in (page, second, dossier):
        assert "goede" not in text
    assert "mag niet" in page
    assert "<del>" not in second


async def test_a_petition_that_is_not_accepted_has_no_versions(web: Web) -> None:
    link = await web.world.moderated("nl-kamer-petitie")
    await get(web, f"/nl/petitions/{link.petition_id}/versions", 404)
    await web.world.rejected(link, now=NOW)
    await get(web, f"/nl/petitions/{link.petition_id}/versions/1", 404)


@pytest.mark.parametrize("path", ["dossier", "versions", "versions/1", "events/1"])
async def test_an_unknown_petition_has_nothing(web: Web, path: str) -> None:
    await get(web, f"/nl/petitions/999999/{path}", 404)


def room(seen: SeenReferral) -> str:
    return f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/corrections"


async def test_a_clerk_corrects_a_step_at_the_desk(web: Web) -> None:
    seen = await handled(web)
    event = await number_of(web, seen.petition_id, "step")
    await web.sign_in(web.world.clerk)
    page = await get(web, f"{room(seen)}?lang=en")
    assert f'href="{room(seen)}?event={event}#correct"' in page
    form = await get(web, f"{room(seen)}?event={event}&lang=en")
    assert RIGHT in form
    sent = {
        "event": str(event),
        "version": str(seen.version),
        "text": "Nu klopt het.",
        "link": "",
        "reason": "Tikfout.",
    }
    answer = await web.client.post(room(seen), data=sent)
    assert answer.status_code == 303
    assert "Nu klopt het." in await get(web, answer.headers["location"])
    again = await web.client.post(room(seen), data=sent | {"text": "Nu nog beter."})
    assert again.status_code == 409
    assert "Nu nog beter." in again.text
    assert "Nu nog beter." not in await get(web, f"/nl/petitions/{seen.petition_id}/dossier")
    private = sent | {"version": str(seen.version + 1), "text": "Zonder naam.", "withhold": "yes"}
    assert (await web.client.post(room(seen), data=private)).status_code == 303
    page = await get(web, f"/en/petitions/{seen.petition_id}/events/{event}")
    assert "they held personal data" in page
    assert page.count("Nu klopt het.") == 0


async def test_a_correction_that_is_not_right_keeps_what_was_typed(web: Web) -> None:
    seen = await handled(web)
    event = await number_of(web, seen.petition_id, "step")
    await web.sign_in(web.world.clerk)
    sent = {"event": str(event), "version": str(seen.version), "text": "", "link": "geen adres", "reason": ""}
    for wrong, expected in (
        (sent, {"text", "link", "reason"}),
        (sent | {"link": "", "reason": "Tikfout."}, {"text"}),
        (sent | {"link": "", "reason": "Tikfout.", "text": RIGHT}, {""}),
    ):
        answer = await web.client.post(room(seen), data=wrong)
        assert answer.status_code == 400
        page = unescape(answer.text)
        assert set(re.findall(r'id="(\w+)-error"', page)) == expected - {""}
        assert 'class="error-summary"' in page
        assert wrong["link"] in page
    unknown = await web.client.post(room(seen), data=sent | {"event": "999999"})
    assert unknown.status_code == 404


async def test_a_decision_is_not_offered_for_correction(web: Web) -> None:
    seen, world = await handled(web), web.world
    clerk = Clerk(world.clerk, (world.committee,))
    seen = await world.step(clerk, seen, "report", StepInput(happened_on=date(2026, 3, 10), text="Advies."), now=at(9))
    yes = StepInput(happened_on=date(2026, 3, 11), admissible=True)
    seen = await world.step(clerk, seen, "admissibility", yes, now=at(10))
    event = await number_of(web, seen.petition_id, "step")
    await web.sign_in(world.clerk)
    page = await get(web, f"{room(seen)}?event={event}&lang=en")
    assert f"?event={event}#correct" not in page
    assert "A decision with its reasons is not corrected here." in page
    assert 'id="correct"' not in page
    answer = await web.client.post(
        room(seen), data={"event": str(event), "version": str(seen.version), "reason": "Nee."}
    )
    assert answer.status_code == 404


async def test_a_clerk_of_another_committee_corrects_nothing(web: Web) -> None:
    seen = await handled(web)
    await web.sign_in((await web.world.clerk_of("binnenlandse-zaken")).staff_id)
    await get(web, room(seen), 403)
    assert (await web.client.post(room(seen), data={"event": "1"})).status_code == 403


async def test_a_moderator_corrects_the_words_of_news(web: Web) -> None:
    world, link = web.world, await mended(web)
    await drafting.publish_update(world.service, link, title="Wij waren er", text="Het was erg drok.", now=at(6))
    number, event = link.petition_id, await number_of(web, link.petition_id, "update")
    path = f"/staff/petitions/{number}/corrections"
    await web.sign_in(world.moderator)
    assert f'href="{path}"' in await get(web, f"/staff/petitions/{number}?lang=en")
    assert f"{path}?event={event}#correct" in await get(web, path)
    assert "Het was erg drok." in await get(web, f"{path}?event={event}")
    sent = {"event": str(event), "corrections": "0", "title": "Wij waren er", "text": "Het was erg druk."}
    refused = await web.client.post(path, data=sent | {"title": ""})
    assert refused.status_code == 400
    assert set(re.findall(r'id="(\w+)-error"', refused.text)) == {"title", "reason"}
    assert "Het was erg druk." in refused.text
    answer = await web.client.post(path, data=sent | {"reason": "Tikfout."})
    assert answer.status_code == 303
    again = await web.client.post(path, data=sent | {"reason": "Tikfout.", "text": "Heel druk."})
    assert again.status_code == 409
    assert "Heel druk." in again.text
    web.client.cookies.clear()
    page = await get(web, f"/en/petitions/{number}/events/{event}")
    assert "Het was erg druk." in page
    assert "Earlier version" in page
    assert "Het was erg drok." in page
    assert "A correction: Wij waren er" in await get(web, f"/en/petitions/{number}.atom")
    unknown = await number_of(web, number, "opened")
    await web.sign_in(world.moderator)
    assert (await web.client.post(path, data=sent | {"event": str(unknown), "reason": "x"})).status_code == 404
