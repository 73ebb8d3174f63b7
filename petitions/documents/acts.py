"""Documents: a clerk adds one, sees the findings of its inspection, publishes or discards it, or withdraws it later.

Two steps on purpose: the clerk sees the metadata of a file (above all names of people) before it is published.
The file is on disk before its row is committed. Publication and withdrawal are events; published documents stay listed.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast

from petitions.database.connection import Connection
from petitions.documents import queries
from petitions.documents.events import (
    DOCUMENT,
    DOCUMENT_FILED,
    DOCUMENT_WITHDRAWN,
    DOCUMENT_WITHDRAWN_FILED,
    DocumentFacts,
)
from petitions.documents.rules import DocumentKind
from petitions.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.rules.states import Actor
from petitions.papers.findings import Findings, findings_from
from petitions.papers.sandbox import SandboxError, run_in_sandbox

INSPECT = "petitions.papers.inspect"
STRIP = "petitions.papers.strip"

Notification = Literal["mailed", "silent"]


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A clerk's description of a document, with either ``url`` or the bytes of a PDF."""

    title: str
    kind: DocumentKind
    dated_on: date
    language: str
    summary: str
    public: bool
    url: str = ""


async def inspect(content: bytes) -> Findings:
    """Inspect a file in a separate process; a file that crashes or hangs the reader is a finding too."""
    try:
        return findings_from(json.loads(await run_in_sandbox(INSPECT, content)))
    except SandboxError as error:
        return Findings("too_long" if error.reason == "too_long" else "broken")


async def add(
    service: Service,
    clerk: Clerk,
    petition_id: int,
    referral_id: int,
    document: NewDocument,
    content: bytes | None,
    *,
    now: datetime,
) -> int:
    """Store a document that only its committee can see yet; return its number.

    Raises InvalidInputError("file") for a file that is not accepted, NotFoundError for an unknown referral or one that
    another committee has.
    """
    findings, sha256 = Findings(), None
    if content is not None:
        findings = await inspect(content)
        if findings.problem:
            raise InvalidInputError({"file": findings.problem})
        sha256 = await asyncio.to_thread(service.file_store.put, content)
    async with service.database.connection() as connection:
        number = await queries.document_add(
            connection,
            petition_id=petition_id,
            referral_id=referral_id,
            committees=list(clerk.committees),
            title=document.title,
            kind=document.kind,
            dated_on=document.dated_on,
            language=document.language,
            summary=document.summary,
            public=document.public,
            url=document.url or None,
            sha256=sha256,
            size=len(content) if content is not None else None,
            findings=findings.facts() if content is not None else {},
            staff_id=clerk.staff_id,
            now=now,
        )
    if number is None:
        raise NotFoundError("referral")
    return number


async def publish(
    service: Service,
    clerk: Clerk,
    seen: SeenReferral,
    document_id: int,
    *,
    without_names: bool,
    told: Notification,
    now: datetime,
) -> None:
    """Publish a document; ``without_names``: with the names of people removed from its metadata.

    Raises like :func:`withdraw`; InvalidInputError("names") when the names cannot be removed from this file.
    """
    sha256, size, findings = await _content_to_publish(service, clerk, seen, document_id, without_names=without_names)
    async with service.database.transaction() as connection:
        row = await _take_up(connection, clerk, seen, document_id)
        if row.published_at is not None:
            raise ConflictError("published_already")
        await queries.document_publish(
            connection,
            petition_id=seen.petition_id,
            document_id=document_id,
            sha256=sha256,
            size=size,
            findings=findings | {"names": [], "program": ""} if findings else {},
            now=now,
        )
        await _record(
            connection, row, seen, document_id, DOCUMENT, DOCUMENT_FILED, clerk, tell=told == "mailed", now=now
        )


