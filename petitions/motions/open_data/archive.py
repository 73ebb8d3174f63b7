"""All records of an import: each once, in its newest version, with their relations.

Records may be separate (a file per entity) or nested (``$expand``); here it makes no difference.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from petitions.motions.open_data.odata import ODataPage
from petitions.motions.open_data.records import ENTITIES, NESTED, ODataRecord

DEEPEST: Final = 8
RecordT = TypeVar("RecordT", bound=ODataRecord)


class Archive:
    """The records by entity and id. ``problems`` has a line for each record that is left out because it is invalid."""

    def __init__(self, pages: Iterable[ODataPage]) -> None:
        self.problems: list[str] = []
        self._records: dict[str, dict[str, ODataRecord]] = {name: {} for name in ENTITIES}
        self._pairs: dict[tuple[str, str], set[tuple[str, str]]] = {}
        self._incomplete: set[str] = set()
        for page in pages:
            for record in page.records:
                self._take(page.entity, record, 0)

    def all(self, kind: type[RecordT]) -> list[RecordT]:
        """All records of a kind, including removed ones."""
        return [record for record in self._records[kind.__name__].values() if isinstance(record, kind)]

    def get(self, kind: type[RecordT], identifier: str) -> RecordT | None:
        """The record with this id."""
        found = self._records[kind.__name__].get(identifier)
        return found if isinstance(found, kind) else None

    def beside(self, record: ODataRecord, kind: type[RecordT]) -> list[RecordT]:
        """The records of a kind that are nested in this one, or the other way round."""
        name = type(record).__name__
        ids = {other for own, other in self._pairs.get((name, kind.__name__), set()) if own == record.Id}
        ids |= {own for own, other in self._pairs.get((kind.__name__, name), set()) if other == record.Id}
        return [found for found in map(self._records[kind.__name__].get, sorted(ids)) if isinstance(found, kind)]

    def is_incomplete(self, record: ODataRecord) -> bool:
        """Whether a related record was invalid, so that this one is incomplete."""
        return record.Id in self._incomplete

    def _take(self, entity: str, data: Mapping[str, Any], depth: int, parent: str = "") -> str | None:
        """Add a record with the nested ones; return its id, or None if it is invalid."""
        kind = ENTITIES.get(entity)
        if kind is None or depth > DEEPEST:
            return None
        try:
            record = kind.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            self._incomplete |= {parent, str(data.get("Besluit_Id", ""))} - {""}
            self.problems.append(f"{entity} {str(data.get('Id', '?'))[:64]} was skipped: {place}: {first['msg']}")
            return None
        known = self._records[entity].get(record.Id)
        if known is None or record.published_at >= known.published_at:
            self._records[entity][record.Id] = record
        for name, inner in NESTED.get(entity, {}).items():
            value = data.get(name)
            for one in value if isinstance(value, list) else [value]:
                inside = self._take(inner, one, depth + 1, record.Id) if isinstance(one, Mapping) else None
                if inside is not None:
                    self._pairs.setdefault((entity, inner), set()).add((record.Id, inside))
        return record.Id
