"""Parties and members of a body: stored once, however often and under whichever id they are named.

A party is the same when its id is known, or else its short name; a member when the id is known, or else the official
number, or else a name that only one member has. So a record that reappears under a new id causes no duplicate.
"""

import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from petitions.database.connection import Connection
from petitions.lifecycle.acts.service import Service
from petitions.motions.queries import parties as queries


@dataclass(frozen=True, slots=True)
class Party:
    """A party as its body names it."""

    short_name: str
    name: str
    seats: int | None = None  # None: unknown; the stored value stays
    active: bool = True
    source_link: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class ParliamentMember:
    """A member as the body names them: only facts about the office."""

    name: str
    sort_name: str
    official_number: str | None = None
    source_link: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class PartyMembership:
    """The first and the last day of a member in a party."""

    from_on: date
    until_on: date | None = None


async def store_party(connection: Connection, body: str, party: Party) -> int:
    """Store a party, new or known; return its number."""
    row = await queries.party_find(
        connection, body=body, external_id=party.external_id or None, short_name=party.short_name
    )
    seats = party.seats if party.seats is not None else (row.seats if row else 0)
    source_link = party.source_link or (row.source_link if row else "")
    external_ids = _ids(row.external_ids if row else [], party.external_id)
    if row is None:
        return await _add(
            party.short_name,
            lambda slug: queries.party_add(
                connection,
                body=body,
                slug=slug,
                short_name=party.short_name,
                name=party.name,
                seats=seats,
                active=party.active,
                source_link=source_link,
                external_ids=external_ids,
            ),
        )
    now = replace(
        row,
        short_name=party.short_name,
        name=party.name,
        seats=seats,
        active=party.active,
        source_link=source_link,
        external_ids=external_ids,
    )
    if now != row:
        await queries.party_change(
            connection,
            id=row.id,
            short_name=now.short_name,
            name=now.name,
            seats=now.seats,
            active=now.active,
            source_link=now.source_link,
            external_ids=now.external_ids,
        )
    return row.id


async def store_member(connection: Connection, body: str, member: ParliamentMember) -> int:
    """Store a member, new or known; return their number."""
    row = await queries.member_find(
        connection,
        body=body,
        external_id=member.external_id or None,
        official_number=member.official_number,
        sort_name=member.sort_name,
    )
    official_number = member.official_number or (row.official_number if row else None)
    source_link = member.source_link or (row.source_link if row else "")
    external_ids = _ids(row.external_ids if row else [], member.external_id)
    if row is None:
        return await _add(
            member.name,
            lambda slug: queries.member_add(
                connection,
                body=body,
                slug=slug,
                name=member.name,
                sort_name=member.sort_name,
                official_number=official_number,
                source_link=source_link,
                external_ids=external_ids,
            ),
        )
    now = replace(
        row,
        name=member.name,
        sort_name=member.sort_name,
        official_number=official_number,
        source_link=source_link,
        external_ids=external_ids,
    )
    if now != row:
        await queries.member_change(
            connection,
            id=row.id,
            name=now.name,
            sort_name=now.sort_name,
            official_number=now.official_number,
            source_link=now.source_link,
            external_ids=now.external_ids,
        )
    return row.id


def _ids(known: list[str], external_id: str) -> list[str]:
    return known if not external_id or external_id in known else [*known, external_id]


async def store_membership(connection: Connection, member_id: int, party_id: int, period: PartyMembership) -> None:
    """Store that a member belongs to a party in this period; it replaces less exact knowledge."""
    from_on, until_on = period.from_on, period.until_on
    await queries.membership_absorb(
        connection, member_id=member_id, party_id=party_id, from_on=from_on, until_on=until_on
    )
    await queries.membership_keep(
        connection, member_id=member_id, party_id=party_id, from_on=from_on, until_on=until_on
    )


async def confirm_membership(connection: Connection, member_id: int, party_id: int, day: date) -> None:
    """Store that a member belonged to a party on the day of a vote, unless a period covers it."""
    await queries.membership_note(connection, member_id=member_id, party_id=party_id, day=day)


async def _add(words: str, store: Callable[[str], Awaitable[int | None]]) -> int:
    """Store under the first free slug made of these words."""
    for number in count(1):
        made = await store(slug_of(words) + (f"-{number}" if number > 1 else ""))
        if made is not None:
            return made
    raise AssertionError  # pragma: no cover - count() does not end


def slug_of(name: str) -> str:
    """The slug of a name: lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())[:60] or "x"


@dataclass(frozen=True, slots=True)
class PartyWithMembers:
    """A party with its members, as typed by a clerk for a body without open data."""

    party: Party
    members: tuple[ParliamentMember, ...]


async def store_seats(service: Service, body: str, seated: tuple[PartyWithMembers, ...], since: date) -> None:
    """Store the parties of a body and their members since a day, all or nothing."""
    async with service.database.transaction() as connection:
        for one in seated:
            party = await store_party(connection, body, one.party)
            for member in one.members:
                number = await store_member(connection, body, member)
                await queries.membership_move(connection, member_id=number, party_id=party, from_on=since)
                await queries.membership_begin(connection, member_id=number, party_id=party, from_on=since)
