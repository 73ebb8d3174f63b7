"""The documents of a petition, for the public or for the committee that handles it."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from petitions.database.pool import Database
from petitions.documents import queries
from petitions.documents.rules import DocumentKind
from petitions.errors import NotFoundError
from petitions.lifecycle.reads.printed import PrintedDocument
from petitions.papers.file_store import FileStore
from petitions.papers.findings import Findings, findings_from


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """One document. For a link, ``findings`` is empty."""

    id: int
    referral_id: int
    committee_slug: str
    title: str
    kind: DocumentKind
    dated_on: date
    language: str
    summary: str
    public: bool
    url: str | None
    sha256: str | None
    size: int | None
    findings: Findings
    version: int
    added_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str | None

    @property
    def mark(self) -> str:
        """The part of the hash in the address of the file, so that a new content gets a new address."""
        return (self.sha256 or "")[:16]

    @property
    def given_out(self) -> bool:
        """Whether its content can be downloaded (by those who may see it at all)."""
        return self.published_at is not None and self.withdrawn_at is None


def _document(row: queries.DocumentsOfPetitionRow | queries.DocumentFindRow) -> FiledDocument:
    return FiledDocument(
        id=row.id,
        referral_id=row.referral_id,
        committee_slug=row.committee_slug,
        title=row.title,
        kind=row.kind,
        dated_on=row.dated_on,
        language=row.language,
        summary=row.summary,
        public=row.public,
        url=row.url,
        sha256=row.sha256,
        size=row.size,
        findings=findings_from(row.findings),
        version=row.version,
        added_at=row.added_at,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )


async def read_documents(
    database: Database, petition_id: int, *, committees: Collection[str] = ()
) -> tuple[FiledDocument, ...]:
    """The documents of a petition, the newest first: public ones, and those of ``committees`` (slugs)."""
    async with database.connection() as connection:
        rows = await queries.documents_of_petition(connection, petition_id=petition_id, committees=list(committees))
        return tuple(_document(row) for row in rows)


async def printed_documents(
    database: Database, petition_id: int, committees: Collection[str]
) -> tuple[PrintedDocument, ...]:
    """The same documents for the printed dossier."""
    found = await read_documents(database, petition_id, committees=committees)
    return tuple(PrintedDocument(d.id, d.dated_on, d.title, d.language, d.public, d.given_out) for d in found)


async def missing_files(database: Database, file_store: FileStore) -> list[str]:
    """One line for each file that is in the database but missing in the file store, or there with other content."""
    async with database.connection() as connection:
        named = [row.sha256 for row in await queries.files_all(connection)]
    return [
        f"file {sha256}: missing or changed" for sha256 in named if not await asyncio.to_thread(file_store.has, sha256)
    ]


async def read_document(
    database: Database, petition_id: int, document_id: int, *, committees: Collection[str] = ()
) -> FiledDocument:
    """One document. Raises NotFoundError for one that this reader may not see."""
    async with database.connection() as connection:
        row = await queries.document_find(
            connection, petition_id=petition_id, document_id=document_id, committees=list(committees)
        )
    if row is None:
        raise NotFoundError("document")
    return _document(row)
