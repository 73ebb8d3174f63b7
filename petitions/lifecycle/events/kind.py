"""The definition of a kind of event: its facts, who is told of it, where it is shown, and its sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, TypeVar, get_args

from petitions.lifecycle.events.codec import from_data, to_data
from petitions.lifecycle.events.facts import EventFacts, ReferralFacts
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling
from petitions.lifecycle.rules.procedures import Procedure

F = TypeVar("F", bound=EventFacts)

FollowGroup = Literal["petitions", "milestones", "steps", "decisions", "news"]
"""The groups of news that followers can choose."""
ShownWhere = Literal["timeline", "dossier", "with_its_event", "nowhere"]
"""Where the public sees it: on the timeline, in the dossier only, with the event that it corrects, or nowhere."""
Chapter = Literal["text", "signatures", "committee", "news"]
"""The filter of the timeline in a dossier."""
CHAPTERS: Final[tuple[Chapter, ...]] = get_args(Chapter)

Sentence = Callable[[Telling, F, EventReader], Sentences]
ToldIf = Callable[[F, Procedure, EventReader], bool]
Upgrade = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class EventKind(Generic[F]):
    """One kind of event. ``name`` is stored in the database and published by the API: it never changes."""

    name: str
    facts: type[F]
    shown: ShownWhere
    chapter: Chapter = "committee"
    told: frozenset[EventReader] = frozenset()  # who gets mail about it
    told_if: ToldIf[F] | None = (
        None  # if only some such events are mailed: whether this reader gets mail about this one
    )
    group: FollowGroup | None = None  # the group of news by which followers are told
    sentence: Sentence[F] | None = None
    of_the_check: bool = False  # about the check of one petition: only its own followers are told
    while_rejected: bool = False  # holds only while the rejection stands
    without_text: bool = False  # stays on the timeline of a petition whose text is hidden
    printed_whole: bool = False  # a printed timeline shows its sentences, not only the headline
    upgrades: tuple[Upgrade, ...] = ()  # from the facts of version 1 to those of 2, and so on

    def __post_init__(self) -> None:
        """Refuse a contradictory entry: news that is offered must reach people, and private events must not."""
        faults = {
            "followers are told by a group, and by a group only": ("followers" in self.told)
            != (self.group is not None),
            "what is told or public has a sentence": self.sentence is None and bool(self.told or self.is_public),
            "what is told to clerks names their committee": "clerk" in self.told
            and not issubclass(self.facts, ReferralFacts),
            "what is private is told to no signatory and no follower": not self.is_public
            and not self.told.isdisjoint({"signatories", "followers"}),
        }
        for rule, broken in faults.items():
            if broken:
                raise ValueError(f"event kind {self.name}: {rule}")

    @property
    def is_public(self) -> bool:
        """Whether it is public at all."""
        return self.shown != "nowhere"

    @property
    def version(self) -> int:
        """The version in which facts are written now."""
        return len(self.upgrades) + 1

    def to_data(self, facts: F) -> dict[str, Any]:
        """The facts as they are stored, in the current version."""
        return to_data(facts)

    def from_data(self, data: Mapping[str, Any], version: int) -> F:
        """The facts of a row that was written in ``version``. Unknown ones are left out."""
        for upgrade in self.upgrades[version - 1 :]:
            data = upgrade(data)
        return from_data(self.facts, data)

    def tells(self, reader: EventReader, facts: F, procedure: Procedure) -> bool:
        """Whether this reader gets mail about an event with these facts."""
        return reader in self.told and (self.told_if is None or self.told_if(facts, procedure, reader))

    def tell(self, telling: Telling, facts: F, reader: EventReader) -> Sentences:
        """Headline and sentences about an event, for this reader."""
        return self.sentence(telling, facts, reader) if self.sentence else telling.news()
