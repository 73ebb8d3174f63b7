"""The running service for stories: web, worker and mail catcher on a database of their own, and Chromium."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from petitions.commands import run_migrations
from petitions.mailbox.reads import CaughtMail
from petitions.settings import read
from tests.conftest import run_apart
from tests.ports import free_port
from tests.scratch import with_database
from tests.stories.mails import Mailbox, link_in
from tests.stories.waiting import PATIENCE, STORY, leads_on, until

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CLIENT = httpx.Client(timeout=PATIENCE, verify=False)  # noqa: S501 - plain http; reading the authorities takes long


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every story its time, also on a busy machine."""
    for item in items:
        if item.path.parent == HERE and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(STORY))


@dataclass(frozen=True)
class Running:
    """The address of the service, its settings, and what stories need to know of its mail."""

    url: str
    environ: dict[str, str] = field(repr=False)
    mailbox: Mailbox = field(repr=False)

    def mail(self, to: str, *words: str, after: str = "") -> CaughtMail:
        """Wait for a mail to this address, with these words in its subject or text; nobody is given it again.

        ``after``: a mark of the mailbox, taken before what leads to the mail, where the address is not of this story
        alone.
        """
        return self.mailbox.wait_for(to, *words, after=after, otherwise=self._what_waits)

    def link(self, to: str, subject: str, part: str, after: str = "") -> str:
        """The link in that mail that has ``part`` in it."""
        return link_in(self.mail(to, subject, after=after), part)

    def _what_waits(self) -> str:
        """Why a mail did not come: the last rows of the outbox, without anybody's address."""
        rows = run_apart(_fetch(self.environ["DATABASE_URL"], _OUTBOX))
        return f"{len(self.mailbox.mails())} mails were caught; the outbox ends with {[tuple(row) for row in rows]}"


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
def serving(template: str, folder: Path, prepare: Callable[[dict[str, str]], object]) -> Iterator[Running]:
    """The service as the Procfile runs it, on a database of its own that was prepared before it starts."""
    server, name = os.environ["DATABASE_URL"], f"petitions_story_{uuid.uuid4().hex[:10]}"
    run_apart(_create(server, name, template))
    environ = os.environ | _own_settings(with_database(server, name), folder)
    environ.pop("SECRET_KEY", None)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        prepare(environ)
        for command in ("mailbox", "serve", "work"):
            processes.append(subprocess.Popen([sys.executable, "-m", "petitions", command], env=environ, cwd=ROOT))
        url = f"http://localhost:{environ['PORT']}"
        _wait(url, processes)
        yield Running(url, environ, Mailbox(folder / "mailbox"))
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        run_apart(_drop(server, name))


def _own_settings(database: str, folder: Path) -> dict[str, str]:
    smtp_port = str(free_port())
    return {
        "DATABASE_URL": database,
        "SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "MAILBOX_PORT": smtp_port,
        "PORT": str(free_port()),
        "DATA_DIR": str(folder),
        "DEMO": "1",
    }


def _wait(url: str, processes: list[subprocess.Popen[bytes]]) -> None:
    def is_ready() -> bool:
        assert all(process.poll() is None for process in processes), "a process of the service has ended"
        with contextlib.suppress(httpx.HTTPError):
            return CLIENT.get(f"{url}/health/ready").status_code == 200
        return False

    until(is_ready, lambda: "the service did not become ready")


@pytest.fixture(scope="session")
def running(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The service with its rules and without any petition. Nobody works here: each story lets its own people in."""
    folder = tmp_path_factory.mktemp("data")
    with serving(template_database, folder, lambda environ: run_apart(run_migrations(read(environ)))) as made:
        yield made


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
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


def sign_in(page: Page, running: Running, email: str) -> None:
    """Sign in at a desk with the link from the mail."""
    before = running.mailbox.mark()
    page.goto("/staff/sign-in")
    page.get_by_role("textbox").first.fill(email)
    leads_on(page.locator("main button[type=submit]").first)
    page.goto(running.link(email, "in te loggen", "/staff/sign-in/", before))
    leads_on(page.locator("main button[type=submit]").first)


def expect_soon(page: Page, address: str, words: str, where: str = "main") -> None:
    """Look at a public page until it says so: pages are kept for some seconds, by the service and by browsers."""

    def is_said() -> bool:
        if words in page.locator(where).first.inner_text():
            return True
        page.reload()
        return False

    page.goto(address)
    until(is_said, lambda: f"{address} does not say {words!r}", pause=0.2)


def press(page: Page, words: str) -> None:
    """Press the button with these words, which leads to another page."""
    leads_on(page.get_by_role("button", name=re.compile(words)).first)
