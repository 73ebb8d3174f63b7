"""One petition for the public: its text unless a ground hides it, its thresholds, and names that may be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from petitions.database.connection import Connection
from petitions.database.pool import Database
from petitions.durations import local_day
from petitions.errors import NotFoundError
from petitions.lifecycle.queries import reading as queries
from petitions.lifecycle.rules.outlook import OutlookReferral, PetitionFacts
from petitions.lifecycle.rules.procedures import Ground, Procedure
from petitions.lifecycle.rules.signing import signing_ended_on
from petitions.lifecycle.rules.states import Stage
from petitions.security.encryption import Vault

NAMES_SHOWN: Final = 20
"""Only the latest names are shown, so that the page is no list to copy."""

Procedures = Mapping[tuple[str, int], Procedure]


PetitionThreshold = queries.PetitionThresholdsPublicRow
"""A threshold of this petition: its number, its receiver, and when it was reached."""


@dataclass(frozen=True, slots=True)
class NamedSignatory:
    """A signatory who chose to be named."""

    name: str
    place: str | None


@dataclass(frozen=True, slots=True)
class PublicPetition:
    """The facts of a public petition. Hidden ones are None."""

    id: int
    procedure: Procedure
    stage: Stage
    language: str
    subject: str
    hidden: bool
    title: str | None
    request: str | None
    reasons: str | None
    previous_action: str | None
    initiator_name: str | None
    initiator_place: str | None
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    ended_at: datetime | None
    ground_code: str | None
    reason: str | None
    confirmed: int
    paper: int  # accepted on paper, not counted in confirmed
    paper_added: int  # those of them that count toward thresholds
    thresholds: tuple[PetitionThreshold, ...]
    names: tuple[NamedSignatory, ...]

    @property
    def ground(self) -> Ground | None:
        """The ground on which it was rejected or taken down."""
        return self.procedure.ground(self.ground_code) if self.ground_code else None

    @property
    def closes_on(self) -> date | None:
        """The last day of signing, by the clock of the body; a petition that closes at midnight ends the day before."""
        return self.closes_at and local_day(self.closes_at - timedelta(microseconds=1), self.procedure.body.zone)

    @property
    def signing_ended_on(self) -> date | None:
        """The last day of signing; None while signing goes on."""
        return signing_ended_on(self.closed_at, self.closes_at, self.procedure.body.zone)

    def days_left(self, now: datetime) -> int | None:
        """How many days it can still be signed after today; None if there is no last day."""
        return (self.closes_on - local_day(now, self.procedure.body.zone)).days if self.closes_on else None

    def facts(self, now: datetime, count: int, referred: Sequence[OutlookReferral] = ()) -> PetitionFacts:
        """The input of the outlook, on the current day by the body's clock."""
        zone = self.procedure.body.zone
        return PetitionFacts(
            stage=self.stage,
            day=local_day(now, zone),
            count=count + self.paper_added,
            opened_on=local_day(self.opened_at, zone) if self.opened_at else None,
            closes_on=self.closes_on,
            closed_on=self.signing_ended_on,
            reached={t.code: local_day(t.reached_at, zone) for t in self.thresholds if t.reached_at},
            required={t.code: t.required for t in self.thresholds if t.required is not None},
            referred=tuple(referred),
        )


async def read_petition(
    database: Database, procedures: Procedures, petition_id: int, *, vault: Vault | None = None
) -> PublicPetition:
    """One petition. Names of signatories only with the ``vault``, and only if the procedure and they allow it.

    Raises NotFoundError for one that is not public.
    """
    async with database.connection() as connection:
        row = await queries.petition_public(connection, petition_id=petition_id)
        if row is None:
            raise NotFoundError("petition")
        procedure = procedures[row.procedure_code, row.procedure_version]
        thresholds = await queries.petition_thresholds_public(connection, petition_id=petition_id)
        shown = procedure.names.signer == "choice" and row.stage in {Stage.OPEN, Stage.CLOSED}
        names = await _names(connection, procedure, petition_id, vault) if vault and shown else ()
    return PublicPetition(
        procedure=procedure,
        stage=Stage(row.stage),
        ground_code=row.ground,
        thresholds=tuple(thresholds),
        names=names,
        id=row.id,
        language=row.language,
        subject=row.subject,
        hidden=row.hidden,
        title=row.title,
        request=row.request,
        reasons=row.reasons,
        previous_action=row.previous_action,
        initiator_name=row.initiator_name,
        initiator_place=row.initiator_place,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        ended_at=row.ended_at,
        reason=row.reason,
        confirmed=row.confirmed,
        paper=row.paper,
        paper_added=row.paper_added,
    )


async def _names(
    connection: Connection, procedure: Procedure, petition_id: int, vault: Vault
) -> tuple[NamedSignatory, ...]:
    place = procedure.field("place")
    with_place = place is not None and place.public == "choice"
    rows = await queries.petition_names_public(connection, petition_id=petition_id, most=NAMES_SHOWN)
    return tuple(_name(vault, row, with_place=with_place) for row in rows)


def _name(vault: Vault, row: queries.PetitionNamesPublicRow, *, with_place: bool) -> NamedSignatory:
    facts = vault.decrypt(row.data_key, row.salt, row.email_index, row.contact)
    return NamedSignatory(facts["name"], facts.get("place") if with_place else None)
