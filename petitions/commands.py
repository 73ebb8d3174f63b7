"""The commands: each opens a service from the settings, does its work and closes it. Imported by __main__ only."""

import asyncio
import os
from argparse import Namespace
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from petitions.app import make_pages, make_service, open_service, with_modules
from petitions.database.migrations import migrate
from petitions.database.pool import Database, assert_durable
from petitions.demo.seed import describe, seed
from petitions.documents.reads import missing_files
from petitions.dossier.jobs.print_worker import PrintWorker, print_next
from petitions.errors import ConfigurationError
from petitions.health.acts import beat
from petitions.lifecycle.acts.loading import load_rules
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.mails.context import MailContext
from petitions.lifecycle.mails.writing import Writing
from petitions.lifecycle.procedure_files import load_committees, load_procedures
from petitions.lifecycle.reads.recount import recount
from petitions.lifecycle.registration import Registration
from petitions.mail.smtp_pool import SmtpPool
from petitions.motions.open_data.run import ImportReport
from petitions.motions.open_data.run import run as import_motions
from petitions.motions.rules.votes import is_case
from petitions.papers.file_store import FileStore
from petitions.settings import Settings
from petitions.staff.acts.sessions import add, people
from petitions.subjects import SUBJECTS
from petitions.worker.outbox import OutboxSender
from petitions.worker.rounds import Maintenance, Task, work

MAIL_IDLE_SECONDS: Final = 0.25
PRINT_IDLE_SECONDS: Final = 0.5


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
    await open_service(service)
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
    await open_service(service)
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
