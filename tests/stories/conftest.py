"""The running service for stories: web, worker and mail catcher on a database of their own, and Chromium."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from petitions.app import make_service, run_migrations
from petitions.locale import LANGUAGES
from petitions.mailbox.reads import read_mail
from petitions.settings import read
from petitions.staff.acts import sessions as staff
from tests.conftest import run_apart
from tests.scratch import with_database

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 20.0
CLIENT = httpx.Client(timeout=10, verify=False)  # noqa: S501 - plain http; reading the authorities takes long


@dataclass(frozen=True)
class Running:
    """The address of the service, its settings, and what stories need to know of its mail."""

    url: str
    environ: dict[str, str] = field(repr=False)
    caught: dict[Path, dict[str, Any]] = field(default_factory=dict, repr=False)

    def mails(self, to: str = "") -> list[dict[str, Any]]:
        """The mails to one address (none: to everybody), newest first. Each is read once from where they are caught."""
        files = sorted((Path(self.environ["DATA_DIR"]) / "mailbox").glob("*.eml"), reverse=True)
        for path in files:
            if path not in self.caught:
                self.caught[path] = asdict(read_mail(path))
        return [mail for mail in (self.caught[path] for path in files) if to in {"", mail["to"]}]

    def mail(self, to: str, subject: str) -> dict[str, Any]:
        """Wait for a mail with these words in its subject or text; the newest."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = [mail for mail in self.mails(to) if subject in mail["subject"] + mail["text"]]
            if found:
                return found[0]
            time.sleep(0.05)
        raise AssertionError(f"no mail about {subject!r} came in {PATIENCE} s; {self._what_waits()}")

    def _what_waits(self) -> str:
        """Why a mail did not come: the last rows of the outbox, without anybody's address."""
        rows = run_apart(_fetch(self.environ["DATABASE_URL"], _OUTBOX))
        return f"{len(self.mails())} mails were caught; the outbox ends with {[tuple(row) for row in rows]}"

    def link(self, to: str, subject: str, part: str) -> str:
        """The link in that mail that has ``part`` in it."""
        links = [link for link in self.mail(to, subject)["links"] if part in link]
        assert links, f"the mail about {subject!r} has no link with {part!r}"
        return str(links[0])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


_OUTBOX = """
select kind, state, attempts, problem, now() - created_at as age, next_at - now() as due
from outbox order by id desc limit 5
"""


async def _fetch(url: str, sql: str) -> list[Any]:
    connection = await asyncpg.connect(url)
    rows = list(await connection.fetch(sql))
    await connection.close()
    return rows


async def _create(url: str, name: str, template: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(f'create database "{name}" template "{template}"')
    await connection.close()


async def _drop(url: str, name: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(f'drop database "{name}" with (force)')
    await connection.close()


@contextlib.contextmanager
def serving(template: str, folder: Path, prepare: Callable[[dict[str, str]], None]) -> Iterator[Running]:
    """The service as the Procfile runs it, on a database of its own that was prepared before it starts."""
    server, name = os.environ["DATABASE_URL"], f"petitions_story_{uuid.uuid4().hex[:10]}"
    run_apart(_create(server, name, template))
    port, smtp_port = _free_port(), _free_port()
    environ = os.environ | {
        "DATABASE_URL": with_database(server, name),
        "SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "MAILBOX_PORT": str(smtp_port),
        "PORT": str(port),
        "DATA_DIR": str(folder),
        "DEMO": "1",
    }
    environ.pop("SECRET_KEY", None)
    prepare(environ)
    processes = [
        subprocess.Popen([sys.executable, "-m", "petitions", command], env=environ, cwd=ROOT)
        for command in ("mailbox", "serve", "work")
    ]
    try:
        _wait(f"http://localhost:{port}")
        yield Running(f"http://localhost:{port}", environ)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        run_apart(_drop(server, name))


@pytest.fixture(scope="session")
def running(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The service with moderators, administrators and clerks, and without any petition."""
    with serving(
        template_database, tmp_path_factory.mktemp("data"), lambda environ: run_apart(_people(environ))
    ) as made:
        yield made


MODERATORS = [f"noor{number}@kantoor.example" for number in range(8)]
"""Several, because one person gets at most five sign-in links in ten minutes."""


ADMINISTRATOR = "beheer@kantoor.example"
ADMINISTRATORS = {language: f"beheer-{language}@kantoor.example" for language in LANGUAGES}
CLERKS = {language: f"griffie-{language}@kantoor.example" for language in LANGUAGES}
"""One for each language of the desk."""


async def _people(environ: dict[str, str]) -> None:
    """Load the rules, and let moderators and a clerk work here."""
    settings = read(environ)
    await run_migrations(settings)
    service = make_service(settings)
    await service.database.open()
    for email in MODERATORS:
        await staff.add(service, email, "Noor Bakker", is_moderator=True, now=datetime.now(UTC))
    await staff.add(service, ADMINISTRATOR, "Ruud Prins", is_administrator=True, now=datetime.now(UTC))
    council = ("gemeenteraad-voorbeeldstad",)
    await staff.add(service, "griffie@kantoor.example", "Hilde van Rossem", committees=council, now=datetime.now(UTC))
    for language, email in CLERKS.items():
        await staff.add(service, email, "Hilde", language=language, committees=council, now=datetime.now(UTC))
    for language, email in ADMINISTRATORS.items():
        await staff.add(service, email, "Ruud", language=language, is_administrator=True, now=datetime.now(UTC))
    await service.database.close()


def _wait(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            if CLIENT.get(f"{url}/health/ready", timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the service did not become ready within 60 s")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, headless; without it stories are skipped, with one line that says so.

    One per file: its driver keeps an event loop in this thread, in which the async tests of other files could not run.
    """
    if CHROMIUM is None:
        pytest.skip("Chromium is not here: the browser stories are skipped")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield made
        made.close()


@pytest.fixture(params=[False], ids=["without script"])
def page(browser: Browser, running: Running, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh visitor on a phone-sized screen, without JavaScript."""
    context = browser.new_context(
        base_url=running.url, java_script_enabled=request.param, viewport={"width": 390, "height": 844}
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, running: Running, email: str) -> None:
    """Sign in at a desk with the link from the mail."""
    before = len(running.mails(email))
    page.goto("/staff/sign-in")
    page.get_by_role("textbox").first.fill(email)
    page.locator("main button[type=submit]").first.click()
    _wait_for_more(running, email, before)
    page.goto(running.link(email, "in te loggen", "/staff/sign-in/"))
    page.locator("main button[type=submit]").first.click()


def _wait_for_more(running: Running, email: str, before: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and len(running.mails(email)) <= before:
        time.sleep(0.05)


def expect_soon(page: Page, address: str, words: str) -> None:
    """Look at a public page until it says so: pages are kept for some seconds, by the service and by browsers."""
    deadline = time.monotonic() + PATIENCE
    page.goto(address)
    while words not in page.locator("main").inner_text():
        assert time.monotonic() < deadline, f"{address} does not say {words!r}"
        time.sleep(0.3)
        page.reload()


def press(page: Page, words: str) -> None:
    """Press the button with these words."""
    page.get_by_role("button", name=re.compile(words)).first.click()
