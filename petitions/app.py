"""The composition root: makes the service from the settings, and the application from the service."""

import asyncio
import contextlib
import gc
import logging
import os
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypedDict

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
from petitions.dossier.jobs.print_worker import PrintWorker, print_next
from petitions.errors import ConfigurationError, PetitionsError, UnavailableError
from petitions.health.acts import beat
from petitions.http.failures import LastResort, answer, busy_answers, on_domain_error, on_http_error
from petitions.http.fonts import build_fonts
from petitions.http.load_shedding import Limit, LoadShedder, LoadSheddingMiddleware
from petitions.http.look import Style
from petitions.http.page_cache.middleware import PageCacheMiddleware
from petitions.http.safeguards import SameOrigin, SecurityHeaders
from petitions.http.templating import STATIC_DIR, Pages, Site
from petitions.http.uploads import LARGEST_FORM
from petitions.lifecycle.acts.loading import load_rules
from petitions.lifecycle.acts.service import ConfirmationWrite, ConfirmedSignature, Forget, Service, SignatureWrite
from petitions.lifecycle.acts.signing import find_signatures, write_confirmations, write_signatures
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.mails.writing import Writing
from petitions.lifecycle.pages.state import AppState
from petitions.lifecycle.procedure_files import load_committees, load_procedures
from petitions.lifecycle.reads.counters import Counters
from petitions.lifecycle.reads.recount import recount
from petitions.lifecycle.registration import Registration, parts_of
from petitions.mail.smtp_pool import SmtpPool
from petitions.motions.open_data.run import ImportReport
from petitions.motions.open_data.run import run as import_motions
from petitions.motions.rules.votes import is_case
from petitions.papers.file_store import FileStore
from petitions.routes import routes
from petitions.security.encryption import Vault
from petitions.security.tokens import Tokens
from petitions.settings import Settings
from petitions.sites import SiteConfig
from petitions.sites.themes import faults
from petitions.staff.acts.sessions import add, people, session_person
from petitions.subjects import EVENT_KINDS, SUBJECTS
from petitions.worker.outbox import OutboxSender
from petitions.worker.rounds import Maintenance, Task, work

MAIL_IDLE_SECONDS: Final = 0.25
PRINT_IDLE_SECONDS: Final = 0.5

log = logging.getLogger(__name__)


class Forgetting(TypedDict):
    """The functions by which subjects erase personal data."""

    forget_people: tuple[Forget, ...]
    forget_words: tuple[Forget, ...]


def forgetting(subjects: Iterable[Registration]) -> Forgetting:
    """The functions by which these subjects erase data of a petition, for the service."""
    known = tuple(subjects)
    return {
        "forget_people": tuple(one.forget_people for one in known if one.forget_people),
        "forget_words": tuple(one.forget_words for one in known if one.forget_words),
    }


def with_modules(body: SiteConfig, subjects: Iterable[Registration]) -> SiteConfig:
    """The site file, with every module off that no subject provides."""
    provided = {one.module for one in subjects if one.module}
    off = {name: False for name in type(body.modules).model_fields if name not in provided}
    return body.model_copy(update={"modules": body.modules.model_copy(update=off)})


def make_service(settings: Settings, *, connections: int = 10) -> Service:
    """The service of one process, not yet connected."""
    database = Database(settings.database_url, largest=connections)
    signing: GroupCommit[SignatureWrite, bool] = GroupCommit(database, write_signatures)
    confirming: GroupCommit[ConfirmationWrite, ConfirmedSignature] = GroupCommit(database, write_confirmations)
    return Service(
        database=database,
        procedures=load_procedures(),
        committees=load_committees(),
        vault=Vault(settings.secrets[-1]),
        tokens=Tokens(settings.secrets),
        signing=signing,
        confirming=confirming,
        finding=GroupCommit(database, find_signatures),
        event_kinds=EVENT_KINDS,
        replica=Readers(Database(settings.read_database_url, largest=connections), database)
        if settings.read_database_url
        else None,
        file_store=FileStore(settings.documents_dir),
        **forgetting(SUBJECTS),
    )


def make_pages(settings: Settings) -> Pages:
    """The template environment of this installation, with its name and its fonts."""
    build_fonts(STATIC_DIR / "fonts")
    return Pages(
        Site(
            name=settings.name,
            tagline={"nl": settings.tagline_nl, "en": settings.tagline_en},
            contact_email=settings.contact_email,
            public_url=settings.public_url,
            demo=settings.demo,
            body=with_modules(settings.body, SUBJECTS),
        ),
        style=_style(settings),
    )


def _style(settings: Settings) -> Style:
    """The style of this installation; weak contrast in its theme is logged, once, at the start."""
    for fault in faults(settings.theme):
        log.warning("theme %s: %s", settings.theme.name, fault)
    return Style(settings.theme, settings.logo)


