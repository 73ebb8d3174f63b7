"""The forms of motions and votes: they turn what a clerk typed into a motion or a result, or a message per field.

The votes of parties come from a row per party; a roll call comes as lists of names, as the minutes print them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from petitions.http.forms import check, choice, line, paragraphs
from petitions.http.typed import DAY, LINK, messages, optional_fields, typed_day
from petitions.http.words import N_, words
from petitions.motions.reads.motions import MemberRow, MotionView, PartyRow
from petitions.motions.rules.minutes import MemberName, find_named
from petitions.motions.rules.votes import (
    CHOICES,
    Choice,
    DecidedMotion,
    Motion,
    Vote,
    VoteKind,
    is_case,
    outcome_of,
    tally,
)

KINDS: Final[tuple[VoteKind, ...]] = ("parties", "roll_call", "none")
_MESSAGES: Final = {
    "known_case": N_("This case stands here already. Look in the list of motions."),
    "not_voted": N_(
        "A motion that was held or withdrawn was not voted on. Choose another result, or leave out the votes."
    ),
    "before_motion": N_("This lies before the day on which the motion was submitted."),
    "too_many_seats": N_("This party does not have so many seats."),
    "no_votes": N_("Fill in how the parties or members voted, or choose that the votes were not counted."),
    "case_number": N_("Fill in the number of the case, for example 2026Z04711."),
    "seats": N_("Fill in a number of seats, for example 12."),
}

TypedMotion: Final = optional_fields(
    "TypedMotion",
    title=line(400),
    summary=paragraphs(4000),
    case_number=line(20),
    submitters=line(400),
    document=line(200),
    advice=line(200),
    link=LINK,
    submitted_on=DAY,
    reason=paragraphs(2000),
)
TypedResult: Final = optional_fields(
    "TypedResult",
    outcome=choice("adopted", "rejected", "held", "withdrawn"),
    voted_on=DAY,
    difference=paragraphs(2000),
    reason=paragraphs(2000),
)


def told(language: str, problems: Mapping[str, str]) -> dict[str, str]:
    """The message for the problem of each field."""
    own = {name: words(language).gettext(_MESSAGES[code]) for name, code in problems.items() if code in _MESSAGES}
    return {name: own.get(name) or messages(language, {name: code})[name] for name, code in problems.items()}


@dataclass(frozen=True, slots=True)
class MotionForm:
    """A motion as far as it is valid, and the errors in the rest."""

    motion: Motion
    reason: str
    errors: dict[str, str]


def read_motion(values: Mapping[str, str], language: str) -> MotionForm:
    """Read the form of a motion."""
    checked = check(TypedMotion, {name: values.get(name, "") for name in TypedMotion.model_fields})
    problems = {name: problem.code for name, problem in checked.problems.items()}
    facts: dict[str, Any] = dict(checked.facts)
    case = str(facts.get("case_number", "")).upper()
    if case and not is_case(case):
        problems["case_number"] = "case_number"
    if problems:
        limits = checked.errors(language)
        return MotionForm(
            Motion(""),
            "",
            {n: limits[n] if c.startswith("too_") else told(language, {n: c})[n] for n, c in problems.items()},
        )
    reason = facts.pop("reason", "")
    return MotionForm(Motion(**({"title": ""} | facts | {"case_number": case or None})), reason, {})


def motion_values(motion: MotionView) -> dict[str, str]:
    """The initial values of the form that corrects a motion."""
    names = TypedMotion.model_fields.keys() - {"reason", "submitted_on"}
    values = {name: str(getattr(motion, name) or "") for name in names}
    return values | {"submitted_on": typed_day(motion.submitted_on) if motion.submitted_on else ""}


@dataclass(frozen=True, slots=True)
class ResultForm:
    """A result with its votes as far as they are valid, and the errors in the rest."""

    decided: DecidedMotion | None
    reason: str
    errors: dict[str, str]


def read_result(
    values: Mapping[str, str],
    kind: VoteKind,
    parties: Sequence[PartyRow],
    members: Sequence[MemberRow],
    language: str,
) -> ResultForm:
    """Read the form of a result: its day and outcome, and the votes of parties or members."""
    checked = check(TypedResult, {name: values.get(name, "") for name in TypedResult.model_fields})
    errors = told(language, {name: problem.code for name, problem in checked.problems.items()})
    facts = checked.facts
    missing = {} if checked.problems else {name: "missing" for name in ("outcome", "voted_on") if name not in facts}
    errors |= told(language, missing)
    read = _ballots(values, parties, language) if kind == "parties" else _calls(values, members, language)
    votes, wrong = read if kind != "none" else ((), {})
    errors |= wrong
    if errors:
        return ResultForm(None, "", errors)
    if not votes and facts["outcome"] not in {"adopted", "rejected"}:
        kind = "none"
    decided = DecidedMotion(facts["outcome"], facts["voted_on"], kind, votes, facts.get("difference", ""))
    return ResultForm(decided, facts.get("reason", ""), {})


def _ballots(
    values: Mapping[str, str], parties: Sequence[PartyRow], language: str
) -> tuple[tuple[Vote, ...], dict[str, str]]:
    """The votes of parties: a choice and a number of seats for each that voted."""
    votes: list[Vote] = []
    wrong: dict[str, str] = {}
    for party in parties:
        chosen = next((one for one in CHOICES if one == values.get(f"choice-{party.id}")), None)
        if chosen is None:
            continue
        text = values.get(f"seats-{party.id}", "").strip()
        if text.isascii() and text.isdigit() and len(text) <= 4 and int(text) > 0:
            votes.append(Vote(party.id, None, chosen, int(text)))
        else:
            wrong[f"seats-{party.id}"] = "seats"
    return tuple(votes), told(language, wrong)


def _calls(
    values: Mapping[str, str], members: Sequence[MemberRow], language: str
) -> tuple[tuple[Vote, ...], dict[str, str]]:
    """The votes of members: the names under each choice, as the minutes list them."""
    known = [
        MemberName(one.id, one.party_id, one.name, one.sort_name, one.party or "") for one in members if one.is_member
    ]
    votes: dict[int, Vote] = {}
    wrong: dict[str, str] = {}
    _ = words(language).gettext
    for chosen in CHOICES:
        text = values.get(names_field(chosen), "")
        found, unknown = find_named(text, known)
        twice = [one.name for one in found if one.member_id in votes]
        if unknown:
            wrong[names_field(chosen)] = _("We do not know, or cannot tell apart: %(names)s.") % {
                "names": ", ".join(unknown[:12])
            }
        elif twice:
            wrong[names_field(chosen)] = _("These stand in two lists: %(names)s.") % {"names": ", ".join(twice[:12])}
        votes |= {one.member_id: Vote(one.party_id, one.member_id, chosen, 1) for one in found}
    return tuple(votes.values()), wrong


def names_field(chosen: Choice) -> str:
    """The field with the names of those who chose this."""
    return f"names-{chosen}"


def result_errors(
    problems: Mapping[str, str], decided: DecidedMotion, first_field: str, language: str
) -> dict[str, str]:
    """The problems that the rules found in a result, by field of the form."""
    found = {first_field if name == "votes" else name: code for name, code in problems.items()}
    if found.get(first_field) == "missing" and "votes" in problems:
        found[first_field] = "no_votes"
    texts = told(language, {name: code for name, code in found.items() if code != "contradiction"})
    if found.get("outcome") == "contradiction":
        texts["outcome"] = _contradiction(decided, language)
    return texts


def _contradiction(decided: DecidedMotion, language: str) -> str:
    _ = words(language).gettext
    sums = tally(decided.votes)
    says = {
        "adopted": N_("These votes adopt the motion: %(for_)s for, %(against)s against."),
        "rejected": N_("These votes reject the motion: %(for_)s for, %(against)s against."),
    }[outcome_of(decided.votes) or "rejected"]
    why = N_("Look at the votes again, or say below why the official result is another one.")
    return f"{_(says) % {'for_': sums.for_, 'against': sums.against}} {_(why)}"


def result_values(motion: MotionView, parties: Sequence[PartyRow], today: date) -> dict[str, str]:
    """The initial values of the form of a result."""
    values = {
        "outcome": motion.outcome or "",
        "voted_on": typed_day(motion.voted_on or today),
        "difference": motion.difference,
    }
    values |= {f"seats-{party.id}": str(party.seats) for party in parties}
    for cast in motion.votes:
        if cast.member_id is None and cast.party_id is not None:
            values |= {f"choice-{cast.party_id}": cast.choice, f"seats-{cast.party_id}": str(cast.seats)}
    for chosen in CHOICES:
        names = [f"{cast.member} ({cast.party})" for cast in motion.members if cast.choice == chosen]
        values[names_field(chosen)] = "\n".join(names)
    return values
