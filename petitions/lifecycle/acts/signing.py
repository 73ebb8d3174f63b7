"""Signing: record a signature, confirm it by mail, change, withdraw or erase it.

The promise: a signature that was acknowledged is never lost and never counted twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from petitions.database.connection import Connection
from petitions.errors import ConflictError, GoneError, NotFoundError, UnavailableError
from petitions.lifecycle.acts.service import ConfirmationWrite, ConfirmedSignature, Service, SignatureWrite
from petitions.lifecycle.acts.signable import SignablePetition, read_signable
from petitions.lifecycle.queries import own_signature as own_signature_queries
from petitions.lifecycle.queries import signing as signing_queries
from petitions.lifecycle.rules.signing import Confirmation, canonical_email, confirmable, may_withdraw
from petitions.lifecycle.rules.states import Stage
from petitions.security.tokens import Link, new_key


async def write_signatures(connection: Connection, items: Sequence[SignatureWrite]) -> list[bool]:
    """Record a batch of unconfirmed signatures; return for each whether its petition can be signed."""
    rows = await signing_queries.pending_signatures_record(
        connection,
        petition_ids=[item.petition_id for item in items],
        email_indexes=[item.email_index for item in items],
        token_ids=[item.token_id for item in items],
        kinds=[item.kind for item in items],
        contacts=[item.contact for item in items],
        show_names=[item.show_name for item in items],
        wants_news=[item.wants_news for item in items],
        languages=[item.language for item in items],
        signed_ats=[item.signed_at for item in items],
    )
    refused = {row.place for row in rows}
    return [place not in refused for place in range(1, len(items) + 1)]


async def write_confirmations(connection: Connection, items: Sequence[ConfirmationWrite]) -> list[ConfirmedSignature]:
    """Confirm a batch; the latest ``now`` of the batch is the moment of all."""
    rows = await signing_queries.signatures_confirm(
        connection,
        petition_ids=[item.petition_id for item in items],
        token_ids=[item.token_id for item in items],
        now=max(item.now for item in items),
    )
    return [ConfirmedSignature(row.number, row.kind, row.total) for row in rows]


async def find_signatures(
    connection: Connection, items: Sequence[Link]
) -> list[signing_queries.SignaturesFindRow | None]:
    """A batch of signatures by their links: the stored row of each, or None."""
    rows = await signing_queries.signatures_find(
        connection, petition_ids=[item.petition_id for item in items], token_ids=[item.key for item in items]
    )
    return [row if row.state else None for row in rows]


async def petition_for_signing(service: Service, petition_id: int) -> SignablePetition:
    """The facts of one petition as they are now. Raises NotFoundError."""
    return await read_signable(service.database, service.procedures, petition_id)


async def known_petition(service: Service, petition_id: int) -> SignablePetition:
    """The facts of one petition, at most a few seconds old: for pages and for signing. Raises NotFoundError."""
    known = service.signables.fresh(petition_id)
    return known or await service.signables.get(petition_id, lambda: petition_for_signing(service, petition_id))


async def sign(
    service: Service,
    petition: SignablePetition,
    contact: dict[str, str],
    *,
    show_name: bool,
    wants_news: bool,
    language: str,
    now: datetime,
    kind: str = "signatory",
) -> None:
    """Record a signature that waits for confirmation, and queue the mail.

    ``contact`` holds the cleaned answers, with ``email`` among them. Returns nothing: the answer is the same for a new,
    a waiting and a known address. Raises ConflictError("closed") when the petition cannot be signed.
    """
    if petition.data_key is None:
        raise ConflictError("closed")
    email_index = service.vault.index(petition.salt, canonical_email(contact["email"]))
    admitted = await service.signing.submit(
        SignatureWrite(
            petition_id=petition.id,
            email_index=email_index,
            token_id=new_key(),
            kind=kind,
            contact=service.vault.encrypt(petition.data_key, petition.salt, email_index, contact),
            show_name=show_name,
            wants_news=wants_news,
            language=language,
            signed_at=now,
        )
    )
    if not admitted:
        raise ConflictError("closed")


@dataclass(frozen=True, slots=True)
class ConfirmationResult:
    """The result of confirming a signature."""

    state: Confirmation
    number: int | None = None
    kind: str | None = None


async def confirm(service: Service, link: Link, *, now: datetime) -> ConfirmationResult:
    """Confirm the signature of this link; it is counted once, however often this is repeated.

    A link that was used before is no error; raises only UnavailableError.
    """
    result = await service.confirming.submit(ConfirmationWrite(link.petition_id, link.key, now))
    if result.number is not None:
        return ConfirmationResult("confirmed", result.number, result.kind)
    outcome = await look_up(service, link, now=now)
    if outcome.state == "confirmed":  # it could be confirmed, but was not: do not claim that it counts
        raise UnavailableError("confirm")
    return outcome


async def look_up(service: Service, link: Link, *, now: datetime) -> ConfirmationResult:
    """Read the state of a link's signature without changing it. ``confirmed`` means here: it can be confirmed now."""
    row = await service.finding.submit(link)
    if row is None:
        return ConfirmationResult("unknown")
    if row.state == "confirmed":
        return ConfirmationResult("already", row.number, row.kind)
    if row.signed_at is None:  # nothing else is stored of a withdrawn one
        return ConfirmationResult("withdrawn")
    petition = await known_petition(service, link.petition_id)
    if not _still_open(petition, row.signed_at, now):
        return ConfirmationResult("closed")
    if (now - row.signed_at).days >= petition.forget_after_days:
        return ConfirmationResult("expired")
    return ConfirmationResult("confirmed", kind=row.kind)


