"""The transition table: what random walks through it can and cannot reach, and the diagram in the README."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.errors import ConflictError, ForbiddenError
from petitions.lifecycle.rules.states import EDITABLE, ENDINGS, PUBLIC, TRANSITIONS, Act, Actor, Stage, acts, transition
from scripts.transitions import diagram

STEPS = st.lists(st.tuples(st.sampled_from(Act), st.sampled_from(Actor)), max_size=40)


def walk(steps: list[tuple[Act, Actor]]) -> list[tuple[Stage, Act | None]]:
    """The stages that a petition passes when these people try these things, refused ones left out."""
    passed: list[tuple[Stage, Act | None]] = [(Stage.DRAFT, None)]
    for act, actor in steps:
        try:
            passed.append((transition(passed[-1][0], act, actor), act))
        except (ConflictError, ForbiddenError):
            continue
    return passed


@given(STEPS)
def test_nothing_opens_without_a_moderator_s_acceptance(steps: list[tuple[Act, Actor]]) -> None:
    for (before, _), (after, act) in pairwise(walk(steps)):
        if after == Stage.OPEN:
            assert (before, act) == (Stage.MODERATION, Act.ACCEPT)


@given(STEPS)
def test_withdrawn_and_removed_are_final(steps: list[tuple[Act, Actor]]) -> None:
    stages = [stage for stage, _ in walk(steps)]
    for final in (Stage.WITHDRAWN, Stage.REMOVED):
        assert final not in stages[:-1]


@given(STEPS)
def test_a_petition_opens_once_and_never_goes_back_to_draft(steps: list[tuple[Act, Actor]]) -> None:
    stages = [stage for stage, _ in walk(steps)]
    assert stages.count(Stage.OPEN) <= 1
    assert Stage.DRAFT not in stages[1:]
    if Stage.OPEN in stages:
        after = stages[stages.index(Stage.OPEN) :]
        assert set(after) <= {Stage.OPEN, Stage.CLOSED, Stage.WITHDRAWN, Stage.REMOVED}


@given(st.sampled_from(Stage), st.sampled_from(Act), st.sampled_from(Actor))
def test_table_and_list_of_acts_agree(stage: Stage, act: Act, actor: Actor) -> None:
    try:
        transition(stage, act, actor)
        possible = True
    except (ConflictError, ForbiddenError):
        possible = False
    assert possible == (act in acts(stage, actor))


def test_every_stage_can_be_reached_and_every_act_is_used() -> None:
    assert {row.target for row in TRANSITIONS} | {Stage.DRAFT} == set(Stage)
    assert {row.act for row in TRANSITIONS} == set(Act)
    assert not EDITABLE & {Stage.OPEN, Stage.CLOSED}
    assert ENDINGS < PUBLIC


@pytest.mark.parametrize(
    ("stage", "act", "actor", "error"),
    [
        (Stage.DRAFT, Act.ACCEPT, Actor.MODERATOR, ConflictError),
        (Stage.MODERATION, Act.ACCEPT, Actor.INITIATOR, ForbiddenError),
        (Stage.CLOSED, Act.WITHDRAW, Actor.INITIATOR, ConflictError),
        (Stage.OPEN, Act.REMOVE, Actor.COMMITTEE, ForbiddenError),
    ],
)
def test_refusals_say_which_kind(stage: Stage, act: Act, actor: Actor, error: type[Exception]) -> None:
    with pytest.raises(error):
        transition(stage, act, actor)


def test_diagram_in_the_readme_is_the_table() -> None:
    readme = Path(__file__).resolve().parents[3] / "README.md"
    assert diagram() in readme.read_text("utf-8")
