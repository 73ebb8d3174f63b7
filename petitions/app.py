"""The composition root: settings become a service, a service becomes an application. Imported by __main__ only."""

import asyncio
import contextlib
import gc
import logging
import os
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import TypedDict

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope

from petitions import settings as environment
from petitions.database.group_commit import GroupCommit
from petitions.database.migrations import is_current, migrate
from petitions.database.pool import Database, Readers, assert_durable
from petitions.demo.seed import describe, seed
from petitions.documents.reads import missing_files
from petitions.dossier.jobs.print_worker import PrintWorker
from petitions.errors import ConfigurationError, PetitionsError, UnavailableError
from petitions.http.failures import LastResort, answer, busy_answers, on_domain_error, on_http_error
from petitions.http.fonts import build_fonts
from petitions.http.load_shedding import Limit, LoadShedder, LoadSheddingMiddleware
from petitions.http.look import Style
from petitions.http.page_cache.middleware import PageCacheMiddleware
from petitions.http.safeguards import SameOrigin, SecurityHeaders
from petitions.http.state import AppState
from petitions.http.templating import STATIC_DIR, Pages, Site
from petitions.http.uploads import LARGEST_FORM
from petitions.lifecycle.acts.loading import load_rules
from petitions.lifecycle.acts.service import Confirmed, Confirming, Service, Signing
from petitions.lifecycle.acts.signing import find_signatures, write_confirmations, write_signatures
from petitions.lifecycle.mails.context import Office
from petitions.lifecycle.reads.counters import Counters
from petitions.lifecycle.reads.recount import recount
from petitions.mail.delivery import Postman
from petitions.motions.open_data.run import Report
from petitions.motions.open_data.run import run as import_motions
from petitions.motions.rules.votes import is_case
from petitions.papers.file_store import FileStore
from petitions.procedures import load_committees, load_procedures
from petitions.routes import routes
from petitions.security.encryption import Vault
from petitions.security.tokens import Tokens
from petitions.settings import Settings
from petitions.sites.themes import faults
from petitions.staff.acts.sessions import add, people
from petitions.worker.outbox import Mailroom
from petitions.worker.rounds import work

log = logging.getLogger(__name__)


def make_service(settings: Settings, *, connections: int = 10) -> Service:
    """The service of one process; nothing is connected yet."""
    database = Database(settings.database_url, largest=connections)
    signing: GroupCommit[Signing, bool] = GroupCommit(database, write_signatures)
    confirming: GroupCommit[Confirming, Confirmed] = GroupCommit(database, write_confirmations)
    return Service(
        database=database,
        procedures=load_procedures(),
        committees=load_committees(),
        vault=Vault(settings.secrets[-1]),
        tokens=Tokens(settings.secrets),
        signing=signing,
        confirming=confirming,
        finding=GroupCommit(database, find_signatures),
        replica=Readers(Database(settings.read_database_url, largest=connections), database)
        if settings.read_database_url
        else None,
        file_store=FileStore(settings.documents_dir),
    )


def make_pages(settings: Settings) -> Pages:
    """The pages of this installation, with its name and its fonts."""
    build_fonts(STATIC_DIR / "fonts")
    return Pages(
        Site(
            name=settings.name,
            tagline={"nl": settings.tagline_nl, "en": settings.tagline_en},
            contact_email=settings.contact_email,
            public_url=settings.public_url,
            demo=settings.demo,
            body=settings.body,
        ),
        style=_style(settings),
    )


def _style(settings: Settings) -> Style:
    """The look of this installation; what cannot be read well in it is told, once, at the start."""
    for fault in faults(settings.theme):
        log.warning("theme %s: %s", settings.theme.name, fault)
    return Style(settings.theme, settings.logo)


class State(TypedDict):
    """What the lifespan hands to every request."""

    app_state: AppState


