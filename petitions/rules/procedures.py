"""What a procedure is: the rules of a body for petitions, as versioned data (DESIGN: the rules of a body are data).

A file in ``petitions/procedures/`` is read into a frozen :class:`Procedure`; an unknown key, an unknown name or a
reference to nothing stops the start with one clear line. Effects, conditions, fields and steps are closed sets of
names, each with its function in ``rules/``. There is no expression language.
"""

import tomllib
from datetime import date, time
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass

from petitions.errors import ConfigurationError
from petitions.rules.durations import Duration

_STRICT = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


def _duration(value: object) -> object:
    return Duration.parse(value) if isinstance(value, str) else value


Span = Annotated[Duration, BeforeValidator(_duration)]
Strength = Literal["must", "normally", "may"]
IdentityLevel = Literal["email", "email_and_mobile", "account", "eid"]
Level = Literal["municipality", "chamber", "parliament", "state", "union"]
FieldName = Literal[
    "name", "email", "place", "postcode", "street", "birth_date", "nationality", "country", "organisation",
    "phone", "declaration", "municipality", "department", "personal_code",
]  # fmt: skip
ConditionName = Literal["anyone", "min_age", "nationality", "residence", "nationality_or_residence", "voter"]
Effect = Literal["publish", "refer", "respond", "debate"]
Trigger = Literal["count", "opening", "closing"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
StepKind = Literal[
    "receive", "check_conditions", "admissibility", "appoint_rapporteur", "ask_response", "publish_response",
    "hearing", "hand_over", "report", "debate", "decide", "follow_up",
]  # fmt: skip


@dataclass(frozen=True, config=_STRICT)
class Text:
    """The same words in each language of the interface."""

    nl: str
    en: str

    def __getitem__(self, language: str) -> str:
        """The text in ``language``; English where that language has none."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, config=_STRICT)
class Source:
    """Where a rule is written down."""

    title: str
    url: str = ""


@dataclass(frozen=True, config=_STRICT)
class Body:
    """The institution that owns the procedure."""

    code: str
    name: Text
    level: Level
    country: str  # ISO 3166-1 alpha-2, lower case; "eu" for the Union
    timezone: str  # IANA name; days end by this clock

    @property
    def zone(self) -> ZoneInfo:
        """The body's time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, config=_STRICT)
class Condition:
    """One thing that must be true of a person, from a closed set (see ``rules/eligibility``)."""

    name: ConditionName
    value: int | tuple[str, ...] | None = None


@dataclass(frozen=True, config=_STRICT)
class Field:
    """One question to a signatory, and why it is asked."""

    name: FieldName
    why: Text
    required: bool = True
    public: Literal["never", "choice", "always"] = "never"
    passed_on: bool = False  # handed to the body with the signatures


@dataclass(frozen=True, config=_STRICT)
class Starter:
    """Who may start a petition."""

    who: Text  # one plain sentence
    conditions: tuple[Condition, ...] = ()
    organisations: bool = False
    representatives: int = 0  # people to be named beside the initiator
    max_open: int | None = None  # simultaneous petitions of one initiator
    signs: bool = False  # the initiator is counted as the first signatory


@dataclass(frozen=True, config=_STRICT)
class Signer:
    """Who may sign."""

    who: Text
    conditions: tuple[Condition, ...] = ()
    age_on: Literal["signing", "receipt"] = "signing"


@dataclass(frozen=True, config=_STRICT)
class Limit:
    """How long a text may be, in characters as a reader counts them."""

    maximum: int
    minimum: int = 1


@dataclass(frozen=True, config=_STRICT)
class Texts:
    """The texts of a petition and their limits."""

    title: Limit
    request: Limit
    reasons: Limit
    previous_action: Limit | None = None  # what the initiator already did (Scotland)


@dataclass(frozen=True, config=_STRICT)
class Sponsors:
    """Early supporters who sign before the petition is public."""

    minimum: int
    maximum: int
    within: Span | None = None  # after this the draft is forgotten


@dataclass(frozen=True, config=_STRICT)
class Ground:
    """A coded ground on which a petition may be refused (at moderation) or declared inadmissible (by the committee)."""

    code: str
    text: Text
    hides_text: bool = False
    rule: str = ""  # article


@dataclass(frozen=True, config=_STRICT)
class Moderation:
    """The check by the service before a petition opens."""

    within: Span
    by: Text
    second_reader: bool = False


@dataclass(frozen=True, config=_STRICT)
class EarlyStop:
    """A petition with fewer than ``minimum`` signatures ``after`` its opening ends."""

    after: Span
    minimum: int


@dataclass(frozen=True, config=_STRICT)
class Signing:
    """How long signatures are collected."""

    lasts: Span | None = None  # None: open-ended
    initiator_may_close: bool = False
    signature_valid_for: Span | None = None
    early_stop: EarlyStop | None = None


@dataclass(frozen=True, config=_STRICT)
class Pending:
    """What happens to a signature that is not confirmed: one reminder, then it is forgotten."""

    remind_after_days: int = 1
    forget_after_days: int = 7


@dataclass(frozen=True, config=_STRICT)
class Spread:
    """A threshold that also needs signatories from at least ``regions`` regions."""

    regions: int
    of: Text


@dataclass(frozen=True, config=_STRICT)
class Threshold:
    """A number, or a moment, and what follows from it, with the strength that the rule really has."""

    code: str
    effect: Effect
    strength: Strength
    what: Text  # "the committee puts it on its agenda": completes "who must / normally does / may"
    who: Text
    at: Trigger = "count"
    count: int | None = None
    spread: Spread | None = None
    within: Span | None = None  # the body's deadline, from the day the threshold is reached
    committee: str = ""  # slug of the committee that receives the referral (every effect but "publish")


@dataclass(frozen=True, config=_STRICT)
class Slot:
    """When a body normally holds a meeting of this kind: a day of the week, and the hours between which one begins."""

    weekday: Weekday
    opens: time
    closes: time  # the last one ends by this
    minutes: int  # how long each takes

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not 0 < self.minutes <= _minutes(self.closes) - _minutes(self.opens):
            raise ValueError("a slot holds at least one meeting")
        return self


@dataclass(frozen=True, config=_STRICT)
class Step:
    """One step of the body's handling of a referral, in the order of the file."""

    code: str
    kind: StepKind
    name: Text
    who: Text
    within: Span | None = None  # from the day of the previous required step (or of the referral, for the first)
    strength: Strength = "must"
    required: bool = True
    for_thresholds: tuple[str, ...] = ()  # empty: for every referral
    slot: Slot | None = None  # of a meeting: when the body holds such meetings; a proposal, not a rule


@dataclass(frozen=True, config=_STRICT)
class Outcome:
    """How it can end: a coded decision."""

    code: str
    text: Text
    tone: Literal["positive", "neutral", "negative"] = "neutral"
    next_body: Text | None = None
    follow_up: Span | None = None


@dataclass(frozen=True, config=_STRICT)
class Names:
    """Whose names the public sees."""

    starter: Literal["always", "choice"] = "always"
    signer: Literal["never", "choice"] = "never"


@dataclass(frozen=True, config=_STRICT)
class Retention:
    """How long personal data of signatories is kept after the end (closing without referral, or the decision)."""

    contact: Span
    kept: Text  # what stays afterwards


@dataclass(frozen=True, config=_STRICT)
class Procedure:
    """One version of the rules of one body. A petition keeps the version it was submitted under."""

    code: str
    version: int
    name: Text
    summary: Text
    body: Body
    degree: Literal["information", "consultation", "decision"]
    valid_from: date
    identity: IdentityLevel
    sources: tuple[Source, ...]
    starter: Starter
    signer: Signer
    fields: tuple[Field, ...]
    texts: Texts
    moderation: Moderation
    grounds: tuple[Ground, ...]
    signing: Signing
    thresholds: tuple[Threshold, ...]
    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]
    retention: Retention
    valid_to: date | None = None  # first day on which this version no longer applies
    listed: bool = True  # offered in the chooser of this installation
    sponsors: Sponsors | None = None
    admissibility_grounds: tuple[Ground, ...] = ()
    repeat_window: Span | None = None
    pending: Pending = Pending()
    names: Names = Names()
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
            if step.slot and step.kind not in {"hearing", "hand_over"}:
                raise ValueError(f"step {step.code} is no meeting and has no slot")
            if unknown := set(step.for_thresholds) - known:
                raise ValueError(f"step {step.code} names unknown thresholds: {sorted(unknown)}")
        for path in self.unconfirmed:
            _resolve(self, path)
        return self

    def field(self, name: str) -> Field | None:
        """The question called ``name``, or None where this procedure does not ask it."""
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

    def outcome(self, code: str) -> Outcome | None:
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


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _check_unique(where: str, codes: list[str]) -> None:
    if len(codes) != len(set(codes)):
        raise ValueError(f"{where}: a code is used twice")


def _check_threshold(threshold: Threshold) -> None:
    if (threshold.at == "count") != (threshold.count is not None):
        raise ValueError(f"threshold {threshold.code}: a count belongs to at = 'count', and only there")
    if (threshold.effect == "publish") == bool(threshold.committee):
        raise ValueError(f"threshold {threshold.code}: every effect but 'publish' names a committee")


def _resolve(procedure: Procedure, path: str) -> object:
    """Follow a dotted path; list entries are named by their code (or name). Raises ValueError for a path to nothing."""
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
    """Read one procedure from TOML. ``origin`` (a file name) stands in the message of a ConfigurationError."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
        return _ADAPTER.validate_python(data)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{origin}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "procedure"
        raise ConfigurationError(f"{origin}: {place}: {first['msg']}") from error
