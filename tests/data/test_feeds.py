"""Feeds: well-formed Atom with identifiers that never change, of what the public may know and nothing else."""

from datetime import timedelta
from xml.etree.ElementTree import Element, fromstring

import pytest

from petitions.lifecycle.acts import drafting, moderation
from tests.web import ORIGIN, Web
from tests.world import NOW

ATOM = "{http://www.w3.org/2005/Atom}"


async def feed(web: Web, path: str) -> Element:
    answer = await web.client.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = fromstring(answer.text)  # noqa: S314 - our own answer
    assert root.tag == f"{ATOM}feed"
    for wanted in ("id", "title", "updated", "author"):
        assert root.find(f"{ATOM}{wanted}") is not None
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == ORIGIN + path
    assert str(links["alternate"]).startswith(f"{ORIGIN}/")
    return root


def entries(root: Element) -> list[tuple[str, str]]:
    return [
        (str(entry.findtext(f"{ATOM}id")), str(entry.findtext(f"{ATOM}title")))
        for entry in root.findall(f"{ATOM}entry")
    ]


async def test_what_happens_stands_in_every_feed_that_it_belongs_to(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie", title="Meer treinen & bussen <nu>")
    await drafting.publish_update(
        web.world.service, link, title="Wij zijn er", text="Dank.", now=NOW + timedelta(days=1)
    )
    web.moment = NOW + timedelta(days=2)
    number = link.petition_id
    for path in ("/nl/petitions.atom", "/nl/petitions.atom?subject=health", f"/nl/petitions/{number}.atom"):
        found = entries(await feed(web, path))
        assert len(found) == 2
        assert found[0][1].startswith("Meer treinen & bussen <nu>: ")
        assert found[0][0] != found[1][0]
        tag = f"tag:petitions.test,2026:petition/{number}/event/"
        assert all(identifier.startswith(tag) for identifier, _ in found)
    dutch = entries(await feed(web, f"/nl/petitions/{number}.atom"))
    english = entries(await feed(web, f"/en/petitions/{number}.atom"))
    assert [identifier for identifier, _ in dutch] == [identifier for identifier, _ in english]
    assert dutch[1][1] != english[1][1]
    assert entries(await feed(web, "/nl/petitions.atom?subject=abroad")) == []


async def test_a_committee_has_a_feed_of_its_petitions(web: Web) -> None:
    seen = await web.world.referred()
    found = entries(await feed(web, f"/nl/committees/{web.world.committee}.atom"))
    assert any(f"petition/{seen.petition_id}/" in identifier for identifier, _ in found)
    other = next(slug for slug in web.world.service.committees if slug != web.world.committee)
    assert entries(await feed(web, f"/nl/committees/{other}.atom")) == []


async def test_what_may_not_be_read_is_in_no_feed(web: Web) -> None:
    service, world = web.world.service, web.world
    waiting = await world.moderated("nl-kamer-petitie", title="Een geheime titel die wacht")
    hidden = await world.moderated("nl-kamer-petitie", title="Een geheime titel die beledigt")
    await moderation.reject(service, hidden.petition_id, world.moderator, ground="offensive", reason="Nee.", now=NOW)
    removed = await world.opened("nl-kamer-petitie", title="Een geheime titel die weg moest")
    await moderation.remove(service, removed.petition_id, world.moderator, ground="offensive", reason="Nee.", now=NOW)
    assert "geheime" not in (await web.client.get("/nl/petitions.atom")).text
    for link in (waiting, hidden, removed):
        answer = await web.client.get(f"/nl/petitions/{link.petition_id}.atom")
        assert answer.status_code in {404, 410}
        assert "geheime" not in answer.text


@pytest.mark.parametrize(
    "path", ["/nl/petitions.atom?subject=x", "/nl/petitions/0.atom", "/nl/petitions/x.atom", "/nl/committees/x.atom"]
)
async def test_what_there_is_not_is_404(web: Web, path: str) -> None:
    assert (await web.client.get(path)).status_code == 404


async def test_pages_lead_to_their_feeds(web: Web) -> None:
    number = (await web.world.opened("nl-kamer-petitie")).petition_id
    for page, address in (
        (f"/nl/petitions/{number}", f"/nl/petitions/{number}.atom"),
        ("/en/petitions?subject=health", "/en/petitions.atom?subject=health"),
        (f"/nl/committees/{web.world.committee}", f"/nl/committees/{web.world.committee}.atom"),
    ):
        text = (await web.client.get(page)).text
        assert 'type="application/atom+xml"' in text
        assert f'href="{address}"' in text
