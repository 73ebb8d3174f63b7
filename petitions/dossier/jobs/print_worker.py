"""The print worker: leases requested prints, gathers the facts, has them typeset in a sandbox, and stores the file.

If a worker crashes, its lease expires and another one makes the print. A text that crashes or hangs typst is tried
three times, in a process with little memory and half a minute, then given up.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from petitions.dossier import acts as printing
from petitions.dossier.acts import FinishedPrint, PrintJob
from petitions.dossier.jobs import dossier_print as sheets
from petitions.dossier.reads.prints import PrintedFile, read_print
from petitions.errors import NotFoundError
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.telling import Telling
from petitions.lifecycle.reads.growth import read_growth
from petitions.lifecycle.reads.petition import PublicPetition, read_petition
from petitions.lifecycle.reads.printed import PrintedDocuments
from petitions.lifecycle.reads.referral import read_referrals, show
from petitions.lifecycle.reads.timeline import read_timeline
from petitions.lifecycle.rules.states import Stage
from petitions.locale import load_catalogue, spoken
from petitions.locale.formats import Formats
from petitions.mail.letters import Wording
from petitions.papers.sandbox import ROOT, SandboxError, run_in_sandbox

TYPESET: Final = "petitions.papers.typeset"
TEMPLATES: Final = ROOT / "templates" / "pdf"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PrintWorker:
    """The dependencies of making prints."""

    service: Service
    site: str | Mapping[str, str]  # its name, or its name in each language
    public_url: str
    tokens: Mapping[str, str]  # the colours of the theme, in light
    documents: tuple[PrintedDocuments, ...] = ()  # readers of documents, by the subjects that have some


async def print_next(print_worker: PrintWorker, *, now: datetime) -> bool:
    """Make the print that has waited longest; False when nothing waits."""
    job = await printing.lease(print_worker.service, now=now)
    if job is None:
        return False
    try:
        product = await make(print_worker, job, now=now)
    except NotFoundError:
        await printing.fail(print_worker.service, job, "not_public", now=now)
    except SandboxError as error:
        log.error("a print failed (attempt %d): %s", job.attempts, error.reason)  # noqa: TRY400 - no trace: texts
        await printing.fail(print_worker.service, job, error.reason, now=now)
    else:
        await printing.finish(print_worker.service, job, product)
    return True


async def make(print_worker: PrintWorker, job: PrintJob, *, now: datetime) -> FinishedPrint:
    """Make a print: the earlier file if its facts are the same, else a new one.

    Raises NotFoundError when the petition is not public (any more), SandboxError when it cannot be typeset.
    """
    material = await gather(print_worker, job, now=now)
    sheet = _sheet(print_worker, material.petition, job.language)
    template = "poster" if job.edition == "poster" else "dossier"
    if job.edition == "poster":
        facts = sheets.poster(sheet, material)
    else:
        facts = sheets.dossier(sheet, material, for_committee=job.edition == "committee")
    facts_hash = _hash(template, facts)
    last = (await read_print(print_worker.service.database, job.petition_id, job.edition, job.language)).made
    if (
        last is not None
        and last.facts_hash == facts_hash
        and print_worker.service.file_store.path(last.sha256).exists()
    ):
        return _again(last)
    zone = material.petition.procedure.body.zone
    asked = {"template": template, "facts": facts | {"made": sheets.made(sheet, now, zone)}}
    written = await run_in_sandbox(TYPESET, json.dumps(asked, ensure_ascii=False).encode())
    pages, _, content = written.partition(b"\n")
    sha256 = await asyncio.to_thread(print_worker.service.file_store.put, content)
    return FinishedPrint(facts_hash, sha256, len(content), int(pages), now)


def _again(last: PrintedFile) -> FinishedPrint:
    return FinishedPrint(last.facts_hash, last.sha256, last.size, last.pages, last.made_at)


def _hash(template: str, facts: dict[str, Any]) -> str:
    """The hash of everything that a print shows: its facts, its words and its template."""
    mark = hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())
    for name in ("shared", template):
        mark.update((TEMPLATES / f"{name}.typ").read_bytes())
    return mark.hexdigest()


def _sheet(print_worker: PrintWorker, petition: PublicPetition, language: str) -> sheets.PrintContext:
    translations = load_catalogue(language)
    formats = Formats(language, translations, petition.procedure.body.zone)
    wording = Wording(language, translations, formats, spoken(print_worker.site, language), print_worker.public_url)
    service = print_worker.service
    telling = Telling(wording, petition.procedure, service.committees)
    return sheets.PrintContext(wording, telling, service.event_kinds, print_worker.tokens)


async def gather(print_worker: PrintWorker, job: PrintJob, *, now: datetime) -> sheets.PrintFacts:
    """Read all facts of the print. Raises NotFoundError for a petition without a public dossier."""
    service, petition_id = print_worker.service, job.petition_id
    petition = await read_petition(service.database, service.procedures, petition_id)
    if petition.hidden or petition.stage in {Stage.REMOVED, Stage.REJECTED}:
        raise NotFoundError("petition")
    views = await read_referrals(service.database, petition_id)
    referrals = tuple(show(view, service.procedures, service.committees, now=now) for view in views)
    own = {one.committee.slug for one in referrals} if job.edition == "committee" else set()
    if len(own) > 1:  # one print serves all committees, so it must not show the documents of only one of them
        own = set()
    return sheets.PrintFacts(
        petition=petition,
        referrals=referrals,
        events=await read_timeline(
            service.database,
            service.event_kinds,
            petition_id,
            petition.procedure.body.zone,
            stage=petition.stage,
            hidden=False,
        ),
        days=await read_growth(
            service.database,
            petition.procedure,
            petition_id,
            opened_at=petition.opened_at,
            until=petition.closed_at or petition.ended_at or now,
        ),
        documents=tuple(
            [one for read in print_worker.documents for one in await read(service.database, petition_id, own)]
        ),
    )
