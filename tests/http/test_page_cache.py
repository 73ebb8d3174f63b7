"""The page cache sends the same response as the application, compressed, or 304."""

import asyncio
import gzip

import brotli
import httpx
import pytest
from starlette.types import Message

from petitions.app import assemble
from petitions.http.failures import busy_answers
from petitions.http.load_shedding import RETRY_SECONDS, Limit
from petitions.http.page_cache.prepared import Content, PreparedResponse, best_coding
from petitions.http.templating import Pages
from tests.web import ORIGIN, Web

PAGE = Content(b"<p>" + b"words " * 1000)


@pytest.fixture
def remembering(web: Web) -> Web:
    """The same application, with responses cached for longer than a test takes."""
    web.app_state.page_cache.seconds = 60.0
    return web


@pytest.mark.parametrize(
    ("asked", "coding"),
    [
        (b"", b""),
        (b"gzip, deflate, br, zstd", b"br"),
        (b"gzip", b"gzip"),
        (b"br;q=0, gzip;q=0.5", b"gzip"),
        (b"*", b"br"),
        (b"identity", b""),
        (b"gzip;q=x", b""),
        (b"*;q=0, GZIP", b"gzip"),
    ],
)
def test_the_coding_that_was_asked_for(asked: bytes, coding: bytes) -> None:
    assert best_coding(asked) == coding


def test_every_coding_holds_the_same_content() -> None:
    ready = PreparedResponse(PAGE, {})
    for coding, read in ((b"br", brotli.decompress), (b"gzip", gzip.decompress), (b"", bytes)):
        status, headers, body = ready.answer(coding, b"")
        found = dict(headers)
        assert status == 200
        assert read(body) == PAGE.body
        assert found.get(b"content-encoding", b"") == coding
        assert found[b"content-length"] == str(len(body)).encode()
        assert found[b"vary"] == b"Accept-Encoding"


def test_what_is_small_or_no_text_is_not_compressed() -> None:
    for made in (Content(b"x" * 800), Content(b"x" * 8000, media_type="font/woff2")):
        _, headers, body = PreparedResponse(made, {}).answer(b"br", b"")
        assert body == made.body
        assert b"vary" not in dict(headers)


def test_the_same_content_is_not_compressed_again() -> None:
    first = PreparedResponse(PAGE, {})
    packed = first.answer(b"br", b"")[2]
    again = PreparedResponse(Content(PAGE.body), {}, first)
    assert again.answer(b"br", b"")[2] is packed
    assert again.etag == first.etag
    other = PreparedResponse(Content(PAGE.body + b"!"), {}, first)
    assert brotli.decompress(other.answer(b"br", b"")[2]) == PAGE.body + b"!"
    assert other.etag != first.etag


async def test_the_front_answers_as_the_application_does(remembering: Web) -> None:
    petition = (await remembering.world.opened()).petition_id
    for path in (
        f"/nl/petitions/{petition}",
        "/en",
        f"/embed/petitions/{petition}",
        f"/embed/petitions/{petition}.json",
    ):
        made = await remembering.client.get(path)
        kept = await remembering.client.get(path)
        assert (kept.status_code, kept.content) == (made.status_code, made.content)
        assert dict(kept.headers) == dict(made.headers)
        assert "content-security-policy" in kept.headers
        seen = await remembering.client.get(path, headers={"If-None-Match": kept.headers["etag"]})
        assert (seen.status_code, seen.content) == (304, b"")
        head = await remembering.client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == kept.headers["content-length"]


async def test_what_is_kept_does_not_depend_on_who_asks(remembering: Web) -> None:
    """A session of staff and its cookie change nothing of a public page; a query is another address."""
    await remembering.sign_in(remembering.world.moderator)
    first = await remembering.client.get("/nl/petitions?q=zorg")
    remembering.client.cookies.clear()
    assert (await remembering.client.get("/nl/petitions?q=zorg")).content == first.content
    assert (await remembering.client.get("/nl/petitions?q=dorp")).content != first.content


async def test_a_form_is_never_answered_from_what_is_kept(remembering: Web) -> None:
    petition = (await remembering.world.opened("nl-kamer-petitie")).petition_id
    path = f"/nl/petitions/{petition}/sign"
    for number in (1, 2):
        answer = await remembering.client.post(
            path, data={"name": "Sanne", "place": "Zwolle", "email": f"mens{number}@voorbeeld.example"}
        )
        assert f"mens{number}@voorbeeld.example" in answer.text
        assert answer.headers["cache-control"] == "no-store"


