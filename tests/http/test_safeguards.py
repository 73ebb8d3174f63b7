"""Headers, sizes, methods, origins, broken input: never a 500, never a stack trace."""

import httpx
import pytest
from starlette.requests import Request

from petitions.errors import UnavailableError
from petitions.http import failures
from tests.lifecycle.pages.test_signing import FORM
from tests.web import ORIGIN, Web


async def test_security_headers_stand_on_every_kind_of_answer(web: Web) -> None:
    for path in ("/health/live", "/nl/petitions/999999", "/nowhere", "/staff/sign-in"):
        headers = (await web.client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"


async def test_unknown_page_wrong_method_and_too_large(web: Web) -> None:
    petition = (await web.world.opened()).petition_id
    assert (await web.client.get("/nl/nothing/here")).status_code == 404
    assert (await web.client.post("/health/live")).status_code == 405
    assert (await web.client.delete(f"/nl/petitions/{petition}/sign")).status_code == 405
    big = await web.client.post(f"/nl/petitions/{petition}/sign", content=b"name=" + b"x" * 10_000_000,
                                headers={"content-type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert big.status_code == 413
    assert "Dat is te veel tekst" in big.text
    assert "content-security-policy" in big.headers


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "0" * 19 + "1" + "9" * 5000, "1e3", "９", "x"])
async def test_number_that_cannot_be_is_404(web: Web, number: str) -> None:
    assert (await web.client.get(f"/nl/petitions/{number}/sign")).status_code == 404


@pytest.mark.parametrize(
    "content",
    [b"name=%ff%fe&email=%00", b"\xff\xfe\xfd", b"name=\xed\xa0\x80", b"=&=&=", b"&" * 2000, b"name=" + b"%0d%0a" * 50],
)
async def test_broken_bytes_are_a_400_and_store_nothing(web: Web, content: bytes) -> None:
    petition = (await web.world.opened()).petition_id
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await web.client.post(f"/nl/petitions/{petition}/sign", content=content, headers=headers)
    assert answer.status_code == 400


async def test_broken_multipart_is_a_400(web: Web) -> None:
    petition = (await web.world.opened()).petition_id
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await web.client.post(f"/nl/petitions/{petition}/sign", content=b"--x\r\nbroken", headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("charset", "typed"),
    [("undefined", b"a"), ("unicode_escape", b"\\ud800"), ("utf-7", b"+2AA-"), ("no-such", b"\xff")],
)
async def test_strange_charset_is_a_400(web: Web, charset: str, typed: bytes) -> None:
    content = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n' + typed + b"\r\n--x--\r\n"
    headers = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    answer = await web.client.post("/staff/sign-in", content=content, headers=headers)
    assert answer.status_code == 400


async def test_request_without_a_path_is_a_404(web: Web) -> None:
    scope = {"type": "http", "method": "CONNECT", "path": "", "query_string": b"", "headers": []}
    assert failures.answer(Request(scope | {"state": {"app_state": web.app_state}}), 404).status_code == 404


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/nl/petitions/?q=a%20b", "/nl/petitions?q=a%20b"),
        ("//elsewhere.example/", "/elsewhere.example"),
        ("/%5Celsewhere.example/", "/%5Celsewhere.example"),
    ],
)
async def test_slash_at_the_end_never_leads_to_another_host(web: Web, path: str, place: str) -> None:
    answer = await web.client.get(httpx.URL(ORIGIN).copy_with(raw_path=path.encode()), headers={"host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (307, place)


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": ORIGIN}, True),
        ({"origin": "https://elsewhere.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://["}, False),
        ({}, True),
    ],
)
async def test_only_our_own_pages_may_change_something(web: Web, headers: dict[str, str], allowed: bool) -> None:
    petition = (await web.world.opened()).petition_id
    answer = await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM, headers=headers)
    assert (answer.status_code == 200) == allowed
    assert answer.status_code in {200, 403}


async def test_database_away_is_a_friendly_503(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    petition = (await web.world.opened()).petition_id

    def away() -> None:
        raise UnavailableError("database")

    monkeypatch.setattr(type(web.world.service.database), "connection", lambda _: away())
    answer = await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "<h1>" in answer.text
    assert (await web.client.get("/health/ready")).status_code == 503
    assert (await web.client.get("/health/live")).status_code == 200


async def test_mailbox_exists_in_the_demo_only(web: Web) -> None:
    assert (await web.client.get("/mailbox")).status_code == 404
    assert (await web.client.get("/mailbox/messages.json")).status_code == 404


async def test_defect_shows_a_code_and_nothing_else(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    from petitions.lifecycle.acts import signing

    petition = (await web.world.opened()).petition_id

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(signing, "sign", broken)
    answer: httpx.Response = await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM)
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Sanne" not in answer.text


async def test_a_form_from_elsewhere_is_refused_with_a_page_in_the_language_of_the_path(web: Web) -> None:
    petition = (await web.world.opened()).petition_id
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = await web.client.post(f"/nl/petitions/{petition}/sign", data=FORM, headers=headers)
        assert answer.status_code == 403
        assert '<html lang="nl">' in answer.text
        assert "content-security-policy" in answer.headers
    data = await web.client.post("/api/v1/petitions", headers={"Origin": "https://elsewhere.example"})
    assert data.headers["content-type"] == "application/problem+json"
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from pending_signature") == 0
