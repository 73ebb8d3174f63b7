"""Mails to signatories, of whom there can be millions: each kind is composed once, and filled in for every recipient.

What differs from mail to mail is in :class:`Own`: links, the title, the greeting. A letter is built from a row and
those values, or from a row and the marks that stand for them; both go the same way, so that they cannot say different
things.
"""

import logging
from collections.abc import Hashable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Final

from petitions.lifecycle.mails.context import MailContext, about_event, public_title
from petitions.lifecycle.queries.events import OutboxEventsRow, OutboxFactsRow
from petitions.lifecycle.rules.outcome import ends_handling
from petitions.mail import letters
from petitions.mail.compose import OutgoingMail, seal
from petitions.mail.letters import Letter
from petitions.mail.precomposed import PLACEHOLDER_ADDRESS, PrecomposedMessage, new_placeholder

TO_SIGNATORIES: Final = frozenset({"confirm", "reminder", "signed_already", "news", "sample", "sample_reminder"})
_DRAWN: Final = frozenset({"sample", "sample_reminder"})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipient:
    """The recipient of a row, with all fields that a mail to a signatory needs."""

    petition_id: int
    token_id: bytes
    language: str
    data_key: bytes
    salt: bytes
    email_index: bytes
    contact: bytes


@dataclass(frozen=True, slots=True)
class OwnValues:
    """The values that differ from mail to mail; empty if the letter does not have them."""

    title: str
    name: str
    confirm: str
    own: str
    stop: str
    survey: str = ""
    answer: str = ""


_MARKS: Final = OwnValues(*(new_placeholder() for _ in range(7)))
_TEXTS: Final = {"title": _MARKS.title, "name": _MARKS.name}
_TOKENS: Final = {
    "confirm": _MARKS.confirm,
    "own": _MARKS.own,
    "stop": _MARKS.stop,
    "survey": _MARKS.survey,
    "answer": _MARKS.answer,
}


def write_to_signatory(
    context: MailContext, row: OutboxFactsRow, event: OutboxEventsRow | None = None
) -> OutgoingMail | None:
    """The mail of a row to a signatory; None when it is not wanted (any more)."""
    to = _recipient(row)
    if to is None or not _is_wanted(row):
        return None
    facts = context.vault.decrypt(to.data_key, to.salt, to.email_index, to.contact)
    own = _own(context, row, to, event, facts)
    precomposed = context.precomposed.get(
        _depends_on(row, event, own), lambda: _precompose(context, row, to, event, own)
    )
    address, message_id, moment = facts["email"], context.message_id(row), row.created_at
    mail = (
        precomposed.fill(to=address, message_id=message_id, moment=moment, values=_values(own)) if precomposed else None
    )
    if mail is not None:
        return mail
    letter = _letter(context, row, to, event, own)
    return seal(context.compose(letter, to=address, language=to.language, message_id=message_id, moment=moment))


def _letter(
    context: MailContext, row: OutboxFactsRow, to: Recipient, event: OutboxEventsRow | None, own: OwnValues
) -> Letter:
    """The letter with these values (or placeholders) in it."""
    wording = context.petition_wording(row, to.language)
    if row.kind == "news":
        about_it = about_event(
            context,
            row,
            event,
            wording,
            reader="signatories",
            title=own.title,
            own=own.own,
            stop=own.stop,
            survey=own.survey,
        )
        return letters.news(wording, about_it, "news", own.name)
    if row.kind in _DRAWN and event is not None:
        return letters.drawn(
            wording,
            title=own.title,
            title_language=row.petition_language or "",
            token=own.answer,
            answer_by=date.fromisoformat(event.data["answer_by"]),
            by=_asks(context, row, wording.language),
            reminder=row.kind == "sample_reminder",
        )
    about = letters.SignatureFacts(
        petition_id=to.petition_id,
        title=own.title,
        title_language=row.petition_language or "",
        is_sponsor=row.signatory_kind == "sponsor",
        confirm_token=own.confirm,
        own_token=own.own,
        forget_after_days=context.procedure(row).pending.forget_after_days,
    )
    if row.kind == "signed_already":
        return letters.signed_already(wording, about)
    return letters.confirm(wording, about, reminder=row.kind == "reminder")


def _asks(context: MailContext, row: OutboxFactsRow, language: str) -> str:
    """Who checks the support, in the words of the procedure; empty if its rules do not say so any more."""
    rules = context.procedure(row).verification
    return rules.by[language] if rules else ""


def _recipient(row: OutboxFactsRow) -> Recipient | None:
    """The recipient of a row; None once erased."""
    if row.contact is None or row.data_key is None or row.salt is None or row.email_index is None:
        return None
    if row.petition_id is None or row.token_id is None or row.signatory_language is None:
        return None
    return Recipient(
        row.petition_id, row.token_id, row.signatory_language, row.data_key, row.salt, row.email_index, row.contact
    )


def _is_wanted(row: OutboxFactsRow) -> bool:
    if row.kind == "news":
        return row.wants_news
    return row.kind in {"signed_already", *_DRAWN} or row.is_waiting  # otherwise it was confirmed in the meantime


def _own(
    context: MailContext, row: OutboxFactsRow, to: Recipient, event: OutboxEventsRow | None, facts: dict[str, str]
) -> OwnValues:
    kind, petition, key = row.kind, to.petition_id, to.token_id
    asked = kind == "news" and context.survey and event is not None and ends_handling(event.kind, event.data)
    return OwnValues(
        title=public_title(row),
        name=facts.get("name", "") if kind == "news" else "",
        confirm=context.tokens.make("confirm", petition, key) if kind in {"confirm", "reminder"} else "",
        own=context.tokens.make("signature", petition, key),
        stop=context.tokens.make("unsubscribe", petition, key) if kind == "news" else "",
        survey=context.tokens.make("survey", petition, key) if asked else "",
        answer=context.tokens.make("sample", petition, key) if kind in _DRAWN else "",
    )


def _values(own: OwnValues) -> dict[str, str]:
    return {
        "title": own.title,
        "name": own.name,
        "confirm": own.confirm,
        "own": own.own,
        "stop": own.stop,
        "survey": own.survey,
        "answer": own.answer,
    }


def _depends_on(row: OutboxFactsRow, event: OutboxEventsRow | None, own: OwnValues) -> Hashable:
    """Everything on which a letter depends, except the values themselves: an empty value leaves out its sentence."""
    told = (event.petition_id, event.id, event.kind, event.written) if event is not None else ()
    return (
        row.kind,
        row.signatory_language,
        row.petition_language,
        row.signatory_kind == "sponsor",
        (row.procedure_code, row.procedure_version),
        bool(own.title),
        bool(own.name),
        bool(own.survey),
        told,
    )


def _precompose(
    context: MailContext, row: OutboxFactsRow, to: Recipient, event: OutboxEventsRow | None, own: OwnValues
) -> PrecomposedMessage | None:
    """A row's letter with placeholders. None when a placeholder was split: then every mail is composed in full."""
    marks = OwnValues(**{name: mark if getattr(own, name) else "" for name, mark in asdict(_MARKS).items()})
    letter = _letter(context, row, to, event, marks)
    message = context.compose(
        letter, to=PLACEHOLDER_ADDRESS, language=to.language, message_id=f"<{PLACEHOLDER_ADDRESS}>", moment=_EPOCH
    )
    try:
        return PrecomposedMessage(message, tokens=_TOKENS, texts=_TEXTS)
    except ValueError as error:
        log.warning("a mail of kind %s cannot be composed in advance: %s", row.kind, error)
        return None
