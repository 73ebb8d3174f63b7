"""Security headers on every response, and the same-origin check of every request. Pure ASGI middleware.

The Content-Security-Policy allows no scripts from elsewhere and no inline code; only the embed routes may be framed
(OWASP ASVS 5.0 3.4.1 to 3.4.8). Unsafe methods are accepted from our own pages only, by Sec-Fetch-Site and Origin and
without a token, so that pages stay the same for everybody (ASVS 3.5.1, 3.5.3).
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; "
)
FRAMES_NONE: Final = "frame-ancestors 'none'"
FRAMES_ALL: Final = "frame-ancestors *"

COMMON: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@lru_cache(maxsize=8)
def _headers(*, framed: bool, public: bool, secure: bool) -> dict[str, str]:
    headers = dict(COMMON)
    headers["Content-Security-Policy"] = POLICY + (FRAMES_ALL if framed else FRAMES_NONE)
    if not framed:
        headers["X-Frame-Options"] = "DENY"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if public else "same-origin"
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


@lru_cache(maxsize=8)
def _encoded(*, framed: bool, public: bool, secure: bool) -> tuple[tuple[bytes, bytes], ...]:
    headers = _headers(framed=framed, public=public, secure=secure)
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


_NAMES: Final = frozenset(name for name, _ in _encoded(framed=False, public=False, secure=True))


def _kind(path: str) -> dict[str, bool]:
    framed = path.startswith("/embed/")
    return {"framed": framed, "public": framed or path.startswith("/api/")}


def headers_for(path: str, *, secure: bool) -> dict[str, str]:
    """The security headers of every answer at ``path``; only embeds may be framed."""
    return _headers(**_kind(path), secure=secure)


class SecurityHeaders:
    """Adds the security headers that a response does not have yet."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                wanted, given = _encoded(**_kind(scope["path"]), secure=self.secure), message["headers"]
                names = {pair[0] for pair in given}
                missing = wanted if names.isdisjoint(_NAMES) else [pair for pair in wanted if pair[0] not in names]
                message["headers"] = [*given, *missing]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SameOrigin:
    """Refuses unsafe requests that do not come from our own pages (403)."""

    def __init__(self, app: ASGIApp, *, public_url: str, refuse: Callable[[Scope, Receive], Response]) -> None:
        self.app = app
        self.origin = public_url
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or self.permits(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        await self.refuse(scope, receive)(scope, receive, send)

    def permits(self, headers: Headers) -> bool:
        """Whether a request with these headers may change something."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in {"same-origin", "none"}
        origin = headers.get("origin")
        if origin is None:
            return True  # not a browser, so there is no session of somebody else that it could use
        return origin == self.origin or _authority(origin) == headers.get("host")


def _authority(origin: str) -> str | None:
    """Host and port of an origin; None where it has none or is not an address."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None
