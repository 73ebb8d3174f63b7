"""Following on the web: without an account, a cookie or a script; the same response for every address."""

import re
from html import unescape

import pytest

from petitions.following.acts import follow as following
from petitions.following.rules import ALL, Topic
from petitions.lifecycle.acts import moderation
from petitions.security.tokens import Link
from tests.following.acts import ask, follow, of, value
from tests.form_reading import read_form
from tests.web import Web

WHO = "volger@v.example"
FORM = {"topic": "all", "what": ["petitions", "decisions"], "how": "weekly", "email": WHO}


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_the_form_proposes_something_and_tells_what_is_kept(web: Web, language: str) -> None:
    petition = (await web.world.opened()).petition_id
    page = await web.client.get(f"/{language}/follow?petition={petition}")
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"].startswith("public")
    text = unescape(page.text)
    assert "Geef elk dorp weer nachtzorg dichtbij" in text
    assert f'href="/{language}/petitions/{petition}.atom"' in text
    assert "<script" not in re.sub(r"<script src=[^>]*></script>", "", text)
    values = read_form(text)
    assert (values["topic"], values["how"], values["email"]) == (f"petition:{petition}", "at_once", "")
    assert 'value="petitions"' not in text


@pytest.mark.parametrize(
    ("query", "topic", "how"),
    [
        ("", "all", "weekly"),
        ("?subject=health", "subject:health", "weekly"),
        (
            "?committee=verzoekschriften-en-burgerinitiatieven",
            "committee:verzoekschriften-en-burgerinitiatieven",
            "daily",
        ),
    ],
)
async def test_the_form_for_many_petitions(web: Web, query: str, topic: str, how: str) -> None:
    page = await web.client.get(f"/nl/follow{query}")
    assert page.status_code == 200
    values = read_form(page.text)
    assert (values["topic"], values["how"]) == (topic, how)
    assert 'value="petitions" checked' in page.text


@pytest.mark.parametrize(
    "query",
    ["petition=999999", "petition=x", "petition=", "petition=-1", "subject=none", "committee=none", "petition=%00",
     "petition=" + "9" * 400],
)  # fmt: skip
async def test_there_is_no_form_for_what_is_not_there(web: Web, query: str) -> None:
    assert (await web.client.get(f"/nl/follow?{query}")).status_code == 404


async def test_a_petition_that_is_not_public_or_was_taken_down_cannot_be_followed(web: Web) -> None:
    waiting = (await web.world.moderated("nl-kamer-petitie")).petition_id
    gone = (await web.world.opened("nl-kamer-petitie")).petition_id
    await moderation.remove(
        web.world.service, gone, web.world.moderator, ground="offensive", reason="Beledigend.", now=web.moment
    )
    for petition in (waiting, gone):
        assert (await web.client.get(f"/nl/follow?petition={petition}")).status_code == 404
        form = {**FORM, "topic": f"petition:{petition}", "what": ["news"]}
        assert (await web.client.post("/nl/follow", data=form)).status_code == 404
    assert await value(web.world, "select count(*) from follow_request") == 0


