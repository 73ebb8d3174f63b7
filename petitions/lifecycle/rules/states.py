"""The life of a petition as one table: from which stage, by which event, to which stage, by whom.

``draft → sponsoring → moderation → open → closed`` with the endings rejected, withdrawn and removed. The referral to a
committee is a second axis with a table of its own: a petition can be closed and still wait for an answer. Nothing
else in the service changes a stage. The diagram in the README is generated from this table.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from petitions.errors import ConflictError, ForbiddenError


class Stage(StrEnum):
    """The stage of a petition's life."""

    DRAFT = "draft"
    SPONSORING = "sponsoring"
    MODERATION = "moderation"
    OPEN = "open"
    CLOSED = "closed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


class Actor(StrEnum):
    """The kind of person (or the system) that acts."""

    INITIATOR = "initiator"
    SPONSOR = "sponsor"
    SIGNATORY = "signatory"
    MODERATOR = "moderator"
    COMMITTEE = "committee"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class Act(StrEnum):
    """What moves a petition from one stage to the next."""

    INVITE_SPONSORS = "invite_sponsors"
    SUBMIT = "submit"
    REVISE = "revise"
    ACCEPT = "accept"
    REJECT = "reject"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    AGREE = "agree"
    OBJECT = "object"
    DISMISS = "dismiss"
    UPHOLD = "uphold"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    REMOVE = "remove"


class StageTransition(NamedTuple):
    """One row of the transition table."""

    source: Stage
    act: Act
    target: Stage
    actors: frozenset[Actor]


def _row(source: Stage, act: Act, target: Stage, *actors: Actor) -> StageTransition:
    return StageTransition(source, act, target, frozenset(actors))


TRANSITIONS: Final[tuple[StageTransition, ...]] = (
    # confirmed by mail: to the sponsors where the procedure requires them, otherwise straight to moderation
    _row(Stage.DRAFT, Act.INVITE_SPONSORS, Stage.SPONSORING, Actor.INITIATOR),
    _row(Stage.DRAFT, Act.SUBMIT, Stage.MODERATION, Actor.INITIATOR),
    # the last required sponsor submits the petition
    _row(Stage.SPONSORING, Act.SUBMIT, Stage.MODERATION, Actor.SYSTEM),
    _row(Stage.MODERATION, Act.ACCEPT, Stage.OPEN, Actor.MODERATOR),
    _row(Stage.MODERATION, Act.REJECT, Stage.REJECTED, Actor.MODERATOR),
    # where the procedure requires a second reader, one moderator proposes a refusal, another agrees or sends it back
    _row(Stage.MODERATION, Act.PROPOSE, Stage.MODERATION, Actor.MODERATOR),
    _row(Stage.MODERATION, Act.SEND_BACK, Stage.MODERATION, Actor.MODERATOR),
    _row(Stage.MODERATION, Act.AGREE, Stage.REJECTED, Actor.MODERATOR),
    # the initiator may object once to a rejection; upheld, the petition is checked anew: only ACCEPT ever opens one
    _row(Stage.REJECTED, Act.OBJECT, Stage.REJECTED, Actor.INITIATOR),
    _row(Stage.REJECTED, Act.DISMISS, Stage.REJECTED, Actor.MODERATOR),
    _row(Stage.REJECTED, Act.UPHOLD, Stage.MODERATION, Actor.MODERATOR),
    # a rejected petition can be revised and submitted again
    _row(Stage.REJECTED, Act.REVISE, Stage.MODERATION, Actor.INITIATOR),
    # signing ends on the last day, when the initiator hands over (where allowed), or by an early stop
    _row(Stage.OPEN, Act.CLOSE, Stage.CLOSED, Actor.SYSTEM, Actor.INITIATOR),
    _row(Stage.DRAFT, Act.WITHDRAW, Stage.WITHDRAWN, Actor.INITIATOR),
    _row(Stage.SPONSORING, Act.WITHDRAW, Stage.WITHDRAWN, Actor.INITIATOR),
    _row(Stage.MODERATION, Act.WITHDRAW, Stage.WITHDRAWN, Actor.INITIATOR),
    _row(Stage.OPEN, Act.WITHDRAW, Stage.WITHDRAWN, Actor.INITIATOR),
    # taken down later, with a ground and a reason
    _row(Stage.OPEN, Act.REMOVE, Stage.REMOVED, Actor.MODERATOR),
    _row(Stage.CLOSED, Act.REMOVE, Stage.REMOVED, Actor.MODERATOR),
)

_TABLE: Final = {(row.source, row.act): row for row in TRANSITIONS}

ENDINGS: Final = frozenset({Stage.REJECTED, Stage.WITHDRAWN, Stage.REMOVED})
PUBLIC: Final = frozenset({Stage.OPEN, Stage.CLOSED, Stage.REJECTED, Stage.WITHDRAWN, Stage.REMOVED})
EDITABLE: Final = frozenset({Stage.DRAFT, Stage.SPONSORING, Stage.REJECTED})


def transition(source: Stage, act: Act, actor: Actor) -> Stage:
    """The stage that follows when ``actor`` does ``act`` to a petition in ``source``.

    Raises ConflictError when this cannot happen in that stage, ForbiddenError when this actor may not do it.
    """
    row = _TABLE.get((source, act))
    if row is None:
        raise ConflictError(f"{act}_in_{source}")
    if actor not in row.actors:
        raise ForbiddenError(f"{actor} may not {act}")
    return row.target


def acts(source: Stage, actor: Actor) -> tuple[Act, ...]:
    """The acts that ``actor`` may do on a petition in ``source``."""
    return tuple(row.act for row in TRANSITIONS if row.source == source and actor in row.actors)
