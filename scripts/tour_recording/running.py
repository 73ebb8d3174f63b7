"""The service as processes: an embedded PostgreSQL on a copy of a data folder, and commands of a checkout on it.

Only the command line of the service is used (``python -m petitions ...``), whatever lies where inside of it. The
commands see a clock that stands still: Debian's ``faketime`` library is put before the one of the system.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from scripts.tour_recording.exchange import ORIGIN

PATIENCE: Final = 300.0
_LIBRARY: Final = "*/faketime/libfaketimeMT.so.1"
_TELL_ADDRESS: Final = "import os,sys; print(os.environ['DATABASE_URL'], flush=True); sys.stdin.read()"
_OURS: Final = (
    "DATABASE_URL", "READ_DATABASE_URL", "SMTP_", "SECRET_", "PUBLIC_", "SITE", "MAIL_", "MAILBOX_", "DEMO", "WEB_",
    "CONTACT_", "PORT", "HOST", "DATA_DIR", "DOCUMENTS_DIR", "THEME", "MOST_", "WORKER_", "MAILS_",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """A seeded data folder that is never changed again, and what one must know to visit it."""

    folder: Path
    moment: datetime  # what the clock says during a tour
    secret: str
    sessions: dict[str, str]  # the value of the session cookie of each member of staff
    secrets: dict[str, str]  # links that stand in no row: a sign-in link, the address of a calendar

    @classmethod
    def read(cls, folder: Path) -> "Stage":
        """The stage in a folder. Ends the program when there is none."""
        path = folder / "stage.json"
        if not path.exists():
            raise SystemExit(f"{folder} holds no stage: make one with scripts/tour stage {folder}")
        known: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return cls(folder, datetime.fromisoformat(known.pop("moment")), **known)


@dataclass(frozen=True, slots=True)
class Checkout:
    """A working copy of the service, and the environment of its commands."""

    folder: Path
    environment: Mapping[str, str]

    def command(self, *arguments: str) -> list[str]:
        """A command of this checkout."""
        return [str(self.folder / ".venv" / "bin" / "python"), "-m", "petitions", *arguments]

    def start(self, log: Path, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command in a session of its own; what it says goes to a file."""
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - commands of ours
                self.command(*arguments),
                env=dict(self.environment),
                cwd=self.folder,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def run(self, *arguments: str) -> str:
        """Run a command to its end; what it says. Ends the program when it fails."""
        done = subprocess.run(  # noqa: S603 - commands of ours
            self.command(*arguments),
            env=dict(self.environment),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"petitions {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout


def clean() -> dict[str, str]:
    """The environment without settings of the service that may be set in the shell."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}


def standing_clock(moment: datetime) -> dict[str, str]:
    """What makes programs see this moment, and no other. Ends the program when faketime is not installed."""
    libraries = sorted(Path("/usr/lib").glob(_LIBRARY))
    if not libraries:
        raise SystemExit("The clock must stand still for a tour: install the package faketime (Debian, Ubuntu).")
    return {
        "LD_PRELOAD": str(libraries[0]),
        "FAKETIME": moment.strftime("%Y-%m-%d %H:%M:%S"),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
        "TZ": "UTC",
    }


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(process: "subprocess.Popen[Any]") -> None:
    """End a process that we started, politely, then hard."""
    process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(30)
    if process.poll() is None:
        process.kill()
        process.wait()


@contextlib.contextmanager
def database(checkout: Path, folder: Path) -> Iterator[str]:
    """The embedded PostgreSQL whose data lies in ``folder``; its address for DATABASE_URL."""
    python = str(checkout / ".venv" / "bin" / "python")
    process = subprocess.Popen(  # noqa: S603 - commands of ours
        [python, "-m", "petitions", "embedded", str(folder), python, "-c", _TELL_ADDRESS],
        env=clean(),
        cwd=checkout,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin  # noqa: S101 - asked for above
    assert process.stdout  # noqa: S101
    try:
        if not (address := process.stdout.readline().strip()):
            raise SystemExit(f"the embedded PostgreSQL does not start in {folder}")
        yield address
    finally:
        process.stdin.close()
        process.wait(60)


@contextlib.contextmanager
def scene(stage: Stage, checkout: Path, work: Path, settings: Mapping[str, str]) -> Iterator[Checkout]:
    """A fresh copy of the stage in ``work``, its database running, and the checkout with the settings for it."""
    work.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(stage.folder / "data"), str(work)], check=True)  # noqa: S603, S607 - of the system
    try:
        with database(checkout, work / "postgres") as address:
            environment = {
                **clean(),
                **standing_clock(stage.moment),
                "DATABASE_URL": address,
                "DATA_DIR": str(work),
                "SECRET_KEY": stage.secret,
                "PUBLIC_URL": ORIGIN,
                "DEMO": "1",
                "PORT": str(free_port()),
                "MAILBOX_PORT": (mail := str(free_port())),
                "SMTP_URL": f"smtp://127.0.0.1:{mail}",
                **settings,
            }
            yield Checkout(checkout, environment)
    finally:
        subprocess.run(["rm", "-rf", str(work)], check=True)  # noqa: S603, S607 - of the system


@contextlib.contextmanager
def serving(checkout: Checkout, log: Path, processes: int) -> Iterator[int]:
    """The web, in so many processes; its port, once it is ready."""
    several = Checkout(checkout.folder, {**checkout.environment, "WEB_CONCURRENCY": str(processes)})
    process = several.start(log, "serve")
    port = int(checkout.environment["PORT"])
    try:
        wait_ready(port, process, log)
        yield port
    finally:
        end(process)


def wait_ready(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the web process can serve. Ends the program when it does not come to that."""
    address = f"http://127.0.0.1:{port}/health/ready"

    def answers() -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
        return False

    wait(lambda: answers() or process.poll() is not None, f"the web process did not become ready: see {log}")
    if process.poll() is not None:
        raise SystemExit(f"the web process ended: see {log}")


def wait(done: Callable[[], bool], problem: str, patience: float = PATIENCE) -> None:
    """Wait until something is the case. Ends the program with ``problem`` after some minutes."""
    deadline = time.monotonic() + patience
    while not done():
        if time.monotonic() > deadline:
            raise SystemExit(problem)
        time.sleep(0.3)