async def test_ask_confirm_and_see_it_all(web: Web) -> None:
    answer = await web.client.post("/nl/follow", data=FORM)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert WHO in answer.text
    assert read_form(answer.text)["email"] == WHO  # once more, with one button
    assert answer.text.count('name="what"') == 2
    key = await value(web.world, "select key from follow_request")
    path = f"/nl/follow/confirm/{web.token('follow', 0, key)}"
    shown = await web.client.get(path)
    assert shown.status_code == 200
    assert "noindex" in shown.headers["x-robots-tag"]
    assert await value(web.world, "select count(*) from follow") == 0
    done = await web.client.post(path)
    assert done.status_code == 200
    assert (await web.client.post(path)).status_code == (await web.client.get(path)).status_code == 200
    assert await value(web.world, "select count(*) from follow") == 1
    (manage,) = set(re.findall(r"/nl/following/[\w.-]+", done.text))
    own = await web.client.get(manage)
    assert own.status_code == 200
    assert WHO in own.text
    assert "Alle petities" in own.text


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"email": "geen adres"}, {"email"}),
        ({"email": ""}, {"email"}),
        ({"what": []}, {"what"}),
        ({"what": ["onzin"]}, {"what"}),
        ({"how": "uurlijks"}, {"how"}),
        ({"topic": "petition:x", "email": "x"}, {"topic", "email"}),
        ({"topic": "committee:none"}, {"topic"}),
        ({"topic": "", "what": [], "how": "", "email": ""}, {"topic", "what", "how", "email"}),
    ],
)
async def test_mistakes_are_told_at_the_field_and_everything_typed_is_kept(
    web: Web, change: dict[str, object], fields: set[str]
) -> None:
    answer = await web.client.post("/nl/follow", data={**FORM, **change})
    assert answer.status_code == 400
    assert set(re.findall(r'<li><a href="#(\w+)">', answer.text)) == fields
    for name in fields:
        assert f'id="{name}-error"' in answer.text
    values = read_form(answer.text)
    if "email" in change:
        assert values["email"] == change["email"]
    if "how" not in fields:
        assert values["how"] == "weekly"
    if "what" not in fields:
        assert 'value="decisions" checked' in answer.text
    assert await value(web.world, "select count(*) from follow_request") == 0


async def test_a_machine_that_fills_in_everything_is_answered_and_nothing_is_kept(web: Web) -> None:
    assert (await web.client.post("/nl/follow", data={**FORM, "website": "x"})).status_code == 200
    assert (await web.client.post("/nl/follow/link", data={"email": WHO, "website": "x"})).status_code == 200
    assert await value(web.world, "select count(*) from follow_request") == 0
    assert await value(web.world, "select count(*) from outbox where kind like 'follow%'") == 0


async def test_the_answer_tells_nothing_about_an_address(web: Web) -> None:
    await follow(web.world, ALL, WHO, now=web.moment)
    for path, form in (("/nl/follow", FORM), ("/nl/follow/link", {"email": WHO})):
        known = await web.client.post(path, data=form)
        other = await web.client.post(path, data={**form, "email": "nieuw.mens@v.example"})
        assert known.status_code == other.status_code == 200
        assert known.text == other.text.replace("nieuw.mens@v.example", WHO)
    for _ in range(6):  # nor does it tell that no more mail is sent
        limited = await web.client.post("/nl/follow/link", data={"email": WHO})
    assert limited.text == known.text


async def test_the_link_page_asks_again_for_what_is_no_address(web: Web) -> None:
    assert (await web.client.get("/nl/follow/link")).status_code == 200
    answer = await web.client.post("/nl/follow/link", data={"email": "geen adres"})
    assert answer.status_code == 400
    assert read_form(answer.text)["email"] == "geen adres"


async def manage(web: Web, link: Link) -> str:
    return f"/nl/following/{web.token('following', link.petition_id, link.key)}"


async def test_change_choices_and_stop_one(web: Web) -> None:
    petition = (await web.world.opened()).petition_id
    link = await follow(web.world, of(petition), WHO, now=web.moment)
    await follow(web.world, Topic("subject", "health"), WHO, now=web.moment)
    path = await manage(web, link)
    first, second = (await following.read_follows(web.world.service, link)).follows
    opened = await web.client.get(f"{path}?follow={first.id}")
    assert read_form(opened.text)["how"] == "at_once"
    wrong = await web.client.post(path, data={"act": "change", "follow": first.id, "how": "daily"})
    assert wrong.status_code == 400
    assert 'id="what-error"' in wrong.text
    assert read_form(wrong.text)["how"] == "daily"
    form = {"act": "change", "follow": first.id, "how": "daily", "what": ["decisions", "news"]}
    saved = await web.client.post(path, data=form)
    assert saved.status_code == 303
    assert "Uw keuzes zijn bewaard." in (await web.client.get(saved.headers["location"])).text
    assert (await following.read_follows(web.world.service, link)).one(first.id).choice.what == ("decisions", "news")
    stopped = await web.client.post(path, data={"act": "stop", "follow": second.id})
    assert stopped.status_code == 303
    assert (await web.client.post(path, data={"act": "stop", "follow": second.id})).status_code == 404
    last = await web.client.post(path, data={"act": "stop", "follow": first.id})
    assert "Wij hebben uw adres gewist." in last.text
    assert await value(web.world, "select count(*) from follower") == 0
    assert (await web.client.get(path)).status_code == 404


