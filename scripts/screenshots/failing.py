"""Error pages: each failure is caused for the time of a screenshot, so that every page is shown in its real state."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import Final

import asyncpg
from playwright.sync_api import Page, Route

from petitions.app import make_pages
from petitions.settings import read
from scripts.screenshots.stage import Demonstration

LARGE: Final = 2_000_000
POST: Final = """([action, fields, size]) => {
  const form = document.createElement("form");
  form.method = "post"; form.action = action;
  for (let number = 0; number < fields; number++) {
    const box = document.createElement("input");
    box.name = "field" + number; box.value = "x".repeat(size); form.append(box);
  }
  document.body.append(form); form.submit();
}"""


def failing(stage: Demonstration, page: Page) -> Iterator[str]:
    """400, 404, 405, 409, 410, 413, 429, 500 and 503, as the public sees them."""
    page.goto("/nl")
    _post(page, fields=70, size=1)
    yield "error-400"
    page.goto("/nl/nothing-here")
    yield "error-404"
    page.goto("/staff/sign-out")
    yield "error-405"
    closed = stage.one("select id from petition where stage = 'closed' order by id limit 1")
    page.goto(f"/nl/petitions/{closed}/sign")
    yield "error-409"
    removed = stage.one("select id from petition where stage = 'removed' order by id limit 1")
    page.goto(f"/nl/petitions/{removed}/embed")
    yield "error-410"
    page.goto("/nl")
    _post(page, fields=1, size=LARGE)
    yield "error-413"
    yield from _too_many(stage, page)
    with _renamed(stage, "referral_step"):
        page.goto(f"/nl/petitions/{closed}")
        yield "error-500"
    with _locked(stage, "petition"):
        page.goto("/nl/petitions?q=fiets&page=1")
        yield "error-503"


def _post(page: Page, *, fields: int, size: int) -> None:
    with page.expect_navigation():
        page.evaluate(POST, ["/nl/petitions/new", fields, size])


def _too_many(stage: Demonstration, page: Page) -> Iterator[str]:
    """The page that a reverse proxy shows to a client with too many requests: the service has no limit by address."""
    environ = {"DEMO": "1", "PUBLIC_URL": stage.url, "DATABASE_URL": stage.database_url, "SMTP_URL": "smtp://localhost"}
    made = make_pages(read(environ)).render("errors/error.html", "nl", status=429, reason="", desk="", petition="")

    def answer(route: Route) -> None:
        route.fulfill(status=429, content_type="text/html; charset=utf-8", body=made)

    page.route("**/nl/too-many", answer)
    page.goto("/nl/too-many")
    yield "error-429"
    page.unroute("**/nl/too-many")


@contextlib.contextmanager
def _renamed(stage: Demonstration, table: str) -> Iterator[None]:
    """Rename a table for a while: pages that read it fail with a 500."""
    stage.rows(f"alter table {table} rename to {table}_away")
    try:
        yield
    finally:
        stage.rows(f"alter table {table}_away rename to {table}")


@contextlib.contextmanager
def _locked(stage: Demonstration, tables: str) -> Iterator[None]:
    """Lock tables for a while: queries that need them time out."""
    held, over = threading.Event(), threading.Event()

    async def hold() -> None:
        connection = await asyncpg.connect(stage.database_url)
        try:
            async with connection.transaction():
                await connection.execute(f"lock table {tables} in access exclusive mode")
                held.set()
                await asyncio.to_thread(over.wait, 60)
        finally:
            await connection.close()

    thread = threading.Thread(target=lambda: asyncio.run(hold()))
    thread.start()
    held.wait(20)
    try:
        yield
    finally:
        over.set()
        thread.join()
