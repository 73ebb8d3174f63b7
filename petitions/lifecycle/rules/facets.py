"""Faceted filters: which rows match, and how many there would be for every other choice."""

from collections import Counter
from collections.abc import Mapping, Sequence

FacetValues = Mapping[str, frozenset[str]]
"""What can be chosen of a line: of each facet the values that hold for it."""


def matches(line: FacetValues, chosen: Mapping[str, str]) -> bool:
    """Whether a line has everything that was chosen; of a facet without a choice everything will do."""
    return all(not value or value in line[facet] for facet, value in chosen.items())


def counts(lines: Sequence[FacetValues], chosen: Mapping[str, str]) -> dict[str, Counter[str]]:
    """Of every facet how many lines each value would show, with the choices in the other facets as they are."""
    made: dict[str, Counter[str]] = {}
    for facet in chosen:
        others = {other: value for other, value in chosen.items() if other != facet}
        made[facet] = Counter(value for line in lines if matches(line, others) for value in line[facet])
    return made