async def test_static_files_are_compressed_and_kept_for_ever_under_their_mark(web: Web) -> None:
    address = web.app_state.pages.static("help.js")
    answer = await web.client.get(address, headers={"Accept-Encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" not in (await web.client.get("/static/help.js")).headers["cache-control"]
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/nothing.css", "/static/"):
        assert (await web.client.get(path)).status_code in {404, 307}


@pytest.fixture
def full(web: Web, pages: Pages) -> Web:
    """A process in which no more may be under way."""
    web.app_state.load_shedder.public = Limit(0)
    web.app_state.load_shedder.busy = busy_answers(pages, secure=False)
    return web


async def _turned_away(client: httpx.AsyncClient, path: str) -> httpx.Response:
    answer = await client.get(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"].encode() in RETRY_SECONDS
    assert answer.headers["cache-control"] == "no-store"
    assert "content-security-policy" in answer.headers
    return answer


async def test_who_finds_no_room_is_sent_away_with_a_light_page(full: Web) -> None:
    dutch = await _turned_away(full.client, "/nl/petitions")
    assert '<html lang="nl">' in dutch.text
    assert "druk" in dutch.text
    assert '<html lang="en">' in (await _turned_away(full.client, "/en")).text
    assert '<html lang="nl">' in (await _turned_away(full.client, "/")).text
    data = await _turned_away(full.client, "/api/v1/petitions")
    assert data.headers["content-type"] == "application/problem+json"
    assert data.json()["status"] == 503
    assert len(dutch.content) < 6000
    assert full.app_state.load_shedder.turned_away == 4
    assert full.app_state.load_shedder.public.under_way == 0


async def test_nothing_is_stored_for_who_was_sent_away(full: Web) -> None:
    petition = (await full.world.opened("nl-kamer-petitie")).petition_id
    answer = await full.client.post(
        f"/nl/petitions/{petition}/sign", data={"name": "Sanne", "place": "Zwolle", "email": "sanne@voorbeeld.example"}
    )
    assert answer.status_code == 503
    async with full.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from pending_signature") == 0


async def test_in_a_storm_desks_work_and_what_is_kept_is_read(full: Web) -> None:
    full.app_state.page_cache.seconds = 60.0
    full.app_state.load_shedder.public = Limit(1)
    page = await full.client.get("/nl")
    full.app_state.load_shedder.public = Limit(0)
    assert (await full.client.get("/nl")).content == page.content
    assert (await full.client.get("/health/ready")).json()["requests_turned_away"] == 0
    assert (await full.client.get("/staff/sign-in")).status_code == 200


async def test_who_was_let_in_leaves_the_room_whatever_happens(web: Web) -> None:
    for path in ("/nl", "/nl/nothing", "/nl/petitions/999999", "/nl/confirm/no-token"):
        await web.client.get(path)
    await web.client.post("/nl/petitions/1/sign", headers={"Origin": "https://elsewhere.example"})
    assert web.app_state.load_shedder.public.under_way == 0
    assert ORIGIN.startswith("http://")


async def test_who_sends_a_form_byte_by_byte_loses_the_place(web: Web, pages: Pages) -> None:
    load_shedder = web.app_state.load_shedder
    load_shedder.read_within = 0.1
    sent: list[Message] = []
    chunks = iter([{"type": "http.request", "body": b"name=S", "more_body": True}])

    async def receive() -> Message:
        for chunk in chunks:
            return chunk
        await asyncio.sleep(60)
        raise AssertionError("waited for a body that never comes")

    async def send(message: Message) -> None:
        sent.append(message)

    petition = (await web.world.opened("nl-kamer-petitie")).petition_id
    scope = {
        "type": "http", "method": "POST", "path": f"/nl/petitions/{petition}/sign", "query_string": b"",
        "headers": [(b"content-type", b"application/x-www-form-urlencoded")], "state": {"app_state": web.app_state},
        "root_path": "", "scheme": "http", "server": ("petitions.test", 80), "client": None, "http_version": "1.1",
    }  # fmt: skip
    await asyncio.wait_for(assemble(public_url=ORIGIN)(scope, receive, send), 5)
    assert sent[0]["status"] == 408
    assert load_shedder.public.under_way == 0
    ordinary = await web.client.post(f"/nl/petitions/{petition}/sign", data={"name": "Sanne"})
    assert ordinary.status_code == 400
