"""Prepared responses: the same for everybody, with headers as bytes and compressed bodies.

A body is compressed at most once for each coding (brotli, gzip), when it is first asked for; a response that is made
again with the same content reuses the compressed bytes. ETags are weak, because all codings of a content share one
(RFC 9110 8.8.1).
"""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import brotli
from starlette.types import Scope, Send

HTML: Final = "text/html; charset=utf-8"
WORTH_COMPRESSING: Final = 860  # bytes: a smaller body fits into one packet anyway
ENTRY_BYTES: Final = 1024
BROTLI_QUALITY: Final = 5  # a higher one takes too long for a page that is fresh for one second
GZIP_LEVEL: Final = 6
_TEXTUAL: Final = (
    "text/",
    "application/json",
    "application/problem+json",
    "application/schema+json",
    "application/atom+xml",
    "application/xml",
    "image/svg+xml",
)

Headers = list[tuple[bytes, bytes]]
CODINGS: Final[dict[bytes, Callable[[bytes], bytes]]] = {
    b"br": lambda body: bytes(brotli.compress(body, quality=BROTLI_QUALITY)),
    b"gzip": lambda body: gzip.compress(body, GZIP_LEVEL, mtime=0),
}


@dataclass(frozen=True, slots=True)
class Content:
    """The content of an answer."""

    body: bytes
    status: int = 200
    media_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """The weak ETag of the content."""
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:20]}"'


class PreparedResponse:
    """A response with all its headers, in every coding that was asked for."""

    __slots__ = ("_bodies", "_compressible", "_heads", "_lasting", "etag", "made")

    def __init__(self, made: Content, headers: Mapping[str, str], before: "PreparedResponse | None" = None) -> None:
        """``headers`` are those of every answer of this address; ``before`` is the previous response, if any."""
        self.made = made
        self._compressible = len(made.body) >= WORTH_COMPRESSING and made.media_type.startswith(_TEXTUAL)
        same = before is not None and before.made.body == made.body
        self.etag: str = before.etag if before is not None and same else made.etag
        self._bodies: dict[bytes, bytes] = before._bodies if before is not None and same else {b"": made.body}
        all_headers = {name.lower(): value for name, value in {**headers, **made.headers}.items()}
        all_headers["etag"] = self.etag
        if self._compressible:
            vary = all_headers.get("vary", "")
            all_headers["vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
        self._lasting: Headers = [(name.encode(), value.encode("latin-1")) for name, value in all_headers.items()]
        self._heads: dict[bytes, Headers] = {}

    @property
    def weight(self) -> int:
        """About the memory that it takes; compressed bodies are a fraction of the plain one."""
        return ENTRY_BYTES + len(self.made.body) * 3 // 2

    def answer(self, accept_encoding: bytes, if_none_match: bytes) -> tuple[int, Headers, bytes]:
        """Status, headers and body for a request with these two headers."""
        if if_none_match and self.made.status == 200 and has_it(if_none_match.decode("latin-1"), self.etag):
            return 304, self._lasting, b""
        coding = best_coding(accept_encoding) if self._compressible and accept_encoding else b""
        head = self._heads.get(coding)
        if head is None:
            head = self._heads[coding] = self._head(coding)
        return self.made.status, head, self._bodies[coding]

    def _head(self, coding: bytes) -> Headers:
        body = self._bodies.get(coding)
        if body is None:
            body = self._bodies[coding] = CODINGS[coding](self.made.body)
        head = [
            *self._lasting,
            (b"content-type", self.made.media_type.encode()),
            (b"content-length", str(len(body)).encode()),
        ]
        return [*head, (b"content-encoding", coding)] if coding else head

    async def send(self, scope: Scope, send: Send) -> None:
        """Answer a GET or HEAD."""
        accept_encoding = if_none_match = b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accept_encoding = value
            elif name == b"if-none-match":
                if_none_match = value
        status, headers, body = self.answer(accept_encoding, if_none_match)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


@lru_cache(maxsize=256)
def best_coding(accept_encoding: bytes) -> bytes:
    """The content coding to use: brotli before gzip, empty for none (RFC 9110 12.5.3)."""
    wanted: dict[bytes, float] = {}
    for part in accept_encoding.lower().split(b","):
        name, _, parameter = part.partition(b";")
        wanted[name.strip()] = _quality(parameter.strip())
    anything = wanted.get(b"*", 0.0)
    return next((coding for coding in CODINGS if wanted.get(coding, anything) > 0), b"")


def _quality(parameter: bytes) -> float:
    if not parameter.startswith(b"q="):
        return 1.0
    try:
        return float(parameter[2:])
    except ValueError:
        return 0.0


def has_it(asked: str, etag: str) -> bool:
    """Whether the header If-None-Match has this ETag, by weak comparison (RFC 9110 13.1.2)."""
    marks = {mark.strip().removeprefix("W/") for mark in asked.split(",")}
    return "*" in marks or etag.removeprefix("W/") in marks
