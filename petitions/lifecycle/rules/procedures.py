"""A procedure: the rules of a body for petitions, as versioned data (DESIGN: the rules of a body are data).

A file in ``petitions/procedures/`` is read into a frozen :class:`Procedure`; an unknown key, an unknown name or a
dangling reference stops the start with one clear line. Effects, conditions, fields and steps are closed sets of names,
each with its function in ``rules/``. There is no expression language.
"""

import tomllib
from datetime import date
from typing import Any, Literal, Self

from pydantic import TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass

from petitions.errors import ConfigurationError
from petitions.lifecycle.rules.clauses import (
    STRICT,
    Body,
    Column,
    Condition,
    ConditionName,
    EarlyStop,
    Effect,
    FieldName,
    Ground,
    HandOver,
    HandOverColumn,
    IdentityLevel,
    Level,
    LocalizedText,
    Method,
    Moderation,
    Names,
    Paper,
    ParsedDuration,
    Pending,
    PossibleOutcome,
    RegionalSpread,
    RetentionPeriod,
    RuleSource,
    SignatoryField,
    Signer,
    SigningPeriod,
    Slot,
    Sponsors,
    Starter,
    Step,
    StepKind,
    Strength,
    TextLimit,
    TextLimits,
    Threshold,
    Trigger,
    Verification,
    Weekday,
)

__all__ = [
    "Body",
    "Column",
    "Condition",
    "ConditionName",
    "EarlyStop",
    "Effect",
    "FieldName",
    "Ground",
    "HandOver",
    "HandOverColumn",
    "IdentityLevel",
    "Level",
    "LocalizedText",
    "Method",
    "Moderation",
    "Names",
    "Paper",
    "ParsedDuration",
    "Pending",
    "PossibleOutcome",
    "Procedure",
    "RegionalSpread",
    "RetentionPeriod",
    "RuleSource",
    "SignatoryField",
    "Signer",
    "SigningPeriod",
    "Slot",
    "Sponsors",
    "Starter",
    "Step",
    "StepKind",
    "Strength",
    "TextLimit",
    "TextLimits",
    "Threshold",
    "Trigger",
    "Verification",
    "Weekday",
    "parse",
]
"""The clauses are exported here as well: whoever imports a procedure needs no second module."""


