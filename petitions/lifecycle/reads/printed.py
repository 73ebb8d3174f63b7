"""What a subject adds to the printed dossier: documents, named with where they are."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import date

from petitions.database.pool import Database


@dataclass(frozen=True, slots=True)
class PrintedDocument:
    """A document as the printed dossier names it."""

    id: int
    dated_on: date
    title: str
    language: str
    public: bool
    given_out: bool


PrintedDocuments = Callable[[Database, int, Collection[str]], Awaitable[tuple[PrintedDocument, ...]]]
"""The documents of a petition for everybody, and those that lie before these committees (slugs)."""
