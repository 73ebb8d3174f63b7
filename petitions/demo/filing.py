"""The documents of the demo: tagged PDFs, added and published through the use cases; and requests for prints."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from petitions.demo.content import DemoDocument, DemoPetition
from petitions.documents import acts as documents
from petitions.dossier import acts as printing
from petitions.durations import local_day
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.procedures import Procedure
from petitions.papers.typeset import typeset
from petitions.sites.themes import load_theme

TOKENS: Final = {
    "ink": "basis-color-default-color-document",
    "muted": "basis-color-default-color-subtle",
    "accent": "basis-color-accent-1-color-default",
    "band": "basis-color-accent-1-bg-default",
    "rule": "basis-color-default-border-subtle",
}
LOOKED_AT: Final = timedelta(minutes=9)
"""How long a clerk of the demo looks at a document before publishing it."""


async def file(
    service: Service,
    people: Mapping[str, int],
    petition_id: int,
    petition: DemoPetition,
    procedure: Procedure,
    *,
    now: datetime,
) -> None:
    """Add the documents of one petition, each on its day, and request its prints; ``people``: clerks by committee."""
    if not petition.document:
        return
    async with service.database.connection() as connection:
        row = await connection.fetchrow(
            "select id, committee_slug from referral where petition_id = $1 order by id limit 1", petition_id
        )
    assert row is not None  # noqa: S101 - documents of the demo belong to referrals
    clerk = Clerk(people[row["committee_slug"]], (row["committee_slug"],))
    sender = service.committees[row["committee_slug"]].name[petition.language]
    for told in petition.document:
        moment = now - timedelta(days=told.days_ago)
        await _one(
            service, clerk, SeenReferral(petition_id, row["id"], 1), told, petition.language, sender, procedure, moment
        )
    for edition in ("public", "committee"):
        await printing.ask(service, petition_id, edition, petition.language, now=now)  # the worker makes it


async def _one(
    service: Service,
    clerk: Clerk,
    seen: SeenReferral,
    told: DemoDocument,
    language: str,
    sender: str,
    procedure: Procedure,
    moment: datetime,
) -> None:
    day = local_day(moment, procedure.body.zone)
    new = documents.NewDocument(told.title, told.kind, day, language, told.summary, told.public, told.url)
    content = None
    if not told.url:
        colours = {name: load_theme("default").light[token] for name, token in TOKENS.items()}
        facts = {
            "lang": language, "colours": colours, "document_title": told.title, "author": sender,
            "made": {"year": day.year, "month": day.month, "day": day.day}, "text": told.text.split("\n\n"),
        }  # fmt: skip
        content = await asyncio.to_thread(typeset, "letter", facts)
    number = await documents.add(service, clerk, seen.petition_id, seen.referral_id, new, content, now=moment)
    if not told.published:
        return
    later = moment + LOOKED_AT
    await documents.publish(service, clerk, seen, number, without_names=False, told="silent", now=later)
    if told.withdrawn:
        again = SeenReferral(seen.petition_id, seen.referral_id, 2)
        await documents.withdraw(
            service, clerk, again, number, reason=told.withdrawn, told="silent", now=later + timedelta(hours=20)
        )
