"""What a subject adds to the printed dossier: documents with their addresses."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import date

from petitions.database.pool import Database


@dataclass(frozen=True, slots=True)
class PrintedDocument:
    """A document in the printed dossier."""

    id: int
    dated_on: date
    title: str
    language: str
    public: bool
    given_out: bool


PrintedDocuments = Callable[[Database, int, Collection[str]], Awaitable[tuple[PrintedDocument, ...]]]
"""Reads the public documents of a petition, and those of these committees (slugs)."""
