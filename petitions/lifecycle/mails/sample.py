"""What specimens of mails are made from: a made-up petition and its events, told in the words of the reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from petitions.lifecycle.events.telling import EventReader, Sentences
from petitions.lifecycle.rules.committees import Committee
from petitions.mail.letters import Letter, Wording

PETITION: Final = 1234
TITLES: Final = {"nl": "Geef elk dorp weer nachtzorg dichtbij", "en": "Bring night care back to every village"}
OTHER_TITLES: Final = {"nl": "Houd de bibliotheek open op zondag", "en": "Keep the library open on Sundays"}
TOKEN: Final = "xxxx-made-up-xxxx"  # noqa: S105 - opens nothing

SampleTeller = Callable[[str, Mapping[str, Any], EventReader], Sentences]
"""Headline and sentences about an event of this kind, with these facts, for this reader."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The words of a reader, and events by name: each a kind with its facts as they are stored."""

    wording: Wording
    tell: SampleTeller
    committees: dict[str, Committee]
    events: Mapping[str, tuple[str, dict[str, Any]]]


Specimens = Callable[[Sample], Mapping[str, tuple[str, Letter]]]
"""The mails of a subject by a name of their own: the kind in the outbox, and the letter."""
