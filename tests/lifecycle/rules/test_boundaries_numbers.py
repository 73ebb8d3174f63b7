"""The numbers that rules promise, written out once more, and what a fact is where nobody says anything.

Whoever changes one of them changes what people were told: a second place makes sure that it is meant.
"""

from dataclasses import MISSING, fields
from datetime import time, timedelta
from typing import Any

import pytest

from petitions import charts as chart
from petitions import differences, durations
from petitions.contacts import rules as contacts
from petitions.documents import rules as documents
from petitions.dossier.rules import milestones, versions
from petitions.dossier.rules import prints as printing
from petitions.following import rules as following
from petitions.lifecycle.rules import (
    clauses,
    eligibility,
    growth,
    hints,
    moderation,
    outlook,
    procedures,
    referral,
    retention,
    signing,
    slots,
    spelling,
)
from petitions.lifecycle.rules import objections as refusing
from petitions.motions.rules import votes
from petitions.paper import rules as paper
from petitions.questions import rules as questions
from petitions.security import encryption, tokens
from petitions.staff import rules as staffing
from petitions.survey import rules as survey
from petitions.verification import rules as verification

PROMISED: list[tuple[Any, dict[str, Any]]] = [
    (chart, {"MOST_POINTS": 160, "WORTH_A_LINE": 0.2, "LETTER": 7.4}),
    (contacts, {"LONGEST_LINE": 200, "LONGEST_TEXT": 1000}),
    (differences, {"LONGEST_BRIDGE": 1}),
    (documents, {"LONGEST_TITLE": 200, "LONGEST_SUMMARY": 2000, "LONGEST_REASON": 1000, "LONGEST_SLUG": 40}),
    (durations, {"SATURDAY": 5}),
    (encryption, {"INDEX_BYTES": 16, "_NONCE_BYTES": 12, "_CACHED_KEYS": 4096}),
    (
        following,
        {"UNCONFIRMED_KEPT": timedelta(days=7), "MOST_FOLLOWS": 100, "DIGEST_AT": time(7), "MONDAY": 0},
    ),
    (growth, {"DAYS_SEEN": 7, "FEWEST": 20, "FEWEST_DAYS": 4, "LARGEST_PEAK": 0.5, "FURTHEST_DAYS": 180}),
    (
        hints,
        {"SHOUTING_LETTERS": 12, "SHOUTING_SHARE": 0.6, "TOGETHER": timedelta(minutes=1), "TOGETHER_LEAST": 3},
    ),
    (milestones, {"FIRST": 1000}),
    (moderation, {"CLAIM_LASTS": timedelta(hours=2), "FIGURES_OVER": timedelta(days=30)}),
    (paper, {"MOST_AT_ONCE": 50, "MOST_SHEETS": 20_000, "COUNTED_WITHIN": timedelta(days=28)}),
    (printing, {"REST": timedelta(hours=1)}),
    (questions, {"SHORTEST": 10, "LONGEST": 2000, "MOST_UNANSWERED": 3}),
    (referral, {"MOST_TIME": timedelta(days=1098)}),
    (refusing, {"OBJECT_WITHIN": durations.Duration(days=14)}),
    (retention, {"DRAFT_KEPT": timedelta(days=14)}),
    (signing, {"GRACE": timedelta(hours=24)}),
    (slots, {"DAYS_PROPOSED": 4}),
    (spelling, {"SHORTEST_PART": 4, "SHORTEST_SLIP": 4, "SHORTEST_FRONT": 3, "LONGEST": 40}),
    (survey, {"OPEN_FOR": timedelta(days=60), "SHOWN_FROM": 10}),
    (tokens, {"KEY_BYTES": 16}),
    (verification, {"Z_95": 1.959963984540054}),
    (votes, {"NEWS_FOR": timedelta(days=14), "MOST_SEATS": 2000, "SMALLEST_BASE": 5}),
]


@pytest.mark.parametrize(("module", "numbers"), PROMISED, ids=lambda one: getattr(one, "__name__", ""))
def test_numbers_are_what_was_promised(module: Any, numbers: dict[str, Any]) -> None:
    assert {name: getattr(module, name) for name in numbers} == numbers


UNSAID: list[tuple[type, dict[str, Any]]] = [
    (chart.DrawingSize, {"top": 26, "right": 16, "bottom": 36}),
    (clauses.SignatoryField, {"required": True, "passed_on": False}),
    (clauses.Starter, {"organisations": False, "representatives": 0, "signs": False}),
    (clauses.Ground, {"hides_text": False}),
    (clauses.Moderation, {"second_reader": False}),
    (clauses.SigningPeriod, {"initiator_may_close": False}),
    (clauses.Pending, {"remind_after_days": 1, "forget_after_days": 7}),
    (clauses.Step, {"required": True, "strength": "must"}),
    (clauses.Paper, {"lines": 10}),
    (clauses.TextLimit, {"minimum": 1}),
    (clauses.Verification, {"minimum": 1}),
    (durations.Duration, {"months": 0, "days": 0, "working_days": 0}),
    (eligibility.Person, {"declared": False}),
    (hints.Hint, {"count": 0, "total": 0}),
    (outlook.PetitionFacts, {"count": 0}),
    (outlook.OutlookItem, {"days_late": 0, "if_taken_up": False, "unconfirmed": False}),
    (procedures.Procedure, {"listed": True}),
    (referral.Clock, {"days_overdue": 0}),
    (referral.Planned, {"possible": False, "planned": False}),
    (staffing.StaffPost, {"may_export": False}),
    (verification.SampleTally, {"verified": 0, "refused": 0, "no_answer": 0, "gone": 0}),
    (versions.VersionOutcome, {"accepted": False}),
    (votes.Vote, {"mistaken": False}),
    (votes.VoteTally, {"for_": 0, "against": 0, "abstained": 0, "absent": 0}),
]


@pytest.mark.parametrize(("kind", "values"), UNSAID, ids=lambda one: getattr(one, "__name__", ""))
def test_what_holds_where_nobody_says_anything(kind: type, values: dict[str, Any]) -> None:
    known = {field.name: field.default for field in fields(kind) if field.default is not MISSING}
    assert {name: known[name] for name in values} == values


def test_nothing_was_decided_without_decisions() -> None:
    assert moderation.NOTHING_DECIDED.decided == 0
    assert referral.WHAT_CAME_OF_IT.required is False
