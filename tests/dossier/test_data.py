"""The dossier as data: valid by its schema, with permanent identifiers, and nothing that the pages do not show."""

import copy
import json
from typing import Any

import pytest

from petitions.lifecycle.registration import parts_of
from petitions.subjects import SUBJECTS
from tests.dossier.test_pages import CHECKED, RIGHT, handled, mended, number_of
from tests.schema_check import problems
from tests.web import ORIGIN, Web
from tests.world import NOW


async def get(web: Web, path: str, status: int = 200) -> Any:
    answer = await web.client.get(path)
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in answer.headers
    return json.loads(answer.text)


async def schema_of(web: Web) -> dict[str, Any]:
    found: dict[str, Any] = await get(web, "/api/v1/dossier.schema.json")
    return found


async def test_it_is_as_its_schema_says(web: Web) -> None:
    schema = await schema_of(web)
    assert schema["$id"] == f"{ORIGIN}/api/v1/dossier.schema.json"
    number = (await handled(web)).petition_id
    other = (await mended(web)).petition_id
    for petition in (number, other):
        body = await get(web, f"/api/v1/petitions/{petition}/dossier")
        assert problems(schema, body) == []
        assert body["$schema"] == schema["$id"]
    broken = copy.deepcopy(body)
    broken["texts"][0]["recordedAt"] = "yesterday"
    broken["next"][0]["strength"] = "perhaps"
    del broken["events"][0]["page"]
    assert len(problems(schema, broken)) == 3


async def test_every_section_is_described(web: Web) -> None:
    schema = await schema_of(web)
    names = {section.name for section in parts_of(SUBJECTS).dossier_sections}
    assert names <= schema["properties"].keys()
    assert names <= set(schema["required"])


async def test_it_says_who_acts_until_when_and_what_was_corrected(web: Web) -> None:
    seen = await handled(web)
    body = await get(web, f"/api/v1/petitions/{seen.petition_id}/dossier")
    first = next(one for one in body["next"] if one["kind"] == "step")
    assert (first["state"], first["code"], first["daysWaiting"]) == ("now", "report", 11)
    assert first["who"]["en"]
    event = await number_of(web, seen.petition_id, "step")
    tag = f"tag:petitions.test,2026:petition/{seen.petition_id}"
    told = next(one for one in body["events"] if one["id"] == f"{tag}/event/{event}")
    assert told["facts"]["text"] == RIGHT
    assert told["corrections"][0]["changes"] == {"text": {"before": CHECKED, "after": RIGHT}}
    assert body["referrals"][0]["steps"][-1]["event"] == told["id"]
    assert (await web.client.get(told["page"].removeprefix(ORIGIN))).status_code == 200
    assert {"role": "rules"}.items() <= body["sources"][0].items()
    assert "@" not in json.dumps(body)
    feed = (await web.client.get(f"/en/petitions/{seen.petition_id}.atom")).text
    assert f"<id>{told['id']}</id>" in feed
    assert f"<updated>{told['corrections'][0]['correctedAt'].replace('Z', '+00:00')}</updated>" in feed
    short = await get(web, f"/api/v1/petitions/{seen.petition_id}")
    assert next(one["corrections"] for one in short["events"] if one["id"] == event)[0]["reason"] == "Een tikfout."


async def test_texts_are_those_that_may_be_seen(web: Web) -> None:
    open_one, hidden = (await mended(web)).petition_id, (await mended(web, ground="offensive")).petition_id
    body = await get(web, f"/api/v1/petitions/{open_one}/dossier")
    assert [(one["number"], one["accepted"]) for one in body["texts"]] == [(1, False), (2, True)]
    for one in body["texts"]:
        assert (await web.client.get(one["page"].removeprefix(ORIGIN))).status_code == 200
    body = await get(web, f"/api/v1/petitions/{hidden}/dossier")
    assert [one["number"] for one in body["texts"]] == [2]
    assert "goede" not in json.dumps(body)


async def test_it_is_kept_marked_and_linked(web: Web) -> None:
    number = (await mended(web)).petition_id
    path = f"/api/v1/petitions/{number}/dossier"
    first = await web.client.get(path)
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert (await web.client.get(path, headers={"If-None-Match": first.headers["etag"]})).status_code == 304
    assert f'<{ORIGIN}/api/v1/dossier.schema.json>; rel="describedby"' in first.headers["link"]
    petition = await get(web, f"/api/v1/petitions/{number}")
    assert petition["_links"]["dossier"]["href"] == ORIGIN + path


@pytest.mark.parametrize("number", ["0", "999999", "abc"])
async def test_what_there_is_not_is_a_problem_document(web: Web, number: str) -> None:
    answer = await web.client.get(f"/api/v1/petitions/{number}/dossier")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == 404


async def test_what_was_not_accepted_has_no_dossier(web: Web) -> None:
    link = await web.world.moderated("nl-kamer-petitie")
    await get(web, f"/api/v1/petitions/{link.petition_id}/dossier", 404)
    await web.world.rejected(link, now=NOW)
    await get(web, f"/api/v1/petitions/{link.petition_id}/dossier", 404)