class LifespanState(TypedDict):
    """The state that the lifespan adds to every request."""

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
        parts=parts_of(SUBJECTS),
        find_colleague=session_person,
        load_shedder=LoadShedder(public=Limit(settings.most_under_way), busy=busy_answers(pages, secure=secure)),
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[LifespanState]:
        await _begin(service)
        service.start()
        counters.start()
        _freeze_garbage_collector()
        yield {"app_state": made}
        await counters.stop()
        await service.stop()
        await service.readers.close()
        await service.database.close()

    return assemble(public_url=settings.public_url, lifespan=lifespan)


def assemble(
    *,
    public_url: str,
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[LifespanState]] | None = None,
    subjects: Iterable[Registration] = SUBJECTS,
) -> ASGIApp:
    """The application: page cache, load shedding, middleware (outermost first), routes and error handlers.

    Tests pass a lifespan with their own state.
    """
    app = Starlette(
        routes=routes(subjects),
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
    app.router.redirect_slashes = (
        False  # it would use the host and scheme of the request; http/failures redirects instead
    )
    return PageCacheMiddleware(LoadSheddingMiddleware(app))


def _freeze_garbage_collector() -> None:
    """Exempt the objects of the start from garbage collection, and collect less often.

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
    """Connect to the database, waiting while it is away, and check it."""
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
    """The application from the environment: the factory ``petitions.app:create`` for the server."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    return make_app(environment.read())


async def run_migrations(settings: Settings) -> list[str]:
    """Apply the migrations and load the rules; returns the names of the files that were applied."""
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
    """Run the worker of this installation until a signal ends it."""
    os.nice(settings.worker_nice)  # on a machine shared with web processes, signing goes first
    service = make_service(settings, connections=4)
    await _begin(service)
    pages = make_pages(settings)
    context = MailContext(
        vault=service.vault,
        tokens=service.tokens,
        procedures=service.procedures,
        committees=service.committees,
        event_kinds=service.event_kinds,
        render=pages.render,
        site=settings.name,
        sender=settings.sender,
        public_url=settings.public_url,
        zone=settings.body.zone,
        survey=with_modules(settings.body, SUBJECTS).modules.survey,
    )
    smtp_pool = SmtpPool(settings.smtp_url)
    outbox_sender = OutboxSender(
        service.database, mail_writing(context), smtp_pool, per_second=settings.mails_per_second
    )
    print_worker = PrintWorker(
        service,
        settings.name,
        settings.public_url,
        settings.theme.light,
        documents=tuple(one.printed_documents for one in SUBJECTS if one.printed_documents),
    )
    await work(
        [
            Task("mail", lambda ending: _send(outbox_sender, ending), MAIL_IDLE_SECONDS),
            Task("prints", lambda _: print_next(print_worker, now=datetime.now(UTC)), PRINT_IDLE_SECONDS),
        ],
        maintenance(service, SUBJECTS),
    )
    await smtp_pool.close()
    await service.database.close()


async def _send(outbox_sender: OutboxSender, ending: asyncio.Event) -> bool:
    """Send mail until ``ending`` is set."""
    await outbox_sender.run(ending, idle=MAIL_IDLE_SECONDS)
    return True


def mail_writing(context: MailContext, subjects: Iterable[Registration] = SUBJECTS) -> Writing:
    """The writer of mails from rows of the outbox, with the mails of these subjects."""
    return Writing(context, tuple(one.mail for one in subjects if one.mail))


def maintenance(service: Service, subjects: Iterable[Registration]) -> list[Maintenance]:
    """The periodic maintenance of these subjects, followed by the heartbeat of the worker."""
    jobs = [job for subject in subjects for job in subject.jobs]
    own = [Maintenance(job.name, partial(job.run, service), job.every_minutes) for job in jobs]
    return [*own, Maintenance("heartbeat", lambda now: beat(service, "worker", now=now))]


async def run_import(settings: Settings, given: Namespace) -> ImportReport:
    """Import motions and votes from the open data of the Tweede Kamer; returns a report of the import."""
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
    """Recount, and check that every file exists; returns one line per problem."""
    database = Database(settings.database_url, largest=2)
    await database.open()
    try:
        return [*await recount(database), *await missing_files(database, FileStore(settings.documents_dir))]
    finally:
        await database.close()


async def run_demo(settings: Settings, now: datetime) -> str:
    """Fill an empty database with the demo's content; returns a line about what was done."""
    service = make_service(settings, connections=4)
    await service.database.open()
    try:
        return await seed(service, now=now)
    finally:
        await service.database.close()


async def run_staff(settings: Settings, given: Namespace) -> None:
    """Add a member of staff, or change their roles."""
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
    """One line about each member of staff."""
    service = make_service(settings, connections=2)
    await service.database.open()
    try:
        return [describe(email, colleague) for email, colleague in await people(service)]
    finally:
        await service.database.close()
