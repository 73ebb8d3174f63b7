"""From a row of the outbox to a letter: who it is for, in which language, and whether it is still wanted."""

import base64
import json
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Final

from petitions.locale import load_catalogue
from petitions.locale.formats import Formats
from petitions.mail import letters
from petitions.mail.compose import Render, compose
from petitions.mail.letters import Desk, Letter
from petitions.mail.news import NOT_FOR_INITIATOR, NOT_FOR_SIGNATORIES, Teller
from petitions.rules.committees import Committee
from petitions.rules.encryption import Vault
from petitions.rules.procedures import Procedure
from petitions.rules.tokens import Tokens

SEAL: Final = b"staff_login"
SAVED_SEAL: Final = b"saved_draft"
SAVED_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Office:
    """What mails are written with: keys, rules, words and the identity of the site."""

    vault: Vault
    tokens: Tokens
    procedures: dict[tuple[str, int], Procedure]
    committees: dict[str, Committee]
    render: Render
    site: str
    sender: str
    public_url: str

    def desk(self, language: str, zone: Any) -> Desk:
        """A desk for letters in this language."""
        translations = load_catalogue(language)
        return Desk(language, translations, Formats(language, translations, zone), self.site, self.public_url)


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
    committee = str(data["committee"]) if kind == "referred" else None
    return Audience(kind not in NOT_FOR_INITIATOR, kind not in NOT_FOR_SIGNATORIES, committee)


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter with its address."""

    to: str
    language: str
    letter: Letter


def write(office: Office, row: Any) -> EmailMessage | None:
    """The message of a row; None when there is nobody (any more) to send it to."""
    writers = {"staff_login": _staff_letter, "saved_draft": _saved_letter}
    addressed = writers.get(row["kind"], _petition_letter)(office, row)
    if addressed is None:
        return None
    domain = office.sender.rpartition("@")[2]
    return compose(
        addressed.letter,
        to=addressed.to,
        sender=office.sender,
        site=office.site,
        language=addressed.language,
        message_id=f"<{row['kind']}.{row['id']}.{int(row['created_at'].timestamp() * 1e6)}@{domain}>",
        moment=row["created_at"],
        render=office.render,
    )


def _staff_letter(office: Office, row: Any) -> Addressed | None:
    if row["secret"] is None or row["staff_email"] is None:
        return None
    secret = office.vault.unseal(row["secret"], SEAL)
    token = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
    desk = office.desk(row["staff_language"], None)
    return Addressed(row["staff_email"], desk.language, letters.staff_login(desk, row["staff_name"], token))


def _saved_letter(office: Office, row: Any) -> Addressed | None:
    """The link to a saved start form; its address stands nowhere but in the sealed secret, which is emptied after."""
    if row["secret"] is None:
        return None
    facts = json.loads(office.vault.unseal(row["secret"], SAVED_SEAL))
    desk = office.desk(facts["language"], None)
    return Addressed(facts["email"], desk.language, letters.saved_draft(desk, facts["token"], SAVED_DAYS))


def _petition_letter(office: Office, row: Any) -> Addressed | None:
    kind = row["kind"]
    if kind == "clerk":
        desk = _desk(office, row, row["staff_language"])
        letter = letters.news(desk, _news(office, row, desk), "clerk", row["staff_name"])
        return Addressed(row["staff_email"], desk.language, letter)
    if kind in {"draft_confirm", "initiator"}:
        return _initiator_letter(office, row)
    return _signatory_letter(office, row)


def _desk(office: Office, row: Any, language: str) -> Desk:
    return office.desk(language, _procedure(office, row).body.zone)


def _procedure(office: Office, row: Any) -> Procedure:
    return office.procedures[row["procedure_code"], row["procedure_version"]]


def _initiator_letter(office: Office, row: Any) -> Addressed | None:
    if row["initiator_contact"] is None or row["data_key"] is None:
        return None
    facts = office.vault.decrypt(row["data_key"], row["salt"], row["initiator_index"], row["initiator_contact"])
    desk = _desk(office, row, row["petition_language"])
    token = office.tokens.make("manage", row["petition_id"], row["manage_key"])
    if row["kind"] == "draft_confirm":
        return (
            Addressed(facts["email"], desk.language, letters.draft_confirm(desk, token))
            if row["stage"] == "draft"
            else None
        )
    letter = letters.news(desk, _news(office, row, desk, manage=token), "initiator", row["initiator_name"])
    return Addressed(facts["email"], desk.language, letter)


def _signatory_letter(office: Office, row: Any) -> Addressed | None:
    if row["contact"] is None or row["data_key"] is None:
        return None
    facts = office.vault.decrypt(row["data_key"], row["salt"], row["email_index"], row["contact"])
    desk = _desk(office, row, row["signatory_language"])
    own = office.tokens.make("signature", row["petition_id"], row["token_id"])
    if row["kind"] == "news":
        if not row["wants_news"]:
            return None
        stop = office.tokens.make("unsubscribe", row["petition_id"], row["token_id"])
        letter = letters.news(desk, _news(office, row, desk, own=own, stop=stop), "news", facts.get("name", ""))
        return Addressed(facts["email"], desk.language, letter)
    about = letters.Signatory(
        petition_id=row["petition_id"],
        title=_public_title(row),
        title_language=row["petition_language"],
        is_sponsor=row["signatory_kind"] == "sponsor",
        confirm_token=office.tokens.make("confirm", row["petition_id"], row["token_id"]),
        own_token=own,
        forget_after_days=_procedure(office, row).pending.forget_after_days,
    )
    if row["kind"] == "signed_already":
        return Addressed(facts["email"], desk.language, letters.signed_already(desk, about))
    if not row["is_waiting"]:
        return None  # confirmed in the meantime
    return Addressed(facts["email"], desk.language, letters.confirm(desk, about, reminder=row["kind"] == "reminder"))


def _public_title(row: Any) -> str:
    """The title as others than its initiator may read it: empty where the text is hidden or was taken down."""
    return "" if row["hidden"] else str(row["title"])


def _news(office: Office, row: Any, desk: Desk, *, manage: str = "", own: str = "", stop: str = "") -> letters.News:
    teller = Teller(desk, _procedure(office, row), office.committees)
    headline, lines = teller.tell(row["event_kind"], row["event_data"])
    return letters.News(
        petition_id=row["petition_id"],
        title=row["title"] if manage else _public_title(row),
        title_language=row["petition_language"],
        headline=headline,
        lines=tuple(line for line in lines if line),
        event_id=row["event_id"],
        manage_token=manage,
        own_token=own,
        unsubscribe_token=stop,
        referral_id=int(row["event_data"].get("referral") or 0),
    )


def retry_after_seconds(attempts: int) -> int:
    """How long to wait before the next attempt: half a minute at first, doubled each time, an hour at most."""
    doublings: int = min(max(attempts - 1, 0), 7)
    return min(30 << doublings, 3600)
