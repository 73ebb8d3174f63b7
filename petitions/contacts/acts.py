"""Declared contacts: a clerk records who spoke with the committee about a petition, or withdraws a wrong record."""

from datetime import datetime

from petitions.contacts import queries
from petitions.contacts.events import CONTACT, ContactFacts
from petitions.contacts.rules import DeclaredContact, check_contact
from petitions.database.connection import Connection
from petitions.durations import local_day
from petitions.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.handling import Clerk
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.rules.states import Actor


async def declare(
    service: Service, clerk: Clerk, petition_id: int, referral_id: int, contact: DeclaredContact, *, now: datetime
) -> None:
    """Publish a contact in the dossier. The same one twice is stored once.

    Raises NotFoundError, ForbiddenError for another committee, InvalidInputError for an impossible day.
    """
    async with service.database.transaction() as connection:
        row = await _own(connection, clerk, petition_id, referral_id)
        zone = service.procedure(row.procedure_code, row.procedure_version).body.zone
        earliest = local_day(row.opened_at or row.created_at, zone)
        check_contact(contact, earliest=earliest, today=local_day(now, zone))
        number = await queries.contact_declare(
            connection,
            petition_id=petition_id,
            referral_id=referral_id,
            met_on=contact.met_on,
            how=contact.how,
            who=contact.who,
            interest=contact.interest,
            with_whom=contact.with_whom,
            about=contact.about,
            staff_id=clerk.staff_id,
            now=now,
        )
        if number is None:
            return
        facts = ContactFacts(
            referral=referral_id,
            committee=row.committee_slug,
            number=number,
            date_=contact.met_on,
            how=contact.how,
            who=contact.who,
            with_whom=contact.with_whom,
            about=contact.about,
        )
        await record(connection, petition_id, CONTACT, facts, Actor.COMMITTEE, now=now, staff_id=clerk.staff_id)


async def withdraw(
    service: Service, clerk: Clerk, petition_id: int, referral_id: int, number: int, *, reason: str, now: datetime
) -> None:
    """Mark a contact as wrong, with a public reason; it stays readable.

    Raises like :func:`declare`; ConflictError("changed") when a colleague was first.
    """
    if not reason:
        raise InvalidInputError({"reason": "missing"})
    async with service.database.transaction() as connection:
        await _own(connection, clerk, petition_id, referral_id)
        found = await queries.contact_withdraw(
            connection,
            petition_id=petition_id,
            referral_id=referral_id,
            number=number,
            staff_id=clerk.staff_id,
            reason=reason,
            now=now,
        )
        if found is None:
            raise ConflictError("changed")


async def _own(connection: Connection, clerk: Clerk, petition_id: int, referral_id: int) -> queries.ContactsAboutRow:
    row = await queries.contacts_about(connection, petition_id=petition_id, referral_id=referral_id)
    if row is None:
        raise NotFoundError("referral")
    if row.committee_slug not in clerk.committees:
        raise ForbiddenError("committee")
    return row
