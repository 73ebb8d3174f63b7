"""Requests for motions and votes: the tab at the desk, the dossier, the pages of parties and members."""

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from petitions.http.templating import Pages
from petitions.lifecycle.acts.handling import SeenReferral
from petitions.motions.reads.motions import read_motions, read_seats
from petitions.sites import Modules
from tests.schema_check import problems
from tests.web import Web
from tests.world import NOW

SEATS = "Linde; 40; De Linde; Tessa Wierda, Kees de Jong\nAnker; 38; Het Anker; Bas Kuiper\nKompas; 22"
TODAY = "2-3-2026"


@pytest.fixture
async def seen(web: Web) -> SeenReferral:
    seen = await web.world.referred()
    web.moment = NOW + timedelta(hours=2)
    await web.sign_in(web.world.clerk)
    answer = await web.client.post(f"{room(seen)}/seats", data={"parties": SEATS, "since": "1-1-2025"})
    assert answer.status_code == 303, answer.text
    return seen


def room(seen: SeenReferral) -> str:
    return f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/motions"


async def motion(web: Web, seen: SeenReferral) -> int:
    data = {"title": "Motie over nachtzorg", "submitted_on": TODAY, "submitters": "Tessa Wierda (Linde)"}
    answer = await web.client.post(room(seen), data=data)
    assert answer.headers["location"] == f"{room(seen)}?done=motion", answer.text
    (found,) = await read_motions(web.world.service.database, seen.petition_id)
    return found.id


async def vote(web: Web, seen: SeenReferral, number: int, by: str, version: str = "1", **data: str) -> httpx.Response:
    given = {"by": by, "version": version, "outcome": "adopted", "voted_on": TODAY} | data
    return await web.client.post(f"{room(seen)}/{number}/vote", data=given)


async def ballots(web: Web, **choices: str) -> dict[str, str]:
    parties, _ = await read_seats(web.world.service.database, "nl-tweede-kamer", NOW.date())
    chosen = [party for party in parties if party.short_name in choices]
    return {f"choice-{one.id}": choices[one.short_name] for one in chosen} | {
        f"seats-{one.id}": str(one.seats) for one in chosen
    }


async def public(web: Web, path: str) -> str:
    answer = await web.client.get(path)
    assert answer.status_code == 200, path
    assert "set-cookie" not in answer.headers
    return re.sub(r"\s+", " ", answer.text)


async def test_a_vote_by_party_is_published_and_shown_everywhere(web: Web, seen: SeenReferral) -> None:
    number = await motion(web, seen)
    assert "Nog niet over gestemd" in await public(web, f"/nl/petitions/{seen.petition_id}/dossier")
    form = (await web.client.get(f"{room(seen)}?vote={number}")).text
    assert all(f'name="{name}"' in form for name in await ballots(web, Linde="for", Kompas="for"))
    choices = await ballots(web, Linde="for", Anker="against", Kompas="for")
    answer = await vote(web, seen, number, "parties", **choices)
    assert answer.status_code == 303, answer.text
    web.moment += timedelta(minutes=5)
    await web.sign_in(web.world.clerk)
    dossier = await public(web, f"/nl/petitions/{seen.petition_id}/dossier")
    assert "62 voor, 38 tegen. Met de hand omhoog" in dossier
    assert f'id="motion-{number}"' in dossier
    petition = await public(web, f"/en/petitions/{seen.petition_id}")
    assert "A motion was adopted:" in petition
    assert f"/en/petitions/{seen.petition_id}/dossier#motion-{number}" in petition
    member = await public(web, "/en/members/tessa-wierda")
    assert "the party voted, by show of hands" in member
    assert "Voted for 1 of 1 motion" in member
    assert "too few for a percentage" in member
    party = await public(web, "/nl/parties/anker")
    assert "Stemde vóór bij 0 van de 1 motie" in party
    assert "/nl/members/bas-kuiper" in party
    feed = (await web.client.get(f"/en/petitions/{seen.petition_id}.atom")).text
    assert "A motion was adopted" in feed
    assert "For: 62. Against: 38." in feed


