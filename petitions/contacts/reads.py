"""The public declared contacts of a petition."""

from petitions.contacts import queries
from petitions.database.pool import Database

RecordedContact = queries.ContactsOfPetitionRow
"""One contact, and whether it was withdrawn as wrong."""


async def read_contacts(
    database: Database, petition_id: int, *, referral_id: int | None = None
) -> tuple[RecordedContact, ...]:
    """The contacts of a petition (or of one referral), newest first, including withdrawn ones, which are marked."""
    async with database.connection() as connection:
        rows = await queries.contacts_of_petition(connection, petition_id=petition_id)
    return tuple(row for row in rows if referral_id in {None, row.referral_id})
