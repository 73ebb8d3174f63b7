"""Which procedure fits somebody who wants to start a petition, and how far a petition has come for its initiator.

The chooser is a table. Its two answers, whom the petition is about and who decides, lead to procedures that are offered
here or to another institution that is the right one. Those alternatives are of the country of this installation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from petitions.lifecycle.rules.procedures import Level, Procedure
from petitions.lifecycle.rules.states import Stage
from petitions.lifecycle.rules.thresholds import Obstacle, can_open

HOME: Final = "nl"
"""The country whose alternatives are known here (ISO 3166-1 alpha-2, as in the procedures)."""


class Scope(StrEnum):
    """Whom the petition is about: the initiator alone, or more people."""

    SELF = "self"
    MANY = "many"


class Decider(StrEnum):
    """Who decides on the subject, as far as the initiator knows."""

    NATIONAL = "national"
    MUNICIPALITY = "municipality"
    OTHER_MUNICIPALITY = "other_municipality"
    REGION = "region"
    EUROPE = "europe"
    ABROAD = "abroad"
    COMPANY = "company"
    UNSURE = "unsure"


class Alternative(StrEnum):
    """Another institution that is the right one; its name and address are in the templates."""

    PERSONAL = "personal"  # a personal grievance against the government: individual petition, ombudsman
    OTHER_COUNCIL = "other_council"
    REGION = "region"
    EUROPE = "europe"
    COMPANY = "company"
    NOWHERE = "nowhere"  # this installation offers no procedure for it


_NATIONAL: Final[frozenset[Level]] = frozenset({"chamber", "parliament", "state"})
_MUNICIPAL: Final[frozenset[Level]] = frozenset({"municipality"})
_UNION: Final[frozenset[Level]] = frozenset({"union"})
_ALL: Final = _NATIONAL | _MUNICIPAL


class Route(NamedTuple):
    """One row of the chooser: procedures of these levels, or an alternative where there are none."""

    scope: Scope
    decider: Decider | None  # None: any
    levels: frozenset[Level]
    otherwise: Alternative
    at_home: bool = True  # procedures of the country of this installation (or of the Union), else of others


ROUTES: Final[tuple[Route, ...]] = (
    # petitions are for matters that concern more people; a committee or ombudsman looks at the case of one person
    Route(Scope.SELF, None, frozenset(), Alternative.PERSONAL),
    Route(Scope.MANY, Decider.NATIONAL, _NATIONAL, Alternative.NOWHERE),
    Route(Scope.MANY, Decider.MUNICIPALITY, _MUNICIPAL, Alternative.OTHER_COUNCIL),
    # each council has rules of its own (Gemeentewet, articles 149 and 150)
    Route(Scope.MANY, Decider.OTHER_MUNICIPALITY, frozenset(), Alternative.OTHER_COUNCIL),
    Route(Scope.MANY, Decider.REGION, frozenset(), Alternative.REGION),
    Route(Scope.MANY, Decider.EUROPE, _UNION, Alternative.EUROPE),
    Route(Scope.MANY, Decider.ABROAD, _ALL, Alternative.NOWHERE, at_home=False),
    # no public body decides on products of a free market
    Route(Scope.MANY, Decider.COMPANY, frozenset(), Alternative.COMPANY),
    # moderation says so when another body decides
    Route(Scope.MANY, Decider.UNSURE, _NATIONAL, Alternative.NOWHERE),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A procedure that fits, and the obstacle where it cannot be used here."""

    procedure: Procedure
    obstacle: Obstacle | None


@dataclass(frozen=True, slots=True)
class ChooserResult:
    """Where the chooser leads: to procedures of this installation, or to an alternative elsewhere."""

    offers: tuple[Offer, ...] = ()
    alternative: Alternative | None = None


