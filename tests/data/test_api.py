"""The read API: its documents, its paging, and its errors."""

import json
from typing import Any

import pytest

from petitions.lifecycle.acts import moderation
from tests.web import Web
from tests.world import NOW


async def get(web: Web, path: str, status: int = 200) -> Any:
    response = await web.client.get(path)
    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["api-version"] == "1.0.0"
    assert "set-cookie" not in response.headers
    kind = "application/json" if status == 200 else "application/problem+json"
    assert response.headers["content-type"].startswith(kind)
    return json.loads(response.text)


async def test_a_petition_with_all_that_is_public(web: Web) -> None:
    link = await web.world.opened()
    await web.world.lower_threshold(link.petition_id, "examine", 2)
    for _ in range(2):
        await web.world.sign(link.petition_id)
    body = await get(web, f"/api/v1/petitions/{link.petition_id}")
    assert body["stage"] == "open"
    assert body["signatures"] == 2
    assert body["openedAt"] == "2026-03-02T10:00:00Z"
    assert body["procedure"]["code"] == "nl-burgerinitiatief"
    threshold = body["thresholds"][0]
    assert (threshold["required"], threshold["strength"], threshold["confirmedByBody"]) == (2, "must", True)
    assert threshold["reachedAt"].endswith("Z")
    assert threshold["dueOn"] is None
    assert body["referrals"][0]["state"] == "waiting"
    assert [event["kind"] for event in body["events"]] == ["opened", "threshold_reached", "referred"]
    assert body["_links"]["page"]["href"].endswith(f"/nl/petitions/{link.petition_id}")
    assert "@" not in json.dumps(body)


async def test_the_list_pages_with_links(web: Web) -> None:
    links = [await web.world.opened("nl-kamer-petitie", title=f"Petitie nummer {n} van drie") for n in range(3)]
    first = await web.client.get("/api/v1/petitions?pageSize=2&sort=new")
    body = json.loads(first.text)
    assert (body["total"], body["pages"], len(body["petitions"])) == (3, 2, 2)
    assert body["petitions"][0]["id"] == links[2].petition_id
    assert 'rel="next"' in first.headers["link"]
    second = await get(web, body["_links"]["next"]["href"])
    assert [row["id"] for row in second["petitions"]] == [links[0].petition_id]
    assert "next" not in second["_links"]
    assert "prev" in second["_links"]
    await get(web, "/api/v1/petitions?page=9", 404)


async def test_filters(web: Web) -> None:
    open_one = await web.world.opened("nl-kamer-petitie")
    rejected = await web.world.moderated("nl-kamer-petitie", title="Iets heel anders dan zorg")
    await moderation.reject(
        web.world.service, rejected.petition_id, web.world.moderator, ground="duplicate", reason="Dubbel.", now=NOW
    )
    for query, expected in (
        ("stage=open", [open_one]), ("stage=rejected", [rejected]), ("subject=health&sort=new", [rejected, open_one]),
        ("q=nachtzorg", [open_one, rejected]), ("q=anders", [rejected]), ("subject=digital", []),
        ("procedure=uk-parliament", []),
    ):  # fmt: skip
        body = await get(web, f"/api/v1/petitions?{query}")
        assert {row["id"] for row in body["petitions"]} == {link.petition_id for link in expected}, query


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("stage=draft", {"stage"}), ("subject=x&page=0", {"subject", "page"}), ("pageSize=101", {"pageSize"}),
        ("page_size=5", {"page_size"}), ("sort=relevance", {"sort"}), ("page=abc", {"page"}), ("page=%D9%A3", {"page"}),
        ("stage=&sort=&page=", {"stage", "sort", "page"}),
    ],
)  # fmt: skip
async def test_a_wrong_query_is_refused_with_everything_that_is_wrong(web: Web, query: str, wrong: set[str]) -> None:
    body = await get(web, f"/api/v1/petitions?{query}", 400)
    assert body["status"] == 400
    assert body["title"]
    assert body["detail"]
    assert {error["name"] for error in body["errors"]} == wrong


@pytest.mark.parametrize("query", ["q=%00", "q=%ff", "q=':*%26|!", "procedure=%00", "q=" + "a" * 5000])
async def test_strange_words_find_nothing(web: Web, query: str) -> None:
    assert (await get(web, f"/api/v1/petitions?{query}"))["petitions"] == []


@pytest.mark.parametrize("number", ["0", "999999", "abc", "9" * 40])
async def test_an_unknown_petition_is_a_problem_document(web: Web, number: str) -> None:
    body = await get(web, f"/api/v1/petitions/{number}", 404)
    assert body["detail"]


async def test_a_hidden_text_is_null(web: Web) -> None:
    link = await web.world.moderated("nl-kamer-petitie", title="Een gemene titel")
    await moderation.reject(
        web.world.service, link.petition_id, web.world.moderator, ground="offensive", reason="Het beledigt.", now=NOW
    )
    body = await get(web, f"/api/v1/petitions/{link.petition_id}")
    assert body["textHidden"]
    assert [body[name] for name in ("title", "request", "reasons", "initiator")] == [None] * 4
    assert body["ground"]["code"] == "offensive"
    assert body["reason"] == "Het beledigt."
    assert (await get(web, "/api/v1/petitions?q=gemene"))["total"] == 0
    assert (await get(web, "/api/v1/petitions?stage=rejected"))["petitions"][0]["title"] is None


async def test_answers_are_kept_and_marked(web: Web) -> None:
    link = await web.world.opened()
    path = f"/api/v1/petitions/{link.petition_id}"
    first = await web.client.get(path)
    assert first.headers["cache-control"].startswith("public, max-age=")
    again = await web.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert (await web.client.post(path)).status_code == 405
