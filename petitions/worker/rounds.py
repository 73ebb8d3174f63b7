"""The worker's day: mail and prints all the time; every minute close what is over, remind, forget, and say so."""

import asyncio
import logging
import signal
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import Final

from petitions.documents import acts as documents
from petitions.dossier.jobs.print_worker import PrintWorker, print_next
from petitions.errors import UnavailableError
from petitions.following.acts import upkeep as followers
from petitions.lifecycle.acts import delays, retention, thresholds
from petitions.lifecycle.acts import saved_drafts as saving
from petitions.lifecycle.acts.service import Service
from petitions.mail.smtp_pool import SmtpPool
from petitions.verification.acts import sampling
from petitions.worker.outbox import OutboxSender, rest

IDLE_SECONDS: Final = 0.25
ROUND_SECONDS: Final = 60.0
PRINT_SECONDS: Final = 0.5
SWEEP_MINUTES: Final = 30

log = logging.getLogger(__name__)


async def work(service: Service, outbox_sender: OutboxSender, smtp_pool: SmtpPool, print_worker: PrintWorker) -> None:
    """Work until a signal ends it: mails that are being handed over are finished, others wait for the next start."""
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, ending.set)
    async with asyncio.TaskGroup() as group:
        group.create_task(_mail(outbox_sender, ending))
        group.create_task(_rounds(service, ending))
        group.create_task(_prints(print_worker, ending))
    await smtp_pool.close()


async def _mail(outbox_sender: OutboxSender, ending: asyncio.Event) -> None:
    while not ending.is_set():
        try:
            await outbox_sender.run(ending, idle=IDLE_SECONDS)
        except UnavailableError:
            log.warning("the database is away; mail waits")
            await rest(ending, 2)
        except Exception as error:
            _log_defect("a round of mail failed", error)
            await rest(ending, 5)


async def _rounds(service: Service, ending: asyncio.Event) -> None:
    while not ending.is_set():
        try:
            await one_round(service, now=datetime.now(UTC))
        except UnavailableError:
            log.warning("the database is away; the round is made later")
        except Exception as error:
            _log_defect("a round failed", error)
        await rest(ending, ROUND_SECONDS)


async def _prints(print_worker: PrintWorker, ending: asyncio.Event) -> None:
    while not ending.is_set():
        try:
            if not await print_next(print_worker, now=datetime.now(UTC)):
                await rest(ending, PRINT_SECONDS)
        except UnavailableError:
            log.warning("the database or the disk is away; prints wait")
            await rest(ending, 2)
        except Exception as error:  # the lease runs out: it is tried again, and given up in the end
            _log_defect("a print failed", error)
            await rest(ending, 5)


def _log_defect(what: str, error: Exception) -> None:
    """What failed and where, innermost first. Never the text of the error: the database quotes rows in it."""
    places = (f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(extract_tb(error.__traceback__)))
    log.error("%s: %s at %s", what, type(error).__name__, " < ".join(places))


async def one_round(service: Service, *, now: datetime) -> None:
    """Everything that time brings: closing, reminding, forgetting."""
    await thresholds.close_due(service, now=now)
    await delays.tell_delays(service, now=now)
    await retention.remind(service, now=now)
    await sampling.remind(service, now=now)
    await retention.forget_pending(service, now=now)
    await retention.delete_drafts(service, now=now)
    await saving.forget(service, now=now)
    await followers.queue_digests(service, now=now)
    await followers.forget(service, now=now)
    await retention.forget_people(service, now=now)
    if now.minute % SWEEP_MINUTES == 0:
        await documents.sweep(service)
    await retention.beat(service, "worker", now=now)