async def test_stop_everything_asks_once_more_and_erases_the_address(web: Web) -> None:
    link = await follow(web.world, ALL, WHO, now=web.moment)
    path = await manage(web, link)
    asked = await web.client.post(path, data={"act": "stop_all"})
    assert asked.status_code == 200
    assert await value(web.world, "select count(*) from follower") == 1
    assert "Wij hebben uw adres gewist." in (await web.client.post(path, data={"act": "stop_all", "sure": "yes"})).text
    assert await value(web.world, "select count(*) from follower") == 0


async def test_the_language_of_the_mails(web: Web) -> None:
    path = await manage(web, await follow(web.world, ALL, WHO, now=web.moment))
    answer = await web.client.post(path, data={"act": "speak", "language": "en"})
    assert answer.headers["location"].startswith("/en/following/")
    assert "Your mails come in this language" in (await web.client.get(answer.headers["location"])).text
    assert await value(web.world, "select language from follower") == "en"
    assert (await web.client.post(path, data={"act": "speak", "language": "xx"})).status_code == 400


async def test_one_click_of_a_mail_program_stops_one_follow_and_is_harmless_twice(web: Web) -> None:
    link = await follow(web.world, ALL, WHO, now=web.moment)
    await follow(web.world, Topic("subject", "health"), WHO, how="daily", now=web.moment)
    row = await value(web.world, "select row(id, key) from follow where topic = 'all'")
    path = f"/nl/unfollow/{web.token('unfollow', *row)}"
    shown = await web.client.get(path)
    assert shown.status_code == 200
    assert await value(web.world, "select count(*) from follow") == 2
    one_click = {"List-Unsubscribe": "One-Click"}  # RFC 8058: no cookie, no origin
    for _ in range(2):
        assert (await web.client.post(path, data=one_click)).status_code == 200
    assert await value(web.world, "select array_agg(topic) from follow") == ["subject:health"]
    digest = f"/nl/undigest/{web.token('undigest', link.petition_id, link.key)}"
    assert (await web.client.get(digest)).status_code == 200
    assert await value(web.world, "select count(*) from follow") == 1
    for _ in range(2):
        assert (await web.client.post(digest, data=one_click)).status_code == 200
    assert await value(web.world, "select count(*) from follower") == 0


async def test_one_click_for_daily_mails_leaves_what_comes_at_once(web: Web) -> None:
    link = await follow(web.world, ALL, WHO, now=web.moment)
    await follow(web.world, Topic("subject", "health"), WHO, how="daily", now=web.moment)
    await follow(web.world, Topic("subject", "work"), WHO, how="weekly", now=web.moment)
    answer = await web.client.post(f"/nl/undigest/{web.token('undigest', link.petition_id, link.key)}")
    assert await manage(web, link) in answer.text
    assert await value(web.world, "select array_agg(topic) from follow") == ["all"]


