"""Lists of petitions: searched, filtered, sorted and paginated, for the list, the home page and the API."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, Literal

from petitions.database.pool import Database
from petitions.durations import local_day
from petitions.lifecycle.queries import search as queries
from petitions.lifecycle.reads.search import SearchResult, SearchScope, list_all, search
from petitions.lifecycle.rules.procedures import PossibleOutcome, Procedure, Threshold
from petitions.lifecycle.rules.referral import ReferralState
from petitions.lifecycle.rules.signing import signing_ended_on
from petitions.lifecycle.rules.states import Stage

PAGE_SIZE: Final = 20
LONGEST_SEARCH: Final = 200

Procedures = Mapping[tuple[str, int], Procedure]
Status = Literal["open", "closed", "referred", "answered", "rejected", "withdrawn", "all"]
Sort = Literal["relevance", "near", "new", "closing", "signatures", "decided"]

_SHOWN: Final = (Stage.OPEN, Stage.CLOSED, Stage.REJECTED, Stage.WITHDRAWN)
STATUSES: Final[dict[Status, tuple[Stage, ...]]] = {
    "open": (Stage.OPEN,),
    "referred": (Stage.OPEN, Stage.CLOSED),
    "answered": (Stage.OPEN, Stage.CLOSED),
    "closed": (Stage.CLOSED,),
    "rejected": (Stage.REJECTED,),
    "withdrawn": (Stage.WITHDRAWN,),
    "all": _SHOWN,
}
"""The stages of each status that readers can choose; two of them also depend on the referrals."""

_UNSPEAKABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The filters of a list. Every combination is allowed; an impossible one finds nothing."""

    words: str = ""
    status: Status = "open"
    subject: str | None = None
    procedure: str | None = None
    body: str | None = None
    committee: str | None = None
    sort: Sort = "near"
    stages: tuple[Stage, ...] = field(default=())  # in the place of those of the status
    page: int = 1
    size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class ListedPetition:
    """One row of a list. A hidden title is None."""

    id: int
    procedure: Procedure
    stage: Stage
    language: str
    subject: str
    title: str | None
    request: str | None
    initiator_name: str | None
    opened_at: datetime | None
    closes_at: datetime | None
    closes_on: date | None  # the last day of signing, by the clock of the body
    closed_at: datetime | None
    ended_at: datetime | None
    ground: str | None
    confirmed: int
    next_threshold: Threshold | None
    next_required: int | None
    referral: ReferralState | None
    outcome: PossibleOutcome | None
    decided_at: datetime | None

    @property
    def ended_on(self) -> date | None:
        """The day on which it ended, else the last day of signing; None while it is open."""
        zone = self.procedure.body.zone
        if self.ended_at:
            return local_day(self.ended_at, zone)
        return signing_ended_on(self.closed_at, self.closes_at, zone)

    def days_left(self, today: datetime) -> int | None:
        """How many days it can still be signed after today; None if there is no last day."""
        if self.closes_on is None:
            return None
        return (self.closes_on - local_day(today, self.procedure.body.zone)).days


@dataclass(frozen=True, slots=True)
class PetitionList:
    """One page of a list."""

    rows: tuple[ListedPetition, ...]
    total: int
    page: int
    pages: int
    meant: str = ""  # the words that were searched instead, if the typed ones found nothing
    loosely: bool = False  # petitions have some of the words, because none has all


def clean_words(text: str) -> str:
    """The text of a search field, shortened and without characters that the database refuses. Never an error."""
    return " ".join(_UNSPEAKABLE.sub(" ", text).split())[:LONGEST_SEARCH].strip()


async def read_listing(database: Database, procedures: Procedures, asked: ListQuery) -> PetitionList:
    """The filtered petitions; for a page after the last one no rows, but the total."""
    within = SearchScope(
        stages=[stage.value for stage in asked.stages or STATUSES[asked.status]],
        handling=asked.status if asked.status in {"referred", "answered"} else None,
        subject=asked.subject,
        procedures=_codes(procedures, asked),
        committee=asked.committee,
        sort=asked.sort,
        most=asked.size,
        skip=(asked.page - 1) * asked.size,
    )
    async with database.connection() as connection:
        found = await search(connection, asked.words, within) if asked.words else await list_all(connection, within)
        rows = await queries.petitions_shown(connection, ids=found.ids) if found.ids else []
    return _listing(found, [_listed(row, procedures) for row in rows], asked)


def _codes(procedures: Procedures, asked: ListQuery) -> list[str] | None:
    """The procedures to filter by: the chosen one, or those of the chosen body; None for all."""
    if asked.procedure is None and asked.body is None:
        return None
    known = {(procedure.code, procedure.body.code) for procedure in procedures.values()}
    return sorted({code for code, body in known if asked.procedure in {None, code} and asked.body in {None, body}})


def _listing(found: SearchResult, rows: Sequence[ListedPetition], asked: ListQuery) -> PetitionList:
    pages = max(1, -(-found.total // asked.size))
    return PetitionList(tuple(rows), found.total, asked.page, pages, found.meant, found.loosely)


def _listed(row: queries.PetitionsShownRow, procedures: Procedures) -> ListedPetition:
    procedure = procedures[row.procedure_code, row.procedure_version]
    closes_at = row.closes_at
    return ListedPetition(
        procedure=procedure,
        stage=Stage(row.stage),
        closes_on=local_day(closes_at - timedelta(microseconds=1), procedure.body.zone) if closes_at else None,
        next_threshold=procedure.threshold(row.next_code) if row.next_code else None,
        referral=ReferralState(row.referral_state) if row.referral_state else None,
        outcome=procedure.outcome(row.outcome) if row.outcome else None,
        id=row.id,
        language=row.language,
        subject=row.subject,
        title=row.title,
        request=row.request,
        initiator_name=row.initiator_name,
        opened_at=row.opened_at,
        closes_at=closes_at,
        closed_at=row.closed_at,
        ended_at=row.ended_at,
        ground=row.ground,
        confirmed=row.confirmed,
        next_required=row.next_required,
        decided_at=row.decided_at,
    )
