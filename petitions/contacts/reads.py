"""The declared contacts of a petition, as everybody reads them."""

from dataclasses import dataclass
from datetime import date, datetime

from petitions.database.pool import Database
from petitions.database.queries import queries


@dataclass(frozen=True, slots=True)
class Declared:
    """One contact, and whether it was taken back as wrong."""

    number: int
    referral_id: int
    committee_slug: str
    met_on: date
    how: str
    who: str
    interest: str
    with_whom: str
    about: str
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


async def read_contacts(
    database: Database, petition_id: int, *, referral_id: int | None = None
) -> tuple[Declared, ...]:
    """The contacts of a petition (or of one referral), newest first; those taken back are among them, marked."""
    async with database.connection() as connection:
        rows = [row async for row in queries.contacts_of_petition(connection, petition_id=petition_id)]
    return tuple(
        Declared(**{name: row[name] for name in Declared.__dataclass_fields__})
        for row in rows
        if referral_id in {None, row["referral_id"]}
    )
