"""Handing signatures over: a clerk with the right to it requests a file, with a purpose; every download is logged.

No file is stored. The rows are decrypted during the download, in batches, and written only to the response.
Signatures that are older than the rules allow, or erased, are left out.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from petitions.durations import local_day
from petitions.errors import ConflictError, ForbiddenError, GoneError, InvalidInputError, NotFoundError
from petitions.handover import queries
from petitions.lifecycle.acts.handling import Clerk
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.procedures import HandOverColumn, Procedure
from petitions.lifecycle.rules.support_validity import valid_since

FileContent = Literal["handover", "letters"]
CONTENTS: Final[tuple[FileContent, ...]] = ("handover", "letters")
FORMATS: Final = ("xlsx", "csv", "csv_bom")
WORKS_FOR: Final = timedelta(hours=1)
MOST_DOWNLOADS: Final = 3
PORTION: Final = 2000
"""Signatures per batch."""

FileRow = list[str]
Sealed = queries.ExportRowsRow | queries.ExportLettersRow


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A request for a file, and how often it was downloaded."""

    petition_id: int
    id: int
    referral_id: int
    staff_id: int
    content: FileContent
    format: str
    purpose: str
    asked_at: datetime
    expires_at: datetime
    most: int
    downloads: int

    def is_over(self, now: datetime) -> bool:
        """Whether the download has expired."""
        return now >= self.expires_at or self.downloads >= self.most


@dataclass(frozen=True, slots=True)
class SignatureSource:
    """The petition whose signatures are exported, and the key that decrypts them."""

    petition_id: int
    referral_id: int
    committee: str
    procedure: Procedure
    data_key: bytes
    salt: bytes
    is_drawn: bool  # a sample was drawn and waits for answers
    valid_since: datetime | None


async def source(
    service: Service, clerk: Clerk, petition_id: int, referral_id: int, *, now: datetime
) -> SignatureSource:
    """The signatures of a referral that can be exported.

    Raises NotFoundError if the procedure has no hand-over, ForbiddenError for another committee, GoneError once
    the data of the signatories was erased.
    """
    async with service.database.connection() as connection:
        row = await queries.export_petition(connection, petition_id=petition_id, referral_id=referral_id)
    if row is None:
        raise NotFoundError("referral")
    if row.committee_slug not in clerk.committees:
        raise ForbiddenError("committee")
    procedure = service.procedure(row.procedure_code, row.procedure_version)
    if procedure.handover is None:
        raise NotFoundError("handover")
    if row.data_key is None:
        raise GoneError("signatures")
    zone = procedure.body.zone
    return SignatureSource(
        petition_id,
        referral_id,
        row.committee_slug,
        procedure,
        row.data_key,
        row.salt,
        row.verification_state == "drawn",
        valid_since(procedure.signing.signature_valid_for, local_day(now, zone), zone),
    )


async def may_export(service: Service, clerk: Clerk, committee: str) -> bool:
    """Whether this clerk may export for this committee now: revoking the right takes effect at once."""
    async with service.database.connection() as connection:
        row = await queries.export_right(connection, staff_id=clerk.staff_id, committee=committee)
    return row is not None and bool(row.may_export)


async def ask(
    service: Service,
    clerk: Clerk,
    found: SignatureSource,
    *,
    content: str,
    format_: str,
    purpose: str,
    now: datetime,
) -> int:
    """Request a file, with a purpose; return the number of the request.

    Raises ForbiddenError without the right to it, InvalidInputError by field, ConflictError("sample_not_drawn") for
    letters while there is nobody to write to.
    """
    if not await may_export(service, clerk, found.committee):
        raise ForbiddenError("export")
    wrong = {
        name: problem
        for name, problem, is_right in (
            ("content", "choice", content in CONTENTS),
            ("format", "choice", format_ in FORMATS),
            ("purpose", "missing", bool(purpose)),
        )
        if not is_right
    }
    if wrong:
        raise InvalidInputError(wrong)
    if content == "letters" and not found.is_drawn:
        raise ConflictError("sample_not_drawn")
    async with service.database.transaction() as connection:
        return await queries.export_ask(
            connection,
            petition_id=found.petition_id,
            referral_id=found.referral_id,
            staff_id=clerk.staff_id,
            content=content,
            format=format_,
            purpose=purpose,
            expires_at=now + WORKS_FOR,
            most=MOST_DOWNLOADS,
            now=now,
        )