def make_app(settings: Settings) -> ASGIApp:
    """The web application of this installation."""
    service = make_service(settings)
    counters = Counters(service.database)
    pages = make_pages(settings)
    secure = settings.public_url.startswith("https:")
    made = AppState(
        service=service,
        pages=pages,
        counters=counters,
        public_url=settings.public_url,
        sender=settings.sender,
        demo=settings.demo,
        mailbox_dir=str(settings.data_dir / "mailbox"),
        load_shedder=LoadShedder(public=Limit(settings.most_under_way), busy=busy_answers(pages, secure=secure)),
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[State]:
        await _begin(service)
        service.start()
        counters.start()
        _settle_memory()
        yield {"app_state": made}
        await counters.stop()
        await service.stop()
        await service.readers.close()
        await service.database.close()

    return assemble(public_url=settings.public_url, lifespan=lifespan)


def assemble(
    *, public_url: str, lifespan: Callable[[Starlette], AbstractAsyncContextManager[State]] | None = None
) -> ASGIApp:
    """Front, door, middleware (outermost first), routes and the error table; tests use it with a state of their own."""
    app = Starlette(
        routes=routes(),
        middleware=[
            Middleware(SecurityHeaders, secure=public_url.startswith("https:")),
            Middleware(LastResort),
            Middleware(SameOrigin, public_url=public_url, refuse=_from_elsewhere),
        ],
        exception_handlers={
            PetitionsError: on_domain_error,
            HTTPException: on_http_error,
            ClientDisconnect: _on_disconnect,
        },
        lifespan=lifespan,
        max_body_size=LARGEST_FORM,
    )
    app.router.redirect_slashes = False  # it would name the host and scheme of the request: failures does it better
    return PageCacheMiddleware(LoadSheddingMiddleware(app))


def _settle_memory() -> None:
    """What was loaded at the start stays: the collector need not look at it again, nor look after every few requests.

    Measured in one process: 113 microseconds of CPU for a signature before, 88 after.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _from_elsewhere(scope: Scope, receive: Receive) -> Response:
    return answer(Request(scope, receive), 403)


async def _on_disconnect(_: Request, __: Exception) -> Response:
    return Response(status_code=499)


async def _begin(service: Service) -> None:
    """Connect and check; a database that is away at the start is waited for."""
    for attempt in range(60):
        try:
            await service.database.open()
            break
        except UnavailableError:
            if attempt == 0:
                log.warning("the database is away; waiting for it")
            await asyncio.sleep(1)
    async with service.database.connection() as connection:
        await assert_durable(connection)
        if not await is_current(connection):
            raise ConfigurationError(
                "the database has another schema than this software: run `python -m petitions migrate`"
            )
    await load_rules(service.database, service.procedures, service.committees, now=datetime.now(UTC))


def create() -> ASGIApp:
    """The application from the environment: what the server is given as ``petitions.app:create``."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    return make_app(environment.read())


async def run_migrations(settings: Settings) -> list[str]:
    """Apply the migrations and load the rules; the names of the files that were applied."""
    database = Database(settings.database_url, largest=2)
    await database.open()
    try:
        async with database.connection() as connection:
            await assert_durable(connection)
            applied = await migrate(connection)
        await load_rules(database, load_procedures(), load_committees(), now=datetime.now(UTC))
    finally:
        await database.close()
    return applied


async def run_worker(settings: Settings) -> None:
    """The worker of this installation, until a signal ends it."""
    os.nice(settings.worker_nice)  # where it shares a machine with web processes, who signs goes first
    service = make_service(settings, connections=4)
    await _begin(service)
    pages = make_pages(settings)
    office = Office(
        vault=service.vault,
        tokens=service.tokens,
        procedures=service.procedures,
        committees=service.committees,
        render=pages.render,
        site=settings.name,
        sender=settings.sender,
        public_url=settings.public_url,
        zone=settings.body.zone,
        survey=settings.body.modules.survey,
    )
    postman = Postman(settings.smtp_url)
    mailroom = Mailroom(service.database, office, postman, per_second=settings.mails_per_second)
    print_worker = PrintWorker(service, settings.name, settings.public_url, settings.theme.light)
    await work(service, mailroom, postman, print_worker)
    await service.database.close()


async def run_import(settings: Settings, given: Namespace) -> Report:
    """Import motions and votes from the open data of the Tweede Kamer; what was done and what was left out."""
    if not settings.body.modules.votes:
        raise ConfigurationError('this body has switched the module "votes" off')
    for case in given.case:
        if not is_case(case):
            raise ConfigurationError(f"--case: {case!r} is no number of a case, such as 2026Z04711")
    service = make_service(settings, connections=2)
    await _begin(service)
    try:
        return await import_motions(
            service,
            given.origin,
            petition_id=given.petition,
            cases=given.case,
            members=given.members,
            now=datetime.now(UTC),
        )
    finally:
        await service.database.close()


async def run_check(settings: Settings) -> list[str]:
    """Recount, and look whether every file is there; one line per problem."""
    database = Database(settings.database_url, largest=2)
    await database.open()
    try:
        return [*await recount(database), *await missing_files(database, FileStore(settings.documents_dir))]
    finally:
        await database.close()


async def run_demo(settings: Settings, now: datetime) -> str:
    """Fill an empty database with the demo's content; a line about what was done."""
    service = make_service(settings, connections=4)
    await service.database.open()
    try:
        return await seed(service, now=now)
    finally:
        await service.database.close()


async def run_staff(settings: Settings, given: Namespace) -> None:
    """Let somebody work here."""
    service = make_service(settings, connections=2)
    if unknown := set(given.committee) - service.committees.keys():
        raise ConfigurationError(f"unknown committee: {sorted(unknown)[0]}")
    await service.database.open()
    try:
        await add(
            service,
            given.email,
            given.name,
            language=given.language,
            is_moderator=given.moderator,
            is_administrator=given.administrator,
            committees=tuple(given.committee),
            now=datetime.now(UTC),
        )
    finally:
        await service.database.close()


async def run_people(settings: Settings) -> list[str]:
    """One line about everybody who works here."""
    service = make_service(settings, connections=2)
    await service.database.open()
    try:
        return [describe(email, colleague) for email, colleague in await people(service)]
    finally:
        await service.database.close()
