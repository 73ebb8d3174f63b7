"""Requests at the moderators' desk: access, the queue, claims, decisions, conflicts, bad input."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from petitions.lifecycle.acts import moderation
from petitions.staff.acts import sessions as staff
from tests.conftest import NOW
from tests.web import Web

REASON = "De gemeente gaat over dit onderwerp."
KIND = "nl-gemeente-initiatief"  # one moderator alone may refuse these


@pytest.fixture
async def desk(web: Web) -> Web:
    """A moderator who is signed in."""
    await web.sign_in(web.world.moderator)
    return web


async def stored(web: Web, petition_id: int) -> Any:
    """A petition as it is stored."""
    async with web.world.service.database.connection() as connection:
        return await connection.fetchrow("select * from petition where id = $1", petition_id)


async def colleague(web: Web) -> int:
    """Another moderator."""
    return await staff.add(web.world.service, "amir@kantoor.example", "Amir Haddad", is_moderator=True, now=NOW)


async def send(web: Web, petition_id: int, act: str, **values: str) -> httpx.Response:
    """Press a button of the page of one petition."""
    return await web.client.post(f"/staff/petitions/{petition_id}", data={"act": act} | values)


async def test_the_desk_is_for_moderators_only(web: Web) -> None:
    link = await web.world.moderated(KIND)
    pages = ("/staff", "/staff/search", f"/staff/petitions/{link.petition_id}")
    for path in pages:
        answer = await web.client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in")
    for path in ("/staff", f"/staff/petitions/{link.petition_id}"):
        assert (await web.client.post(path, data={"act": "accept"})).status_code == 403
    await web.sign_in(web.world.clerk)
    for path in pages:
        assert (await web.client.get(path)).status_code == 403
    assert (await send(web, link.petition_id, "claim")).status_code == 403
    assert (await stored(web, link.petition_id))["claimed_by"] is None


async def test_other_methods(desk: Web) -> None:
    assert (await desk.client.post("/staff/search")).status_code == 405
    assert (await desk.client.delete("/staff")).status_code == 405
    assert (await desk.client.get("/staff/sign-out")).status_code == 405


async def test_from_another_site_nothing_is_accepted(desk: Web) -> None:
    link = await desk.world.moderated(KIND)
    answer = await desk.client.post(
        f"/staff/petitions/{link.petition_id}", data={"act": "claim"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403


async def test_an_empty_desk(desk: Web) -> None:
    page = await desk.client.get("/staff?lang=en")
    assert page.status_code == 200
    assert "Nothing waits for a decision." in page.text
    assert "none yet" in page.text  # no figures are made up
    for show in ("sponsoring", "decided", "nonsense"):
        assert (await desk.client.get(f"/staff?show={show}")).status_code == 200


async def test_the_queue(desk: Web) -> None:
    first = await desk.world.moderated(KIND, title="Houd het zwembad in ons dorp open")
    await desk.world.moderated("scottish-parliament", title="Keep the night ferry running all year")
    desk.moment = NOW + timedelta(days=7)
    await desk.sign_in(desk.world.moderator)
    page = (await desk.client.get("/staff?lang=en")).text
    assert page.index("zwembad") < page.index("night ferry")
    assert "Marieke Hoekstra, Dokkum" in page
    assert "Today at the latest" in page
    assert "5 working days" in page
    assert re.search(r"<caption[^>]*>Petitions that wait", page)
    only = (await desk.client.get("/staff?lang=en&procedure=scottish-parliament")).text
    assert "night ferry" in only
    assert "zwembad" not in only
    desk.moment = NOW + timedelta(days=8)
    await desk.sign_in(desk.world.moderator)
    assert "1 day late" in (await desk.client.get("/staff?lang=en")).text
    assert f'href="/staff/petitions/{first.petition_id}"' in page


async def test_the_queue_has_pages_of_fifty(desk: Web) -> None:
    async with desk.world.service.database.connection() as connection:
        link = await desk.world.moderated(KIND)
        columns = [
            row["column_name"]
            for row in await connection.fetch(
                "select column_name from information_schema.columns where table_name = 'petition'"
                " and column_name not in ('id', 'search')"
            )
        ]
        names = ", ".join(columns)
        await connection.execute(
            f"insert into petition ({names}) select {names} from petition, generate_series(1, 54) where id = $1",
            link.petition_id,
        )
    first = (await desk.client.get("/staff")).text
    second = (await desk.client.get("/staff?page=2")).text
    assert (first.count('role="rowheader"'), second.count('role="rowheader"')) == (50, 5)
    assert 'href="/staff?page=2"' in first
    for page in ("0", "-1", "x", "9" * 5000, "\u0663"):
        assert (await desk.client.get("/staff", params={"page": page})).status_code == 200


async def test_what_waits_for_sponsors_and_what_was_decided(desk: Web) -> None:
    from petitions.lifecycle.acts import drafting

    draft = await desk.world.draft("uk-parliament", title="More benches in every park")
    assert (await desk.client.get(f"/staff/petitions/{draft.petition_id}")).status_code == 404
    await drafting.confirm(desk.world.service, draft, now=NOW)
    page = (await desk.client.get("/staff?show=sponsoring&lang=en")).text
    assert "More benches" in page
    waiting = (await desk.client.get(f"/staff/petitions/{draft.petition_id}?lang=en")).text
    assert "still gathers its sponsors" in waiting
    link = await desk.world.moderated(KIND, title="Houd het zwembad in ons dorp open")
    await send(desk, link.petition_id, "reject", ground="wrong_body", reason=REASON)
    page = (await desk.client.get("/staff?show=decided&lang=en")).text
    assert "zwembad" in page
    assert "Noor Bakker" in page
    assert "Rejected" in page


async def test_taking_the_oldest(desk: Web) -> None:
    link = await desk.world.moderated(KIND)
    taken = await desk.client.post("/staff")
    assert taken.headers["location"] == f"/staff/petitions/{link.petition_id}"
    assert (await stored(desk, link.petition_id))["claimed_by"] == desk.world.moderator
    none = await desk.client.post("/staff", data={"procedure": "no-such-thing"})
    assert none.headers["location"] == "/staff?all-taken"
    assert "Nothing is left to take" in (await desk.client.get("/staff?all-taken&lang=en")).text


async def test_one_petition_shows_what_a_decision_needs(desk: Web) -> None:
    there = await desk.world.opened(title="Houd het zwembad van Dokkum open voor iedereen")
    link = await desk.world.moderated(KIND, title="Houd zwembad Dokkum open")
    await send(desk, link.petition_id, "note", note="Gebeld met de griffie.")
    page = (await desk.client.get(f"/staff/petitions/{link.petition_id}?lang=en")).text
    for words in (
        '<article class="flow desk-text" lang="nl">',
        "Resembles 1 other",
        f'href="/staff/petitions/{there.petition_id}"',
        "Gebeld met de griffie.",
        "Initiative to the municipal council (example)",
        "Nobody is working on this",
    ):
        assert words in page
    assert 'value="accept"' not in page  # first take it up
    await send(desk, link.petition_id, "claim")
    page = (await desk.client.get(f"/staff/petitions/{link.petition_id}?lang=en")).text
    for words in (
        'value="accept"',
        'value="reject"',
        "De petitie voldoet aan de regels van de procedure.",  # the language of the petition
        "incites hatred",
        "The text is hidden from the public.",
        "Put in the standard text (Dutch)",
    ):
        assert words in page


async def test_accepting(desk: Web) -> None:
    link = await desk.world.moderated(KIND)
    answer = await send(desk, link.petition_id, "accept", opening_reason="Alles klopt, wij openen.", version="2")
    assert answer.headers["location"] == f"/staff/petitions/{link.petition_id}?done=open"
    assert (await stored(desk, link.petition_id))["stage"] == "open"
    page = (await desk.client.get(answer.headers["location"] + "&lang=en")).text
    assert "The petition is open." in page
    assert "Alles klopt, wij openen." in page


async def test_rejecting_hides_the_text_where_the_ground_says_so(desk: Web) -> None:
    link = await desk.world.moderated(KIND)
    answer = await send(desk, link.petition_id, "reject", ground="offensive", reason=REASON)
    assert answer.status_code == 303
    row = await stored(desk, link.petition_id)
    assert (row["stage"], row["text_hidden"], row["reason"]) == ("rejected", True, REASON)


async def test_taking_down(desk: Web) -> None:
    link = await desk.world.opened()
    page = (await desk.client.get(f"/staff/petitions/{link.petition_id}?lang=en")).text
    assert "Take this petition down" in page
    answer = await send(desk, link.petition_id, "remove", ground="illegal", reason=REASON)
    assert answer.headers["location"].endswith("?done=removed")
    assert (await stored(desk, link.petition_id))["stage"] == "removed"
    again = await send(desk, link.petition_id, "remove", ground="illegal", reason=REASON)
    assert again.status_code == 409
    assert "Noor Bakker" in again.text


@pytest.mark.parametrize(
    ("act", "values", "kept"),
    [
        ("reject", {"reason": "Dit hoort bij de gemeente."}, "Dit hoort bij de gemeente."),
        ("reject", {"ground": "wrong_body"}, 'value="wrong_body" checked'),
        ("reject", {"ground": "made_up", "reason": REASON}, REASON),
        ("reject", {"ground": "wrong_body", "reason": "kort"}, "kort"),
        ("reject", {"ground": "wrong_body", "reason": "nul\x00teken in de tekst"}, "in de tekst"),
        ("reject", {"ground": "wrong_body", "reason": "omgekeerd \u202e tekst hier"}, "omgekeerd"),
        ("reject", {"ground": "wrong_body", "reason": "a" * 2001}, "aaaa"),
        ("accept", {"opening_reason": ""}, "opening_reason"),
        ("accept", {"opening_reason": "<b>ja</b>"}, "&lt;b&gt;ja&lt;/b&gt;"),
        ("note", {"note": " "}, "note"),
    ],
)
async def test_bad_input_is_400_with_everything_kept(desk: Web, act: str, values: dict[str, str], kept: str) -> None:
    link = await desk.world.moderated(KIND)
    await send(desk, link.petition_id, "claim")
    answer = await send(desk, link.petition_id, act, **values)
    assert answer.status_code == 400
    assert kept in answer.text
    assert 'role="alert"' in answer.text
    assert "<title>Fout:" in answer.text
    assert (await stored(desk, link.petition_id))["stage"] == "moderation"


async def test_an_act_that_does_not_exist(desk: Web) -> None:
    link = await desk.world.moderated(KIND)
    for act in ("", "delete", "close"):
        assert (await send(desk, link.petition_id, act)).status_code == 400


@pytest.mark.parametrize("number", ["0", "abc", "99999999999", "9" * 30, "-1", "1e3", "%00"])
async def test_a_petition_that_is_not_there(desk: Web, number: str) -> None:
    assert (await desk.client.get(f"/staff/petitions/{number}")).status_code == 404
    for act in ("claim", "accept", "reject", "note", "release"):
        answer = await desk.client.post(
            f"/staff/petitions/{number}",
            data={"act": act, "opening_reason": REASON, "reason": REASON, "ground": "illegal", "note": "x"},
        )
        assert answer.status_code in ({404, 303} if act == "release" else {404})


async def test_what_a_colleague_works_on(desk: Web) -> None:
    other = await colleague(desk)
    link = await desk.world.moderated(KIND)
    await moderation.claim(desk.world.service, link.petition_id, other, now=NOW)
    queue = (await desk.client.get("/staff?lang=en")).text
    assert "Amir Haddad" in queue
    page = (await desk.client.get(f"/staff/petitions/{link.petition_id}?lang=en")).text
    assert "A colleague is working on this" in page
    assert 'value="accept"' not in page
    assert 'value="claim"' not in page
    forced = {
        "claim": {},
        "accept": {"opening_reason": REASON},
        "reject": {"ground": "wrong_body", "reason": REASON},
    }
    for act, values in forced.items():
        answer = await send(desk, link.petition_id, act, **values)
        assert answer.status_code == 409
        assert "Amir Haddad" in answer.text
        assert f'href="/staff/petitions/{link.petition_id}"' in answer.text
    desk.moment = NOW + timedelta(hours=2, minutes=1)
    await desk.sign_in(desk.world.moderator)
    assert (await send(desk, link.petition_id, "claim")).status_code == 303


async def test_claiming_and_giving_back(desk: Web) -> None:
    link = await desk.world.moderated(KIND)
    claimed = await send(desk, link.petition_id, "claim")
    assert claimed.headers["location"] == f"/staff/petitions/{link.petition_id}"
    assert "(you)" in (await desk.client.get("/staff?lang=en")).text
    back = await send(desk, link.petition_id, "release")
    assert back.headers["location"] == "/staff"
    assert (await stored(desk, link.petition_id))["claimed_by"] is None


async def test_of_two_decisions_at_once_one_gets_the_409_page(desk: Web) -> None:
    link = await desk.world.moderated(KIND)
    answers = await asyncio.gather(
        send(desk, link.petition_id, "accept", opening_reason="In orde, open maar."),
        send(desk, link.petition_id, "reject", ground="wrong_body", reason=REASON),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "Noor Bakker" in late.text  # who was first
    assert f'href="/staff/petitions/{link.petition_id}"' in late.text


async def test_a_decision_about_an_older_text(desk: Web) -> None:
    link = await desk.world.moderated(KIND)
    answer = await send(desk, link.petition_id, "accept", opening_reason=REASON, version="1")
    assert answer.status_code == 409
    assert (await stored(desk, link.petition_id))["stage"] == "moderation"


async def test_a_procedure_that_cannot_be_opened_here_says_so(desk: Web) -> None:
    link = await desk.world.moderated("tw-join")
    await send(desk, link.petition_id, "claim")
    page = (await desk.client.get(f"/staff/petitions/{link.petition_id}?lang=en")).text
    assert "cannot be opened here" in page
    assert 'value="accept"' not in page
    assert (await send(desk, link.petition_id, "accept", opening_reason=REASON)).status_code == 409


async def test_search(desk: Web) -> None:
    link = await desk.world.opened(title="Houd het zwembad in ons dorp open")
    for typed in ("zwembaden", str(link.petition_id), f"#{link.petition_id}"):
        page = (await desk.client.get("/staff/search", params={"q": typed})).text
        assert f'href="/staff/petitions/{link.petition_id}"' in page
    for typed in ("", " ", "\x00", "\u202e", "';--", "a" * 5000, "<script>", "&|!"):
        answer = await desk.client.get("/staff/search", params={"q": typed})
        assert answer.status_code == 200
        assert "<script>" not in answer.text


async def test_no_page_of_the_desk_is_kept_by_anybody(desk: Web) -> None:
    link = await desk.world.moderated(KIND)
    for path in ("/staff", "/staff/search?q=nachtzorg", f"/staff/petitions/{link.petition_id}", "/staff/sign-in"):
        answer = await desk.client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.text
        assert answer.text.count("<h1") == 1


async def test_what_was_typed_by_an_initiator_is_escaped(desk: Web) -> None:
    link = await desk.world.moderated(KIND, title="<script>alert(1)</script> in de titel")
    for path in ("/staff", f"/staff/petitions/{link.petition_id}", "/staff/search?q=titel"):
        page = (await desk.client.get(path)).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


async def test_filters_are_links_that_keep_each_other(desk: Web) -> None:
    await desk.world.moderated(KIND, title="Houd het zwembad in ons dorp open")
    await desk.world.moderated("nl-kamer-petitie", title="MEER GELD VOOR DE BIBLIOTHEEK NU")
    claimed = await desk.world.moderated("nl-kamer-petitie", title="Laat de nachttrein weer rijden")
    await send(desk, claimed.petition_id, "claim")

    async def titles(query: str) -> set[str]:
        page = (await desk.client.get(f"/staff?lang=en&{query}")).text
        return {word for word in ("zwembad", "BIBLIOTHEEK", "nachttrein") if word in page}

    assert await titles("") == {"zwembad", "BIBLIOTHEEK", "nachttrein"}
    assert await titles("procedure=nl-kamer-petitie") == {"BIBLIOTHEEK", "nachttrein"}
    assert await titles("hint=shouting") == {"BIBLIOTHEEK"}
    assert await titles("whose=mine") == {"nachttrein"}
    assert await titles("whose=free&procedure=nl-kamer-petitie") == {"BIBLIOTHEEK"}
    assert await titles("subject=health") == {"zwembad", "BIBLIOTHEEK", "nachttrein"}
    assert await titles("subject=abroad") == set()
    page = (await desk.client.get("/staff?lang=en&procedure=nl-kamer-petitie")).text
    assert 'href="/staff?procedure=nl-kamer-petitie&amp;hint=shouting"' in page
    assert "Take this filter away" in page
    nothing = (await desk.client.get("/staff?lang=en&subject=abroad")).text
    assert "Nothing here has all of these." in nothing
    for wrong in ("procedure=%00", "subject=%3Cscript%3E", "hint=" + "a" * 5000, "whose=%ff", "show=%00"):
        answer = await desk.client.get(f"/staff?{wrong}")
        assert answer.status_code == 200
        assert "<script>" not in answer.text


async def test_every_hint_says_what_it_comes_from(desk: Web) -> None:
    link = await desk.world.moderated(KIND, title="WETHOUDER JANSEN MOET NU AFTREDEN")
    page = (await desk.client.get(f"/staff/petitions/{link.petition_id}?lang=en")).text
    assert "Shouts?" in page
    assert "The title is mostly in capitals" in page
    assert "They decide nothing." in page


async def test_similar_petitions_say_how_many_words_they_share(desk: Web) -> None:
    there = await desk.world.opened("nl-kamer-petitie", title="Houd het zwembad van Dokkum open voor iedereen")
    link = await desk.world.moderated(KIND, title="Houd zwembad Dokkum open")
    page = (await desk.client.get(f"/staff/petitions/{link.petition_id}?lang=en")).text
    assert f'href="/staff/petitions/{there.petition_id}"' in page
    assert re.search(r"shares \d+ of \d+ words", page)


async def test_a_claim_can_be_renewed(desk: Web) -> None:
    link = await desk.world.moderated(KIND)
    await send(desk, link.petition_id, "claim")
    desk.moment = NOW + timedelta(minutes=100)
    await desk.sign_in(desk.world.moderator)
    assert "Keep it two hours more" in (await desk.client.get(f"/staff/petitions/{link.petition_id}?lang=en")).text
    await send(desk, link.petition_id, "claim")
    assert (await stored(desk, link.petition_id))["claimed_at"] == desk.moment


async def test_the_speed_of_the_desk_is_shown_by_procedure(desk: Web) -> None:
    link = await desk.world.moderated(KIND)
    await send(desk, link.petition_id, "accept", opening_reason="Alles klopt, wij openen.")
    page = (await desk.client.get("/staff?lang=en")).text
    assert "The speed of the desk by procedure" in page
    assert "Initiative to the municipal council (example)" in page
    assert "100%" in page


async def test_the_help_and_its_shortcuts(desk: Web) -> None:
    page = (await desk.client.get("/staff/help?lang=en")).text
    assert 'id="keys"' in page
    assert 'role="switch" aria-checked="false"' in page  # off until somebody switches them on
    script = re.search(r'<script src="(/static/desk\.js[^"]*)" defer>', page)
    assert script
    text = (await desk.client.get(script[1])).text
    assert len(text.encode()) <= 2048
    shown = set(re.findall(r"<kbd>(.)</kbd>", page))
    block = text[text.index("const keys") : text.index("document.addEventListener")]
    assert shown == set(re.findall(r'^\s+"?([a-z/?])"?: \(\)', block, re.MULTILINE))
    assert "desk.js" not in (await desk.client.get("/nl")).text


async def test_mails_can_be_read_before_anybody_gets_them(desk: Web) -> None:
    listed = (await desk.client.get("/staff/mails?lang=en")).text
    names = re.findall(r'href="/staff/mails/([\w-]+)\?lang=en"', listed)
    assert len(names) > 30
    for language in ("nl", "en"):
        for name in names:
            page = await desk.client.get(f"/staff/mails/{name}?lang={language}")
            assert page.status_code == 200, name
            assert f'<iframe class="mail-frame" src="/staff/mails/{name}/html?lang={language}"' in page.text
            html = await desk.client.get(f"/staff/mails/{name}/html?lang={language}")
            assert html.status_code == 200
            assert f'<html lang="{language}">' in html.text
    assert (await desk.client.get("/staff/mails/nonsense")).status_code == 404
    assert (await desk.client.get("/staff/mails/nonsense/html")).status_code == 404


async def test_only_our_own_page_frames_a_mail_and_it_runs_nothing(desk: Web) -> None:
    page = await desk.client.get("/staff/mails/confirm")
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    html = await desk.client.get("/staff/mails/confirm/html")
    policy = html.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy  # default-src 'none'
    assert html.headers["x-frame-options"] == "SAMEORIGIN"
    assert html.headers["cache-control"] == "no-store"
