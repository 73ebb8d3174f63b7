"""What the moderators' desk shows: the queue, what waits for sponsors, what was decided, a search, one dossier."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, TypeVar

from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.errors import NotFoundError
from petitions.rules.moderation import FIGURES_OVER, Decision, Figures, figures

PAGE_SIZE = 50

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits, and how much of it is due today or overdue by the clock of its body."""

    waiting: int
    due_today: int
    overdue: int
    sponsoring: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A petition that waits for a decision."""

    id: int
    procedure_code: str
    procedure_version: int
    timezone: str
    language: str
    title: str
    request: str
    reasons: str
    previous_action: str | None
    initiator_name: str
    initiator_place: str | None
    submitted_at: datetime
    due_on: date
    claimed_by: int | None
    claimed_at: datetime | None
    claimed_name: str | None
    versions: int
    alike: int


@dataclass(frozen=True, slots=True)
class Sponsoring:
    """A petition that waits for its sponsors."""

    id: int
    procedure_code: str
    procedure_version: int
    language: str
    title: str
    initiator_name: str
    initiator_place: str | None
    confirmed_at: datetime
    sponsors: int
    sponsors_required: int


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was taken lately."""

    id: int
    procedure_code: str
    procedure_version: int
    timezone: str
    language: str
    title: str
    initiator_name: str
    initiator_place: str | None
    kind: str
    occurred_at: datetime
    ground: str | None
    staff_name: str | None


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
class SubmittedText:
    """A text as it was submitted."""

    number: int
    title: str
    request: str
    reasons: str
    previous_action: str | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Alike:
    """Another petition with all words of the title."""

    id: int
    title: str
    stage: str
    confirmed: int
    language: str


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


def _made(kind: type[Row], row: Any) -> Row:
    return kind(**{field.name: row[field.name] for field in fields(kind)})  # type: ignore[arg-type]


async def read_counts(database: Database, procedure: str, *, now: datetime) -> Counts:
    """How much waits; of one procedure, or with "" of all."""
    async with database.connection() as connection:
        return _made(Counts, await queries.moderation_counts(connection, procedure=procedure, now=now))


async def read_queue(database: Database, procedure: str, page: int) -> list[Waiting]:
    """A page of what waits for a decision, due first."""
    async with database.connection() as connection:
        rows = queries.moderation_queue(connection, procedure=procedure, page_size=PAGE_SIZE, skipped=_skipped(page))
        return [_made(Waiting, row) async for row in rows]


async def read_sponsoring(database: Database, procedure: str, page: int) -> list[Sponsoring]:
    """A page of what waits for its sponsors, oldest first."""
    async with database.connection() as connection:
        rows = queries.moderation_sponsoring(
            connection, procedure=procedure, page_size=PAGE_SIZE, skipped=_skipped(page)
        )
        return [_made(Sponsoring, row) async for row in rows]


async def read_decided(database: Database, procedure: str, page: int, *, now: datetime) -> tuple[list[Decided], int]:
    """A page of the decisions of the last 30 days, newest first, and how many there are."""
    async with database.connection() as connection:
        rows = queries.moderation_decided(
            connection, procedure=procedure, since=now - FIGURES_OVER, page_size=PAGE_SIZE, skipped=_skipped(page)
        )
        found = [row async for row in rows]
    return [_made(Decided, row) for row in found], found[0]["total"] if found else 0


async def read_figures(database: Database, procedure: str, *, now: datetime) -> Figures:
    """How well the desk kept its word in the last 30 days, measured from the events."""
    async with database.connection() as connection:
        rows = queries.moderation_answers(connection, procedure=procedure, since=now - FIGURES_OVER)
        return figures([_made(Decision, row) async for row in rows])


async def search(database: Database, words: str, page: int) -> tuple[list[Found], int]:
    """A page of the petitions with this number or these words, best first, and how many there are."""
    number = words.lstrip("#")
    async with database.connection() as connection:
        rows = queries.moderation_search(
            connection,
            number=int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else 0,
            words=words,
            page_size=PAGE_SIZE,
            skipped=_skipped(page),
        )
        found = [row async for row in rows]
    return [_made(Found, row) for row in found], found[0]["total"] if found else 0


async def read_dossier(database: Database, petition_id: int) -> Dossier:
    """One petition for its moderator. Raises NotFoundError for a draft and for a number that is none."""
    async with database.connection() as connection:
        row = await queries.moderation_dossier(connection, petition_id=petition_id)
        if row is None:
            raise NotFoundError("petition")
        return Dossier(
            petition=_made(Petition, row),
            texts=await _all(SubmittedText, queries.moderation_texts(connection, petition_id=petition_id)),
            notes=await _all(Note, queries.moderation_notes(connection, petition_id=petition_id)),
            history=await _all(Happening, queries.moderation_history(connection, petition_id=petition_id)),
            alike=await _all(Alike, queries.moderation_alike(connection, petition_id=petition_id)),
        )


async def _all(kind: type[Row], rows: Any) -> tuple[Row, ...]:
    return tuple([_made(kind, row) async for row in rows])


def _skipped(page: int) -> int:
    return (page - 1) * PAGE_SIZE
