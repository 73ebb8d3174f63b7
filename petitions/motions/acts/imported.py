"""Motions from the open data of a body: each case in one transaction; importing it again changes nothing.

A motion is identified by the number of its case, not by the id of the record; parties and members: see parliament.
Nothing is announced twice, and old results are not mailed.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, Literal

from petitions.database.connection import Connection
from petitions.errors import NotFoundError
from petitions.lifecycle.acts.service import Service
from petitions.motions.acts.book import (
    MotionAuthor,
    MotionReferral,
    StoredMotion,
    known_motion,
    open_motion,
    referral_of,
    rewrite,
    write_new,
)
from petitions.motions.acts.parliament import (
    ParliamentMember,
    Party,
    PartyMembership,
    confirm_membership,
    store_member,
    store_membership,
    store_party,
)
from petitions.motions.queries import motions as motions_queries
from petitions.motions.queries import parties as parties_queries
from petitions.motions.rules.votes import Choice, DecidedMotion, Motion, MotionOutcome, Vote, VoteKind, problems

ImportOutcome = Literal["new", "changed", "same"]
_IMPORT: Final = MotionAuthor("import")


@dataclass(frozen=True, slots=True)
class FoundVote:
    """A vote in the open data: of a party, or of a member."""

    party: Party | None
    member: ParliamentMember | None
    choice: Choice
    seats: int
    mistaken: bool = False


@dataclass(frozen=True, slots=True)
class FoundResult:
    """The result of a motion in the open data."""

    outcome: MotionOutcome
    voted_on: date
    kind: VoteKind
    voters: tuple[FoundVote, ...]


@dataclass(frozen=True, slots=True)
class FoundMotion:
    """A motion in the open data. ``removed``: the body removed it; ``undone``: it removed the result."""

    external_id: str
    motion: Motion
    removed: bool = False
    result: FoundResult | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class FoundSeat:
    """A member's time in a party."""

    party: Party
    member: ParliamentMember
    period: PartyMembership


PetitionCase = parties_queries.CasesLinkedRow
"""A case of the open data that belongs to a petition."""


async def linked_cases(service: Service, petition_id: int | None = None) -> tuple[PetitionCase, ...]:
    """The cases that are linked to petitions, or to one petition."""
    async with service.database.connection() as connection:
        return tuple(await parties_queries.cases_linked(connection, petition_id=petition_id))


async def link_cases(service: Service, body: str, petition_id: int, numbers: Collection[str], *, now: datetime) -> None:
    """Link cases to a petition: to its latest referral to a committee of the body.

    Raises NotFoundError if there is no such referral.
    """
    committees = [committee.slug for committee in service.committees.values() if committee.body == body]
    async with service.database.transaction() as connection:
        row = await parties_queries.referral_for_import(connection, petition_id=petition_id, committees=committees)
        if row is None:
            raise NotFoundError("referral")
        for number in numbers:
            await parties_queries.case_link_import(
                connection, petition_id=petition_id, case_number=number, referral_id=row.id, now=now
            )


async def import_motion(
    service: Service, case: PetitionCase, found: FoundMotion, *, now: datetime
) -> tuple[ImportOutcome, str]:
    """Import a case; return whether it was new, and why its result was left out ("" if it was not).

    All in one transaction, so that a motion is never stored with half of its votes.
    """
    async with service.database.transaction() as connection:
        place = await referral_of(connection, service, case.petition_id, case.referral_id)
        number = await known_motion(connection, case.petition_id, case.case_number, found.external_id)
        is_new = number is None
        if number is None:
            number = await _begin(connection, place, found, now)
        kept = await open_motion(connection, case.petition_id, number)
        await motions_queries.motion_id_note(
            connection, petition_id=case.petition_id, motion_id=number, external_id=found.external_id
        )
        decided, problem = await _decided(connection, place, kept, found, now)
        removed_at = (kept.removed_at or now) if found.removed else None
        changed = await rewrite(connection, place, kept, found.motion, decided, _IMPORT, removed_at=removed_at, now=now)
        await parties_queries.case_read(connection, petition_id=case.petition_id, case_number=case.case_number, now=now)
    return ("new" if is_new else "changed" if changed else "same"), problem


async def _begin(connection: Connection, place: MotionReferral, found: FoundMotion, now: datetime) -> int:
    """Store a new motion; if it has a result already, only the result is announced."""
    told = found.result is None and not found.removed
    number = await write_new(
        connection, place, found.motion, _IMPORT, external_id=found.external_id, now=now, told=told
    )
    if number is None:  # stored by somebody else a moment ago
        raise NotFoundError("motion")
    return number


async def _decided(
    connection: Connection, place: MotionReferral, kept: StoredMotion, found: FoundMotion, now: datetime
) -> tuple[DecidedMotion | None, str]:
    """The result by the record; if the record is contradictory, the known result stays."""
    if found.result is None:
        return (None if found.undone else kept.decided), ""
    votes = await _votes(connection, place.procedure.body.code, found.result)
    result = found.result
    decided = DecidedMotion(result.outcome, result.voted_on, result.kind, votes)
    if kept.decided and (kept.decided.outcome, kept.decided.voted_on) == (decided.outcome, decided.voted_on):
        decided = replace(decided, difference=kept.decided.difference)
    wrong = problems(decided, place.today(now))
    if not wrong:
        return decided, ""
    sums = decided.tally
    why = {
        "outcome": f"the record says {decided.outcome}, the votes say {sums.for_} for and {sums.against} against",
        "voted_on": "its day is still to come",
    }
    return kept.decided, f"the result was skipped: {why.get(next(iter(wrong)), next(iter(wrong)))}"


async def _votes(connection: Connection, body: str, result: FoundResult) -> tuple[Vote, ...]:
    votes = []
    for voter in result.voters:
        party = await store_party(connection, body, voter.party) if voter.party else None
        member = await store_member(connection, body, voter.member) if voter.member else None
        if member is not None and party is not None:
            await confirm_membership(connection, member, party, result.voted_on)
        votes.append(Vote(party, member, voter.choice, voter.seats, voter.mistaken))
    return tuple(votes)


async def import_seats(service: Service, body: str, parties: Collection[Party], seats: Collection[FoundSeat]) -> None:
    """Store the parties of a body and their members, all or nothing."""
    async with service.database.transaction() as connection:
        for party in parties:
            await store_party(connection, body, party)
        for seat in seats:
            party_id = await store_party(connection, body, seat.party)
            member_id = await store_member(connection, body, seat.member)
            await store_membership(connection, member_id, party_id, seat.period)
