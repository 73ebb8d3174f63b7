"""The fields of a url-encoded form, as handlers get them."""

from typing import Final

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from petitions.http.state import MAX_FIELDS, form

URLENCODED: Final = b"application/x-www-form-urlencoded; charset=iso-8859-1"


def _request(body: bytes, kind: bytes = URLENCODED) -> Request:
    pieces = [body[:3], body[3:]]

    async def receive() -> Message:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    return Request({"type": "http", "method": "POST", "path": "/", "headers": [(b"content-type", kind)]}, receive)


@pytest.mark.parametrize(
    ("body", "values"),
    [
        (b"", {}),
        (b"&&", {}),
        (b"name=Sanne+de+Wit&email=a%40b.example", {"name": "Sanne de Wit", "email": "a@b.example"}),
        (b"website=&name", {"website": "", "name": ""}),
        (b"a=1&a=2", {"a": "2"}),
        (b"several=1&several=2&a=1&a=2", {"several": "1,2", "a": "2"}),
        (b"=x&%61+b=c%2Bd", {"": "x", "a b": "c+d"}),
        (b"a=b=c&d=1;e=2", {"a": "b=c", "d": "1;e=2"}),
        ("naam=ë&€=1".encode(), {"naam": "ë", "€": "1"}),
        (b"a=%C3%AB%E2%82%AC", {"a": "ë€"}),
        (b"a=\xff&b=%ff&c=%ED%A0%80", {"a": "\ufffd", "b": "\ufffd", "c": "\ufffd\ufffd\ufffd"}),
        (b"a=%&b=%zz&c=%00", {"a": "%", "b": "%zz", "c": "\0"}),
        (b"&".join(b"a=%d" % n for n in range(MAX_FIELDS)), {"a": str(MAX_FIELDS - 1)}),
    ],
)
async def test_fields(body: bytes, values: dict[str, str]) -> None:
    assert await form(_request(body), frozenset({"several"})) == values


async def test_without_several_the_last_value_wins() -> None:
    assert await form(_request(b"several=1&several=2")) == {"several": "2"}


@pytest.mark.parametrize("body", [b"&" * MAX_FIELDS, b"a=1&" * MAX_FIELDS + b"b=1"])
async def test_more_fields_than_any_form_has_are_a_400(body: bytes) -> None:
    with pytest.raises(HTTPException) as caught:
        await form(_request(body))
    assert caught.value.status_code == 400


async def test_text_that_cannot_be_written_is_a_400() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n+2AA-\r\n--x--\r\n'
    with pytest.raises(HTTPException) as caught:
        await form(_request(body, b"multipart/form-data; boundary=x; charset=utf-7"))
    assert caught.value.status_code == 400
