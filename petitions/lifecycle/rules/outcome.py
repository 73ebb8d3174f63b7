"""How a referral ends: a coded outcome with reasons, who goes on with it, and when somebody looks what came of it.

No decision without reasons: this is where the body answers the people who signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from petitions.errors import InvalidInputError
from petitions.lifecycle.rules.procedures import Procedure
from petitions.lifecycle.rules.steps import Days, Facts, day_problem, missing


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that can be recorded."""

    outcome: str
    reasons: str
    next_body: str | None
    follow_up_on: date | None
    decided_on: date


def decide(procedure: Procedure, facts: Facts, days: Days) -> Decision:
    """The decision that these facts make.

    Without a follow-up date of its own it has the one that the procedure gives to its outcome. Raises
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
    return Decision(
        outcome=outcome.code,
        reasons=facts.reasons,
        next_body=facts.next_body or None,
        follow_up_on=facts.follow_up_on or promised,
        decided_on=facts.happened_on,
    )


def check_follow_up(facts: Facts, days: Days) -> None:
    """Refuse a follow-up that does not say what came of it. Raises InvalidInputError by field."""
    if problems := missing("follow_up", facts) | day_problem(facts, days):
        raise InvalidInputError(problems)


def follow_up_due(follow_up_on: date | None, concluded: bool, day: date) -> bool:
    """Whether the day has come on which the committee promised to look what came of its decision."""
    return follow_up_on is not None and not concluded and follow_up_on <= day


def ends_handling(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether an event ended the handling of a referral: a decision, or that it was not admissible."""
    return kind == "step" and (data.get("kind") == "decide" or data.get("admissible") is False)
