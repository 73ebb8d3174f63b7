"""The checks of support for a petition: the closed list, the draw, the result. For pages, dossiers and the API.

Nothing here is about a person: only places on a list, and counts.
"""

from dataclasses import dataclass
from datetime import date, datetime

from petitions.database.pool import Database
from petitions.verification import queries
from petitions.verification.rules import SampleTally, SupportEstimate, estimate


@dataclass(frozen=True, slots=True)
class SupportCheck:
    """The check of one referral. ``tally`` counts the recorded results; before the end it is for the desk only."""

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
    tally: SampleTally

    @property
    def waiting(self) -> int:
        """The number of drawn signatures without a result."""
        return (self.size or 0) - self.tally.drawn

    @property
    def of_all(self) -> SupportEstimate | None:
        """The confirmed share of the whole sample; None before the end."""
        return self._estimate(self.tally.drawn)

    @property
    def of_answered(self) -> SupportEstimate | None:
        """The confirmed share of those who answered; None before the end, or if nobody did."""
        return self._estimate(self.tally.answered)

    def _estimate(self, among: int) -> SupportEstimate | None:
        return estimate(self.tally.verified, among, self.listed) if self.state == "finished" else None


SampledPlace = queries.VerificationPlacesRow
"""One drawn place, for the desk: its result, and whether a clerk recorded it."""


async def read_checks(database: Database, petition_id: int) -> tuple[SupportCheck, ...]:
    """All checks of a petition's support, in the order of the referrals, for dossiers and JSON."""
    async with database.connection() as connection:
        return tuple(
            [_check(row) for row in await queries.verifications_of_petition(connection, petition_id=petition_id)]
        )


def _check(row: queries.VerificationsOfPetitionRow) -> SupportCheck:
    return SupportCheck(
        petition_id=row.petition_id,
        referral_id=row.referral_id,
        committee=row.committee_slug,
        state=row.state,
        listed_at=row.listed_at,
        collected=row.collected,
        listed=row.listed,
        too_old=row.too_old,
        erased=row.erased,
        digest=row.digest,
        seed=row.seed,
        seed_source=row.seed_source,
        seed_link=row.seed_link,
        seed_at=row.seed_at,
        drawn_at=row.drawn_at,
        size=row.size,
        method=row.method,
        answer_by=row.answer_by,
        finished_at=row.finished_at,
        places=tuple(row.places),
        tally=SampleTally(verified=row.verified, refused=row.refused, no_answer=row.no_answer, gone=row.gone),
    )


async def read_places(database: Database, petition_id: int, referral_id: int) -> tuple[SampledPlace, ...]:
    """The drawn places, with the result of each."""
    async with database.connection() as connection:
        rows = await queries.verification_places(connection, petition_id=petition_id, referral_id=referral_id)
        return tuple(rows)
