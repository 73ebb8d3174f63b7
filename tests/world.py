"""A small world to test in: a running service, staff, and petitions brought to a stage through the real use cases."""

import asyncio
import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from petitions.app import forgetting
from petitions.database.group_commit import GroupCommit
from petitions.database.pool import Database
from petitions.database.ttl_cache import TtlCache
from petitions.lifecycle.acts import drafting, moderation, outcome, referral, second_reading, signing, thresholds
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.acts.loading import load_rules
from petitions.lifecycle.acts.service import ConfirmationWrite, ConfirmedSignature, Service, SignatureWrite
from petitions.lifecycle.acts.signing import find_signatures, write_confirmations, write_signatures
from petitions.lifecycle.procedure_files import load_committees, load_procedures
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.referral import WHAT_CAME_OF_IT
from petitions.lifecycle.rules.steps import OUTCOMES, StepInput
from petitions.papers.file_store import FileStore
from petitions.security.encryption import Vault
from petitions.security.tokens import Link, Tokens
from petitions.staff.acts import sessions as staff
from petitions.subjects import EVENT_KINDS, SUBJECTS

SECRET = "a secret for tests only, never used anywhere else"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
REQUEST = "Wij vragen de Kamer om de regels voor nachtzorg te veranderen, zodat iedereen snel hulp krijgt."
REASONS = (
    "In veel gemeenten is de huisartsenpost in de nacht dicht. Mensen rijden daardoor soms een uur voor hulp. "
    "Dat is te ver, zeker voor ouderen en voor ouders met een ziek kind. Wij willen dat dit verandert."
)
ANSWERS = {
    "name": "Sanne de Wit",
    "place": "Zwolle",
    "street": "Dorpsstraat 1",
    "postcode": "8011 AB",
    "birth_date": "1980-02-01",
    "declaration": "yes",
    "country": "nl",
}


