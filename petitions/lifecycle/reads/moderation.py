"""What the moderators' desk shows of one petition: its dossier; and the search that leads to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.database.rows import RowT, made
from petitions.errors import NotFoundError
from petitions.lifecycle.reads.queue import PAGE_SIZE, skipped
from petitions.lifecycle.reads.texts import SubmittedText, read_texts


@dataclass(frozen=True, slots=True)
class Found:
    """A petition that was searched for."""

    id: int
    procedure_code: str
    procedure_version: int
    language: str
    stage: str
    title: str
    initiator_name: str
    initiator_place: str | None
    submitted_at: datetime | None
    claimed_by: int | None
    confirmed: int


@dataclass(frozen=True, slots=True)
class Alike:
    """A petition that resembles the one of the dossier: how many of its words (stems in title and request) it has.

    ``whole_title``: it has every word of the title, which is what the hint counts.
    """

    id: int
    title: str
    stage: str
    confirmed: int
    language: str
    shared: int
    words: int
    whole_title: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A refusal that a moderator proposed and that waits for a second reader."""

    id: int
    staff_id: int
    staff_name: str
    ground: str
    reason: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class Objection:
    """The objection to the latest rejection, and who may not decide about it."""

    text: str
    made_at: datetime
    due_on: date
    outcome: str | None
    reason: str | None
    decided_at: datetime | None
    refused_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A private note."""

    text: str
    created_at: datetime
    staff_name: str


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a petition, public or not, and who did it."""

    occurred_at: datetime
    kind: str
    actor: str
    data: Mapping[str, Any]
    staff_name: str | None


@dataclass(frozen=True, slots=True)
class Petition:
    """The petition of a dossier: its text and the facts of its life."""

    id: int
    procedure_code: str
    procedure_version: int
    timezone: str
    stage: str
    language: str
    subject: str
    title: str
    request: str
    reasons: str
    previous_action: str | None
    initiator_name: str
    initiator_place: str | None
    sponsors_required: int
    created_at: datetime
    confirmed_at: datetime | None
    submitted_at: datetime | None
    due_on: date | None
    claimed_by: int | None
    claimed_at: datetime | None
    claimed_name: str | None
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    ended_at: datetime | None
    ground: str | None
    reason: str | None
    text_hidden: bool
    version: int
    confirmed: int
    sponsors: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that a moderator reads before deciding; the texts oldest first, what happened newest first."""

    petition: Petition
    texts: tuple[SubmittedText, ...]
    notes: tuple[Note, ...]
    history: tuple[Happening, ...]
    alike: tuple[Alike, ...]
    sponsored: tuple[datetime, ...]
    proposal: Proposal | None
    objection: Objection | None


async def search(database: Database, words: str, page: int) -> tuple[list[Found], int]:
    """A page of the petitions with this number or these words, best first, and how many there are."""
    number = words.lstrip("#")
    async with database.connection() as connection:
        rows = queries.moderation_search(
            connection,
            number=int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else 0,
            words=words,
            page_size=PAGE_SIZE,
            skipped=skipped(page),
        )
        found = [row async for row in rows]
    return [made(Found, row) for row in found], found[0]["total"] if found else 0


async def read_dossier(database: Database, petition_id: int) -> Dossier:
    """One petition for its moderator. Raises NotFoundError for a draft and for a number that is none."""
    async with database.connection() as connection:
        row = await queries.moderation_dossier(connection, petition_id=petition_id)
        if row is None:
            raise NotFoundError("petition")
        proposal = await queries.refusal_waiting(connection, petition_id=petition_id)
        objection = await queries.objection_latest(connection, petition_id=petition_id)
        return Dossier(
            petition=made(Petition, row),
            texts=await read_texts(connection, petition_id),
            notes=await _all(Note, queries.moderation_notes(connection, petition_id=petition_id)),
            history=await _all(Happening, queries.moderation_history(connection, petition_id=petition_id)),
            alike=await _all(Alike, queries.moderation_alike(connection, petition_id=petition_id)),
            sponsored=tuple(row["sponsored"]),
            proposal=made(Proposal, proposal) if proposal else None,
            objection=made(Objection, objection) if objection else None,
        )


async def _all(kind: type[RowT], rows: Any) -> tuple[RowT, ...]:
    return tuple([made(kind, row) async for row in rows])
