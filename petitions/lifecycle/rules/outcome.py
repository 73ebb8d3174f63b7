"""How a referral ends: a coded outcome with reasons, the next body if any, and the day of the follow-up.

A decision needs reasons: it is the body's answer to the people who signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from petitions.errors import InvalidInputError
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.steps import StepDates, StepInput, day_problem, missing


@dataclass(frozen=True, slots=True)
class CommitteeDecision:
    """A committee's decision, ready to be recorded."""

    outcome: str
    reasons: str
    next_body: str | None
    follow_up_on: date | None
    decided_on: date


def decide(procedure: Procedure, facts: StepInput, days: StepDates) -> CommitteeDecision:
    """The decision that follows from these facts.

    Without a follow-up date in the facts it gets the one that the procedure sets for its outcome. Raises
    InvalidInputError by field: ``missing``, ``choice`` (an outcome that the procedure does not know), ``date_future``,
    ``date_too_early``, or ``date_past`` (a follow-up that is not after today).
    """
    problems = missing("decide", facts) | day_problem(facts, days)
    outcome = procedure.outcome(facts.outcome)
    if outcome is None:
        problems.setdefault("outcome", "choice")
    if facts.follow_up_on is not None and facts.follow_up_on <= days.today:
        problems["follow_up_on"] = "date_past"
    if problems or outcome is None or facts.happened_on is None:
        raise InvalidInputError(problems)
    promised = outcome.follow_up.after(facts.happened_on) if outcome.follow_up else None
    return CommitteeDecision(
        outcome=outcome.code,
        reasons=facts.reasons,
        next_body=facts.next_body or None,
        follow_up_on=facts.follow_up_on or promised,
        decided_on=facts.happened_on,
    )


def check_follow_up(facts: StepInput, days: StepDates) -> None:
    """Refuse a follow-up that does not report what was done. Raises InvalidInputError by field."""
    if problems := missing("follow_up", facts) | day_problem(facts, days):
        raise InvalidInputError(problems)


def follow_up_due(follow_up_on: date | None, concluded: bool, day: date) -> bool:
    """Whether the follow-up that the committee promised is due on ``day``."""
    return follow_up_on is not None and not concluded and follow_up_on <= day


def ends_handling(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether an event ended the handling of a referral: a decision, or a finding of inadmissibility."""
    return kind == "step" and (data.get("kind") == "decide" or data.get("admissible") is False)