@dataclass(repr=False)  # asyncio's runner would format its repr after every fixture: 4 ms each time
class World:
    """A service with a moderator and a clerk, and ways to move petitions on."""

    service: Service
    moderator: int
    clerk: int
    committee: str
    counter: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def procedure(self, code: str = "nl-burgerinitiatief") -> Procedure:
        """The newest version of a procedure."""
        return max((p for (c, _), p in self.service.procedures.items() if c == code), key=lambda p: p.version)

    def address(self) -> str:
        """A fresh address."""
        return f"mens{next(self.counter)}@voorbeeld.example"

    async def draft(
        self, code: str = "nl-burgerinitiatief", *, now: datetime = NOW, title: str = "", language: str = "nl"
    ) -> Link:
        """A draft that waits for its initiator's confirmation; the management link."""
        text = drafting.Draft("health", title or "Geef elk dorp weer nachtzorg dichtbij", REQUEST, REASONS)
        contact = ANSWERS | {"email": self.address(), "name": "Marieke Hoekstra", "place": "Dokkum"}
        petition = await drafting.begin(self.service, self.procedure(code), text, contact, language=language, now=now)
        return await self.manage_link(petition)

    async def manage_link(self, petition_id: int) -> Link:
        """The management link of a petition, as the mail has it."""
        async with self.service.database.connection() as connection:
            key = await connection.fetchval("select manage_key from petition where id = $1", petition_id)
        return Link(petition_id, key)

    async def moderated(
        self, code: str = "nl-burgerinitiatief", *, now: datetime = NOW, title: str = "", language: str = "nl"
    ) -> Link:
        """A petition that waits at moderation, with the sponsors that it needs."""
        link = await self.draft(code, now=now, title=title, language=language)
        petition = await drafting.confirm(self.service, link, now=now)
        for _ in range(petition.sponsors_required):
            await self.sign(link.petition_id, now=now, kind="sponsor")
        return link

    async def opened(
        self, code: str = "nl-burgerinitiatief", *, now: datetime = NOW, title: str = "", language: str = "nl"
    ) -> Link:
        """An open petition."""
        link = await self.moderated(code, now=now, title=title, language=language)
        await moderation.accept(self.service, link.petition_id, self.moderator, reason="In orde.", now=now)
        return link

    async def colleague(self) -> int:
        """Another moderator than the first; the same one every time."""
        return await staff.add(self.service, "amir@kantoor.example", "Amir Haddad", is_moderator=True, now=NOW)

    async def rejected(
        self,
        link: Link,
        *,
        ground: str = "wrong_body",
        reason: str = "De gemeente gaat hierover.",
        now: datetime = NOW,
    ) -> Link:
        """Reject a waiting petition, by two moderators where its procedure wants a second reader; the same link."""
        number = link.petition_id
        if not (await drafting.managed(self.service, link)).procedure.moderation.second_reader:
            await moderation.reject(self.service, number, self.moderator, ground=ground, reason=reason, now=now)
            return link
        await second_reading.propose(self.service, number, self.moderator, ground=ground, reason=reason, now=now)
        async with self.service.database.connection() as connection:
            proposal = await connection.fetchval("select id from refusal_proposal where petition_id = $1", number)
        await second_reading.agree(self.service, number, await self.colleague(), proposal=proposal, now=now)
        return link

    async def pending(
        self, petition_id: int, email: str = "", *, now: datetime = NOW, kind: str = "signatory", news: bool = False
    ) -> Link:
        """A signature that waits for confirmation; the link of its mail."""
        petition = await signing.petition_for_signing(self.service, petition_id)
        email = email or self.address()
        await signing.sign(
            self.service,
            petition,
            ANSWERS | {"email": email},
            show_name=False,
            wants_news=news,
            language="nl",
            now=now,
            kind=kind,
        )
        index = self.service.vault.index(petition.salt, email)
        async with self.service.database.connection() as connection:
            key = await connection.fetchval(
                "select token_id from pending_signature where petition_id = $1 and email_index = $2", petition_id, index
            )
        return Link(petition_id, key or b"\0" * 16)

    async def sign(
        self, petition_id: int, email: str = "", *, now: datetime = NOW, kind: str = "signatory", news: bool = False
    ) -> signing.ConfirmationResult:
        """A signature, signed and confirmed."""
        link = await self.pending(petition_id, email, now=now, kind=kind, news=news)
        return await signing.confirm(self.service, link, now=now + timedelta(seconds=30))

    async def count(self, petition_id: int) -> int:
        """The count that the service shows."""
        return (await signing.petition_for_signing(self.service, petition_id)).confirmed

    async def lower_threshold(self, petition_id: int, code: str, required: int) -> None:
        """Set the number of a threshold of one petition, so that a test can cross it with a few signatures."""
        async with self.service.database.connection() as connection:
            await connection.execute(
                "update threshold set required = $3 where petition_id = $1 and code = $2", petition_id, code, required
            )

    async def clerk_of(self, *committees: str) -> Clerk:
        """A clerk of these committees, as the desk knows them."""
        email = self.address()
        number = await staff.add(self.service, email, "Griet Zijlstra", committees=committees, now=NOW)
        return Clerk(number, committees)

    async def referred(
        self,
        code: str = "nl-burgerinitiatief",
        *,
        threshold: str = "",
        now: datetime = NOW,
        title: str = "",
        language: str = "nl",
    ) -> SeenReferral:
        """A petition that was referred by this threshold (else the first): the new referral."""
        link = await self.opened(code, now=now, title=title, language=language)
        found = self.procedure(code).threshold(threshold) or self.procedure(code).thresholds[0]
        if found.at == "count":
            await self.lower_threshold(link.petition_id, found.code, 2 + await self.count(link.petition_id))
            await self.sign(link.petition_id, now=now)
            await self.sign(link.petition_id, now=now)
        elif found.at == "closing":
            await thresholds.hand_over(self.service, link, now=now)
        return await self.referral(link.petition_id, found.code)

    async def referral(self, petition_id: int, threshold: str) -> SeenReferral:
        """The referral of a petition by one of its thresholds, as it is now."""
        async with self.service.database.connection() as connection:
            row = await connection.fetchrow(
                "select id, version from referral where petition_id = $1 and threshold_code = $2",
                petition_id,
                threshold,
            )
        assert row is not None
        return SeenReferral(petition_id, row["id"], row["version"])

    async def step(
        self, clerk: Clerk, seen: SeenReferral, code: str, facts: StepInput, *, now: datetime
    ) -> SeenReferral:
        """Record a step of a committee; the referral as it is after it."""
        async with self.service.database.connection() as connection:
            kind = await connection.fetchval("select procedure_code from petition where id = $1", seen.petition_id)
        step = next((one for one in self.procedure(kind).steps if one.code == code), WHAT_CAME_OF_IT)
        store = outcome.record_outcome if step.kind in OUTCOMES else referral.record_step
        await store(self.service, clerk, seen, code, facts, now=now)
        return SeenReferral(seen.petition_id, seen.referral_id, seen.version + 1)

    async def somebody_waits(self) -> None:
        """Come back as soon as something in this database waits for what another transaction holds."""
        waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        async with asyncio.timeout(10), self.service.database.connection() as connection:
            while not await connection.fetchval(waiting):  # noqa: ASYNC110 - nobody in this process knows
                await asyncio.sleep(0.01)


@cache
def _rules() -> tuple[dict[tuple[str, int], Procedure], dict[str, Committee]]:
    return load_procedures(), load_committees()


def make_service(database: Database) -> Service:
    """A service on this database, its writers not yet started; the rules are read once, and each has its own table."""
    procedures, committees = _rules()
    writing: GroupCommit[SignatureWrite, bool] = GroupCommit(database, write_signatures)
    confirming: GroupCommit[ConfirmationWrite, ConfirmedSignature] = GroupCommit(database, write_confirmations)
    return Service(
        database=database,
        procedures=dict(procedures),
        committees=dict(committees),
        vault=Vault(SECRET),
        tokens=Tokens((SECRET,)),
        signing=writing,
        confirming=confirming,
        finding=GroupCommit(database, find_signatures),
        event_kinds=EVENT_KINDS,
        signables=TtlCache(seconds=0.0),  # a test sees at once what it did
        file_store=FileStore(Path(mkdtemp(prefix="petitions-files-"))),
        **forgetting(SUBJECTS),
    )


async def make_world(database: Database) -> World:
    """A running service with a moderator, and a clerk of the committee for citizens' initiatives."""
    service = make_service(database)
    await load_rules(database, service.procedures, service.committees, now=NOW)
    service.start()
    committee = "verzoekschriften-en-burgerinitiatieven"
    moderator = await staff.add(service, "noor@kantoor.example", "Noor Bakker", is_moderator=True, now=NOW)
    clerk = await staff.add(service, "griffier@kantoor.example", "Tess de Groot", committees=(committee,), now=NOW)
    return World(service, moderator, clerk, committee)
