"""Reading over https: pages, second attempts, limits, and no other host than the one that the operator gave."""

from collections.abc import Callable

import httpx
import pytest

from petitions.errors import ConfigurationError, UnavailableError
from petitions.motions.open_data import odata
from petitions.motions.open_data.odata import ODataAddress, ODataPage

BASE = "https://open.example/OData/v4/2.0"
ASKED = [("Zaak", {"$filter": "Nummer eq '2026Z04711'"})]


def answer(records: list[dict[str, str]], following: str = "") -> httpx.Response:
    data: dict[str, object] = {"@odata.context": f"{BASE}/$metadata#Zaak(Besluit())", "value": records}
    return httpx.Response(200, json=data | ({"@odata.nextLink": following} if following else {}))


async def read(handler: Callable[[httpx.Request], httpx.Response]) -> list[ODataPage]:
    return await ODataAddress(BASE, transport=httpx.MockTransport(handler), pause=0).read(ASKED)


async def test_every_page_is_read() -> None:
    asked: list[str] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return answer([{"Id": "b"}]) if "skip" in str(request.url) else answer([{"Id": "a"}], f"{BASE}/Zaak?$skip=1")

    pages = await read(serve)
    assert [(page.entity, page.records) for page in pages] == [("Zaak", ({"Id": "a"},)), ("Zaak", ({"Id": "b"},))]
    assert asked[0].startswith(f"{BASE}/Zaak?%24filter=Nummer")


async def test_what_may_pass_is_tried_again() -> None:
    answers = [httpx.Response(503), httpx.Response(429), answer([{"Id": "a"}])]
    assert len(await read(lambda _: answers.pop(0))) == 1


async def test_a_service_that_stays_away_is_unavailable() -> None:
    def away(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away")

    with pytest.raises(UnavailableError):
        await read(away)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (httpx.Response(404), "answered 404"),
        (httpx.Response(302, headers={"Location": "https://elsewhere.example/"}), "answered 302"),
        (httpx.Response(200, text="<html>"), "no answer of OData"),
        (httpx.Response(200, json={"value": "x"}), "no list"),
        (answer([], "https://elsewhere.example/Zaak?$skip=1"), "another host"),
        (answer([], "http://open.example/OData/v4/2.0/Zaak?$skip=1"), "another host"),
        (answer([], "https://open.example:8443/OData/v4/2.0/Zaak?$skip=1"), "another host"),
        (answer([], "https://open.example:port/Zaak"), "another host"),
        (answer([], "https://[open.example/Zaak"), "another host"),
    ],
)
async def test_what_is_no_answer_of_ours_is_refused(given: httpx.Response, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        await read(lambda _: given)


async def test_there_are_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odata, "LARGEST_ANSWER", 100)
    with pytest.raises(ConfigurationError, match="larger than"):
        await read(lambda _: answer([{"Id": "a" * 200}]))
    monkeypatch.setattr(odata, "LARGEST_ANSWER", 10_000)
    monkeypatch.setattr(odata, "MOST_PAGES", 3)
    with pytest.raises(ConfigurationError, match="more than 3 pages"):
        await read(lambda _: answer([], f"{BASE}/Zaak?$skip=1"))


@pytest.mark.parametrize(
    "base",
    [
        "http://open.example/",
        "https://",
        "https://me:secret@open.example/",
        "https://:secret@open.example/",
        "https://open.example/?x=1",
        "https://open.example/#x",
        "https://open.example:port/",
        "https://open.example:99999/",
        "https://[open.example/",
        "file:///etc",
    ],
)
def test_only_a_plain_https_address_is_taken(base: str) -> None:
    with pytest.raises(ConfigurationError):
        ODataAddress(base)
