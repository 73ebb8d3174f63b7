"""From a row of the outbox to a mail: its recipient, its language, and whether it is still wanted."""

import base64
import json
from dataclasses import dataclass
from typing import Final

from petitions.lifecycle.events.facts import ReferralFacts
from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.mails.context import MailContext, StoredEvent, about_event, public_title
from petitions.lifecycle.mails.signatory import TO_SIGNATORIES, write_to_signatory
from petitions.lifecycle.queries.events import OutboxEventsRow, OutboxFactsRow
from petitions.lifecycle.rules.procedures import Procedure
from petitions.mail import letters
from petitions.mail.compose import OutgoingMail, seal
from petitions.mail.letters import Letter

SEAL: Final = b"staff_login"
SAVED_SEAL: Final = b"saved_draft"
SAVED_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Audience:
    """The readers who get mail about an event."""

    initiator: bool = False
    signatories: bool = False
    followers: bool = False
    committee: str | None = None  # the committee whose clerks are told


def audience(kinds: EventKinds, event: StoredEvent, procedure: Procedure) -> Audience:
    """The readers of an event (a row with kind, data and version); none for an unknown kind.

    Raises ValueError for a row without the facts that its kind needs.
    """
    kind = kinds.get(event.kind)
    if kind is None:
        return Audience()
    facts = kind.from_data(event.data, event.facts_version)
    committee = None
    if kind.tells("clerk", facts, procedure):
        if not isinstance(facts, ReferralFacts) or not facts.committee:
            raise ValueError("an event that is told to clerks names no committee")
        committee = facts.committee
    return Audience(
        initiator=kind.tells("initiator", facts, procedure),
        signatories=kind.tells("signatories", facts, procedure),
        followers=kind.tells("followers", facts, procedure),
        committee=committee,
    )


@dataclass(frozen=True, slots=True)
class AddressedLetter:
    """A letter with its address."""

    to: str
    language: str
    letter: Letter


def write(context: MailContext, row: OutboxFactsRow, event: OutboxEventsRow | None = None) -> OutgoingMail | None:
    """The mail of a row, about ``event`` if there is one; None when there is no recipient (any more)."""
    if row.kind in TO_SIGNATORIES:
        return write_to_signatory(context, row, event)
    sealed = SEALED.get(row.kind)
    addressed = sealed(context, row) if sealed else _petition_letter(context, row, event)
    if addressed is None:
        return None
    message = context.compose(
        addressed.letter,
        to=addressed.to,
        language=addressed.language,
        message_id=context.message_id(row),
        moment=row.created_at,
    )
    return seal(message)


def _staff_letter(context: MailContext, row: OutboxFactsRow) -> AddressedLetter | None:
    if row.secret is None or row.staff_email is None or row.staff_name is None or row.staff_language is None:
        return None
    secret = context.vault.unseal(row.secret, SEAL)
    token = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
    wording = context.wording(row.staff_language, context.zone)
    return AddressedLetter(row.staff_email, wording.language, letters.staff_login(wording, row.staff_name, token))


def _saved_letter(context: MailContext, row: OutboxFactsRow) -> AddressedLetter | None:
    """The link to a saved start form; its address is only in the encrypted secret, which is erased afterwards."""
    if row.secret is None:
        return None
    facts = json.loads(context.vault.unseal(row.secret, SAVED_SEAL))
    wording = context.wording(facts["language"], context.zone)
    return AddressedLetter(facts["email"], wording.language, letters.saved_draft(wording, facts["token"], SAVED_DAYS))


SEALED: Final = {"staff_login": _staff_letter, "saved_draft": _saved_letter}
"""Mails without a petition, whose one secret is stored encrypted in their row."""


def _petition_letter(
    context: MailContext, row: OutboxFactsRow, event: OutboxEventsRow | None
) -> AddressedLetter | None:
    if row.kind == "clerk":
        if row.staff_email is None or row.staff_name is None or row.staff_language is None:
            return None
        wording = context.petition_wording(row, row.staff_language)
        about = about_event(context, row, event, wording, reader="clerk", title=public_title(row))
        return AddressedLetter(row.staff_email, wording.language, letters.news(wording, about, "clerk", row.staff_name))
    return _initiator_letter(context, row, event)


def _initiator_letter(
    context: MailContext, row: OutboxFactsRow, event: OutboxEventsRow | None
) -> AddressedLetter | None:
    if row.initiator_contact is None or row.data_key is None or row.initiator_index is None or row.salt is None:
        return None
    if row.petition_id is None or row.manage_key is None or row.petition_language is None:
        return None
    facts = context.vault.decrypt(row.data_key, row.salt, row.initiator_index, row.initiator_contact)
    wording = context.petition_wording(row, row.petition_language)
    token = context.tokens.make("manage", row.petition_id, row.manage_key)
    if row.kind == "draft_confirm":
        return (
            AddressedLetter(facts["email"], wording.language, letters.draft_confirm(wording, token))
            if row.stage == "draft"
            else None
        )
    about = about_event(context, row, event, wording, reader="initiator", title=row.title or "", manage=token)
    letter = letters.news(wording, about, "initiator", row.initiator_name or "")
    return AddressedLetter(facts["email"], wording.language, letter)
