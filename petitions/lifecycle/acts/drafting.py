"""Drafting: an initiator starts a petition without an account, confirms by mail, edits, resubmits and withdraws it."""

from dataclasses import dataclass
from datetime import date, datetime

from petitions.database.connection import Connection
from petitions.errors import ConflictError
from petitions.lifecycle.acts.events import record
from petitions.lifecycle.acts.links import managed_row
from petitions.lifecycle.acts.saved_drafts import erase_kept
from petitions.lifecycle.acts.service import Service
from petitions.lifecycle.events.facts import EventFacts, SubmittedFacts, UpdateFacts, WithdrawnFacts
from petitions.lifecycle.events.table import (
    DRAFT_STARTED,
    EDITED,
    RESUBMITTED,
    SPONSORS_INVITED,
    SUBMITTED,
    UPDATE,
    WITHDRAWN,
)
from petitions.lifecycle.queries import drafting as queries
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.signing import canonical_email
from petitions.lifecycle.rules.states import Act, Actor, Stage, transition
from petitions.security.tokens import Link, new_key


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of a petition, cleaned and within the limits of its procedure."""

    subject: str
    title: str
    request: str
    reasons: str
    previous_action: str | None = None


@dataclass(frozen=True, slots=True)
class ManagedPetition:
    """A petition as its initiator sees it."""

    id: int
    procedure: Procedure
    timezone: str
    stage: Stage
    language: str
    draft: Draft
    initiator_name: str
    initiator_place: str | None
    sponsor_key: bytes
    sponsors: int
    sponsors_required: int
    sponsors_maximum: int
    confirmed: int
    created_at: datetime
    confirmed_at: datetime | None
    submitted_at: datetime | None
    moderation_due_on: date | None
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    ended_at: datetime | None
    ground: str | None
    reason: str | None
    version: int


async def begin(
    service: Service,
    procedure: Procedure,
    draft: Draft,
    contact: dict[str, str],
    *,
    language: str,
    now: datetime,
    kept: bytes | None = None,
) -> int:
    """Store a draft, queue the mail by which the initiator confirms it, and return the number of the petition.

    ``contact`` holds the cleaned answers of the initiator, with ``name`` (or ``organisation``) and ``email``. ``kept``
    is the key of the saved form from which it comes, if any, which is deleted with this.
    """
    salt = new_key()
    data_key = service.vault.new_data_key(salt)
    index = service.vault.index(salt, canonical_email(contact["email"]))
    within = procedure.moderation.within
    async with service.database.transaction() as connection:
        petition_id = await queries.petition_draft(
            connection,
            procedure_code=procedure.code,
            procedure_version=procedure.version,
            body=procedure.body.code,
            timezone=procedure.body.timezone,
            language=language,
            subject=draft.subject,
            title=draft.title,
            request=draft.request,
            reasons=draft.reasons,
            previous_action=draft.previous_action,
            initiator_name=contact.get("organisation") or contact["name"],
            initiator_place=contact.get("place"),
            initiator_contact=service.vault.encrypt(data_key, salt, index, contact),
            initiator_index=index,
            manage_key=new_key(),
            sponsor_key=new_key(),
            data_key=data_key,
            salt=salt,
            sponsors_required=procedure.sponsors.minimum if procedure.sponsors else 0,
            sponsors_maximum=procedure.sponsors.maximum if procedure.sponsors else 0,
            moderation_months=within.months,
            moderation_days=within.days,
            moderation_working_days=within.working_days,
            remind_after_days=procedure.pending.remind_after_days,
            forget_after_days=procedure.pending.forget_after_days,
            now=now,
        )
        await record(connection, petition_id, DRAFT_STARTED, EventFacts(), Actor.INITIATOR, now=now)
        if kept is not None:
            await erase_kept(connection, kept)
    return petition_id


async def managed(service: Service, link: Link) -> ManagedPetition:
    """The petition of a management link. Raises NotFoundError."""
    async with service.database.connection() as connection:
        return _managed(service, await managed_row(connection, link))


def _managed(service: Service, row: queries.PetitionManagedRow) -> ManagedPetition:
    return ManagedPetition(
        id=row.id,
        procedure=service.procedure(row.procedure_code, row.procedure_version),
        timezone=row.timezone,
        stage=Stage(row.stage),
        language=row.language,
        draft=Draft(row.subject, row.title, row.request, row.reasons, row.previous_action),
        initiator_name=row.initiator_name,
        initiator_place=row.initiator_place,
        sponsor_key=row.sponsor_key,
        sponsors=row.sponsors,
        sponsors_required=row.sponsors_required,
        sponsors_maximum=row.sponsors_maximum,
        confirmed=row.confirmed,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        submitted_at=row.submitted_at,
        moderation_due_on=row.moderation_due_on,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        ended_at=row.ended_at,
        ground=row.ground,
        reason=row.reason,
        version=row.version,
    )


async def confirm(service: Service, link: Link, *, now: datetime) -> ManagedPetition:
    """Confirm a draft by the link in the mail: it goes to its sponsors, or to moderation.

    Repeating it changes nothing. Raises NotFoundError for an unknown link.
    """
    async with service.database.transaction() as connection:
        row = await managed_row(connection, link)
        before = _managed(service, row)
        if before.stage != Stage.DRAFT:
            return before
        act = Act.INVITE_SPONSORS if before.sponsors_required else Act.SUBMIT
        stage = transition(before.stage, act, Actor.INITIATOR)
        submitted = await queries.petition_confirm_draft(connection, petition_id=before.id, stage=stage.value, now=now)
        if submitted is not None:
            await _first_signature(connection, before, row, now)
            await _record_confirmation(connection, before.id, stage, now)
        return _managed(service, await managed_row(connection, link))


async def _first_signature(
    connection: Connection, petition: ManagedPetition, row: queries.PetitionManagedRow, now: datetime
) -> None:
    if petition.procedure.starter.signs:
        await queries.signature_of_initiator(
            connection,
            petition_id=petition.id,
            email_index=row.initiator_index,
            token_id=new_key(),
            contact=row.initiator_contact,
            language=petition.language,
            now=now,
        )


async def _record_confirmation(connection: Connection, petition_id: int, stage: Stage, now: datetime) -> None:
    if stage == Stage.SPONSORING:
        await record(connection, petition_id, SPONSORS_INVITED, EventFacts(), Actor.INITIATOR, now=now)
    else:
        await _keep_text(connection, petition_id, now)
        await record(connection, petition_id, SUBMITTED, SubmittedFacts(), Actor.INITIATOR, now=now)


async def _keep_text(connection: Connection, petition_id: int, now: datetime) -> None:
    await queries.petition_text_record(connection, petition_id=petition_id, now=now)


async def edit(service: Service, link: Link, draft: Draft, *, version: int, now: datetime) -> None:
    """Replace the text before submission.

    ``version`` is the version in the form. Raises ConflictError("changed") when the petition has changed since, and
    for a rejected one, whose text is public: see :func:`resubmit`.
    """
    async with service.database.transaction() as connection:
        row = await managed_row(connection, link)
        if row.stage not in {Stage.DRAFT, Stage.SPONSORING}:
            raise ConflictError("changed")
        await _replace_text(connection, row.id, draft, version, now)


async def resubmit(service: Service, link: Link, draft: Draft, *, version: int, now: datetime) -> None:
    """Replace the text of a rejected petition and submit it again in one step: nobody reads it before it is checked.

    Raises ConflictError when it is not rejected (any more), was erased, or changed since the form was made.
    """
    async with service.database.transaction() as connection:
        row = await managed_row(connection, link)
        transition(Stage(row.stage), Act.REVISE, Actor.INITIATOR)
        _refuse_forgotten(row)
        await _replace_text(connection, row.id, draft, version, now)
        await _offer_again(connection, row.id, now)


def _refuse_forgotten(row: queries.PetitionManagedRow) -> None:
    """Refuse a petition whose personal data was erased: without its key nobody could sign it."""
    if row.data_key is None:
        raise ConflictError("forgotten")


async def _replace_text(connection: Connection, petition_id: int, draft: Draft, version: int, now: datetime) -> None:
    changed = await queries.petition_edit(
        connection,
        petition_id=petition_id,
        version=version,
        subject=draft.subject,
        title=draft.title,
        request=draft.request,
        reasons=draft.reasons,
        previous_action=draft.previous_action,
    )
    if changed is None:
        raise ConflictError("changed")
    await record(connection, petition_id, EDITED, EventFacts(), Actor.INITIATOR, now=now)


async def _offer_again(connection: Connection, petition_id: int, now: datetime) -> None:
    if await queries.petition_resubmit(connection, petition_id=petition_id, now=now) is None:
        raise ConflictError("changed")
    await _keep_text(connection, petition_id, now)
    await record(connection, petition_id, RESUBMITTED, SubmittedFacts(), Actor.INITIATOR, now=now)


async def publish_update(service: Service, link: Link, *, title: str, text: str, now: datetime) -> None:
    """Publish news on the timeline and mail it to those who want news. Raises ConflictError unless open or closed."""
    async with service.database.transaction() as connection:
        row = await managed_row(connection, link)
        if row.stage not in {Stage.OPEN, Stage.CLOSED}:
            raise ConflictError(f"update_in_{row.stage}")
        await record(connection, row.id, UPDATE, UpdateFacts(title, text), Actor.INITIATOR, now=now)


async def withdraw(service: Service, link: Link, *, reason: str, now: datetime) -> None:
    """Withdraw the petition, with a public reason. Raises ConflictError when it is too late."""
    async with service.database.transaction() as connection:
        row = await managed_row(connection, link)
        stage = Stage(row.stage)
        transition(stage, Act.WITHDRAW, Actor.INITIATOR)
        if await queries.petition_withdraw(connection, petition_id=row.id, reason=reason, now=now) is None:
            raise ConflictError("changed")
        facts = WithdrawnFacts(reason, from_=stage.value)
        await record(connection, row.id, WITHDRAWN, facts, Actor.INITIATOR, now=now)
