"""The referrals of a committee: the list of its desk, a dossier, and the counts on its public page."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from petitions.database.pool import Database
from petitions.errors import ForbiddenError, NotFoundError
from petitions.lifecycle.queries import referral as queries
from petitions.lifecycle.reads.referral import (
    Committees,
    Procedures,
    ReferralView,
    ShownReferral,
    read_referrals,
    show,
    view_of,
)
from petitions.lifecycle.rules.committees import BY_SUBJECT
from petitions.lifecycle.rules.referral import OPEN, ReferralState

PAGE_SIZE: Final = 50


ReferredPetition = queries.ReferredPetitionRow
"""A petition as its committee reads it."""


async def read_dossier(
    database: Database, committees: Collection[str], petition_id: int, referral_id: int
) -> tuple[ReferredPetition, ReferralView, tuple[ReferralView, ...]]:
    """The petition, the referral, and the petition's other referrals, for a clerk of ``committees`` (slugs).

    Raises NotFoundError, or ForbiddenError for a referral to another committee.
    """
    async with database.connection() as connection:
        petition = await queries.referred_petition(connection, petition_id=petition_id)
    views = await read_referrals(database, petition_id)
    own = next((view for view in views if view.id == referral_id), None)
    if petition is None or own is None:
        raise NotFoundError("referral")
    if own.committee_slug not in committees:
        raise ForbiddenError("committee")
    return petition, own, tuple(view for view in views if view.id != referral_id)


DeskTab = Literal["todo", "new", "handling", "follow_up", "done"]
TABS: Final[dict[DeskTab, tuple[ReferralState, ...]]] = {
    "todo": OPEN,
    "new": (ReferralState.WAITING,),
    "handling": OPEN[1:],
    "follow_up": (ReferralState.DECIDED,),
    "done": (ReferralState.INADMISSIBLE, ReferralState.DECIDED, ReferralState.CONCLUDED),
}
"""The states of the referrals in each tab of a list. ``follow_up`` shows only those that promise one."""


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A row of a list of referrals."""

    shown: ShownReferral
    title: str
    language: str
    stage: str
    text_hidden: bool
    confirmed: int


@dataclass(frozen=True, slots=True)
class ReferralList:
    """A page of referrals, and their total number."""

    rows: tuple[ReferralRow, ...]
    total: int
    page: int
    pages: int


async def read_list(
    database: Database,
    procedures: Procedures,
    committees: Committees,
    slugs: Sequence[str],
    tab: DeskTab,
    *,
    page: int = 1,
    now: datetime,
) -> ReferralList:
    """The referrals of the committees ``slugs`` in one tab: overdue and nearly due first, then by waiting time."""
    async with database.connection() as connection:
        rows = await queries.referrals_of_committees(
            connection,
            committees=list(slugs),
            states=[state.value for state in TABS[tab]],
            promised=tab == "follow_up",
            size=PAGE_SIZE,
            skipped=(page - 1) * PAGE_SIZE,
        )
    total = rows[0].total if rows else 0
    if page > 1 and not rows:
        raise NotFoundError("page")
    listed = tuple(
        ReferralRow(
            show(view_of(row), procedures, committees, now=now),
            title=row.title,
            language=row.language,
            stage=row.stage,
            text_hidden=row.text_hidden,
            confirmed=row.confirmed,
        )
        for row in rows
    )
    return ReferralList(listed, total, page, max(1, -(-total // PAGE_SIZE)))


@dataclass(frozen=True, slots=True)
class ReferralCounts:
    """The number of referrals of a committee (or several), by tab."""

    todo: int = 0
    new: int = 0
    handling: int = 0
    follow_up: int = 0
    done: int = 0


async def read_counts(database: Database, slugs: Sequence[str]) -> dict[str, ReferralCounts]:
    """The number of referrals in each tab, for each of these committees."""
    found: dict[str, Counter[str]] = {slug: Counter() for slug in slugs}
    async with database.connection() as connection:
        for row in await queries.referrals_count(connection, committees=list(slugs)):
            own = found[row.committee_slug]
            for tab, states in TABS.items():
                if row.state in states:
                    own[tab] += row.promised if tab == "follow_up" else row.referrals
    return {slug: ReferralCounts(**own) for slug, own in found.items()}


def add_up(counts: Mapping[str, ReferralCounts]) -> ReferralCounts:
    """The sum of the counts of several committees."""
    return ReferralCounts(**{tab: sum(getattr(one, tab) for one in counts.values()) for tab in TABS})


def receiving(procedures: Procedures, committees: Committees) -> frozenset[str]:
    """The slugs of the committees that can receive petitions under the procedures of this installation."""
    found: set[str] = set()
    for procedure in procedures.values():
        for threshold in procedure.thresholds if procedure.listed else ():
            if threshold.committee == BY_SUBJECT:
                found |= {one.slug for one in committees.values() if one.body == procedure.body.code and one.subjects}
            elif threshold.committee:
                found.add(threshold.committee)
    return frozenset(found)
