"""The input of sample mails: a made-up petition and its events, in the words for the reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from petitions.lifecycle.events.telling import EventReader, Sentences
from petitions.lifecycle.rules.committees import Committee
from petitions.mail.letters import Letter, Wording

PETITION: Final = 1234
TITLES: Final = {"nl": "Geef elk dorp weer nachtzorg dichtbij", "en": "Bring night care back to every village"}
OTHER_TITLES: Final = {"nl": "Houd de bibliotheek open op zondag", "en": "Keep the library open on Sundays"}
TOKEN: Final = "xxxx-made-up-xxxx"  # noqa: S105 - no real token

SampleTeller = Callable[[str, Mapping[str, Any], EventReader], Sentences]
"""Headline and sentences about an event of this kind, with these facts, for this reader."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The wording for a reader, and events by name: each a kind with its stored facts."""

    wording: Wording
    tell: SampleTeller
    committees: dict[str, Committee]
    events: Mapping[str, tuple[str, dict[str, Any]]]


Specimens = Callable[[Sample], Mapping[str, tuple[str, Letter]]]
"""Makes the sample mails of a subject, by name: the kind in the outbox, and the letter."""
