"""The dependencies of writing mails: keys, rules, words, the identity of the site, and precomposed messages."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from petitions.lifecycle.events.registry import EventKinds
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling
from petitions.lifecycle.queries.events import OutboxEventsRow, OutboxFactsRow
from petitions.lifecycle.rules.committees import Committee
from petitions.lifecycle.rules.procedures import Procedure
from petitions.locale import load_catalogue, spoken
from petitions.locale.formats import Formats
from petitions.mail import letters
from petitions.mail.compose import Render, compose
from petitions.mail.letters import Letter, Wording
from petitions.mail.precomposed import PrecomposedMessage
from petitions.security.encryption import Vault
from petitions.security.tokens import Tokens

MOST_PRECOMPOSED: Final = 512  # of some ten thousand bytes each


class PrecomposedMessages:
    """The most recently used precomposed messages, by everything on which their letter depends."""

    def __init__(self, most: int = MOST_PRECOMPOSED) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, PrecomposedMessage | None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, make: Callable[[], PrecomposedMessage | None]) -> PrecomposedMessage | None:
        """The message for this key, composed at its first use; None for a letter that cannot be composed in advance."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = self._kept[key] = make()
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return made


class AboutPetition(Protocol):
    """A row that may be about a petition."""

    @property
    def procedure_code(self) -> str | None:
        """The procedure of the petition."""

    @property
    def procedure_version(self) -> int | None:
        """The version of the procedure."""


class StoredEvent(Protocol):
    """A row of an event: its kind and its stored facts."""

    @property
    def kind(self) -> str:
        """The name of the kind."""

    @property
    def data(self) -> dict[str, Any]:
        """The facts as JSON."""

    @property
    def facts_version(self) -> int:
        """The version of the facts."""


class Titled(Protocol):
    """A row with the title of a petition."""

    @property
    def title(self) -> str | None:
        """The title."""

    @property
    def hidden(self) -> bool | None:
        """Whether the text is hidden or was taken down."""


@dataclass(frozen=True, slots=True)
class MailContext:
    """The dependencies of writing mails."""

    vault: Vault
    tokens: Tokens
    procedures: dict[tuple[str, int], Procedure]
    committees: dict[str, Committee]
    event_kinds: EventKinds
    render: Render
    site: str | Mapping[str, str]  # its name, or its name in each language
    sender: str
    public_url: str
    zone: ZoneInfo  # the clock of the service, for letters that are not about one petition
    survey: bool = True  # whether the survey after the outcome is switched on
    precomposed: PrecomposedMessages = field(default_factory=PrecomposedMessages)

    def wording(self, language: str, zone: ZoneInfo) -> Wording:
        """The wording for letters in this language."""
        translations = load_catalogue(language)
        return Wording(
            language, translations, Formats(language, translations, zone), spoken(self.site, language), self.public_url
        )

    def procedure(self, row: AboutPetition) -> Procedure:
        """The procedure of a row's petition. Raises LookupError for a row without one."""
        if row.procedure_code is None or row.procedure_version is None:
            raise LookupError("this mail is about no petition")
        return self.procedures[row.procedure_code, row.procedure_version]

    def petition_wording(self, row: AboutPetition, language: str) -> Wording:
        """The wording for letters about a row's petition, with times by the clock of its body."""
        return self.wording(language, self.procedure(row).body.zone)

    def tell(self, wording: Wording, procedure: Procedure, event: StoredEvent, reader: EventReader) -> Sentences:
        """Headline and sentences about an event for this reader."""
        telling = Telling(wording, procedure, self.committees)
        return self.event_kinds.tell(telling, event.kind, event.data, event.facts_version, reader)

    def message_id(self, row: OutboxFactsRow) -> str:
        """The same for every attempt to send a row, so that a repeat can be recognised."""
        domain = self.sender.rpartition("@")[2]
        return f"<{row.kind}.{row.id}.{int(row.created_at.timestamp() * 1e6)}@{domain}>"

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


def public_title(row: Titled) -> str:
    """The title for readers other than the initiator: empty if the text is hidden or was taken down."""
    return "" if row.hidden else row.title or ""


def about_event(
    context: MailContext,
    row: OutboxFactsRow,
    event: OutboxEventsRow | None,
    wording: Wording,
    *,
    reader: EventReader,
    title: str,
    manage: str = "",
    own: str = "",
    stop: str = "",
    survey: str = "",
) -> letters.News:
    """The facts of a letter about an event. Raises LookupError without an event."""
    if event is None:
        raise LookupError("this mail tells no event")
    headline, lines = context.tell(wording, context.procedure(row), event, reader)
    return letters.News(
        petition_id=event.petition_id,
        title=title,
        title_language=row.petition_language or "",
        headline=headline,
        lines=tuple(line for line in lines if line),
        event_id=event.id,
        manage_token=manage,
        own_token=own,
        unsubscribe_token=stop,
        survey_token=survey,
        referral_id=int(event.data.get("referral") or 0),
    )
