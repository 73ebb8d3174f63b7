"""All kinds of events of an installation, assembled from explicit lists and looked up by name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from petitions.lifecycle.events.facts import EventFacts
from petitions.lifecycle.events.kind import EventKind
from petitions.lifecycle.events.telling import EventReader, Sentences, Telling


class EventKinds:
    """The kinds by name. A row of an unknown kind is not shown, and nobody is told."""

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
        # permanent events only: a rejection that may be undone is on the page of its petition only
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
        """The kind with this name; None for an unknown one."""
        return self._kinds.get(name)

    def facts(self, name: str, data: Mapping[str, Any], version: int) -> EventFacts | None:
        """The facts of a row; None if its kind is unknown."""
        kind = self.get(name)
        facts: EventFacts | None = kind.from_data(data, version) if kind else None
        return facts

    def tell(
        self, telling: Telling, name: str, data: Mapping[str, Any], version: int, reader: EventReader
    ) -> Sentences:
        """Headline and sentences about the event of a row, for this reader."""
        kind = self.get(name)
        return kind.tell(telling, kind.from_data(data, version), reader) if kind else telling.news()
