"""How parties and members voted on motions from petitions: the facts of their public pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from petitions.database.connection import Connection
from petitions.database.pool import Database
from petitions.errors import NotFoundError
from petitions.motions.queries import motions as queries
from petitions.motions.rules.votes import Choice, MotionOutcome, VoteKind, agreement

MOST: Final = 500
"""The most votes on a page; nobody has voted on more motions from petitions."""


@dataclass(frozen=True, slots=True)
class VotedMotion:
    """One motion and how the party or member voted. ``own``: by name; else the party voted by show of hands."""

    petition_id: int
    id: int
    motion: str
    title: str
    language: str
    outcome: MotionOutcome
    vote_kind: VoteKind
    voted_on: date
    link: str
    choices: dict[Choice, int]  # seats
    own: bool
    mistaken: bool

    @property
    def divided(self) -> bool:
        """Whether the party was divided."""
        return len(self.choices) > 1

    @property
    def choice(self) -> Choice | None:
        """The choice of most of them; None for a tie, and for a member of a divided party, whose choice is unknown."""
        most = max(self.choices.values())
        chosen = [choice for choice, seats in self.choices.items() if seats == most]
        return chosen[0] if len(chosen) == 1 else None


@dataclass(frozen=True, slots=True)
class VotingRecord:
    """The votes of a party or a member, the newest first."""

    votes: tuple[VotedMotion, ...]

    @property
    def base(self) -> int:
        """The number of motions on which they voted for or against."""
        return sum(vote.choice in {"for", "against"} for vote in self.votes)

    @property
    def in_favour(self) -> int:
        """The number of these that they voted for."""
        return sum(vote.choice == "for" for vote in self.votes)

    @property
    def share(self) -> int | None:
        """The share of motions that they voted for, in percent; None if the base is too small."""
        return agreement(self.in_favour, self.base)


PartyView = queries.PartyShownRow
"""A party on its page."""


@dataclass(frozen=True, slots=True)
class PartyPeriod:
    """A period in a party; ``until_on`` is the last day."""

    party: str
    short_name: str
    slug: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member on their page: only facts about the office."""

    id: int
    body: str
    slug: str
    name: str
    source_link: str
    periods: tuple[PartyPeriod, ...]


async def read_party(database: Database, slug: str) -> tuple[PartyView, VotingRecord]:
    """A party and how it voted. Raises NotFoundError."""
    async with database.connection() as connection:
        row = await queries.party_shown(connection, slug=slug)
        if row is None:
            raise NotFoundError("party")
        return row, await _record(connection, party_id=row.id, member_id=None)


async def read_member(database: Database, slug: str) -> tuple[MemberView, VotingRecord]:
    """A member and how they voted, by name or with the party. Raises NotFoundError."""
    async with database.connection() as connection:
        row = await queries.member_shown(connection, slug=slug)
        if row is None:
            raise NotFoundError("member")
        shown = MemberView(row.id, row.body, row.slug, row.name, row.source_link, _periods(row.periods))
        return shown, await _record(connection, party_id=None, member_id=shown.id)


def _periods(rows: Sequence[dict[str, Any]]) -> tuple[PartyPeriod, ...]:
    return tuple(
        PartyPeriod(
            row["party"],
            row["short_name"],
            row["slug"],
            date.fromisoformat(row["from_on"]),
            date.fromisoformat(row["until_on"]) if row["until_on"] else None,
        )
        for row in rows
    )


async def _record(connection: Connection, *, party_id: int | None, member_id: int | None) -> VotingRecord:
    rows = await queries.votes_of_voter(connection, party_id=party_id, member_id=member_id, most=MOST)
    return VotingRecord(tuple(_voted(row, is_member=member_id is not None) for row in rows))


def _voted(row: queries.VotesOfVoterRow, *, is_member: bool) -> VotedMotion:
    seats: dict[Choice, int] = {
        "for": row.for_seats,
        "against": row.against_seats,
        "abstained": row.abstained_seats,
        "absent": row.absent_seats,
    }
    choices = {choice: count for choice, count in seats.items() if count}
    if is_member and not row.own and len(choices) > 1:
        choices = dict.fromkeys(choices, 1)  # in a divided party it is unknown how this member voted
    return VotedMotion(
        petition_id=row.petition_id,
        id=row.id,
        motion=row.motion,
        title=row.title,
        language=row.language,
        outcome=row.outcome,
        vote_kind=row.vote_kind,
        voted_on=row.voted_on,
        link=row.link,
        choices=choices,
        own=row.own,
        mistaken=row.mistaken,
    )


async def read_addresses(database: Database) -> list[str]:
    """The addresses of the pages of parties and members, without the language."""
    async with database.connection() as connection:
        return [f"/{row.kind}/{row.slug}" for row in await queries.voters_shown(connection)]
