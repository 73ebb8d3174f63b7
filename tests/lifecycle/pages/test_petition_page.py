"""The page of a petition in every stage: what it says, what it hides, and that its numbers are those of the tally."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from petitions.lifecycle.acts import drafting, moderation, signing, thresholds
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.acts.outcome import record_outcome
from petitions.lifecycle.acts.referral import record_step
from petitions.lifecycle.rules.steps import StepInput
from petitions.security.tokens import Link
from tests.web import Web
from tests.world import ANSWERS, NOW


async def page(web: Web, link: Link, language: str = "nl") -> str:
    response = await web.client.get(f"/{language}/petitions/{link.petition_id}")
    assert response.status_code == 200
    return response.text


async def referred(web: Web, code: str = "nl-burgerinitiatief") -> Link:
    """A petition that crossed its number with two signatures."""
    link = await web.world.opened(code)
    await web.world.lower_threshold(link.petition_id, "examine", 2)
    for _ in range(2):
        await web.world.sign(link.petition_id)
    return link


async def take(web: Web, link: Link, step: str, **facts: object) -> None:
    async with web.world.service.database.connection() as connection:
        row = await connection.fetchrow("select id, version from referral where petition_id = $1", link.petition_id)
    assert row is not None
    seen = SeenReferral(link.petition_id, row["id"], row["version"])
    clerk = Clerk(web.world.clerk, (web.world.committee,))
    record = record_outcome if step in {"votes", "what_came_of_it"} else record_step
    given = {"happened_on": NOW.date()} | facts
    await record(web.world.service, clerk, seen, step, StepInput(**given), now=NOW + timedelta(hours=2))  # type: ignore[arg-type]


async def test_an_open_petition_says_what_it_asks_and_what_follows(web: Web) -> None:
    link = await web.world.opened()
    await web.world.sign(link.petition_id)
    text = await page(web, link)
    assert "<h1" in text
    assert "Geef elk dorp weer nachtzorg dichtbij" in text
    assert "Marieke Hoekstra" in text
    assert '<span class="count">1</span>' in text
    assert "<b>39.999</b> te gaan" in text
    assert "moet het voorstel toetsen aan de voorwaarden" in text
    assert "De regels noemen geen termijn." in text
    assert 'id="outlook"' in text
    assert text.index('id="outlook"') < text.index('id="sign"')
    assert 'action="/nl/petitions/' in text
    assert "als het in behandeling komt" in text


async def test_a_petition_reads_in_english_with_its_own_language_kept(web: Web) -> None:
    link = await web.world.opened()
    text = await page(web, link, "en")
    assert "must check the proposal against the conditions" in text
    assert "The rules set no deadline." in text
    assert '<h1 lang="nl">' in text
    assert '<html lang="en">' in text
    assert 'hreflang="nl"' in text


async def test_a_weak_rule_is_told_weakly(web: Web) -> None:
    text = await page(web, await web.world.opened("nl-kamer-petitie"), "en")
    assert "may receive the petition in person, on a Tuesday in the House, but need not." in text
    assert "must receive" not in text
    assert "(required" not in text


async def test_the_texts_of_a_petition_are_escaped(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie", title='<img src=x onerror="alert(1)"> & co')
    await drafting.publish_update(web.world.service, link, title="<b>vet</b>", text="<script>x</script>", now=NOW)
    text = await page(web, link)
    assert "<img src=x" not in text
    assert "<script>" not in text
    assert "<b>vet</b>" not in text
    assert "&lt;b&gt;vet&lt;/b&gt;" in text


@pytest.mark.parametrize(
    "path", ["/nl/petitions/{}", "/embed/petitions/{}", "/api/v1/petitions/{}", "/nl/petitions/{}/embed"]
)
async def test_what_is_not_public_yet_does_not_exist(web: Web, path: str) -> None:
    draft = await web.world.draft()
    waiting = await web.world.moderated("nl-kamer-petitie")
    sponsoring = await web.world.draft("uk-parliament")
    await drafting.confirm(web.world.service, sponsoring, now=NOW)
    never = await web.world.moderated("nl-kamer-petitie")
    await drafting.withdraw(web.world.service, never, reason="Toch niet.", now=NOW)
    for link in (draft, waiting, sponsoring, never):
        assert (await web.client.get(path.format(link.petition_id))).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "999999", "abc", "1e3", "9" * 40, "٣"])
async def test_numbers_of_nothing_are_not_found(web: Web, number: str) -> None:
    assert (await web.client.get(f"/nl/petitions/{number}")).status_code == 404


async def test_the_page_is_kept_for_seconds_and_sets_no_cookie(web: Web) -> None:
    link = await web.world.opened()
    path = f"/nl/petitions/{link.petition_id}"
    first = await web.client.get(path)
    assert first.headers["cache-control"] == "public, max-age=10, stale-while-revalidate=30, stale-if-error=600"
    assert "set-cookie" not in first.headers
    assert (await web.client.get(path, headers={"If-None-Match": first.headers["etag"]})).status_code == 304
    await web.world.sign(link.petition_id)
    changed = await web.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert (await web.client.head(path)).status_code == 200
    assert (await web.client.post(path)).status_code == 405


async def test_a_rejected_petition_tells_ground_rule_and_reason(web: Web) -> None:
    link = await web.world.moderated("nl-kamer-petitie")
    world = web.world
    await moderation.reject(
        world.service, link.petition_id, world.moderator, ground="personal_grievance", reason="Dit is uw zaak.", now=NOW
    )
    text = await page(web, link)
    assert "Daarvoor is er het verzoekschrift." in text
    assert "Regeling, artikel 1 (verzoekschrift)" in text
    assert "Dit is uw zaak." in text
    assert "Geef elk dorp weer nachtzorg dichtbij" in text
    assert "Marieke" not in text
    assert 'id="sign"' not in text


async def test_a_hidden_text_is_hidden_everywhere(web: Web) -> None:
    link = await web.world.moderated("nl-kamer-petitie", title="Een gemene titel")
    world = web.world
    await moderation.reject(
        world.service, link.petition_id, world.moderator, ground="offensive", reason="Het beledigt.", now=NOW
    )
    number = link.petition_id
    for path in (
        f"/nl/petitions/{number}", f"/en/petitions/{number}", f"/api/v1/petitions/{number}", "/api/v1/petitions",
        f"/embed/petitions/{number}", f"/embed/petitions/{number}.svg", f"/embed/petitions/{number}.json",
        f"/nl/petitions/{number}/embed", f"/nl/petitions/{number}/signatures.csv",
    ):  # fmt: skip
        response = await web.client.get(path)
        assert "gemene titel" not in response.text, path
        assert "nachtzorg" not in response.text, path
    assert "Het beledigt." in await page(web, link)


async def test_what_was_taken_down_is_gone_with_an_explanation(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie", title="Een titel die weg moet")
    world = web.world
    await drafting.publish_update(world.service, link, title="Nieuws dat weg moet", text="Tekst die weg moet.", now=NOW)
    await moderation.remove(
        world.service, link.petition_id, world.moderator, ground="duplicate", reason="Dubbel.", now=NOW
    )
    response = await web.client.get(f"/nl/petitions/{link.petition_id}")
    assert response.status_code == 410
    assert "Dubbel." in response.text
    assert "is weggehaald" in response.text
    for path in (
        f"/nl/petitions/{link.petition_id}",
        "/nl/petitions?status=all",
        f"/api/v1/petitions/{link.petition_id}",
    ):
        assert "weg moet" not in (await web.client.get(path)).text


async def test_a_withdrawn_petition_keeps_its_text_and_takes_no_signatures(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie")
    await drafting.withdraw(web.world.service, link, reason="Het is opgelost.", now=NOW)
    text = await page(web, link)
    assert "Het is opgelost." in text
    assert "Ingetrokken" in text
    assert 'id="sign"' not in text


async def test_a_closed_petition_without_enough_signatures_says_so(web: Web) -> None:
    link = await web.world.opened("uk-parliament")
    await thresholds.close_due(web.world.service, now=datetime(2026, 9, 3, 12, tzinfo=UTC))
    web.moment = datetime(2026, 9, 4, tzinfo=UTC)
    text = await page(web, link)
    assert "Te weinig mensen tekenden." in text
    assert "Dit is niet gehaald." in text
    assert 'id="sign"' not in text


async def test_the_last_day_is_told_by_the_clock_of_the_body(web: Web) -> None:
    link = await web.world.opened("uk-parliament")
    assert "Until 2 September 2026" in await page(web, link, "en")
    web.moment = datetime(2026, 9, 2, 22, 30, tzinfo=UTC)  # 23:30 in London
    assert "Closes today" in await page(web, link, "en")
    web.moment = datetime(2026, 9, 2, 23, 30, tzinfo=UTC)
    assert 'id="sign"' not in await page(web, link, "en")


async def test_a_reached_number_and_the_committee_stand_on_the_timeline(web: Web) -> None:
    link = await referred(web)
    text = await page(web, link)
    assert "2 handtekeningen" in text
    assert "Verwezen naar: Commissie voor de Verzoekschriften en de Burgerinitiatieven" in text
    assert "Gehaald op 2 maart 2026." in text
    assert "Drempel gehaald" in text
    assert "/nl/committees/verzoekschriften-en-burgerinitiatieven" in text


async def test_steps_and_the_decision_stand_on_the_page_above_the_text(web: Web) -> None:
    link = await referred(web)
    await take(web, link, "received")
    await take(web, link, "sample_check", text="Alles <b>klopt</b>.")
    await take(web, link, "report", text="Het verslag.")
    await take(web, link, "admissibility", admissible=True)
    await take(
        web,
        link,
        "plenary_debate",
        meeting="held",
        meeting_at=NOW,
        place="Plenaire zaal",
        text="De Kamer sprak erover.",
    )
    await take(web, link, "votes", outcome="motion_adopted", reasons="De Kamer vindt dit nodig.")
    web.moment = NOW + timedelta(days=1)
    text = await page(web, link)
    assert "Alles &lt;b&gt;klopt&lt;/b&gt;." in text
    assert text.index("De Kamer vindt dit nodig.") < text.index("<h2>Waarom</h2>") < text.index('id="sign"')
    assert "Besloten" in text
    home = (await web.client.get("/nl")).text
    assert "Pas besloten" in home
    assert "De Kamer nam een motie aan" in home
    answered = (await web.client.get("/nl/petitions?status=answered")).text
    assert f'href="/nl/petitions/{link.petition_id}"' in answered


async def test_names_are_shown_only_where_procedure_and_person_allow_it(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie")
    service = web.world.service
    for name, show in (("Anna Zichtbaar", True), ("Bram Verborgen", False)):
        petition = await signing.petition_for_signing(service, link.petition_id)
        address = web.world.address()
        contact = ANSWERS | {"name": name, "email": address}
        await signing.sign(service, petition, contact, show_name=show, wants_news=False, language="nl", now=NOW)
        index = service.vault.index(petition.salt, address)
        async with service.database.connection() as connection:
            key = await connection.fetchval("select token_id from pending_signature where email_index = $1", index)
        await signing.confirm(service, Link(link.petition_id, key), now=NOW)
    text = await page(web, link)
    assert "Anna Zichtbaar" in text
    assert "Bram Verborgen" not in text
    assert "Dorpsstraat" not in text
    async with service.database.connection() as connection:  # even if a row said so, the procedure forbids it
        initiative = await web.world.opened()
        await web.world.sign(initiative.petition_id)
        await connection.execute("update signature set show_name = true where petition_id = $1", initiative.petition_id)
    assert "Sanne de Wit" not in await page(web, initiative)


async def test_the_table_under_the_chart_is_the_tally(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie")
    for day, signatures in ((0, 2), (1, 3), (9, 1)):
        for _ in range(signatures):
            await web.world.sign(link.petition_id, now=NOW + timedelta(days=day))
    web.moment = NOW + timedelta(days=10)
    text = await page(web, link)
    table = text[text.index('<details class="data">\n  <summary>Bekijk de cijfers') :]
    totals = [int(total) for total in re.findall(r'<td class="num">\d+</td><td class="num">(\d+)</td>', table)]
    assert totals == [5, 6]
    file = (await web.client.get(f"/nl/petitions/{link.petition_id}/signatures.csv")).text
    assert file.splitlines() == [
        "date,new,total",
        "2026-03-02,2,2",
        "2026-03-03,3,5",
        "2026-03-11,1,6",
        "2026-03-12,0,6",
    ]
    assert await web.world.count(link.petition_id) == 6


async def test_days_of_the_tally_are_those_of_the_body(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie")
    await web.world.sign(link.petition_id, now=datetime(2026, 3, 4, 23, 20, tzinfo=UTC))  # 00.20 uur on the 5th
    web.moment = NOW + timedelta(days=10)
    file = (await web.client.get(f"/nl/petitions/{link.petition_id}/signatures.csv")).text
    assert "2026-03-05,1,1" in file


async def test_news_of_the_initiator_can_be_linked_to(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie")
    await drafting.publish_update(web.world.service, link, title="Wij zijn begonnen", text="Een.\n\nTwee.", now=NOW)
    text = await page(web, link)
    assert "Nieuws: Wij zijn begonnen" in text
    assert re.search(r'<article class="update" id="event-\d+">', text)
    assert "<p>Een.</p>" in text


async def test_a_steady_petition_has_an_estimate_and_a_quiet_one_has_none(web: Web) -> None:
    link = await web.world.opened("nl-burgerinitiatief")
    web.moment = NOW + timedelta(days=40)
    assert "schatting" not in await page(web, link)
    async with web.world.service.database.connection() as connection:
        await connection.execute(
            "insert into signature_hour (petition_id, hour, confirmed)"
            " select $1, date_trunc('hour', $2::timestamptz) - n * interval '1 day', 10 + n"
            " from generate_series(1, 7) as n",
            link.petition_id,
            web.moment,
        )
        await connection.execute(
            "update signature_count set confirmed = 39900 where petition_id = $1", link.petition_id
        )
    text = await page(web, link)
    assert "In de laatste 7 dagen tekenden 98 mensen." in text
    assert "over ongeveer 1 week 40.000 handtekeningen" in text
    assert "Dit is een schatting." in text
    assert "This is an estimate." in await page(web, link, "en")
