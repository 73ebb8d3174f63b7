"""The queries for a committee's desk: the list of referrals, their assignment, and private notes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from petitions.database.pool import Database
from petitions.errors import NotFoundError
from petitions.lifecycle.queries import desk as queries
from petitions.lifecycle.reads.committees import TABS, DeskTab
from petitions.lifecycle.reads.referral import Committees, Procedures, ShownReferral, show, view_of
from petitions.lifecycle.rules.referral import OPEN

PAGE_SIZE: Final = 50
AssigneeFilter = Literal["", "mine", "nobody"]


@dataclass(frozen=True, slots=True)
class DeskQuery:
    """The filters of a desk's list. ``me`` is the number of the reader; ``rapporteur`` that of a member."""

    committees: tuple[str, ...]
    me: int
    tab: DeskTab = "todo"
    whose: AssigneeFilter = ""
    rapporteur: int | None = None
    procedure: str = ""
    words: str = ""
    overdue: bool = False
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.whose or self.rapporteur or self.procedure or self.words or self.overdue)


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A row of the list."""

    shown: ShownReferral
    title: str
    language: str
    stage: str
    text_hidden: bool
    confirmed: int
    assigned_to: int | None
    assigned_name: str | None


@dataclass(frozen=True, slots=True)
class DeskList:
    """A page of the list, and the total number of rows."""

    rows: tuple[DeskRow, ...]
    total: int
    page: int
    pages: int


async def read_desk(
    database: Database, procedures: Procedures, committees: Committees, sought: DeskQuery, *, now: datetime
) -> DeskList:
    """The filtered referrals, the most urgent first. Raises NotFoundError for a page after the last one."""
    async with database.connection() as connection:
        rows = await queries.desk_referrals(
            connection,
            committees=list(sought.committees),
            states=[state.value for state in TABS[sought.tab]],
            promised=sought.tab == "follow_up",
            mine=sought.me if sought.whose == "mine" else None,
            unassigned=sought.whose == "nobody",
            rapporteur=sought.rapporteur,
            procedure=sought.procedure or None,
            overdue=sought.overdue,
            words=sought.words or None,
            now=now,
            size=PAGE_SIZE,
            skipped=(sought.page - 1) * PAGE_SIZE,
        )
    if sought.page > 1 and not rows:
        raise NotFoundError("page")
    total = rows[0].total if rows else 0
    listed = tuple(
        DeskRow(
            show(replace(view_of(row), rapporteur=row.rapporteur), procedures, committees, now=now),
            title=row.title,
            language=row.language,
            stage=row.stage,
            text_hidden=row.text_hidden,
            confirmed=row.confirmed,
            assigned_to=row.assigned_to,
            assigned_name=row.assigned_name,
        )
        for row in rows
    )
    return DeskList(listed, total, sought.page, max(1, -(-total // PAGE_SIZE)))


UrgencyCounts = queries.DeskHasteRow
"""The numbers of open referrals that are overdue, due today, and unassigned."""


async def read_urgency(database: Database, slugs: Sequence[str], *, now: datetime) -> UrgencyCounts:
    """Count the urgent referrals of these committees."""
    states = [state.value for state in OPEN]
    async with database.connection() as connection:
        return await queries.desk_haste(connection, committees=list(slugs), states=states, now=now)


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """The options of the filters: codes of procedures, and rapporteurs with their names."""

    procedures: tuple[str, ...]
    rapporteurs: tuple[tuple[int, str], ...]


async def read_choices(database: Database, slugs: Sequence[str]) -> FilterChoices:
    """The options that occur among the referrals of these committees."""
    async with database.connection() as connection:
        rows = await queries.desk_choices(connection, committees=list(slugs))
    people = {row.rapporteur_id: row.rapporteur_name or "" for row in rows if row.rapporteur_id}
    return FilterChoices(
        tuple(sorted({row.procedure_code for row in rows})),
        tuple(sorted(people.items(), key=lambda one: one[1])),
    )


@dataclass(frozen=True, slots=True)
class Colleagues:
    """The clerks and members of a committee: numbers and names."""

    clerks: tuple[tuple[int, str], ...]
    members: tuple[tuple[int, str], ...]


async def read_colleagues(database: Database, committee: str) -> Colleagues:
    """The clerks and the members of a committee, by name."""
    async with database.connection() as connection:
        rows = await queries.committee_people(connection, committee=committee)
    by_role = {role: tuple((row.id, row.name) for row in rows if row.role == role) for role in _ROLES}
    return Colleagues(by_role["clerk"], by_role["member"])


_ROLES: Final = ("clerk", "member")


Assignment = queries.DeskChargeRow
"""The clerk to whom a referral is assigned, and its rapporteur, if they are people of this desk."""


async def read_assignment(database: Database, petition_id: int, referral_id: int) -> Assignment:
    """The assignment of a referral. Raises NotFoundError."""
    async with database.connection() as connection:
        row = await queries.desk_charge(connection, petition_id=petition_id, referral_id=referral_id)
    if row is None:
        raise NotFoundError("referral")
    return row


ReferralNote = queries.ReferralNotesRow
"""A private note."""


async def read_notes(database: Database, petition_id: int, referral_id: int) -> tuple[ReferralNote, ...]:
    """The notes about a referral, the latest first."""
    async with database.connection() as connection:
        return tuple(await queries.referral_notes(connection, petition_id=petition_id, referral_id=referral_id))