async def _content_to_publish(
    service: Service, clerk: Clerk, seen: SeenReferral, document_id: int, *, without_names: bool
) -> tuple[str | None, int | None, dict[str, Any]]:
    """Hash, size and findings of the file to publish. Done before the transaction, because it takes a while."""
    async with service.database.transaction() as connection:
        row = await _take_up(connection, clerk, seen, document_id)
    findings = findings_from(row.findings)
    if row.sha256 is None:
        return None, None, {}
    if not without_names:
        return row.sha256, row.size, row.findings
    if findings.signed:
        raise InvalidInputError({"names": "signed"})
    content = await asyncio.to_thread(service.file_store.read, row.sha256)
    try:
        bare = await run_in_sandbox(STRIP, content)
    except SandboxError as error:
        raise InvalidInputError({"names": "not_removed"}) from error
    after = await inspect(bare)
    if after.problem or after.pages != findings.pages or (after.names and not after.remarks):
        raise InvalidInputError({"names": "not_removed"})
    return await asyncio.to_thread(service.file_store.put, bare), len(bare), after.facts()


async def discard(service: Service, clerk: Clerk, seen: SeenReferral, document_id: int) -> None:
    """Delete a document that was never published. Raises like :func:`withdraw`."""
    async with service.database.transaction() as connection:
        row = await _take_up(connection, clerk, seen, document_id)
        if row.published_at is not None:
            raise ConflictError("published_already")
        await queries.document_discard(connection, petition_id=seen.petition_id, document_id=document_id)


async def withdraw(
    service: Service,
    clerk: Clerk,
    seen: SeenReferral,
    document_id: int,
    *,
    reason: str,
    told: Notification,
    now: datetime,
) -> None:
    """Withdraw a published document. It stays in the list, with the reason.

    Raises NotFoundError, ForbiddenError for a document of another committee, ConflictError("changed") when a colleague
    was first.
    """
    async with service.database.transaction() as connection:
        row = await _take_up(connection, clerk, seen, document_id)
        if row.withdrawn_at is not None or row.published_at is None:
            raise ConflictError("changed")
        await queries.document_withdraw(
            connection,
            petition_id=seen.petition_id,
            document_id=document_id,
            reason=reason,
            staff_id=clerk.staff_id,
            now=now,
        )
        await _record(
            connection,
            row,
            seen,
            document_id,
            DOCUMENT_WITHDRAWN,
            DOCUMENT_WITHDRAWN_FILED,
            clerk,
            tell=told == "mailed",
            now=now,
            reason=reason,
        )


async def _take_up(
    connection: Connection, clerk: Clerk, seen: SeenReferral, document_id: int
) -> queries.DocumentLockedRow:
    row = await queries.document_locked(
        connection, petition_id=seen.petition_id, referral_id=seen.referral_id, document_id=document_id
    )
    if row is None:
        raise NotFoundError("document")
    if row.committee_slug not in clerk.committees:
        raise ForbiddenError("committee")
    if row.version != seen.version:
        raise ConflictError("changed")
    return row


async def _record(
    connection: Connection,
    row: queries.DocumentLockedRow,
    seen: SeenReferral,
    document_id: int,
    public: EventKind[DocumentFacts],
    filed: EventKind[DocumentFacts],
    clerk: Clerk,
    *,
    tell: bool,
    now: datetime,
    reason: str = "",
) -> None:
    """Record the event of a document; for a document of the committee only it is not public, and nobody is mailed."""
    facts = DocumentFacts(
        referral=seen.referral_id,
        threshold=row.threshold_code,
        committee=row.committee_slug,
        document=document_id,
        document_kind=cast("DocumentKind", row.kind),
        title=row.title,
        reason=reason,
    )
    await record(
        connection,
        seen.petition_id,
        public if row.public else filed,
        facts,
        Actor.COMMITTEE,
        now=now,
        staff_id=clerk.staff_id,
        told=tell,
    )


async def sweep(service: Service) -> int:
    """Delete the files that no row references and that were not modified for a day; return their number."""
    old = await asyncio.to_thread(service.file_store.unnamed_since)
    gone = 0
    for start in range(0, len(old), 1000):
        some = old[start : start + 1000]
        async with service.database.connection() as connection:
            named = {row.sha256 for row in await queries.files_named(connection, looked_for=some)}
        for sha256 in some:
            if sha256 not in named:
                gone += await asyncio.to_thread(service.file_store.remove, sha256)
    return gone
