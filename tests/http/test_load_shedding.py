"""Slow clients, slow handlers and full limits: what is cut off, what is delivered, and what is counted."""

import asyncio
from types import SimpleNamespace
from typing import Final

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from petitions.http.load_shedding import STRETCH, Limit, LoadShedder, LoadSheddingMiddleware
from tests.web import Web

WITHIN: Final = 0.2
PATIENCE: Final = 5.0


class Client:
    """One request: its body comes in ``pieces`` after pauses, and then, unless it is complete, nothing any more."""

    def __init__(self, load_shedder: LoadShedder, *pieces: tuple[float, int], complete: bool = True) -> None:
        self.load_shedder = load_shedder
        self._pieces = list(pieces)
        self._complete = complete
        self.sent: list[Message] = []

    def scope(self, method: str, path: str, *headers: tuple[bytes, bytes]) -> Scope:
        state = {"app_state": SimpleNamespace(load_shedder=self.load_shedder)}
        return {"type": "http", "method": method, "path": path, "headers": list(headers), "state": state}

    async def receive(self) -> Message:
        if not self._pieces:
            await asyncio.sleep(60)
            raise AssertionError("waited for what never comes")
        pause, size = self._pieces.pop(0)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": b"x" * size, "more_body": bool(self._pieces) or not self._complete}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def ask(
        self, app: ASGIApp, method: str = "POST", path: str = "/nl/form", *headers: tuple[bytes, bytes]
    ) -> int:
        """The status of the answer of ``app`` behind the middleware."""
        served = LoadSheddingMiddleware(app)(self.scope(method, path, *headers), self.receive, self.send)
        await asyncio.wait_for(served, PATIENCE)
        return int(self.sent[0]["status"])


def handler(*, reads: bool, before: float = 0.0, after: float = 0.0, got: list[int] | None = None) -> ASGIApp:
    """An application that waits, reads the body (or not), waits again and answers 200."""

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(before)
        more, size = reads, 0
        while more:
            message = await receive()
            size += len(message["body"])
            more = message["more_body"]
        if got is not None:
            got.append(size)
        await asyncio.sleep(after)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    return app


@pytest.fixture
def shedder() -> LoadShedder:
    """The limits of a process in which a form must come within a fifth of a second."""
    return LoadShedder(read_within=WITHIN)


async def test_headers_and_then_nothing_are_a_408(shedder: LoadShedder) -> None:
    for pieces in ([], [(0.0, 10)]):
        client = Client(shedder, *pieces, complete=False)
        begun = asyncio.get_running_loop().time()
        assert await client.ask(handler(reads=True)) == 408
        assert WITHIN * 0.9 < asyncio.get_running_loop().time() - begun < 10 * WITHIN
        assert (b"connection", b"close") in client.sent[0]["headers"]
        assert shedder.public.under_way == 0


async def test_a_body_that_nobody_reads_cuts_nothing_off(shedder: LoadShedder) -> None:
    client = Client(shedder, (0.0, 10), complete=False)
    assert await client.ask(handler(reads=False, after=2 * WITHIN)) == 200
    assert client.sent[1]["body"] == b"done"


async def test_byte_by_byte_is_a_408_however_steady(shedder: LoadShedder) -> None:
    assert await Client(shedder, *[(WITHIN / 4, 1)] * 20).ask(handler(reads=True)) == 408


@pytest.mark.parametrize("reads", [True, False], ids=["read", "unread"])
async def test_who_sent_the_body_is_never_cut_off_however_long_the_answer_takes(
    shedder: LoadShedder, reads: bool
) -> None:
    got: list[int] = []
    for slow in (handler(reads=reads, before=2 * WITHIN, got=got), handler(reads=reads, after=2 * WITHIN, got=got)):
        client = Client(shedder, (0.0, 300), (WITHIN / 4, 200))
        assert await client.ask(slow) == 200
        assert client.sent[1]["body"] == b"done"
    assert got == ([500, 500] if reads else [0, 0])


async def test_a_large_body_has_the_time_anew_for_each_stretch(shedder: LoadShedder) -> None:
    got = [0]
    steady = Client(shedder, *[(WITHIN * 0.6, STRETCH)] * 4)
    assert await steady.ask(handler(reads=True, got=got)) == 200
    assert got[-1] == 4 * STRETCH
    drip = Client(shedder, *[(WITHIN * 0.6, STRETCH // 4)] * 16)
    assert await drip.ask(handler(reads=True)) == 408
    assert shedder.public.under_way == 0


async def test_a_handler_that_begins_late_to_read_takes_no_time_from_the_client(shedder: LoadShedder) -> None:
    got = [0]
    client = Client(shedder, (WITHIN / 4, STRETCH), (WITHIN / 4, STRETCH))
    assert await client.ask(handler(reads=True, before=2 * WITHIN, got=got)) == 200
    assert got[-1] == 2 * STRETCH


async def test_a_get_with_a_body_without_end_is_answered(shedder: LoadShedder) -> None:
    chunked = (b"transfer-encoding", b"chunked")
    client = Client(shedder, *[(0.01, 10)] * 5, complete=False)
    assert await client.ask(handler(reads=False, after=2 * WITHIN), "GET", "/nl/form", chunked) == 200
    assert shedder.public.under_way == 0


async def test_a_head_that_is_refused_has_no_body(shedder: LoadShedder) -> None:
    shedder.public = Limit(0)
    client = Client(shedder)
    assert await client.ask(handler(reads=False), "HEAD") == 503
    assert client.sent[1]["body"] == b""


async def test_who_left_is_told_to_the_handler(shedder: LoadShedder) -> None:
    seen: list[str] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def app(_: Scope, given: Receive, send: Send) -> None:
        seen.append((await given())["type"])

    client = Client(shedder)
    await LoadSheddingMiddleware(app)(client.scope("POST", "/nl/form"), receive, client.send)
    assert seen == ["http.disconnect"]


async def test_the_end_of_the_process_is_no_slow_client(shedder: LoadShedder) -> None:
    client = Client(shedder, (0.0, 10), complete=False)
    asking = asyncio.create_task(client.ask(handler(reads=True)))
    await asyncio.sleep(WITHIN / 4)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert client.sent == []


async def test_a_time_out_of_the_handler_is_its_own(shedder: LoadShedder) -> None:
    async def app(_: Scope, __: Receive, ___: Send) -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await Client(shedder, (0.0, 10)).ask(app)


async def test_health_is_answered_while_every_limit_is_reached(web: Web) -> None:
    web.app_state.load_shedder.public = web.app_state.load_shedder.desks = Limit(0)
    for path in ("/nl", "/staff/sign-in", "/committee"):
        assert (await web.client.get(path)).status_code == 503
    assert (await web.client.get("/health/live")).status_code == 200
    ready = await web.client.get("/health/ready")
    assert (ready.status_code, ready.json()["requests_under_way"]) == (200, 0)
    assert ready.json()["requests_turned_away"] == 3
    assert (await web.client.post("/health/live")).status_code == 405