def in_force(procedures: Iterable[Procedure], day: date) -> tuple[Procedure, ...]:
    """The procedures that this installation lists: of each code the newest version in force on ``day``."""
    newest: dict[str, Procedure] = {}
    for procedure in procedures:
        known = newest.get(procedure.code)
        if procedure.listed and procedure.in_force_on(day) and (known is None or known.version < procedure.version):
            newest[procedure.code] = procedure
    return tuple(newest[code] for code in sorted(newest))


def choose(scope: Scope, decider: Decider | None, procedures: Iterable[Procedure], day: date) -> ChooserResult:
    """The result for these two answers. ``decider`` may be None only where the scope alone decides."""
    route = next(row for row in ROUTES if row.scope == scope and row.decider in {None, decider})
    offers = tuple(
        Offer(procedure, can_open(procedure))
        for procedure in in_force(procedures, day)
        if procedure.body.level in route.levels and (procedure.body.country in {HOME, "eu"}) == route.at_home
    )
    return ChooserResult(offers=offers) if offers else ChooserResult(alternative=route.otherwise)


def deciders(procedures: Iterable[Procedure], day: date) -> tuple[Decider, ...]:
    """The answers that are offered, in order: a municipality or country without a procedure is left out."""
    known = tuple(procedures)
    needs_offer = {Decider.MUNICIPALITY, Decider.ABROAD}
    return tuple(
        decider
        for decider in Decider
        if decider not in needs_offer or choose(Scope.MANY, decider, known, day).alternative is None
    )


def decider_of(procedure: Procedure) -> Decider:
    """The answer that leads to a procedure, for somebody who comes from its page."""
    at_home = procedure.body.country in {HOME, "eu"}
    rows = (row for row in ROUTES if procedure.body.level in row.levels and row.at_home == at_home and row.decider)
    return next((row.decider for row in rows if row.decider), Decider.UNSURE)


CourseMilestone = Literal["write", "sponsors", "check", "sign", "committee"]
Progress = Literal["done", "now", "next", "missed"]


@dataclass(frozen=True, slots=True)
class Course:
    """How far a petition has come: its milestones in order, and the current one."""

    milestones: tuple[tuple[CourseMilestone, Progress], ...]
    current: int  # counted from 1

    @property
    def total(self) -> int:
        """How many milestones there are."""
        return len(self.milestones)


_AT: Final[dict[Stage, CourseMilestone]] = {
    Stage.DRAFT: "write",
    Stage.SPONSORING: "sponsors",
    Stage.MODERATION: "check",
    Stage.REJECTED: "check",
    Stage.OPEN: "sign",
    Stage.REMOVED: "sign",
    Stage.CLOSED: "committee",
}


def course(
    stage: Stage,
    *,
    with_sponsors: bool,
    stopped_at: CourseMilestone = "write",
    referred: bool = False,
    handled: bool = False,
) -> Course:
    """The milestones of a petition in ``stage``.

    ``stopped_at`` says where a withdrawn petition was; ``referred`` whether a committee has it, and ``handled`` whether
    every committee that had it is done.
    """
    names: tuple[CourseMilestone, ...] = ("write", "sponsors", "check", "sign", "committee")
    names = tuple(name for name in names if with_sponsors or name != "sponsors")
    here = names.index(_AT.get(stage, stopped_at))
    ended = stage in {Stage.WITHDRAWN, Stage.REMOVED}

    def state(place: int) -> Progress:
        if names[place] == "committee" and not ended and referred:
            return "done" if handled and stage == Stage.CLOSED else "now"
        if place < here:
            return "done"
        if ended or stage == Stage.CLOSED:
            return "missed"
        return "now" if place == here else "next"

    return Course(tuple((name, state(place)) for place, name in enumerate(names)), here + 1)


def milestone_reached(*, confirmed: bool, submitted: bool, opened: bool, with_sponsors: bool) -> CourseMilestone:
    """The milestone that a petition had reached when it was withdrawn, from the moments in its row."""
    if opened:
        return "sign"
    if submitted:
        return "check"
    return "sponsors" if confirmed and with_sponsors else "write"
