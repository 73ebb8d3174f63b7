"""From a row of the outbox to a mail: who it is for, in which language, and whether it is still wanted."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Final

from petitions.lifecycle.mails.context import MailContext, about_event, public_title
from petitions.lifecycle.mails.news import NOT_FOR_INITIATOR, NOT_FOR_SIGNATORIES
from petitions.lifecycle.mails.signatory import TO_SIGNATORIES, write_to_signatory
from petitions.lifecycle.rules.procedures import Procedure
from petitions.mail import letters
from petitions.mail.compose import OutgoingMail, seal
from petitions.mail.letters import Letter

SEAL: Final = b"staff_login"
SAVED_SEAL: Final = b"saved_draft"
SAVED_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is told of an event."""

    initiator: bool
    signatories: bool
    committee: str | None


def audience(kind: str, data: dict[str, Any], procedure: Procedure) -> Audience:
    """Who is told of an event. A crossing that brings a referral is told by the mail about the referral alone."""
    if kind == "threshold_reached":
        threshold = procedure.threshold(str(data.get("threshold")))
        told = threshold is None or threshold.effect == "publish"
        return Audience(told, told, None)
    asked = kind in {"question", "answer"} and data.get("side") == "initiator"
    committee = str(data["committee"]) if kind == "referred" or asked else None
    return Audience(kind not in NOT_FOR_INITIATOR, kind not in NOT_FOR_SIGNATORIES, committee)


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter with its address."""

    to: str
    language: str
    letter: Letter


def write(context: MailContext, row: Any, event: Any = None) -> OutgoingMail | None:
    """The mail of a row, ``event`` being what it tells; None when there is nobody (any more) to send it to."""
    if row["kind"] in TO_SIGNATORIES:
        return write_to_signatory(context, row, event)
    sealed = SEALED.get(row["kind"])
    addressed = sealed(context, row) if sealed else _petition_letter(context, row, event)
    if addressed is None:
        return None
    message = context.compose(
        addressed.letter,
        to=addressed.to,
        language=addressed.language,
        message_id=context.message_id(row),
        moment=row["created_at"],
    )
    return seal(message)


def _staff_letter(context: MailContext, row: Any) -> Addressed | None:
    if row["secret"] is None or row["staff_email"] is None:
        return None
    secret = context.vault.unseal(row["secret"], SEAL)
    token = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
    wording = context.wording(row["staff_language"], None)
    return Addressed(row["staff_email"], wording.language, letters.staff_login(wording, row["staff_name"], token))


def _saved_letter(context: MailContext, row: Any) -> Addressed | None:
    """The link to a saved start form; its address stands nowhere but in the sealed secret, which is emptied after."""
    if row["secret"] is None:
        return None
    facts = json.loads(context.vault.unseal(row["secret"], SAVED_SEAL))
    wording = context.wording(facts["language"], None)
    return Addressed(facts["email"], wording.language, letters.saved_draft(wording, facts["token"], SAVED_DAYS))


SEALED: Final = {"staff_login": _staff_letter, "saved_draft": _saved_letter}
"""Mails about no petition, whose one secret waits sealed in their row."""


def _petition_letter(context: MailContext, row: Any, event: Any) -> Addressed | None:
    if row["kind"] == "clerk":
        wording = context.petition_wording(row, row["staff_language"])
        about = about_event(context, row, event, wording, title=public_title(row))
        return Addressed(row["staff_email"], wording.language, letters.news(wording, about, "clerk", row["staff_name"]))
    return _initiator_letter(context, row, event)


def _initiator_letter(context: MailContext, row: Any, event: Any) -> Addressed | None:
    if row["initiator_contact"] is None or row["data_key"] is None:
        return None
    facts = context.vault.decrypt(row["data_key"], row["salt"], row["initiator_index"], row["initiator_contact"])
    wording = context.petition_wording(row, row["petition_language"])
    token = context.tokens.make("manage", row["petition_id"], row["manage_key"])
    if row["kind"] == "draft_confirm":
        return (
            Addressed(facts["email"], wording.language, letters.draft_confirm(wording, token))
            if row["stage"] == "draft"
            else None
        )
    about = about_event(context, row, event, wording, title=str(row["title"]), manage=token)
    letter = letters.news(wording, about, "initiator", row["initiator_name"])
    return Addressed(facts["email"], wording.language, letter)