def _still_open(petition: SignablePetition, signed_at: datetime, now: datetime) -> bool:
    stages = {Stage.SPONSORING, Stage.MODERATION, Stage.OPEN, Stage.CLOSED}
    return petition.stage in stages and confirmable(signed_at, petition.closed_at or petition.closes_at, now)


@dataclass(frozen=True, slots=True)
class OwnSignature:
    """A signature as its owner sees it."""

    petition: SignablePetition
    state: str  # waiting or confirmed
    kind: str
    number: int | None
    facts: dict[str, str] | None  # what was typed; None once erased
    show_name: bool
    wants_news: bool
    signed_at: datetime
    confirmed_at: datetime | None
    may_withdraw: bool

    @property
    def born(self) -> date | None:
        """The date of birth, if the procedure asked for it."""
        day = (self.facts or {}).get("birth_date")
        return date.fromisoformat(day) if day else None


async def own_signature(service: Service, link: Link, *, now: datetime) -> OwnSignature:
    """The signature of a personal link. Raises NotFoundError, or GoneError when it was withdrawn."""
    petition = await petition_for_signing(service, link.petition_id)
    row = await service.finding.submit(link)
    if row is None:
        raise NotFoundError("signature")
    if row.state is None or row.kind is None or row.email_index is None or row.signed_at is None:
        raise GoneError("signature")  # nothing else is stored of a withdrawn one
    facts = None
    if row.contact is not None and petition.data_key is not None:
        facts = service.vault.decrypt(petition.data_key, petition.salt, row.email_index, row.contact)
    return OwnSignature(
        petition=petition,
        state=row.state,
        kind=row.kind,
        number=row.number,
        facts=facts,
        show_name=bool(row.show_name),
        wants_news=bool(row.wants_news),
        signed_at=row.signed_at,
        confirmed_at=row.confirmed_at,
        may_withdraw=row.state == "confirmed"
        and may_withdraw(petition.stage, row.kind, petition.closed_at or petition.closes_at, now),
    )


async def choose(service: Service, link: Link, *, show_name: bool, wants_news: bool) -> None:
    """Change the two choices of a confirmed signature."""
    async with service.database.connection() as connection:
        await own_signature_queries.signature_choose(
            connection, petition_id=link.petition_id, token_id=link.key, show_name=show_name, wants_news=wants_news
        )


async def withdraw(service: Service, link: Link, *, now: datetime) -> None:
    """Withdraw a signature, with all its data. Raises ConflictError when signing has ended; harmless when repeated."""
    own = await own_signature(service, link, now=now)
    async with service.database.transaction() as connection:
        if own.state == "waiting" and await _forget_waiting(connection, link):
            return
        if (
            await own_signature_queries.signature_withdraw(
                connection, petition_id=link.petition_id, token_id=link.key, now=now
            )
            is None
        ):
            raise ConflictError("signing_ended")


async def erase(service: Service, link: Link) -> None:
    """Erase the signatory's data. The signature still counts, anonymously."""
    async with service.database.transaction() as connection:
        if not await _forget_waiting(connection, link):
            await own_signature_queries.signature_erase(connection, petition_id=link.petition_id, token_id=link.key)


async def _forget_waiting(connection: Connection, link: Link) -> bool:
    """Delete an unconfirmed signature; False if there is none (any more), so the caller handles a confirmed one."""
    key = await own_signature_queries.pending_signature_delete(
        connection, petition_id=link.petition_id, token_id=link.key
    )
    return key is not None


async def stop_news(service: Service, link: Link) -> None:
    """Stop news mails for this signature; harmless when repeated."""
    async with service.database.connection() as connection:
        await own_signature_queries.signature_stop_news(connection, petition_id=link.petition_id, token_id=link.key)