async def test_a_roll_call_is_read_from_the_minutes(web: Web, seen: SeenReferral) -> None:
    number = await motion(web, seen)
    answer = await vote(web, seen, number, "roll_call", **{"names-for": "Wierda, Niemand", "names-against": "De Jong"})
    assert answer.status_code == 400
    assert "Niemand" in answer.text
    assert ">De Jong</textarea>" in answer.text.replace("\n", ""), "what was typed is kept"
    lists = {"names-for": "Wierda\nKuiper, Bas", "names-against": "De Jong", "outcome": "adopted"}
    assert (await vote(web, seen, number, "roll_call", **lists)).status_code == 303
    text = await public(web, f"/en/petitions/{seen.petition_id}/dossier")
    assert "2 for, 1 against. Every member was called by name." in text
    assert "/en/members/kees-de-jong" in text
    party = await public(web, "/en/parties/linde")
    assert "The party was divided" in party
    assert "For: 1, Against: 1" in party
    assert "by name" in await public(web, "/en/members/kees-de-jong")


async def test_the_dossier_as_data_holds_motions_and_votes(web: Web, seen: SeenReferral) -> None:
    first, second = await motion(web, seen), 0
    await vote(web, seen, first, "parties", **await ballots(web, Linde="for", Anker="against"))
    await web.client.post(room(seen), data={"title": "Motie op naam"})
    second = max(one.id for one in await read_motions(web.world.service.database, seen.petition_id))
    await vote(web, seen, second, "roll_call", **{"names-for": "Wierda"})
    schema = (await web.client.get("/api/v1/dossier.schema.json")).json()
    body = (await web.client.get(f"/api/v1/petitions/{seen.petition_id}/dossier")).json()
    assert problems(schema, body) == []
    by_party, by_name = sorted(body["motions"], key=lambda one: one["id"])
    assert by_party["id"] == f"tag:petitions.test,2026:petition/{seen.petition_id}/motion/{first}"
    assert by_party["tally"] == {"for": 40, "against": 38, "abstained": 0, "absent": 0}
    assert by_party["votes"][0]["party"] == {"name": "Linde", "page": "http://petitions.test/nl/parties/linde"}
    assert (by_name["voteKind"], by_name["votes"][0]["member"]["name"]) == ("byName", "Tessa Wierda")
    assert {event["kind"] for event in body["events"]} >= {"motion", "vote"}


async def test_a_result_that_contradicts_its_votes_is_refused_with_the_sums(web: Web, seen: SeenReferral) -> None:
    number = await motion(web, seen)
    choices = await ballots(web, Linde="for", Anker="against")
    answer = await vote(web, seen, number, "parties", outcome="rejected", **choices)
    assert answer.status_code == 400
    assert "Met deze stemmen is de motie aangenomen: 40 voor, 38 tegen." in answer.text
    assert 'value="rejected" checked' in answer.text
    differs = "De voorzitter telde anders."
    answer = await vote(web, seen, number, "parties", outcome="rejected", difference=differs, **choices)
    assert answer.status_code == 303
    assert differs in await public(web, f"/nl/petitions/{seen.petition_id}/dossier")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"voted_on": "3-3-2027"}, "still to come"),
        ({"voted_on": "1-3-2026"}, "before the day on which the motion was submitted"),
        ({"outcome": ""}, "Fill this in"),
        ({}, "how the parties or members voted"),
        ({"voted_on": "gisteren"}, "Fill in a date"),
    ],
)
async def test_a_result_that_cannot_be_is_refused_at_its_field(
    web: Web, seen: SeenReferral, data: dict[str, str], message: str
) -> None:
    number = await motion(web, seen)
    await web.client.get("/committee?lang=en")
    answer = await web.client.post(
        f"{room(seen)}/{number}/vote?lang=en",
        data={"by": "parties", "version": "1", "outcome": "adopted", "voted_on": TODAY} | data,
    )
    assert answer.status_code == 400
    assert message in answer.text
    assert 'id="errors"' in answer.text
    for target in re.findall(r'<li><a href="#([^"]+)"', answer.text):
        assert f'id="{target}"' in answer.text, "every message leads to its field"
    (stored,) = await read_motions(web.world.service.database, seen.petition_id)
    assert stored.outcome is None


async def test_two_clerks_at_once(web: Web, seen: SeenReferral) -> None:
    number = await motion(web, seen)
    choices = await ballots(web, Linde="for")
    assert (await vote(web, seen, number, "parties", **choices)).status_code == 303
    second = await vote(web, seen, number, "parties", **choices)
    assert second.status_code == 409
    assert "Een collega veranderde deze motie" in second.text


