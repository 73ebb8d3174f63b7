"""One command for a demonstration: the database, the processes of the Procfile and a mail catcher, until Ctrl-C.

With DATABASE_URL an external PostgreSQL is used, with SMTP_URL a real mail server. DEMO=0 starts as in production: no
demo content, no mail catcher, and no start without secrets.
"""

import asyncio
import contextlib
import os
import socket
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from petitions import settings as environment
from petitions.commands import run_demo, run_migrations, run_people
from petitions.database.embedded import running
from petitions.locale import SOURCE_LANGUAGE, spoken
from petitions.settings import ROOT, Settings

READY_WITHIN: Final = 120


def tell(text: str) -> None:
    """Print a line for the operator."""
    print(text, flush=True)  # noqa: T201 - output of the command


def supervise(environ: dict[str, str]) -> int:
    """Run everything; returns the exit status. Raises ConfigurationError before anything is started."""
    environ.setdefault("DEMO", "1")
    demo = environ["DEMO"].lower() in {"1", "true", "yes", "on"}
    environ.setdefault("DATA_DIR", str(ROOT / "var"))
    catcher = demo and not environ.get("SMTP_URL")
    if catcher:
        environ["MAILBOX_PORT"] = environ.get("MAILBOX_PORT") or str(_free_port())
        environ["SMTP_URL"] = f"smtp://127.0.0.1:{environ['MAILBOX_PORT']}"
    environment.read(environ | {"DATABASE_URL": environ.get("DATABASE_URL") or "embedded"})
    with contextlib.ExitStack() as stack:
        if not environ.get("DATABASE_URL"):
            folder = Path(environ["DATA_DIR"]).resolve() / "postgres"
            environ["DATABASE_URL"] = stack.enter_context(running(folder, tell))
        settings = environment.read(environ)
        for name in asyncio.run(run_migrations(settings)):
            tell(f"applied {name}")
        if demo:
            tell(asyncio.run(run_demo(settings, datetime.now(UTC))))
        return _run(settings, environ, catcher=catcher)


def _run(settings: Settings, environ: dict[str, str], *, catcher: bool) -> int:
    manager = Manager(Printer(sys.stderr, prefix=sys.stderr.isatty()))
    processes = parse_procfile((ROOT / "Procfile").read_text("utf-8")).processes
    wanted = ["web", "worker", *(["mailbox"] if catcher else [])]
    path = f"{Path(sys.executable).parent}{os.pathsep}{environ.get('PATH', '')}"
    for name in wanted:
        manager.add_process(name, f"exec {processes[name]}", quiet=True, env=environ | {"PATH": path}, cwd=str(ROOT))
    threading.Thread(target=_announce, args=(settings, catcher), daemon=True).start()
    manager.loop()
    return int(manager.returncode or 0) if manager.returncode not in {130, 143} else 0


def _announce(settings: Settings, catcher: bool) -> None:
    local = f"http://127.0.0.1:{settings.port}"
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{local}/health/ready", timeout=2) as answer:  # noqa: S310
            if answer.status == 200:
                break
        time.sleep(0.1)
    else:
        tell("The web process did not become ready; see the lines above.")
        return
    site = settings.public_url
    tell(f"\n  {spoken(settings.name, SOURCE_LANGUAGE)} is running.\n")
    tell(f"  Site              {site}/")
    tell(f"  Moderation desk   {site}/staff")
    tell(f"  Committee desk    {site}/committee")
    if catcher:
        tell(f"  Mailbox           {site}/mailbox   (every mail of this demonstration)")
    if settings.demo:
        tell("\n  Who can sign in at the desks (the link comes to the mailbox):\n")
        for line in asyncio.run(run_people(settings)):
            tell(line)
    tell("\n  Ctrl-C stops everything.\n")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
