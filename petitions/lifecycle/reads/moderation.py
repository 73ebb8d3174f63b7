"""The queries for one petition at the moderators' desk: its dossier, and the search."""

from dataclasses import dataclass
from datetime import datetime

from petitions.database.pool import Database
from petitions.errors import NotFoundError
from petitions.lifecycle.queries import moderation as moderation_queries
from petitions.lifecycle.queries import objections as objections_queries
from petitions.lifecycle.reads.queue import PAGE_SIZE, skipped
from petitions.lifecycle.reads.texts import SubmittedText, read_texts

FoundPetition = moderation_queries.ModerationSearchRow
"""A petition in the results of the search."""

ResemblingPetition = moderation_queries.ModerationAlikeRow
"""A petition that resembles the one of the dossier: how many of its words (stems in title and request) it shares.

``whole_title``: it has every word of the title, which is what the hint counts.
"""

RefusalProposal = objections_queries.RefusalWaitingRow
"""A refusal that a moderator proposed and that waits for a second reader."""


DossierObjection = objections_queries.ObjectionLatestRow
"""The objection to the latest rejection, and who may not decide about it."""

ModerationNote = moderation_queries.ModerationNotesRow
"""A private note."""


HistoryEntry = moderation_queries.ModerationHistoryRow
"""An event of a petition, public or not, and who caused it."""


DossierPetition = moderation_queries.ModerationDossierRow
"""The petition of a dossier: its text and the facts of its life."""


@dataclass(frozen=True, slots=True)
class ModerationDossier:
    """Everything that a moderator reads before deciding; the texts oldest first, the events newest first."""

    petition: DossierPetition
    texts: tuple[SubmittedText, ...]
    notes: tuple[ModerationNote, ...]
    history: tuple[HistoryEntry, ...]
    alike: tuple[ResemblingPetition, ...]
    sponsored: tuple[datetime, ...]
    proposal: RefusalProposal | None
    objection: DossierObjection | None


async def search(database: Database, words: str, page: int) -> tuple[list[FoundPetition], int]:
    """A page of the petitions with this number or these words, best first, and their total."""
    number = words.lstrip("#")
    async with database.connection() as connection:
        rows = await moderation_queries.moderation_search(
            connection,
            number=int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else 0,
            words=words,
            page_size=PAGE_SIZE,
            skipped=skipped(page),
        )
    return rows, rows[0].total if rows else 0


async def read_dossier(database: Database, petition_id: int) -> ModerationDossier:
    """One petition for its moderator. Raises NotFoundError for a draft or an unknown number."""
    async with database.connection() as connection:
        row = await moderation_queries.moderation_dossier(connection, petition_id=petition_id)
        if row is None:
            raise NotFoundError("petition")
        return ModerationDossier(
            petition=row,
            texts=await read_texts(connection, petition_id),
            notes=tuple(await moderation_queries.moderation_notes(connection, petition_id=petition_id)),
            history=tuple(await moderation_queries.moderation_history(connection, petition_id=petition_id)),
            alike=tuple(await moderation_queries.moderation_alike(connection, petition_id=petition_id)),
            sponsored=tuple(row.sponsored),
            proposal=await objections_queries.refusal_waiting(connection, petition_id=petition_id),
            objection=await objections_queries.objection_latest(connection, petition_id=petition_id),
        )