async def test_a_page_of_another_site_cannot_press_the_buttons(web: Web) -> None:
    wish = await ask(web.world, ALL, WHO, now=web.moment)
    path = f"/nl/follow/confirm/{web.token('follow', 0, wish.key)}"
    answer = await web.client.post(path, headers={"Origin": "https://elders.example", "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert await value(web.world, "select count(*) from follow") == 0


async def test_links_are_of_one_purpose(web: Web) -> None:
    link = await follow(web.world, ALL, WHO, now=web.moment)
    pages = {"following": "following", "unfollow": "unfollow", "undigest": "undigest", "follow": "follow/confirm"}
    for purpose in (*pages, "unsubscribe", "signature"):
        token = web.token(purpose, link.petition_id, link.key)
        for other, path in pages.items():
            if other != purpose:
                assert (await web.client.post(f"/nl/{path}/{token}")).status_code == 404, (purpose, path)
    assert await value(web.world, "select count(*) from follow") == 1


@pytest.mark.parametrize("state", ["expired", "stopped", "full", "unknown"])
async def test_a_link_that_cannot_be_confirmed_says_why_and_how_to_go_on(
    web: Web, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = await ask(web.world, ALL, WHO, now=web.moment)
    if state == "stopped":
        found = await following.confirm(web.world.service, wish, now=web.moment)
        async with web.world.service.database.connection() as connection:
            await connection.execute("delete from follower")
        assert found.manage is not None
    elif state == "expired":
        async with web.world.service.database.connection() as connection:
            await connection.execute("update follow_request set asked_at = asked_at - interval '7 days'")
    elif state == "full":
        monkeypatch.setattr(following, "MOST_FOLLOWS", 0)
    else:
        wish = Link(0, b"u" * 16)
    answer = await web.client.post(f"/nl/follow/confirm/{web.token('follow', 0, wish.key)}")
    assert answer.status_code == {"expired": 410, "stopped": 410, "full": 409, "unknown": 404}[state]
    assert 'href="/nl/follow' in answer.text


async def test_it_is_linked_from_where_people_look(web: Web) -> None:
    petition = (await web.world.opened()).petition_id
    committee = web.world.committee
    for path, link in (
        (f"/nl/petitions/{petition}", f"/nl/follow?petition={petition}"),
        (f"/nl/petitions/{petition}/dossier", f"/nl/follow?petition={petition}"),
        (f"/nl/committees/{committee}", f"/nl/follow?committee={committee}"),
        ("/nl/petitions", "/nl/follow"),
        ("/nl/petitions?subject=health", "/nl/follow?subject=health"),
        ("/nl", "/nl/follow"),
        ("/nl/privacy", "/nl/follow/link"),
    ):
        page = await web.client.get(path)
        assert f'href="{link}"' in page.text, path
        assert (await web.client.get(link)).status_code == 200


async def test_who_follows_a_rejected_petition_hears_that_it_opened_after_all(web: Web) -> None:
    link = await web.world.rejected(await web.world.moderated("nl-kamer-petitie"))
    page = await web.client.get(f"/nl/petitions/{link.petition_id}")
    assert f'href="/nl/follow?petition={link.petition_id}"' in page.text
    form = {**FORM, "topic": f"petition:{link.petition_id}", "what": ["milestones", "decisions"]}
    assert (await web.client.post("/nl/follow", data=form)).status_code == 200
    assert await value(web.world, "select what from follow_request") == ["milestones", "decisions"]


async def test_a_hidden_title_stands_nowhere_on_the_pages_of_a_follower(web: Web) -> None:
    petition = (await web.world.opened("nl-kamer-petitie")).petition_id
    link = await follow(web.world, of(petition), WHO, now=web.moment)
    row = await value(web.world, "select row(id, key) from follow")
    await moderation.remove(
        web.world.service, petition, web.world.moderator, ground="offensive", reason="Beledigend.", now=web.moment
    )
    for path in (await manage(web, link), f"/nl/unfollow/{web.token('unfollow', *row)}"):
        page = await web.client.get(path)
        assert page.status_code == 200
        assert "nachtzorg" not in page.text
        assert f"Petitie {petition}" in page.text
