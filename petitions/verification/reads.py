"""How the support for a petition was checked: the closed list, the draw, the result. For pages, dossiers and machines.

Nothing here says anything about anybody: places on a list, and counts.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.verification.rules import Estimate, Tally, estimate


@dataclass(frozen=True, slots=True)
class Check:
    """The check of one referral. ``tally`` counts what is recorded; before the end it is for the desk only."""

    petition_id: int
    referral_id: int
    committee: str
    state: str  # listed, drawn, finished
    listed_at: datetime
    collected: int
    listed: int
    too_old: int
    erased: int
    digest: str
    seed: str | None
    seed_source: str | None
    seed_link: str | None
    seed_at: datetime | None
    drawn_at: datetime | None
    size: int | None
    method: str | None
    answer_by: date | None
    finished_at: datetime | None
    places: tuple[int, ...]
    tally: Tally

    @property
    def waiting(self) -> int:
        """How many of those who were drawn nothing is recorded of."""
        return (self.size or 0) - self.tally.drawn

    @property
    def of_all(self) -> Estimate | None:
        """Confirmed among all who were drawn; None before the end."""
        return self._estimate(self.tally.drawn)

    @property
    def of_answered(self) -> Estimate | None:
        """Confirmed among those who answered; None before the end, or where nobody did."""
        return self._estimate(self.tally.answered)

    def _estimate(self, among: int) -> Estimate | None:
        return estimate(self.tally.verified, among, self.listed) if self.state == "finished" else None


@dataclass(frozen=True, slots=True)
class Place:
    """One place that was drawn, for the desk: what is recorded of it, and whether a clerk did."""

    place: int
    result: str | None
    by_clerk: bool


async def read_checks(database: Database, petition_id: int) -> tuple[Check, ...]:
    """Every check of a petition's support, in the order of the referrals: what dossiers and JSON are made from."""
    async with database.connection() as connection:
        return tuple(
            [_check(row) async for row in queries.verifications_of_petition(connection, petition_id=petition_id)]
        )


def _check(row: Any) -> Check:
    facts = dict(row)
    tally = Tally(**{name: facts.pop(name) for name in ("verified", "refused", "no_answer", "gone")})
    return Check(committee=facts.pop("committee_slug"), places=tuple(facts.pop("places")), tally=tally, **facts)


async def read_places(database: Database, petition_id: int, referral_id: int) -> tuple[Place, ...]:
    """The places that were drawn, with what is recorded of each."""
    async with database.connection() as connection:
        rows = queries.verification_places(connection, petition_id=petition_id, referral_id=referral_id)
        return tuple([Place(row["place"], row["result"], row["by_clerk"]) async for row in rows])
