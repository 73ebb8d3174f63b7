"""Signatures on paper: an initiator prints numbered sheets, and two members of staff count the returned ones.

No personal data of a sheet is stored, only counts, and the hash of the scan that the body keeps.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from petitions.database.connection import Connection
from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.links import managed_row
from petitions.lifecycle.acts.opening import reach
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.states import Actor, Stage
from petitions.paper import queries
from petitions.paper.events import PAPER_COUNTED, PaperCountedFacts
from petitions.paper.rules import check_counting, check_counts, check_issuing, check_second, read_sheets, same_count
from petitions.security.tokens import Link


@dataclass(frozen=True, slots=True)
class IssuedSheets:
    """Issued sheets to print now: their petition, and the first and last number."""

    petition_id: int
    procedure: Procedure
    language: str
    title: str
    request: str
    initiator_name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class SheetCount:
    """Somebody's count of returned sheets. ``numbers``: as typed, for example "1-12, 15"."""

    numbers: str
    accepted: int | None
    refused: int | None
    scan: bytes
    note: str = ""


async def issue(service: Service, link: Link, sheets: int, *, now: datetime) -> IssuedSheets:
    """Issue the numbers of new sheets to the initiator.

    Raises NotFoundError for an unknown link, ConflictError (``no_paper``, ``not_open``, ``enough_sheets``),
    InvalidInputError for an impossible number of sheets.
    """
    async with service.database.transaction() as connection:
        row = await managed_row(connection, link)
        await _locked(connection, row.id)
        procedure = service.procedure(row.procedure_code, row.procedure_version)
        issued = await queries.sheets_issued(connection, petition_id=row.id)
        check_issuing(procedure, Stage(row.stage), sheets, issued)
        last = await queries.sheets_issue(connection, petition_id=row.id, sheets=sheets, now=now)
    return IssuedSheets(
        petition_id=row.id,
        procedure=procedure,
        language=row.language,
        title=row.title,
        request=row.request,
        initiator_name=row.initiator_name,
        first=last - sheets + 1,
        last=last,
    )


async def count(service: Service, petition_id: int, staff_id: int, counted: SheetCount, *, now: datetime) -> int:
    """Store a first count; return the number of its batch. It takes effect when a second person confirms it.

    Raises NotFoundError, ConflictError (``no_paper``, ``not_open``), InvalidInputError by field: ``sheet_numbers``
    (``sheets_unknown`` or ``sheets_counted`` for sheets that were never printed or are in another count).
    """
    numbers = read_sheets(counted.numbers)
    async with service.database.transaction() as connection:
        about = await _locked(connection, petition_id)
        procedure = service.procedure(about.procedure_code, about.procedure_version)
        paper = check_counting(procedure, Stage(about.stage), about.closed_at, now)
        check_counts(paper, len(numbers), counted.accepted, counted.refused)
        wrong = await queries.sheets_counted(connection, petition_id=petition_id, numbers=numbers)
        if wrong:
            unknown = any(one.unknown for one in wrong)
            raise InvalidInputError({"sheet_numbers": "sheets_unknown" if unknown else "sheets_counted"})
        batch = await queries.paper_batch_write(
            connection,
            petition_id=petition_id,
            numbers=numbers,
            accepted=counted.accepted or 0,
            refused=counted.refused or 0,
            scan_hash=hashlib.sha256(counted.scan).digest(),
            note=counted.note or None,
            staff_id=staff_id,
            now=now,
        )
        await queries.sheets_take(connection, petition_id=petition_id, batch=batch, numbers=numbers)
    return batch


async def confirm(
    service: Service,
    petition_id: int,
    batch: int,
    staff_id: int,
    *,
    accepted: int | None,
    refused: int | None,
    now: datetime,
) -> None:
    """Store the second count: if its numbers equal those of the first, the signatures count.

    Raises NotFoundError, ConflictError (``changed`` when it was decided already, ``own_count``), InvalidInputError when
    the numbers differ (``not_the_same``): then both count again, or the batch is returned.
    """
    async with service.database.transaction() as connection:
        about = await _locked(connection, petition_id)
        found = await _waiting(connection, petition_id, batch)
        check_second(found.counted_by, staff_id)
        procedure = service.procedure(about.procedure_code, about.procedure_version)
        paper = check_counting(procedure, Stage(about.stage), about.closed_at, now)
        check_counts(paper, found.sheets, accepted, refused)
        if not same_count((found.accepted, found.refused), (accepted or 0, refused or 0)):
            raise InvalidInputError({"accepted": "not_the_same"})
        await _decide(connection, petition_id, batch, "confirmed", staff_id, None, now)
        added = found.accepted if paper.adds else 0
        total = await queries.paper_add(
            connection, petition_id=petition_id, accepted=found.accepted, added=added, now=now
        )
        if total is None:
            raise NotFoundError("petition")
        facts = PaperCountedFacts(found.accepted, found.refused, found.sheets, total)
        await record(connection, petition_id, PAPER_COUNTED, facts, Actor.MODERATOR, now=now, staff_id=staff_id)
        if added:
            await reach(connection, petition_id, moment="count", now=now)


async def send_back(
    service: Service, petition_id: int, batch: int, staff_id: int, *, reason: str, now: datetime
) -> None:
    """Return a waiting batch, with a reason, so that its sheets can be counted again. Raises like :func:`confirm`."""
    if not reason:
        raise InvalidInputError({"reason": "missing"})
    async with service.database.transaction() as connection:
        await _locked(connection, petition_id)
        await _waiting(connection, petition_id, batch)
        await _decide(connection, petition_id, batch, "returned", staff_id, reason, now)
        await queries.sheets_give_back(connection, petition_id=petition_id, batch=batch)


async def _locked(connection: Connection, petition_id: int) -> queries.PaperAboutRow:
    row = await queries.paper_about(connection, petition_id=petition_id)
    if row is None:
        raise NotFoundError("petition")
    return row


async def _waiting(connection: Connection, petition_id: int, batch: int) -> queries.PaperBatchWaitingRow:
    found = await queries.paper_batch_waiting(connection, petition_id=petition_id, batch=batch)
    if found is None:
        raise ConflictError("changed")
    return found


async def _decide(
    connection: Connection, petition_id: int, batch: int, state: str, staff_id: int, reason: str | None, now: datetime
) -> None:
    await queries.paper_batch_decide(
        connection, petition_id=petition_id, batch=batch, state=state, staff_id=staff_id, reason=reason, now=now
    )
