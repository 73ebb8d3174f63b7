"""Filters with counts: a count says exactly what choosing it shows."""

from hypothesis import given
from hypothesis import strategies as st

from petitions.lifecycle.rules.facets import counts, matches

VALUES = st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=2)
LINES = st.lists(st.fixed_dictionaries({"subject": VALUES, "hint": VALUES}), max_size=12)
CHOSEN = st.fixed_dictionaries({"subject": st.sampled_from(["", "a", "b"]), "hint": st.sampled_from(["", "a", "c"])})


def test_choices_in_several_facets_all_hold() -> None:
    line = {"subject": frozenset({"health"}), "hint": frozenset({"link", "money"})}
    assert matches(line, {"subject": "", "hint": ""})
    assert matches(line, {"subject": "health", "hint": "money"})
    assert not matches(line, {"subject": "health", "hint": "person"})


@given(LINES, CHOSEN)
def test_a_count_is_what_choosing_it_shows(lines: list[dict[str, frozenset[str]]], chosen: dict[str, str]) -> None:
    made = counts(lines, chosen)
    for facet, behind in made.items():
        for value in ("a", "b", "c"):
            assert behind[value] == sum(matches(line, {**chosen, facet: value}) for line in lines)