async def read_request(
    service: Service, clerk: Clerk, petition_id: int, referral_id: int, export_id: int
) -> FileRequest:
    """A request of this clerk. Raises NotFoundError for an unknown one, ForbiddenError for that of somebody else."""
    async with service.database.connection() as connection:
        row = await queries.export_asked(
            connection, petition_id=petition_id, referral_id=referral_id, export_id=export_id
        )
    if row is None:
        raise NotFoundError("export")
    if row.staff_id != clerk.staff_id:
        raise ForbiddenError("export")
    return FileRequest(
        petition_id=row.petition_id,
        id=row.id,
        referral_id=row.referral_id,
        staff_id=row.staff_id,
        content=row.content,
        format=row.format,
        purpose=row.purpose,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        most=row.most,
        downloads=row.downloads,
    )


async def begin_download(
    service: Service, clerk: Clerk, found: SignatureSource, request: FileRequest, *, now: datetime
) -> None:
    """Check that a download may begin. Raises ForbiddenError, or GoneError when it has expired."""
    if not await may_export(service, clerk, found.committee):
        raise ForbiddenError("export")
    if request.is_over(now) or (request.content == "letters" and not found.is_drawn):
        raise GoneError("export")


async def record_download(
    service: Service, clerk: Clerk, request: FileRequest, *, signatures: int, sha256: str, now: datetime
) -> None:
    """Log a file before it is sent. Raises GoneError when the limit of downloads was reached in the meantime."""
    async with service.database.transaction() as connection:
        logged = await queries.export_log_add(
            connection,
            petition_id=request.petition_id,
            export_id=request.id,
            staff_id=clerk.staff_id,
            signatures=signatures,
            sha256=sha256,
            now=now,
        )
        if logged is None:
            raise GoneError("export")


LETTER_FIELDS: Final = ("name", "street", "postcode", "place", "municipality", "country")


def columns_of(found: SignatureSource, content: FileContent) -> tuple[HandOverColumn, ...]:
    """The columns of a file: those that the body asks for, or, for letters, those that an envelope needs."""
    assert found.procedure.handover is not None  # noqa: S101 - otherwise there is no source
    columns = found.procedure.handover.columns
    return columns if content == "handover" else tuple(one for one in columns if one.name in LETTER_FIELDS)


async def portions(service: Service, found: SignatureSource, content: FileContent) -> AsyncIterator[list[FileRow]]:
    """The decrypted rows of a file in batches. For letters the place on the list comes first."""
    if content == "letters":
        place = 0
        while letters := await _next_letters(service, found, place):
            cells = await asyncio.to_thread(_open_rows, service, found, content, letters)
            yield [[str(row.place), *opened] for row, opened in zip(letters, cells, strict=True)]
            place = letters[-1].place
    else:
        key = b""
        while signatures := await _next_signatures(service, found, key):
            yield await asyncio.to_thread(_open_rows, service, found, content, signatures)
            key = signatures[-1].email_index


def _open_rows(service: Service, found: SignatureSource, content: FileContent, rows: Sequence[Sealed]) -> list[FileRow]:
    """The decrypted cells of some rows."""
    zone = found.procedure.body.zone
    names = [column.name for column in columns_of(found, content)]
    made = []
    for row in rows:
        facts = service.vault.decrypt(found.data_key, found.salt, row.email_index, row.contact)
        day = local_day(row.signed_at, zone).isoformat()
        made.append([day if name == "supported_on" else facts.get(name, "") for name in names])
    return made


async def _next_signatures(service: Service, found: SignatureSource, after: bytes) -> list[queries.ExportRowsRow]:
    async with service.database.connection() as connection:
        return await queries.export_rows(
            connection, petition_id=found.petition_id, after=after, valid_since=found.valid_since, most=PORTION
        )


async def _next_letters(service: Service, found: SignatureSource, after: int) -> list[queries.ExportLettersRow]:
    async with service.database.connection() as connection:
        return await queries.export_letters(
            connection, petition_id=found.petition_id, referral_id=found.referral_id, after=after, most=PORTION
        )
