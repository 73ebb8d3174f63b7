"""The counter for other websites: three forms, any site may frame it, and it never breaks."""

import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from petitions.embeds.pages import text_width
from petitions.lifecycle.acts import moderation
from tests.web import Web
from tests.world import NOW


@pytest.mark.parametrize("size", ["badge", "compact", "card", "", "huge"])
@pytest.mark.parametrize("theme", ["light", "dark", "auto", "", "pink"])
async def test_a_frame_in_every_size_and_theme(web: Web, size: str, theme: str) -> None:
    link = await web.world.opened()
    response = await web.client.get(f"/embed/petitions/{link.petition_id}?size={size}&theme={theme}&lang=nl")
    assert response.status_code == 200
    assert f'data-theme="{theme if theme in {"light", "dark", "auto"} else "auto"}"' in response.text
    assert "handtekeningen" in response.text
    assert "<script" not in response.text
    assert "style=" not in response.text


async def test_frames_may_stand_anywhere_and_other_pages_nowhere(web: Web) -> None:
    link = await web.world.opened()
    frame = await web.client.get(f"/embed/petitions/{link.petition_id}")
    assert "frame-ancestors *" in frame.headers["content-security-policy"]
    assert "x-frame-options" not in frame.headers
    assert "set-cookie" not in frame.headers
    assert frame.headers["cache-control"].startswith("public, max-age=30")
    again = await web.client.get(
        f"/embed/petitions/{link.petition_id}", headers={"If-None-Match": frame.headers["etag"]}
    )
    assert again.status_code == 304
    about = await web.client.get(f"/nl/petitions/{link.petition_id}/embed")
    assert "frame-ancestors 'none'" in about.headers["content-security-policy"]
    assert "frame-src 'self'" in about.headers["content-security-policy"]
    assert about.headers["x-frame-options"] == "DENY"


async def test_the_language_is_asked_for_or_that_of_the_petition(web: Web) -> None:
    link = await web.world.opened()
    path = f"/embed/petitions/{link.petition_id}"
    assert "signatures" in (await web.client.get(f"{path}?lang=en")).text
    for address in (path, f"{path}?lang=xx"):
        response = await web.client.get(address, headers={"Accept-Language": "en"})
        assert '<html lang="nl">' in response.text
        assert "handtekeningen" in response.text
    assert response.headers.get("vary", "Accept-Encoding") == "Accept-Encoding"


