"""All kinds of events that an installation knows, made from explicit lists and asked by the name in a row."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from petitions.lifecycle.events.facts import EventFacts
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling


class EventKinds:
    """The kinds by their names. A row of a kind that is not (any more) among them is shown and told to nobody."""

    def __init__(self, kinds: Iterable[EventKind[Any]]) -> None:
        """Raises ValueError for two kinds of one name."""
        self._kinds: dict[str, EventKind[Any]] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                raise ValueError(f"two kinds of events are called {kind.name}")
            self._kinds[kind.name] = kind
        self.on_timeline = self._names(shown="timeline")
        self.in_dossier = self.on_timeline | self._names(shown="dossier")
        self.beside_their_event = self._names(shown="with_its_event")
        self.without_text = self._names(without_text=True)
        self.while_rejected = self._names(while_rejected=True)
        self.printed_whole = self._names(printed_whole=True)
        # what holds for good: a rejection that may be undone is on the page of its petition only
        self.in_feeds = sorted((self.on_timeline | self.beside_their_event) - self.while_rejected)

    def _names(self, **fields: object) -> frozenset[str]:
        """The kinds with these entries."""
        return frozenset(
            kind.name for kind in self if all(getattr(kind, name) == value for name, value in fields.items())
        )

    def __iter__(self) -> Iterator[EventKind[Any]]:
        return iter(self._kinds.values())

    def __getitem__(self, name: str) -> EventKind[Any]:
        return self._kinds[name]

    def get(self, name: str) -> EventKind[Any] | None:
        """The kind of this name; None for one that is not known here."""
        return self._kinds.get(name)

    def facts(self, name: str, data: Mapping[str, Any], version: int) -> EventFacts | None:
        """The facts of a row; None where its kind is not known here."""
        kind = self.get(name)
        facts: EventFacts | None = kind.from_data(data, version) if kind else None
        return facts

    def tell(
        self, telling: Telling, name: str, data: Mapping[str, Any], version: int, reader: EventReader
    ) -> Sentences:
        """Headline and sentences about the event of a row, for this reader."""
        kind = self.get(name)
        return kind.tell(telling, kind.from_data(data, version), reader) if kind else telling.news()
