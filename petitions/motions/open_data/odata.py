"""Reading OData v4 JSON: from recorded files, or over https from the address that the operator gave.

Further pages are read by ``@odata.nextLink``, on the same host only. No text typed at a desk becomes part of
an address, except a case number, whose format was checked.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from petitions.errors import ConfigurationError, UnavailableError

LARGEST_ANSWER: Final = 32 * 1024 * 1024
MOST_PAGES: Final = 400
ATTEMPTS: Final = 4
TIMEOUT: Final = httpx.Timeout(30.0, connect=10.0)
_CONTEXT: Final = re.compile(r"\$metadata#(\w+)")


@dataclass(frozen=True, slots=True)
class ODataPage:
    """One response: the kind of its records, and the records."""

    entity: str
    records: tuple[Mapping[str, Any], ...]


def read_folder(folder: Path) -> list[ODataPage]:
    """The recorded responses in a folder (``Zaak.json``, ``Zaak.2.json``, ``Fractie.json`` ...), sorted by name.

    Raises ConfigurationError for a folder without any, or for a file that is no OData response.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise ConfigurationError(f"there is no .json file in {folder}")
    pages = []
    for path in paths:
        if path.stat().st_size > LARGEST_ANSWER:
            raise ConfigurationError(f"{path.name} is larger than {LARGEST_ANSWER // 1024 // 1024} MB")
        pages.append(_read(path.read_bytes(), path.name, path.name.partition(".")[0])[0])
    return pages


def _read(content: bytes, origin: str, entity: str) -> tuple[ODataPage, str]:
    """A response and the address of the next one ("" for the last)."""
    try:
        data = json.loads(content)
        records = data["value"]
        following = str(data.get("@odata.nextLink") or "")
        known = _CONTEXT.search(str(data.get("@odata.context") or ""))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigurationError(f"{origin} is no answer of OData (JSON with a list `value`)") from error
    if not isinstance(records, list):
        raise ConfigurationError(f"{origin}: `value` is no list")
    found = tuple(record for record in records if isinstance(record, Mapping))
    return ODataPage(known[1] if known else entity, found), following


class ODataAddress:
    """The OData service at an https address."""

    def __init__(self, base: str, *, transport: httpx.AsyncBaseTransport | None = None, pause: float = 1.0) -> None:
        """Raise ConfigurationError for an address that is not https, or that holds a name, a password or a query."""
        self._origin = _origin(base)
        if self._origin is None or "?" in base or "#" in base:
            raise ConfigurationError("the address must begin with https:// and hold nothing but a host and a path")
        self.base = base.rstrip("/")
        self._transport = transport
        self._pause = pause

    async def read(self, queries: Sequence[tuple[str, Mapping[str, str]]]) -> list[ODataPage]:
        """The responses to these queries (entity, options), with all pages of each.

        Raises UnavailableError when the service does not answer, ConfigurationError when the response is not OData.
        """
        pages: list[ODataPage] = []
        async with httpx.AsyncClient(
            timeout=TIMEOUT,
            transport=self._transport,
            follow_redirects=False,
            headers={"Accept": "application/json", "User-Agent": "petitions (import of open data)"},
        ) as client:
            for entity, options in queries:
                url = str(httpx.URL(f"{self.base}/{entity}", params=dict(options)))
                pages += [page async for page in self._pages(client, url, entity)]
        return pages

    async def _pages(self, client: httpx.AsyncClient, url: str, entity: str) -> AsyncIterator[ODataPage]:
        for _ in range(MOST_PAGES):
            page, following = _read(await self._get(client, url), entity, entity)
            yield page
            if not following:
                return
            if not self._is_ours(following):
                raise ConfigurationError(f"{entity}: the next page is at another host, and is not read")
            url = following
        raise ConfigurationError(f"{entity}: more than {MOST_PAGES} pages")

    def _is_ours(self, url: str) -> bool:
        return _origin(url) == self._origin

    async def _get(self, client: httpx.AsyncClient, url: str) -> bytes:
        """One response. Temporary failures (429, 5xx, a lost connection) are retried with growing delays."""
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(self._pause * 2 ** (attempt - 1))
            try:
                async with client.stream("GET", url) as answer:
                    if answer.status_code == httpx.codes.OK:
                        return await _body(answer)
                    if answer.status_code != httpx.codes.TOO_MANY_REQUESTS and answer.status_code < 500:
                        raise ConfigurationError(f"the service answered {answer.status_code}")
            except httpx.TransportError:
                continue
        raise UnavailableError("open data")


def _origin(url: str) -> tuple[str, int] | None:
    """Host and port of an https address without user name or password; None for any other or invalid address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # an invalid port or IPv6 address
        return None
    if parts.scheme != "https" or not parts.hostname or parts.username is not None or parts.password is not None:
        return None
    return parts.hostname, 443 if port is None else port


async def _body(answer: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise ConfigurationError(f"an answer is larger than {LARGEST_ANSWER // 1024 // 1024} MB")
    return bytes(content)
