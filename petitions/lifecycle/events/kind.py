"""What is known of a kind of event, in one place: its facts, who is told of it, where it is shown, and its sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, TypeVar, get_args

from petitions.lifecycle.events.codec import from_data, to_data
from petitions.lifecycle.events.facts import EventFacts, ReferralFacts
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling
from petitions.lifecycle.rules.procedures import Procedure

F = TypeVar("F", bound=EventFacts)

FollowGroup = Literal["petitions", "milestones", "steps", "decisions", "news"]
"""What followers choose from."""
ShownWhere = Literal["timeline", "dossier", "with_its_event", "nowhere"]
"""Where the public sees it: on the timeline, in the dossier only, beside the event that it corrects, or nowhere."""
Chapter = Literal["text", "signatures", "committee", "news"]
"""What readers of a dossier choose from."""
CHAPTERS: Final[tuple[Chapter, ...]] = get_args(Chapter)

Sentence = Callable[[Telling, F, EventReader], Sentences]
ToldIf = Callable[[F, Procedure, EventReader], bool]
Upgrade = Callable[[Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class EventKind(Generic[F]):
    """One kind of event. ``name`` stands in the database and in addresses of the API: it never changes."""

    name: str
    facts: type[F]
    shown: ShownWhere
    chapter: Chapter = "committee"
    told: frozenset[EventReader] = frozenset()  # who gets mail about it
    told_if: ToldIf[F] | None = None  # not of every such event: whether this reader gets mail about this one
    group: FollowGroup | None = None  # by which choice followers are told
    sentence: Sentence[F] | None = None
    of_the_check: bool = False  # concerns the check of one petition: not told to those who follow many
    while_rejected: bool = False  # holds only while the rejection stands
    without_text: bool = False  # stays on the timeline of a petition whose text may not be seen
    printed_whole: bool = False  # a printed timeline has its sentences too, not only the headline
    upgrades: tuple[Upgrade, ...] = ()  # from the facts of version 1 to those of 2, and so on

    def __post_init__(self) -> None:
        """Refuse an entry that contradicts itself: what is offered must reach people, and what is private may not."""
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
        """Whether the public may know of it at all."""
        return self.shown != "nowhere"

    @property
    def version(self) -> int:
        """The version of the facts that is written now."""
        return len(self.upgrades) + 1

    def to_data(self, facts: F) -> dict[str, Any]:
        """The facts as they are stored, in the version of now."""
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
