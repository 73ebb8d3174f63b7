"""The motions of a petition for readers, each with its result, the total of its votes, and its corrections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from petitions.database.pool import Database
from petitions.motions.queries import motions as motions_queries
from petitions.motions.queries import parties as parties_queries
from petitions.motions.rules.votes import CHOICES, Choice, MotionOutcome, Vote, VoteKind, VoteTally, tally


@dataclass(frozen=True, slots=True)
class CastVote:
    """One vote: of a party with its seats, or of one member."""

    choice: Choice
    seats: int
    mistaken: bool
    party_id: int | None
    party: str | None
    party_name: str | None
    party_slug: str | None
    member_id: int | None
    member: str | None
    member_sort: str | None
    member_slug: str | None

    @property
    def vote(self) -> Vote:
        """The vote as input for the rules."""
        return Vote(self.party_id, self.member_id, self.choice, self.seats, self.mistaken)


@dataclass(frozen=True, slots=True)
class PartyLine:
    """The total of a party's votes: one row of the table of a vote."""

    short_name: str
    name: str
    slug: str | None
    tally: VoteTally
    mistaken: bool  # the party said afterwards that it was a mistake; the vote stands


@dataclass(frozen=True, slots=True)
class MotionCorrection:
    """A correction. ``data`` is {field: [before, after]}."""

    occurred_at: datetime
    reason: str
    data: dict[str, list[Any]]
    by_desk: bool


@dataclass(frozen=True, slots=True)
class MotionView:
    """A motion for the public."""

    petition_id: int
    id: int
    referral_id: int
    source: str
    case_number: str | None
    title: str
    summary: str
    submitters: str
    document: str
    advice: str
    link: str
    submitted_on: date | None
    outcome: MotionOutcome | None
    vote_kind: VoteKind | None
    voted_on: date | None
    difference: str
    removed_at: datetime | None
    version: int
    external_ids: tuple[str, ...]
    votes: tuple[CastVote, ...]
    changes: tuple[MotionCorrection, ...]

    @property
    def tally(self) -> VoteTally:
        """The total of the votes."""
        return tally(cast.vote for cast in self.votes)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The columns of its table: for and against, and others if somebody chose them."""
        return tuple(choice for choice in CHOICES if choice in {"for", "against"} or self.tally.seats(choice))

    @property
    def parties(self) -> tuple[PartyLine, ...]:
        """The votes by party, the largest first."""
        found: dict[str, list[CastVote]] = {}
        for cast in self.votes:
            found.setdefault(cast.party or "", []).append(cast)
        lines = [
            PartyLine(
                name,
                casts[0].party_name or name,
                casts[0].party_slug,
                tally(cast.vote for cast in casts),
                any(cast.mistaken and not cast.member_id for cast in casts),
            )
            for name, casts in found.items()
        ]
        return tuple(sorted(lines, key=lambda line: (-sum(map(line.tally.seats, CHOICES)), line.short_name)))

    @property
    def members(self) -> tuple[CastVote, ...]:
        """The votes of members, sorted by family name."""
        return tuple(sorted((c for c in self.votes if c.member_id), key=lambda cast: cast.member_sort or ""))


async def read_motions(database: Database, petition_id: int) -> tuple[MotionView, ...]:
    """The motions of a petition, in the order in which they were submitted, including those that the body removed."""
    async with database.connection() as connection:
        return tuple(
            _view(row) for row in await motions_queries.motions_of_petition(connection, petition_id=petition_id)
        )


def _view(row: motions_queries.MotionsOfPetitionRow) -> MotionView:
    return MotionView(
        petition_id=row.petition_id,
        id=row.id,
        referral_id=row.referral_id,
        source=row.source,
        case_number=row.case_number,
        title=row.title,
        summary=row.summary,
        submitters=row.submitters,
        document=row.document,
        advice=row.advice,
        link=row.link,
        submitted_on=row.submitted_on,
        outcome=row.outcome,
        vote_kind=row.vote_kind,
        voted_on=row.voted_on,
        difference=row.difference,
        removed_at=row.removed_at,
        version=row.version,
        external_ids=tuple(row.external_ids),
        votes=tuple(CastVote(**vote) for vote in row.votes),
        changes=tuple(_correction(change) for change in row.changes),
    )


def _correction(change: dict[str, Any]) -> MotionCorrection:
    return MotionCorrection(
        datetime.fromisoformat(change["occurred_at"]), change["reason"], change["data"], change["by_desk"]
    )


async def read_adopted(database: Database, petition_id: int) -> tuple[tuple[int, str, date], ...]:
    """The adopted motions of a petition: number, title and day, the newest first."""
    async with database.connection() as connection:
        rows = await motions_queries.motions_adopted(connection, petition_id=petition_id)
        return tuple((row.id, row.title, row.voted_on) for row in rows)


LinkedCase = parties_queries.CasesOfPetitionRow
"""A case of the open data that belongs to a petition."""


async def read_cases(database: Database, petition_id: int) -> tuple[LinkedCase, ...]:
    """The cases of a petition that the import reads."""
    async with database.connection() as connection:
        return tuple(await parties_queries.cases_of_petition(connection, petition_id=petition_id))


PartyRow = parties_queries.PartiesOfBodyRow
"""A party of a body, for a form or a list."""


MemberRow = parties_queries.MembersOfBodyRow
"""A member of a body with the party of a day, for a form or a list. ``is_member``: on that day."""


async def read_seats(database: Database, body: str, day: date) -> tuple[Sequence[PartyRow], Sequence[MemberRow]]:
    """The parties of a body, and its members with the party of each on a day, else their last one."""
    async with database.connection() as connection:
        parties = await parties_queries.parties_of_body(connection, body=body)
        members = await parties_queries.members_of_body(connection, body=body, day=day)
    return parties, members