@dataclass(frozen=True, config=STRICT)
class Procedure:
    """One version of the rules of one body. A petition keeps the version it was submitted under."""

    code: str
    version: int
    name: LocalizedText
    summary: LocalizedText
    body: Body
    degree: Literal["information", "consultation", "decision"]
    valid_from: date
    identity: IdentityLevel
    sources: tuple[RuleSource, ...]
    starter: Starter
    signer: Signer
    fields: tuple[SignatoryField, ...]
    texts: TextLimits
    moderation: Moderation
    grounds: tuple[Ground, ...]
    signing: SigningPeriod
    thresholds: tuple[Threshold, ...]
    steps: tuple[Step, ...]
    outcomes: tuple[PossibleOutcome, ...]
    retention: RetentionPeriod
    valid_to: date | None = None  # first day on which this version no longer applies
    listed: bool = True  # offered in the chooser of this installation
    sponsors: Sponsors | None = None
    admissibility_grounds: tuple[Ground, ...] = ()
    repeat_window: ParsedDuration | None = None
    pending: Pending = Pending()
    names: Names = Names()
    paper: Paper | None = None
    verification: Verification | None = None
    handover: HandOver | None = None
    unconfirmed: tuple[str, ...] = ()  # dotted paths of values that the body has not confirmed

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _check_unique("grounds", [ground.code for ground in self.grounds])
        _check_unique("admissibility_grounds", [ground.code for ground in self.admissibility_grounds])
        _check_unique("thresholds", [threshold.code for threshold in self.thresholds])
        _check_unique("steps", [step.code for step in self.steps])
        _check_unique("outcomes", [outcome.code for outcome in self.outcomes])
        _check_unique("fields", [field.name for field in self.fields])
        for threshold in self.thresholds:
            _check_threshold(threshold)
        known = {threshold.code for threshold in self.thresholds}
        for step in self.steps:
            if step.slot and step.kind not in {"hearing", "hand_over", "debate"}:
                raise ValueError(f"step {step.code} is no meeting and has no slot")
            if unknown := set(step.for_thresholds) - known:
                raise ValueError(f"step {step.code} names unknown thresholds: {sorted(unknown)}")
        if self.handover is not None:
            _check_handover(self.handover, self)
        if self.verification is not None and not any(step.kind == "check_conditions" for step in self.steps):
            raise ValueError("verification: there is no step in which the conditions are checked")
        for path in self.unconfirmed:
            _resolve(self, path)
        return self

    def field(self, name: str) -> SignatoryField | None:
        """The field called ``name``, or None where this procedure does not ask for it."""
        return next((field for field in self.fields if field.name == name), None)

    def ground(self, code: str) -> Ground | None:
        """The moderation ground with this code."""
        return next((ground for ground in self.grounds if ground.code == code), None)

    def admissibility_ground(self, code: str) -> Ground | None:
        """The committee's ground of inadmissibility with this code."""
        return next((ground for ground in self.admissibility_grounds if ground.code == code), None)

    def threshold(self, code: str) -> Threshold | None:
        """The threshold with this code."""
        return next((threshold for threshold in self.thresholds if threshold.code == code), None)

    def outcome(self, code: str) -> PossibleOutcome | None:
        """The outcome with this code."""
        return next((outcome for outcome in self.outcomes if outcome.code == code), None)

    def steps_for(self, threshold_code: str) -> tuple[Step, ...]:
        """The steps that follow when this threshold was reached, in order."""
        return tuple(s for s in self.steps if not s.for_thresholds or threshold_code in s.for_thresholds)

    def is_unconfirmed(self, path: str) -> bool:
        """Whether the body has not confirmed the value at this dotted path (or one above it)."""
        return any(path == marked or path.startswith(marked + ".") for marked in self.unconfirmed)

    def in_force_on(self, day: date) -> bool:
        """Whether a petition may be started under this version on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def _check_unique(where: str, codes: list[str]) -> None:
    if len(codes) != len(set(codes)):
        raise ValueError(f"{where}: a code is used twice")


def _check_threshold(threshold: Threshold) -> None:
    if (threshold.at == "count") != (threshold.count is not None):
        raise ValueError(f"threshold {threshold.code}: a count belongs to at = 'count', and only there")
    if (threshold.effect == "publish") == bool(threshold.committee):
        raise ValueError(f"threshold {threshold.code}: every effect but 'publish' names a committee")


def _check_handover(handover: HandOver, procedure: Procedure) -> None:
    """Allow only columns of which signatories were told that the body receives them."""
    _check_unique("handover.columns", [column.name for column in handover.columns])
    passed_on = {field.name for field in procedure.fields if field.passed_on} | {"supported_on"}
    if unknown := {column.name for column in handover.columns} - passed_on:
        raise ValueError(f"handover.columns: not passed on to the body: {sorted(unknown)}")


def _resolve(procedure: Procedure, path: str) -> object:
    """Follow a dotted path; list entries go by their code or name. Raises ValueError for an unknown path."""
    value: object = procedure
    for part in path.split("."):
        if isinstance(value, tuple):
            value = next((v for v in value if part in (getattr(v, "code", None), getattr(v, "name", None))), None)
        else:
            value = getattr(value, part, None)
        if value is None:
            raise ValueError(f"unconfirmed: {path!r} points to nothing")
    return value


_ADAPTER: TypeAdapter[Procedure] = TypeAdapter(Procedure)


def parse(text: str, origin: str) -> Procedure:
    """Read one procedure from TOML. ``origin`` (a file name) is part of the message of a ConfigurationError."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
        return _ADAPTER.validate_python(data)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{origin}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "procedure"
        raise ConfigurationError(f"{origin}: {place}: {first['msg']}") from error
