"""Forms with a file: how large they may be, and what a handler gets of them.

Every address accepts 256 kB unless its row in the table of routes says more (:func:`limited`). A larger body is refused
(413): before it is read when it has a Content-Length, else at the first byte too many. How slowly it may come is
decided in :mod:`petitions.http.load_shedding`. The name of a file is only ever shown, never used as a path.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from petitions.errors import UnavailableError
from petitions.http.load_shedding import STRETCH
from petitions.http.state import MAX_FIELDS, Handler, form

MEGABYTE: Final = 1024 * 1024
LARGEST_FORM: Final = 256 * 1024
"""The limit of every address unless its row says more."""
LARGEST_FILE: Final = 10 * MEGABYTE
LARGEST_UPLOAD: Final = LARGEST_FILE + LARGEST_FORM
"""A file of the largest size and the other fields of its form."""
LARGEST_TEXT: Final = 64 * 1024
FRAMEWORK_LIMIT: Final = 2**40
"""The limit of the framework, too high to be reached: its refusal would have no page."""
MOST_AT_ONCE: Final = 8
"""How many files one process receives at the same time, because they are held in memory."""
LONGEST_NAME: Final = 120
MOST_DIGITS: Final = 15

_under_way: set[Request] = set()


@dataclass(frozen=True, slots=True)
class File:
    """A file that was sent: its name and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: its fields as text (the last value of a repeated field), and its file, if any."""

    values: dict[str, str]
    file: File | None


def limited(handler: Handler, most: int) -> Handler:
    """The handler with a limit: a body of more than ``most`` bytes is refused with the page of 413."""

    async def limit(request: Request) -> Response:
        told = _told_length(request)
        if told is not None and told > most:
            raise HTTPException(413)
        if told is not None and most <= STRETCH:
            return await handler(request)  # the server reads no more than the Content-Length
        come = 0

        async def receive() -> Message:
            nonlocal come
            message = await request.receive()
            come += len(message.get("body", b""))
            if come > most:
                raise HTTPException(413)
            return message

        return await handler(Request(request.scope, receive))

    return limit


def _told_length(request: Request) -> int | None:
    """The length of the body by its Content-Length, from the raw headers, because every signature needs it."""
    for name, value in request.scope["headers"]:
        if name == b"content-length":
            return int(value[:MOST_DIGITS]) if value.isdigit() else None
    return None


async def read_upload(request: Request, field: str = "file") -> Sent:
    """The fields of a form and the file of ``field``; None where no file was chosen.

    Raises HTTPException(400) for a broken form or a second file, UnavailableError when too many come at once.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return Sent(await form(request), None)
    if len(_under_way) >= MOST_AT_ONCE:
        raise UnavailableError("uploads")
    _under_way.add(request)
    try:
        return await _read(request, field)
    except (UnicodeError, MultiPartException) as error:
        raise HTTPException(400) from error
    finally:
        _under_way.discard(request)


class _Parser(MultiPartParser):
    """The parser of the framework, which also notes whether the form was complete."""

    ended = False

    def on_end(self) -> None:
        self.ended = True


async def _read(request: Request, field: str) -> Sent:
    async def whole() -> AsyncGenerator[bytes, None]:
        async for chunk in request.stream():
            yield chunk
        if not parser.ended:
            raise MultiPartException("The form has no end.")

    parser = _Parser(request.headers, whole(), max_files=1, max_fields=MAX_FIELDS, max_part_size=LARGEST_TEXT)
    data = await parser.parse()
    try:
        return await _take(data, field)
    finally:
        await data.close()


async def _take(data: FormData, field: str) -> Sent:
    values = {name: value for name, value in data.multi_items() if isinstance(value, str)}
    "".join([*values, *values.values()]).encode()
    found = data.get(field)
    if not isinstance(found, UploadFile) or not found.filename:
        return Sent(values, None)
    found.filename.encode()
    return Sent(values, File(_shown(found.filename), await found.read()))


def _shown(name: str) -> str:
    """The last part of the name of a file, without characters that cannot be printed."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST_NAME]
