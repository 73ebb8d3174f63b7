"""Forms with a file: what a handler gets of them, and what is refused."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from petitions.app import assemble
from petitions.http import uploads
from petitions.http.load_shedding import STRETCH
from petitions.http.routing import Row
from petitions.lifecycle.registration import Registration
from petitions.subjects import SUBJECTS
from tests.web import ORIGIN, Web

MOST = 1024 * 1024
PATH = "/committee/try"


async def tell(request: Request) -> Response:
    sent = await uploads.read_upload(request)
    file = sent.file
    return JSONResponse({"values": sent.values, "name": file and file.name, "bytes": file and len(file.content)})


@pytest.fixture
async def taking(web: Web) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application with an address that takes a file."""
    extra = Registration(name="upload", routes=(Row("POST", PATH, "everyone", tell, MOST),))
    app = assemble(public_url=ORIGIN, subjects=(*SUBJECTS, extra))

    async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"app_state": web.app_state}
        await app(scope, receive, send)

    transport = httpx.ASGITransport(app=with_state, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


async def test_fields_and_file_of_a_form(taking: httpx.AsyncClient) -> None:
    file = ("C:\\fakepath\\..\\brief\x7f.pdf", b"%PDF-1.7" + b"x" * 700_000, "application/pdf")
    answer = await taking.post(PATH, data={"title": "Antwoord ë"}, files={"file": file})
    assert answer.json() == {"values": {"title": "Antwoord ë"}, "name": "brief.pdf", "bytes": 700_008}


async def test_no_file_chosen_is_no_file(taking: httpx.AsyncClient) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n'
    for content, kind in [(body, "multipart/form-data; boundary=x"), (b"a=1", "application/x-www-form-urlencoded")]:
        answer = await taking.post(PATH, content=content, headers={"content-type": kind})
        assert (answer.status_code, answer.json()["name"]) == (200, None)


async def test_too_large_is_refused_with_a_page_that_tells_the_way_on(taking: httpx.AsyncClient) -> None:
    told = await taking.post(PATH, files={"file": ("a.pdf", b"x" * (MOST + 1))})

    async def untold() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(20):
            yield b"x" * 65536

    streamed = await taking.post(PATH, content=untold(), headers={"content-type": "multipart/form-data; boundary=x"})
    for answer in (told, streamed):
        assert answer.status_code == 413
        assert "Dat is te groot" in answer.text
        assert "content-security-policy" in answer.headers
    other = await taking.post("/staff/sign-in", files={"file": ("a.pdf", b"x" * 300_000)})
    assert other.status_code == 413, "an address without a row for it takes no more than before"
    assert "</html>" in other.text


async def test_what_was_told_to_be_too_large_is_not_read(taking: httpx.AsyncClient) -> None:
    sent = []

    async def body() -> AsyncIterator[bytes]:
        sent.append(1)
        yield b"x"

    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": "99999999999999999999"}
    assert (await taking.post(PATH, content=body(), headers=headers)).status_code == 413
    assert sent == []


@pytest.mark.parametrize(
    "content",
    [
        b"--x\r\nbroken",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf a file',
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"t" * 70_000 + b"\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n1\r\n' * 2 + b"--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 100 + b"--x--\r\n",
    ],
    ids=["broken", "cut off", "long field", "two files", "many fields"],
)
async def test_broken_forms_are_a_400(taking: httpx.AsyncClient, content: bytes) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert (await taking.post(PATH, content=content, headers=headers)).status_code == 400
    assert uploads._under_way == set()


async def test_many_at_once_are_asked_to_come_back(taking: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_AT_ONCE", 0)
    answer = await taking.post(PATH, files={"file": ("a.pdf", b"x")})
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)


@pytest.mark.parametrize(("piece", "status"), [(STRETCH, 200), (100, 408)], ids=["steady", "drip"])
async def test_a_large_file_may_take_longer_but_not_as_long_as_it_likes(
    web: Web, monkeypatch: pytest.MonkeyPatch, piece: int, status: int
) -> None:
    extra = Registration(name="upload", routes=(Row("POST", PATH, "everyone", tell, 10 * MOST),))
    web.app_state.load_shedder.read_within = 0.2
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    pieces = iter([head, *[b"x" * piece] * 7, b"\r\n--x--\r\n"])
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(0.08)
        body = next(pieces)
        return {"type": "http.request", "body": body, "more_body": not body.endswith(b"--x--\r\n")}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": PATH, "query_string": b"", "root_path": "", "scheme": "http",
        "headers": [(b"content-type", b"multipart/form-data; boundary=x")], "state": {"app_state": web.app_state},
        "server": ("petitions.test", 80), "client": None, "http_version": "1.1",
    }  # fmt: skip
    await asyncio.wait_for(assemble(public_url=ORIGIN, subjects=(*SUBJECTS, extra))(scope, receive, send), 5)
    assert sent[0]["status"] == status
    if status == 200:
        assert json.loads(sent[1]["body"])["bytes"] == 7 * piece
    assert web.app_state.load_shedder.desks.under_way == 0
    assert uploads._under_way == set()
