"""Requests and responses: sending them, and storing them in the folder of a recording.

A recording is ``requests.jsonl`` (a line for each request with its response, in the order of the requests) and
``bodies/``, with a file for each body under the SHA-256 of its content, exactly as it was sent.
"""

import hashlib
import http.client
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

HOST: Final = "petitions.example"
ORIGIN: Final = f"https://{HOST}"
COOKIE: Final = "__Host-desk"
FORM: Final = "application/x-www-form-urlencoded"
PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request: ``who`` is the name of a session in ``stage.json``, empty for an anonymous request."""

    phase: str
    method: str
    target: str
    who: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    route: str = ""
    padding: int = 0  # so many characters are added to the body; the recording does not store them

    @property
    def key(self) -> tuple[str, ...]:
        """The key by which the request is unique in its phase."""
        return (self.method, self.target, self.who, json.dumps(self.headers, sort_keys=True), self.body or "")

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        return (self.body or "").encode() + b"b" * self.padding

    def __str__(self) -> str:
        extra = "".join(f" {name}: {value}" for name, value in self.headers.items())
        who = f" as {self.who}" if self.who else ""
        body = f" with {self.body[:80]!r}" if self.body else ""
        return f"{self.phase}: {self.method} {self.target}{who}{extra}{body}"


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """A response as it was received: its headers in order, its body undecoded."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of this name (in lower case); empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def is_html(self) -> bool:
        """Whether its body is an HTML page, with links and forms."""
        return self.header("content-type").startswith("text/html") and not self.header("content-encoding")


class Asker:
    """Sends requests to a web process on the loopback address, one after the other, over a persistent connection."""

    def __init__(self, port: int, sessions: dict[str, str]) -> None:
        self._port = port
        self._sessions = sessions
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, asked: RecordedRequest) -> RecordedResponse:
        """Send a request and read the whole response; retry once when the connection was closed meanwhile."""
        try:
            return self._ask(asked)
        except (http.client.RemoteDisconnected, ConnectionError):
            self.close()
            return self._ask(asked)

    def _ask(self, asked: RecordedRequest) -> RecordedResponse:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        connection = self._connection
        connection.putrequest(asked.method, asked.target, skip_host=True, skip_accept_encoding=True)
        for name, value in self._headers(asked).items():
            connection.putheader(name, value)
        connection.endheaders(asked.content or None)
        response = connection.getresponse()
        body = response.read()
        answer = RecordedResponse(response.status, tuple(response.getheaders()), body)
        if response.will_close:
            self.close()
        return answer

    def _headers(self, asked: RecordedRequest) -> dict[str, str]:
        headers = {"Host": HOST}
        if asked.who:
            headers["Cookie"] = f"{COOKIE}={self._sessions[asked.who]}"
        if asked.method not in {"GET", "HEAD", "OPTIONS"}:
            headers |= {"Origin": ORIGIN, "Content-Length": str(len(asked.content))}
            if asked.body is not None:
                headers["Content-Type"] = FORM
        return headers | asked.headers

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class TourRecording:
    """A folder to which exchanges are written, and from which they are read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines = folder / "requests.jsonl"

    def begin(self) -> None:
        """Make the folder. Exits when it has a recording already."""
        if self._lines.exists():
            raise SystemExit(f"{self.folder} holds a recording already: remove it or name another folder")
        (self.folder / "bodies").mkdir(parents=True, exist_ok=True)

    def add(self, asked: RecordedRequest, answer: RecordedResponse) -> None:
        """Append one exchange."""
        digest = hashlib.sha256(answer.body).hexdigest()
        path = self.folder / "bodies" / digest
        if not path.exists():
            path.write_bytes(answer.body)
        line = asdict(asked) | {"status": answer.status, "answer": answer.headers, "sha256": digest}
        with self._lines.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def asked(self) -> Iterator[RecordedRequest]:
        """The requests in order."""
        for line in self._read():
            yield _asked(line)

    def exchanges(self) -> Iterator[tuple[RecordedRequest, RecordedResponse]]:
        """The requests in order, each with its response."""
        for line in self._read():
            body = (self.folder / "bodies" / line["sha256"]).read_bytes()
            headers = tuple((name, value) for name, value in line["answer"])
            yield _asked(line), RecordedResponse(line["status"], headers, body)

    def _read(self) -> Iterator[dict[str, Any]]:
        if not self._lines.exists():
            raise SystemExit(f"{self.folder} holds no recording")
        with self._lines.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)


def _asked(line: dict[str, Any]) -> RecordedRequest:
    return RecordedRequest(**{one.name: line[one.name] for one in fields(RecordedRequest)})
