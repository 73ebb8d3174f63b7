"""A web client for tests: requests to the whole application, on a fresh database."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from petitions.app import assemble
from petitions.http.templating import Pages, Site
from petitions.lifecycle.pages.state import AppState
from petitions.lifecycle.reads.counters import Counters
from petitions.lifecycle.registration import parts_of
from petitions.staff.acts import sessions as staff
from petitions.staff.acts.sessions import session_person
from petitions.subjects import SUBJECTS
from tests.world import NOW, World

ORIGIN = "http://petitions.test"


@dataclass(repr=False)  # asyncio's runner would format its repr after every fixture: 4 ms each time
class Web:
    """The application, its world, and a clock that tests can set."""

    world: World
    client: httpx.AsyncClient
    app_state: AppState
    moment: datetime = NOW

    async def sign_in(self, staff_id: int) -> None:
        """Give the client a session of this member of staff."""
        import secrets

        from petitions.security.encryption import fingerprint
        from petitions.staff import queries

        secret = secrets.token_urlsafe(32)
        async with self.world.service.database.connection() as connection:
            await queries.staff_session_create(
                connection,
                token_hash=fingerprint(staff._bytes(secret)),
                staff_id=staff_id,
                now=self.moment,
                expires_at=self.moment + staff.SESSION_LASTS,
            )
        self.client.cookies.set("desk", secret)

    def token(self, purpose: Any, petition_id: int, key: bytes) -> str:
        """A personal link's token."""
        return self.world.service.tokens.make(purpose, petition_id, key)


@pytest.fixture(scope="session")
def pages() -> Pages:
    """The pages of a test installation; built once, because templates are compiled on first use."""
    site = Site(
        "Petitieloket", {"nl": "van de Kamer", "en": "of the House"}, "vragen@petitieloket.example", ORIGIN, False
    )
    return Pages(site)


@pytest.fixture
async def web(world: World, pages: Pages, tmp_path: Any) -> AsyncIterator[Web]:
    """The application as a client meets it."""
    clock: Callable[[], datetime] = lambda: made.moment  # noqa: E731 - reads what the test sets later
    app_state = AppState(
        service=world.service,
        pages=pages,
        counters=Counters(world.service.database),
        public_url=ORIGIN,
        sender="post@petitieloket.example",
        demo=False,
        mailbox_dir=str(tmp_path),
        parts=parts_of(SUBJECTS),
        find_colleague=session_person,
        clock=clock,
    )
    app_state.figures.seconds = app_state.page_templates.seconds = app_state.page_cache.seconds = (
        0.0  # a test sees at once what it did
    )
    app = assemble(public_url=ORIGIN)

    async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"app_state": app_state}
        await app(scope, receive, send)

    transport = httpx.ASGITransport(app=with_state, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        made = Web(world, client, app_state)
        yield made
