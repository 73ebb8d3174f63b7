"""The budget of a page: exceeding it is reported, and texts are measured compressed."""

import gzip
from typing import Any

import pytest

from scripts.measure_budget import BUDGETS, NetworkRecorder, too_much

FINE = dict(BUDGETS)


@pytest.mark.parametrize("name", BUDGETS)
def test_every_budget_is_held_against_its_figure(name: str) -> None:
    assert too_much(FINE) == []
    assert too_much(FINE | {name: BUDGETS[name] * 1.01}) == [name]


class Session:
    """A browser's wire that says what it is told to."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.listeners: dict[str, Any] = {}

    def on(self, event: str, listener: Any) -> None:
        self.listeners[event] = listener

    def send(self, method: str, _: dict[str, Any]) -> dict[str, Any]:
        assert method == "Network.getResponseBody"
        return {"body": self.body, "base64Encoded": False}

    def fetch(self, number: str, media_type: str, size: int, encoding: str = "") -> None:
        headers = {"Content-Encoding": encoding} if encoding else {}
        response = {"url": f"http://x/{number}", "mimeType": media_type, "headers": headers}
        self.listeners["Network.responseReceived"]({"requestId": number, "response": response})
        self.listeners["Network.loadingFinished"]({"requestId": number, "encodedDataLength": size})


def test_texts_are_weighed_compressed_and_only_once() -> None:
    body = "long and the same " * 1000
    session = Session(body)
    recorder = NetworkRecorder(session)  # type: ignore[arg-type]
    session.fetch("plain", "text/html", len(body) + 300)
    session.fetch("packed", "text/css", 4_000, "br")
    session.fetch("font", "font/woff2", 20_000)
    sizes = {found.url[-5:]: (found.size, found.packed_here) for found in recorder.pack()}
    assert sizes["plain"] == (len(gzip.compress(body.encode(), 6)) + 300, True)
    assert sizes["acked"] == (4_000, False)
    assert sizes["/font"] == (20_000, False)
