"""The one script of the public site: small, from ourselves, and every page works without it."""

import re
from pathlib import Path

import pytest

from petitions.http.templating import STATIC_DIR
from tests.web import ORIGIN, Web
from tests.world import NOW

SCRIPT = Path(STATIC_DIR, "help.js").read_text("utf-8")


def test_the_script_is_small_and_keeps_nothing() -> None:
    assert len(SCRIPT.encode()) <= 5_000
    for word in ("cookie", "localStorage", "sessionStorage", "eval(", "innerHTML", "http:", "https:"):
        assert word not in re.sub(r"//.*", "", SCRIPT), word


@pytest.mark.parametrize("path", ["/nl", "/nl/petitions", "/nl/petitions/new"])
async def test_it_is_the_only_one_and_comes_later(web: Web, path: str) -> None:
    page = (await web.client.get(path)).text
    scripts = re.findall(r"<script[^>]*>", page)
    assert len(scripts) == 1
    assert re.fullmatch(r'<script src="/static/help\.js\?v=[0-9a-f]{8}" defer>', scripts[0])


async def test_the_count_is_live_only_while_one_can_sign(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie")
    path = f"/nl/petitions/{link.petition_id}"
    assert f'data-live="/embed/petitions/{link.petition_id}.json"' in (await web.client.get(path)).text
    from petitions.lifecycle.acts import drafting

    await drafting.withdraw(web.world.service, link, reason="Het is opgelost.", now=NOW)
    assert "data-live" not in (await web.client.get(path)).text


async def similar(web: Web, title: str, lang: str = "nl") -> dict[str, object]:
    response = await web.client.post(f"/{lang}/petitions/similar", data={"title": title}, headers={"Origin": ORIGIN})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    body: dict[str, object] = response.json()
    return body


async def test_similar_titles_while_typing(web: Web) -> None:
    link = await web.world.opened()
    await web.world.moderated(title="Geef elk dorp weer nachtzorg of dagzorg")  # not public yet
    found = await similar(web, "Nachtzorg voor elk dorp")
    assert found["heading"] == "Petities die hierop lijken"
    assert found["petitions"] == [
        {
            "title": "Geef elk dorp weer nachtzorg dichtbij",
            "language": "nl",
            "href": f"/nl/petitions/{link.petition_id}",
            "signatures": "0 handtekeningen",
        }
    ]
    assert (await similar(web, "Ruimtevaart naar Mars"))["petitions"] == []
    for title in ("", "\x00", "\u202ekwaad", "a" * 9000, "' | & ! (", "de het een"):
        assert (await similar(web, title))["petitions"] == []