async def test_corrections_are_shown_with_what_was_and_why(web: Web, seen: SeenReferral) -> None:
    number = await motion(web, seen)
    form = (await web.client.get(f"{room(seen)}?motion={number}")).text
    assert 'value="Motie over nachtzorg"' in form
    data = {"motion": str(number), "version": "1", "title": "Motie over nachtzorg dichtbij", "reason": "Tikfout."}
    assert (await web.client.post(room(seen), data=data)).status_code == 303
    text = await public(web, f"/nl/petitions/{seen.petition_id}/dossier")
    assert "titel was “Motie over nachtzorg”, is “Motie over nachtzorg dichtbij”" in text
    assert "Tikfout." in text
    broken = await web.client.post(room(seen), data={"title": "", "link": "geen link", "submitted_on": "31-2-2026"})
    assert broken.status_code == 400
    assert broken.text.count('class="error"') >= 2


async def test_a_number_of_a_case_is_noted(web: Web, seen: SeenReferral) -> None:
    wrong = await web.client.post(f"{room(seen)}/cases", data={"case": "36123"})
    assert wrong.status_code == 400
    assert 'value="36123"' in wrong.text
    assert (await web.client.post(f"{room(seen)}/cases", data={"case": "2026z04711 "})).status_code == 303
    assert "2026Z04711: nog niet gelezen" in re.sub(r"\s+", " ", (await web.client.get(room(seen))).text)


async def test_lines_that_cannot_be_read_are_kept(web: Web, seen: SeenReferral) -> None:
    answer = await web.client.post(f"{room(seen)}/seats", data={"parties": "Linde veertig", "since": ""})
    assert answer.status_code == 400
    assert "Linde veertig</textarea>" in answer.text


async def test_another_committee_sees_and_writes_nothing(web: Web, seen: SeenReferral) -> None:
    number = await motion(web, seen)
    other = await web.world.clerk_of("digitale-zaken")
    await web.sign_in(other.staff_id)
    assert (await web.client.get(room(seen))).status_code == 403
    assert (await web.client.post(room(seen), data={"title": "x"})).status_code == 403
    assert (await vote(web, seen, number, "none")).status_code == 403
    assert (await web.client.post(f"{room(seen)}/cases", data={"case": "2026Z04711"})).status_code == 403
    assert (await web.client.post(f"{room(seen)}/seats", data={"parties": SEATS, "since": TODAY})).status_code == 403


async def test_without_the_module_nothing_of_it_is_there(
    web: Web, seen: SeenReferral, monkeypatch: pytest.MonkeyPatch
) -> None:
    await motion(web, seen)
    pages = web.app_state.pages
    body = pages.site.body.model_copy(update={"modules": Modules(votes=False)})
    monkeypatch.setattr(pages, "site", replace(pages.site, body=body))
    monkeypatch.setattr(pages, "_environments", Pages(pages.site)._environments)
    assert (await web.client.get(room(seen))).status_code == 404
    assert (await web.client.post(room(seen), data={"title": "x"})).status_code == 404
    for path in ("/nl/members", "/nl/members/tessa-wierda", "/nl/parties/linde"):
        assert (await web.client.get(path)).status_code == 404, path
    assert "/motions" not in (await web.client.get(room(seen).removesuffix("/motions"))).text
    web.moment += timedelta(minutes=5)
    await web.sign_in(web.world.clerk)
    text = (await web.client.get(f"/nl/petitions/{seen.petition_id}/dossier")).text
    assert 'id="motions"' not in text
    assert "/nl/members" not in text
    assert "dossier#motion" not in text


async def test_lists_and_unknown_names(web: Web, seen: SeenReferral) -> None:
    async with web.world.service.database.connection() as connection:
        await connection.execute(
            "insert into member (body, slug, name, sort_name) values ('nl-tweede-kamer', 'los', 'Los Lid', 'Lid, Los')"
        )
    text = await public(web, "/nl/members")
    assert "Linde (2)" in text
    assert "Zonder partij (1)" in text
    assert "/nl/parties/kompas" in text
    assert "Er is nog niet gestemd over een motie uit een petitie." in await public(web, "/nl/members/los")
    assert "/nl/members/kees-de-jong" in text
    places = (await web.client.get("/sitemap-pages.xml")).text
    assert all(f"/nl/{place}</loc>" in places for place in ("members", "members/bas-kuiper", "parties/kompas"))
    assert '<a href="/nl/members">Hoe leden stemmen</a>' in await public(web, "/nl")
    for path in ("/nl/members/niemand", "/nl/parties/niets", "/xx/members"):
        assert (await web.client.get(path)).status_code == 404


@pytest.mark.parametrize("slug", ["1%00", "%FF", "..%2Fx", "A", "x" * 3000])
async def test_an_address_of_a_voter_that_cannot_be_is_not_there(web: Web, slug: str) -> None:
    for place in ("members", "parties"):
        assert (await web.client.get(f"/en/{place}/{slug}")).status_code == 404
