"""The preconditions of journeys: petitions brought to a stage by use cases, and people at desks.

Nothing here takes a browser or waits for a mail.
"""

import base64
import itertools
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from petitions.app import make_service
from petitions.lifecycle.acts import moderation
from petitions.security.encryption import fingerprint
from petitions.security.tokens import Link, Purpose, Tokens
from petitions.settings import read
from petitions.staff import queries
from petitions.staff.acts import sessions as staff
from tests.conftest import run_apart
from tests.stories.conftest import Running
from tests.world import World

Made = TypeVar("Made")
COUNCIL = "gemeenteraad-voorbeeldstad"


@dataclass
class Seeds:
    """The use cases on the database of the running service."""

    running: Running
    counter: "itertools.count[int]" = field(default_factory=lambda: itertools.count(secrets.randbelow(10**9) * 1000))

    def do(self, work: Callable[[World, datetime], Awaitable[Made]]) -> Made:
        """Do this in a service of its own on the same database; ``now`` is now."""

        async def apart() -> Made:
            service = make_service(read(self.running.environ), connections=3)
            await service.database.open()
            service.start()
            try:
                now = datetime.now(UTC)
                moderator = await staff.add(service, "seed@kantoor.example", "Ada Prins", is_moderator=True, now=now)
                return await work(World(service, moderator, moderator, COUNCIL, self.counter), now)
            finally:
                await service.stop()
                await service.database.close()

        return run_apart(apart())

    def accept(self, title: str) -> int:
        """A moderator opens the petition with this title; its number."""

        async def work(world: World, now: datetime) -> int:
            async with world.service.database.connection() as connection:
                number = await connection.fetchval("select id from petition where title = $1 order by id desc", title)
            await moderation.accept(world.service, number, world.moderator, reason="In orde.", now=now)
            return int(number)

        return self.do(work)

    def link(self, language: str, purpose: Purpose, made: Link, folder: str = "") -> str:
        """The personal address that the mail would give."""
        token = Tokens(read(self.running.environ).secrets).make(purpose, made.petition_id, made.key)
        return f"/{language}/{folder or purpose}/{token}"

    def employ(self, name: str, language: str = "nl", *, committees: tuple[str, ...] = (), role: str = "") -> str:
        """Somebody new who works here, in this language: the address, which no other story knows."""
        email = f"collega-{secrets.token_hex(5)}@kantoor.example"
        self.do(lambda world, now: _add(world, email, name, language, committees, role, now))
        return email

    def session(self, name: str, language: str, *, committees: tuple[str, ...] = (), role: str = "") -> str:
        """Somebody new who works here, in this language: the cookie of their session."""
        secret = secrets.token_bytes(32)

        async def begin(world: World, now: datetime) -> None:
            number = await _add(world, world.address(), name, language, committees, role, now)
            async with world.service.database.connection() as connection:
                await queries.staff_session_create(
                    connection,
                    token_hash=fingerprint(secret),
                    staff_id=number,
                    now=now,
                    expires_at=now + staff.SESSION_LASTS,
                )

        self.do(begin)
        return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


async def _add(
    world: World, email: str, name: str, language: str, committees: tuple[str, ...], role: str, now: datetime
) -> int:
    return await staff.add(
        world.service,
        email,
        name,
        language=language,
        is_moderator=role == "moderator",
        is_administrator=role == "administrator",
        committees=committees,
        now=now,
    )
