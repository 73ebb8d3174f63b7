"""The facts of a petition for signing: read from its row, or cached for a moment.

Under load one petition is read thousands of times a second. The cache may be a few seconds old: the statement
that records a signature checks in the row itself whether the petition can still be signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from petitions.database.pool import Database
from petitions.database.ttl_cache import TtlCache
from petitions.errors import NotFoundError
from petitions.lifecycle.queries import signing as queries
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.states import Stage

Procedures = Mapping[tuple[str, int], Procedure]


@dataclass(frozen=True, slots=True)
class SignablePetition:
    """The facts of a petition that signing needs."""

    id: int
    procedure: Procedure
    stage: Stage
    language: str
    title: str
    request: str
    reasons: str
    initiator_name: str
    data_key: bytes | None
    salt: bytes
    sponsor_key: bytes
    closes_at: datetime | None
    closed_at: datetime | None
    forget_after_days: int
    remind_after_days: int
    sponsors_required: int
    sponsors_maximum: int
    confirmed: int
    sponsors: int


Signables = TtlCache[int, SignablePetition]
"""Petitions by number, each cached for a few seconds."""
KEPT_SECONDS: Final = 3.0


def make_signables() -> Signables:
    """Make the cache of one process."""
    return TtlCache(KEPT_SECONDS)


async def read_signable(database: Database, procedures: Procedures, petition_id: int) -> SignablePetition:
    """The facts of one petition, from its row. Raises NotFoundError."""
    async with database.connection() as connection:
        row = await queries.petition_for_signing(connection, petition_id=petition_id)
    if row is None:
        raise NotFoundError("petition")
    return SignablePetition(
        id=row.id,
        procedure=procedures[row.procedure_code, row.procedure_version],
        stage=Stage(row.stage),
        language=row.language,
        title=row.title,
        request=row.request,
        reasons=row.reasons,
        initiator_name=row.initiator_name,
        data_key=row.data_key,
        salt=row.salt,
        sponsor_key=row.sponsor_key,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        forget_after_days=row.forget_after.days,
        remind_after_days=row.remind_after.days,
        sponsors_required=row.sponsors_required,
        sponsors_maximum=row.sponsors_maximum,
        confirmed=row.confirmed,
        sponsors=row.sponsors,
    )
