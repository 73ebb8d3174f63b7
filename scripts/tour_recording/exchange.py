"""One request and its answer, how they are asked for, and how a recording keeps them in a folder.

A recording is ``requests.jsonl`` (a line for each request with its answer, in the order in which they were asked) and
``bodies/``, a file for each body under the SHA-256 of its content, exactly as it was sent.
"""

import hashlib
import http.client
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

HOST: Final = "petitions.example"
ORIGIN: Final = f"https://{HOST}"
COOKIE: Final = "__Host-desk"
FORM: Final = "application/x-www-form-urlencoded"
PATIENCE: Final = 60.0
AT_ONCE: Final = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: ``who`` is the name of a session in ``stage.json``, empty for somebody who is not signed in."""

    phase: str
    method: str
    target: str
    who: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    route: str = ""
    padding: int = 0  # so many letters more at the end of the body, which a recording need not keep

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it another request than all others of its phase."""
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
class Answer:
    """An answer as it came: its headers in their order, its body undecoded."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of this name (small letters); empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def is_html(self) -> bool:
        """Whether its body is a page that can be read for links and forms."""
        return self.header("content-type").startswith("text/html") and not self.header("content-encoding")


class Asker:
    """Asks a web process on the loopback address, one request after the other, over a connection that stays."""

    def __init__(self, port: int, sessions: dict[str, str]) -> None:
        self._port = port
        self._sessions = sessions
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, asked: Asked) -> Answer:
        """Send a request and read all of its answer; once more where the connection had been closed meanwhile."""
        try:
            return self._ask(asked)
        except (http.client.RemoteDisconnected, ConnectionError):
            self.close()
            return self._ask(asked)

    def _ask(self, asked: Asked) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        connection = self._connection
        connection.putrequest(asked.method, asked.target, skip_host=True, skip_accept_encoding=True)
        for name, value in self._headers(asked).items():
            connection.putheader(name, value)
        connection.endheaders(asked.content or None)
        response = connection.getresponse()
        body = response.read()
        answer = Answer(response.status, tuple(response.getheaders()), body)
        if response.will_close:
            self.close()
        return answer

    def _headers(self, asked: Asked) -> dict[str, str]:
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


class Askers:
    """Some that ask at the same time what changes nothing, and one of them all the rest."""

    def __init__(self, port: int, sessions: dict[str, str]) -> None:
        self._own = threading.local()
        self._make: Callable[[], Asker] = lambda: Asker(port, sessions)
        self._threads = ThreadPoolExecutor(AT_ONCE)
        self.first = self._make()

    def ask_all(self, several: Sequence[Asked]) -> Iterator[Answer]:
        """The answers, in the order of the requests."""
        return self._threads.map(self._ask, several)

    def _ask(self, asked: Asked) -> Answer:
        if not hasattr(self._own, "asker"):
            self._own.asker = self._make()
        answer: Answer = self._own.asker.ask(asked)
        return answer

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown()
        self.first.close()


class Recording:
    """A folder that takes exchanges, or gives them back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines = folder / "requests.jsonl"

    def begin(self) -> None:
        """Make the folder. Ends the program when there is a recording in it already."""
        if self._lines.exists():
            raise SystemExit(f"{self.folder} holds a recording already: remove it or name another folder")
        (self.folder / "bodies").mkdir(parents=True, exist_ok=True)

    def add(self, asked: Asked, answer: Answer) -> None:
        """Write one exchange behind the others."""
        digest = hashlib.sha256(answer.body).hexdigest()
        path = self.folder / "bodies" / digest
        if not path.exists():
            path.write_bytes(answer.body)
        line = asdict(asked) | {"status": answer.status, "answer": answer.headers, "sha256": digest}
        with self._lines.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def asked(self) -> Iterator[Asked]:
        """The requests in their order."""
        for line in self._read():
            yield _asked(line)

    def exchanges(self) -> Iterator[tuple[Asked, Answer]]:
        """The requests in their order, each with its answer."""
        for line in self._read():
            body = (self.folder / "bodies" / line["sha256"]).read_bytes()
            headers = tuple((name, value) for name, value in line["answer"])
            yield _asked(line), Answer(line["status"], headers, body)

    def _read(self) -> Iterator[dict[str, Any]]:
        if not self._lines.exists():
            raise SystemExit(f"{self.folder} holds no recording")
        with self._lines.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)


def _asked(line: dict[str, Any]) -> Asked:
    return Asked(**{one.name: line[one.name] for one in fields(Asked)})
