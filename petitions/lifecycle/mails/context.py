"""What mails are written with: keys, rules, words, the identity of the site, and moulds of what is sent often."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Final
from zoneinfo import ZoneInfo

from petitions.lifecycle.mails.news import Teller
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.procedures import Procedure
from petitions.locale import load_catalogue, spoken
from petitions.locale.formats import Formats
from petitions.mail import letters
from petitions.mail.compose import Render, compose
from petitions.mail.letters import Desk, Letter
from petitions.mail.mould import Mould
from petitions.security.encryption import Vault
from petitions.security.tokens import Tokens

MOST_MOULDS: Final = 512  # of some ten thousand bytes each


class Moulds:
    """The moulds that were used last, by everything on which the letter depends."""

    def __init__(self, most: int = MOST_MOULDS) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Mould | None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, make: Callable[[], Mould | None]) -> Mould | None:
        """The mould of this key, made at its first use; None for a letter of which no mould can be taken."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = self._kept[key] = make()
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True)
class Office:
    """What mails are written with."""

    vault: Vault
    tokens: Tokens
    procedures: dict[tuple[str, int], Procedure]
    committees: dict[str, Committee]
    render: Render
    site: str | Mapping[str, str]  # its name, or its name in each language
    sender: str
    public_url: str
    zone: ZoneInfo  # the clock of the service, for letters that are not about one petition
    survey: bool = True  # whether the body asks signatories about the handling
    moulds: Moulds = field(default_factory=Moulds)

    def desk(self, language: str, zone: Any) -> Desk:
        """A desk for letters in this language."""
        translations = load_catalogue(language)
        return Desk(
            language, translations, Formats(language, translations, zone), spoken(self.site, language), self.public_url
        )

    def procedure(self, row: Any) -> Procedure:
        """The procedure of a row's petition."""
        return self.procedures[row["procedure_code"], row["procedure_version"]]

    def petition_desk(self, row: Any, language: str) -> Desk:
        """A desk for letters about a row's petition, by the clock of its body."""
        return self.desk(language, self.procedure(row).body.zone)

    def message_id(self, row: Any) -> str:
        """The same for every attempt to send a row, so that a repeat can be recognised."""
        domain = self.sender.rpartition("@")[2]
        return f"<{row['kind']}.{row['id']}.{int(row['created_at'].timestamp() * 1e6)}@{domain}>"

    def compose(self, letter: Letter, *, to: str, language: str, message_id: str, moment: datetime) -> EmailMessage:
        """A message of this site."""
        return compose(
            letter,
            to=to,
            sender=self.sender,
            site=spoken(self.site, language),
            language=language,
            message_id=message_id,
            moment=moment,
            render=self.render,
        )


def public_title(row: Any) -> str:
    """The title as others than its initiator may read it: empty where the text is hidden or was taken down."""
    return "" if row["hidden"] else str(row["title"])


def about_event(
    office: Office,
    row: Any,
    event: Any,
    desk: Desk,
    *,
    title: str,
    manage: str = "",
    own: str = "",
    stop: str = "",
    survey: str = "",
) -> letters.News:
    """What a letter about an event is about."""
    teller = Teller(desk, office.procedure(row), office.committees)
    headline, lines = teller.tell(event["kind"], event["data"], to_initiator=bool(manage))
    return letters.News(
        petition_id=row["petition_id"],
        title=title,
        title_language=row["petition_language"],
        headline=headline,
        lines=tuple(line for line in lines if line),
        event_id=row["event_id"],
        manage_token=manage,
        own_token=own,
        unsubscribe_token=stop,
        survey_token=survey,
        referral_id=int(event["data"].get("referral") or 0),
    )
