"""Votes on motions: their total, whether it matches the result, corrections, and which results are still news.

A motion is adopted when more votes are for it than against it (Dutch Constitution, article 67, paragraph 2, and the
rules of every body here). Abstentions and absences do not count, and with a tie the motion is rejected.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Final, Literal, get_args

Choice = Literal["for", "against", "abstained", "absent"]
VoteKind = Literal["none", "parties", "roll_call"]
MotionOutcome = Literal["adopted", "rejected", "held", "withdrawn"]
CHOICES: Final[tuple[Choice, ...]] = get_args(Choice)
VOTED: Final[frozenset[MotionOutcome]] = frozenset({"adopted", "rejected"})
"""The outcomes of a vote; a motion that is held or withdrawn was not voted on."""

NEWS_FOR: Final = timedelta(days=14)
"""Older results are recorded with their own day, but nobody is mailed about them."""
MOST_SEATS: Final = 2000
SMALLEST_BASE: Final = 5
"""For fewer motions no percentage is shown: 100 % of one motion says nothing."""


@dataclass(frozen=True, slots=True)
class Vote:
    """The vote of a party with a number of its seats, or of one member (then ``seats`` is 1)."""

    party_id: int | None
    member_id: int | None
    choice: Choice
    seats: int
    mistaken: bool = False  # the member said afterwards that it was a mistake; the vote stands


@dataclass(frozen=True, slots=True)
class VoteTally:
    """The total of votes, in seats."""

    for_: int = 0
    against: int = 0
    abstained: int = 0
    absent: int = 0

    @property
    def cast(self) -> int:
        """The votes that count: for and against."""
        return self.for_ + self.against

    @property
    def carried(self) -> bool:
        """Whether more are for it than against it."""
        return self.for_ > self.against

    def seats(self, choice: Choice) -> int:
        """The seats of one choice."""
        return int(getattr(self, "for_" if choice == "for" else choice))


def tally(votes: Iterable[Vote]) -> VoteTally:
    """Add up the votes."""
    found = dict.fromkeys(CHOICES, 0)
    for vote in votes:
        found[vote.choice] += vote.seats
    return VoteTally(found["for"], found["against"], found["abstained"], found["absent"])


@dataclass(frozen=True, slots=True)
class Motion:
    """A motion as it was submitted."""

    title: str
    summary: str = ""
    case_number: str | None = None
    submitters: str = ""
    document: str = ""  # its number at the body
    advice: str = ""  # of the government, as the body publishes it
    link: str = ""
    submitted_on: date | None = None


@dataclass(frozen=True, slots=True)
class DecidedMotion:
    """The result of a motion, with the votes if they were counted."""

    outcome: MotionOutcome
    voted_on: date
    kind: VoteKind
    votes: tuple[Vote, ...] = ()
    difference: str = ""  # why the official result differs from the votes

    @property
    def tally(self) -> VoteTally:
        """The total of the votes."""
        return tally(self.votes)


def outcome_of(votes: Sequence[Vote]) -> MotionOutcome | None:
    """The outcome by these votes; None if there are none."""
    if not tally(votes).cast:
        return None
    return "adopted" if tally(votes).carried else "rejected"


def problems(decided: DecidedMotion, today: date, seats: Mapping[int, int] | None = None) -> dict[str, str]:
    """The problems of a result, by field.

    ``contradiction``: it differs from the votes without an explanation. ``not_voted``: votes on a motion that
    was not put to the vote. ``missing``: a counted vote without votes. ``date_future``. ``too_many_seats``: a party
    (its id in ``seats``) votes with more seats than it has; only checked for typed votes.
    """
    found: dict[str, str] = {}
    if decided.voted_on > today:
        found["voted_on"] = "date_future"
    if decided.outcome not in VOTED:
        return found | ({"outcome": "not_voted"} if decided.votes else {})
    if decided.kind != "none" and not decided.votes:
        found["votes"] = "missing"
    if outcome_of(decided.votes) not in {None, decided.outcome} and not decided.difference:
        found["outcome"] = "contradiction"
    return found | _too_many(decided.votes, seats or {})


def _too_many(votes: Iterable[Vote], seats: Mapping[int, int]) -> dict[str, str]:
    given: dict[int, int] = {}
    for vote in votes:
        if vote.party_id is not None and vote.member_id is None:
            given[vote.party_id] = given.get(vote.party_id, 0) + vote.seats
    return {
        f"seats-{party}": "too_many_seats" for party, count in given.items() if count > seats.get(party, MOST_SEATS)
    }


def is_news(day: date | None, today: date) -> bool:
    """Whether an event of ``day`` is recent enough to mail people about it."""
    return day is not None and today - day <= NEWS_FOR


def agreement(in_favour: int, base: int) -> int | None:
    """The share of ``base`` motions that somebody voted for, in percent; None if there are too few."""
    return round(100 * in_favour / base) if base >= SMALLEST_BASE else None


def is_case(text: str) -> bool:
    """Whether a text is the number of a case of the Tweede Kamer: a year, Z, five digits."""
    year, _, serial = text.partition("Z")
    return text.isascii() and year.isdigit() and serial.isdigit() and (len(year), len(serial)) == (4, 5)


def motion_changes(before: Motion, after: Motion) -> dict[str, list[Any]]:
    """The corrections of a motion: ``{field: [before, after]}``."""
    pairs = {field.name: [getattr(before, field.name), getattr(after, field.name)] for field in fields(Motion)}
    return {name: [_plain(one) for one in pair] for name, pair in pairs.items() if pair[0] != pair[1]}


def decision_changes(before: DecidedMotion | None, after: DecidedMotion | None) -> dict[str, list[Any]]:
    """The corrections of a result and its votes: ``{field: [before, after]}``; only the votes that differ."""
    found: dict[str, list[Any]] = {}
    for name in ("outcome", "voted_on", "kind", "difference"):
        pair = [getattr(one, name) if one else None for one in (before, after)]
        if pair[0] != pair[1] and not (name == "difference" and not any(pair)):
            found[name] = [_plain(one) for one in pair]
    was, now = (_keys(one) if one else [] for one in (before, after))
    if sorted(was) != sorted(now):
        found["votes"] = [[vote for vote in was if vote not in now], [vote for vote in now if vote not in was]]
    return found


def _keys(decided: DecidedMotion) -> list[list[Any]]:
    return [[v.party_id or 0, v.member_id or 0, v.choice, v.seats, v.mistaken] for v in decided.votes]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
