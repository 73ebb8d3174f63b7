"""Lists of petitions: searched, filtered, sorted and cut into pages, for the list, the home page and the API."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from petitions.database.pool import Database
from petitions.database.queries import queries
from petitions.rules.durations import local_day
from petitions.rules.procedures import Outcome, Procedure, Threshold
from petitions.rules.referral import State
from petitions.rules.states import Stage

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
"""What a reader can ask for, with the stages that belong to it; two of them also look at the committees."""

_WORD_AT_END: Final = re.compile(r"(?:^|(?<=\s))([^\W_]{2,})$")
_UNSPEAKABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader looks for. Every combination is possible; what cannot be finds nothing."""

    words: str = ""
    status: Status = "open"
    subject: str | None = None
    procedure: str | None = None
    committee: str | None = None
    sort: Sort = "near"
    stages: tuple[Stage, ...] = field(default=())  # instead of those of the status
    page: int = 1
    size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list. A title that is hidden is None."""

    id: int
    procedure: Procedure
    stage: Stage
    language: str
    subject: str
    title: str | None
    request: str | None
    initiator_name: str | None
    opened_at: datetime | None
    closes_on: date | None  # the last day of signing, by the clock of the body
    closed_at: datetime | None
    ended_at: datetime | None
    ground: str | None
    confirmed: int
    next_threshold: Threshold | None
    next_required: int | None
    referral: State | None
    outcome: Outcome | None
    decided_at: datetime | None

    def days_left(self, today: datetime) -> int | None:
        """How many days it can still be signed after today; None where there is no last day."""
        if self.closes_on is None:
            return None
        return (self.closes_on - local_day(today, self.procedure.body.zone)).days


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list."""

    rows: tuple[Listed, ...]
    total: int
    page: int
    pages: int


def clean_words(text: str) -> str:
    """What was typed in a search field, short and without what a database cannot hold. Never an error."""
    return " ".join(_UNSPEAKABLE.sub(" ", text).split())[:LONGEST_SEARCH].strip()


def beginning(words: str) -> tuple[str, str]:
    """The words before the last one, and the last one as the beginning of a word; empty where it is no plain word."""
    match = _WORD_AT_END.search(words)
    return (words[: match.start()].strip(), f"'{match[1]}':*") if match else ("", "")


async def read_listing(database: Database, procedures: Procedures, asked: Asked) -> Listing:
    """The petitions that were asked for; no rows, and a total of 0, for a page after the last one."""
    before, last = beginning(asked.words)
    stages = asked.stages or STATUSES[asked.status]
    async with database.connection() as connection:
        rows = [
            _listed(row, procedures)
            async for row in queries.petitions_find(
                connection,
                words=asked.words,
                words_before=before,
                beginning=last,
                stages=[stage.value for stage in stages],
                handling=asked.status if asked.status in {"referred", "answered"} else None,
                subject=asked.subject,
                procedure_code=asked.procedure,
                committee=asked.committee,
                sort=asked.sort,
                most=asked.size,
                skip=(asked.page - 1) * asked.size,
            )
        ]
    total = rows[0][1] if rows else 0
    return Listing(tuple(row for row, _ in rows), total, asked.page, max(1, -(-total // asked.size)))


def _listed(row: Any, procedures: Procedures) -> tuple[Listed, int]:
    procedure = procedures[row["procedure_code"], row["procedure_version"]]
    closes_at = row["closes_at"]
    made = Listed(
        procedure=procedure,
        stage=Stage(row["stage"]),
        closes_on=local_day(closes_at - timedelta(microseconds=1), procedure.body.zone) if closes_at else None,
        next_threshold=procedure.threshold(row["next_code"]) if row["next_code"] else None,
        referral=State(row["referral_state"]) if row["referral_state"] else None,
        outcome=procedure.outcome(row["outcome"]) if row["outcome"] else None,
        **{
            name: row[name]
            for name in (
                "id", "language", "subject", "title", "request", "initiator_name", "opened_at", "closed_at", "ended_at",
                "ground", "confirmed", "next_required", "decided_at",
            )
        },
    )  # fmt: skip
    return made, row["total"]
