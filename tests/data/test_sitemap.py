"""The site map: every address in it answers, and all of them are public."""

from xml.etree.ElementTree import fromstring

from petitions.lifecycle.acts import moderation
from tests.web import ORIGIN, Web
from tests.world import NOW

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


async def places(web: Web, path: str) -> list[str]:
    answer = await web.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/xml")
    root = fromstring(answer.text)  # noqa: S314 - our own answer
    for url in root.findall(f"{SITEMAP}url"):
        assert {link.get("hreflang") for link in url.findall(LINK)} == {"nl", "en"}
    return [str(one.text).removeprefix(ORIGIN) for one in root.iter(f"{SITEMAP}loc")]


async def test_every_address_of_the_map_answers(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie")
    files = await places(web, "/sitemap.xml")
    assert files == ["/sitemap-pages.xml", "/sitemap-petitions-1.xml"]
    found = [place for file in files for place in await places(web, file)]
    assert len(found) == len(set(found)) > 30
    assert f"/nl/petitions/{link.petition_id}/dossier" in found
    for place in found:
        assert (await web.client.get(place)).status_code == 200, place


async def test_it_has_what_may_be_read_and_nothing_else(web: Web) -> None:
    world = web.world
    waiting = await world.moderated("nl-kamer-petitie", title="Een petitie die nog wacht")
    refused = await world.moderated("nl-kamer-petitie", title="Een petitie voor de gemeente")
    hidden = await world.moderated("nl-kamer-petitie", title="Een petitie die beledigt")
    removed = await world.opened("nl-kamer-petitie", title="Een petitie die weg moest")
    await world.rejected(refused, now=NOW)
    await world.rejected(hidden, ground="offensive", now=NOW)
    await moderation.remove(
        world.service, removed.petition_id, world.moderator, ground="offensive", reason="Nee.", now=NOW
    )
    found = await places(web, "/sitemap-petitions-1.xml")
    assert found == [f"/{language}/petitions/{refused.petition_id}" for language in ("nl", "en")]
    assert waiting.petition_id != refused.petition_id
    for file in ("/sitemap-petitions-2.xml", "/sitemap-petitions-0.xml", f"/sitemap-petitions-{2**63 - 1}.xml"):
        assert (await web.client.get(file)).status_code == 404


async def test_programs_are_told_where_the_map_is(web: Web) -> None:
    text = (await web.client.get("/robots.txt")).text
    assert f"Sitemap: {ORIGIN}/sitemap.xml" in text
    assert "Disallow: /staff" in text