async def test_the_badge_is_an_image_with_words(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie", title='Zes <7> & "acht" nachten')
    await web.world.sign(link.petition_id)
    response = await web.client.get(f"/embed/petitions/{link.petition_id}.svg?theme=dark")
    assert response.headers["content-type"] == "image/svg+xml"
    image = ET.fromstring(response.content)  # noqa: S314 - our own answer
    texts = [element.text for element in image.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["1", "handtekening"]
    title = image.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == '1 handtekening: Zes <7> & "acht" nachten'
    assert float(image.attrib["width"]) > 46 + text_width("1") + text_width("handtekening")
    assert "style" not in response.text


async def test_the_number_is_there_for_every_page(web: Web) -> None:
    link = await web.world.opened()
    await web.world.sign(link.petition_id)
    response = await web.client.get(f"/embed/petitions/{link.petition_id}.json")
    assert response.headers["access-control-allow-origin"] == "*"
    body = json.loads(response.text)
    assert body["count"] == 1
    assert body["stage"] == "open"
    assert body["threshold"] == {"code": "examine", "required": 40000, "strength": "must"}
    assert body["url"].endswith(f"/nl/petitions/{link.petition_id}")


@pytest.mark.parametrize("ending", ["", ".svg", ".json"])
async def test_what_is_not_there_or_taken_down_says_so(web: Web, ending: str) -> None:
    link = await web.world.opened("nl-kamer-petitie", title="Een titel die weg moet")
    assert (await web.client.get(f"/embed/petitions/999{ending}")).status_code == 404
    await moderation.remove(
        web.world.service, link.petition_id, web.world.moderator, ground="duplicate", reason="Dubbel.", now=NOW
    )
    response = await web.client.get(f"/embed/petitions/{link.petition_id}{ending}")
    assert response.status_code == 410
    assert "weg moet" not in response.text
    assert "frame-ancestors *" in response.headers["content-security-policy"]


async def test_the_page_with_snippets_escapes_them(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie", title="</code><script>x</script>")
    text = (await web.client.get(f"/nl/petitions/{link.petition_id}/embed")).text
    assert "<script>" not in text
    assert (
        f"&lt;iframe src=&#34;http://petitions.test/embed/petitions/{link.petition_id}?size=badge&amp;amp;theme=auto"
        in text
    )
    assert text.count("<iframe ") == 6


async def test_the_general_page_takes_the_most_signed_petition_as_example(web: Web) -> None:
    first = await web.world.opened("nl-kamer-petitie", title="De minst getekende petitie")
    second = await web.world.opened("nl-kamer-petitie", title="De meest getekende petitie")
    await web.world.sign(second.petition_id)
    text = (await web.client.get("/nl/embed")).text
    assert f'src="/embed/petitions/{second.petition_id}?size=card' in text
    assert f'href="/nl/petitions/{first.petition_id}/embed"' in text


async def late(web: Web, days: int = 12) -> int:
    """A petition that waits for an answer for 41 days, and is overdue for 12 of them."""
    seen = await web.world.referred("uk-parliament", threshold="response")
    async with web.world.service.database.connection() as connection:
        await connection.execute(
            "update referral set due_on = $2 where petition_id = $1",
            seen.petition_id,
            (NOW + timedelta(days=41 - days)).date(),
        )
    web.moment = NOW + timedelta(days=41)
    return seen.petition_id


async def test_every_counter_says_what_is_overdue(web: Web) -> None:
    number = await late(web)
    for size in ("badge", "compact", "card"):
        text = (await web.client.get(f"/embed/petitions/{number}?size={size}&lang=en")).text
        assert "12 days overdue" in text, size
    card = (await web.client.get(f"/embed/petitions/{number}?size=card&lang=en")).text
    assert "Waiting for an answer for 41 days." in card
    image = ET.fromstring((await web.client.get(f"/embed/petitions/{number}.svg?lang=nl")).content)  # noqa: S314 - ours
    assert [text.text for text in image.iter("{http://www.w3.org/2000/svg}text")][2] == "12 dagen te laat"
    title = image.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert "(12 dagen te laat): " in str(title.text)
    body = json.loads((await web.client.get(f"/embed/petitions/{number}.json")).text)
    assert body["waiting"] == {"committee": "uk-government", "days": 41, "dueOn": "2026-03-31", "daysOverdue": 12}
    data = json.loads((await web.client.get(f"/api/v1/petitions/{number}")).text)
    assert [(one["daysWaiting"], one["daysOverdue"]) for one in data["referrals"]] == [(41, 12)]
    page = (await web.client.get(f"/en/petitions/{number}")).text
    head = page[: page.index("</h1>")]
    assert "12 days overdue" in head, "it stands above the title"
    assert "12 days overdue" in (await web.client.get("/en/committees/uk-government")).text


async def test_a_petition_that_can_still_be_signed_says_only_what_is_overdue(web: Web) -> None:
    number = await late(web, days=0)
    card = (await web.client.get(f"/embed/petitions/{number}?lang=en")).text
    assert "Waiting" not in card
    assert "more" in card
    body = json.loads((await web.client.get(f"/embed/petitions/{number}.json")).text)
    assert (body["waiting"]["days"], body["waiting"]["daysOverdue"]) == (41, 0)


async def test_a_closed_petition_says_how_long_it_waits(web: Web) -> None:
    seen = await web.world.referred("nl-kamer-petitie")
    web.moment = NOW + timedelta(days=3)
    for size in ("badge", "compact"):
        text = (await web.client.get(f"/embed/petitions/{seen.petition_id}?size={size}&lang=en")).text
        assert "Waiting for 3 days" in text, size
    page = (await web.client.get(f"/en/petitions/{seen.petition_id}")).text
    assert "<b>Waiting for a decision for 3 days.</b>" in page
