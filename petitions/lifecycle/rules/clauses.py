"""The clauses of a procedure: each part of a body's rules as a frozen dataclass, with closed sets of names.

:mod:`petitions.lifecycle.rules.procedures` puts them together and checks that they fit.
"""

from datetime import time
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo

from annotated_types import Ge, Gt, Le
from pydantic import BeforeValidator, ConfigDict, model_validator
from pydantic.dataclasses import dataclass

from petitions.durations import Duration

STRICT: Final = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


def _duration(value: object) -> object:
    return Duration.parse(value) if isinstance(value, str) else value


ParsedDuration = Annotated[Duration, BeforeValidator(_duration)]
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
Column = FieldName | Literal["supported_on"]
Method = Literal["letter", "mail"]
StepKind = Literal[
    "receive", "check_conditions", "admissibility", "appoint_rapporteur", "ask_response", "publish_response",
    "hearing", "hand_over", "report", "debate", "decide", "follow_up",
]  # fmt: skip


@dataclass(frozen=True, config=STRICT)
class LocalizedText:
    """The same words in each language of the interface."""

    nl: str
    en: str

    def __getitem__(self, language: str) -> str:
        """The text in ``language``; English where that language has none."""
        return self.nl if language == "nl" else self.en


@dataclass(frozen=True, config=STRICT)
class RuleSource:
    """Where a rule is written down."""

    title: str
    url: str = ""


@dataclass(frozen=True, config=STRICT)
class Body:
    """The institution that owns the procedure."""

    code: str
    name: LocalizedText
    level: Level
    country: str  # ISO 3166-1 alpha-2, lower case; "eu" for the Union
    timezone: str  # IANA name; days end by this clock

    @property
    def zone(self) -> ZoneInfo:
        """The body's time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, config=STRICT)
class Condition:
    """One thing that must be true of a person, from a closed set (see ``rules/eligibility``)."""

    name: ConditionName
    value: int | tuple[str, ...] | None = None


@dataclass(frozen=True, config=STRICT)
class SignatoryField:
    """One question to a signatory, and why it is asked."""

    name: FieldName
    why: LocalizedText
    required: bool = True
    public: Literal["never", "choice", "always"] = "never"
    passed_on: bool = False  # handed to the body with the signatures


@dataclass(frozen=True, config=STRICT)
class Starter:
    """Who may start a petition."""

    who: LocalizedText  # one plain sentence
    conditions: tuple[Condition, ...] = ()
    organisations: bool = False
    representatives: int = 0  # people to be named beside the initiator
    max_open: int | None = None  # how many petitions one initiator may have at the same time
    signs: bool = False  # the initiator is counted as the first signatory


@dataclass(frozen=True, config=STRICT)
class Signer:
    """Who may sign."""

    who: LocalizedText
    conditions: tuple[Condition, ...] = ()
    age_on: Literal["signing", "receipt"] = "signing"


@dataclass(frozen=True, config=STRICT)
class TextLimit:
    """The minimum and maximum length of one text, in characters as a reader counts them."""

    maximum: int
    minimum: int = 1


@dataclass(frozen=True, config=STRICT)
class TextLimits:
    """The limits of each text of a petition."""

    title: TextLimit
    request: TextLimit
    reasons: TextLimit
    previous_action: TextLimit | None = None  # what the initiator already did (Scotland)


@dataclass(frozen=True, config=STRICT)
class Sponsors:
    """Early supporters who sign before the petition is public."""

    minimum: int
    maximum: int
    within: ParsedDuration | None = None  # after this the draft is deleted


@dataclass(frozen=True, config=STRICT)
class Ground:
    """A coded ground on which a petition may be refused (at moderation) or declared inadmissible (by the committee)."""

    code: str
    text: LocalizedText
    hides_text: bool = False
    rule: str = ""  # article


@dataclass(frozen=True, config=STRICT)
class Moderation:
    """The check by the service before a petition opens."""

    within: ParsedDuration
    by: LocalizedText
    second_reader: bool = False


@dataclass(frozen=True, config=STRICT)
class EarlyStop:
    """The rule that a petition closes early when it has fewer than ``minimum`` signatures ``after`` its opening."""

    after: ParsedDuration
    minimum: int


@dataclass(frozen=True, config=STRICT)
class SigningPeriod:
    """How long signatures are collected."""

    lasts: ParsedDuration | None = None  # None: open-ended
    initiator_may_close: bool = False
    signature_valid_for: ParsedDuration | None = None
    early_stop: EarlyStop | None = None


@dataclass(frozen=True, config=STRICT)
class Pending:
    """What happens to a signature that is not confirmed: one reminder, then it is deleted."""

    remind_after_days: int = 1
    forget_after_days: int = 7


@dataclass(frozen=True, config=STRICT)
class RegionalSpread:
    """A threshold that also needs signatories from at least ``regions`` regions.

    Nothing counts regions yet. Readers are shown the rule, and a procedure that has it is refused at load when a
    petition could be opened under it (see :func:`petitions.lifecycle.procedure_files.load_procedures`).
    """

    regions: int
    of: LocalizedText


@dataclass(frozen=True, config=STRICT)
class Threshold:
    """A number of signatures, or a moment, and what follows from it, as strongly as the rule says."""

    code: str
    effect: Effect
    strength: Strength
    what: LocalizedText  # "the committee puts it on its agenda": completes "who must / normally does / may"
    who: LocalizedText
    at: Trigger = "count"
    count: int | None = None
    spread: RegionalSpread | None = None
    within: ParsedDuration | None = None  # the body's deadline, from the day the threshold is reached
    committee: str = ""  # slug of the committee that receives the referral (every effect but "publish")


@dataclass(frozen=True, config=STRICT)
class Slot:
    """When a body normally holds a meeting of this kind: a day of the week and a range of hours."""

    weekday: Weekday
    opens: time
    closes: time  # the last meeting ends by this time
    minutes: int  # how long each takes
    words: LocalizedText  # the same in a sentence, with the place and who may come

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not 0 < self.minutes <= _minutes(self.closes) - _minutes(self.opens):
            raise ValueError("a slot holds at least one meeting")
        return self


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


@dataclass(frozen=True, config=STRICT)
class Step:
    """One step of the body's handling of a referral, in the order of the file."""

    code: str
    kind: StepKind
    name: LocalizedText
    who: LocalizedText
    within: ParsedDuration | None = None  # from the day of the previous required step; for the first: of the referral
    strength: Strength = "must"
    required: bool = True
    for_thresholds: tuple[str, ...] = ()  # empty: for every referral
    slot: Slot | None = None  # when the body usually holds such meetings: a proposal, not a rule


@dataclass(frozen=True, config=STRICT)
class PossibleOutcome:
    """One of the coded decisions with which a referral can end."""

    code: str
    text: LocalizedText
    tone: Literal["positive", "neutral", "negative"] = "neutral"
    next_body: LocalizedText | None = None
    follow_up: ParsedDuration | None = None


@dataclass(frozen=True, config=STRICT)
class Names:
    """Whose names the public sees."""

    starter: Literal["always", "choice"] = "always"
    signer: Literal["never", "choice"] = "never"


@dataclass(frozen=True, config=STRICT)
class RetentionPeriod:
    """How long personal data of signatories is kept after the end (closing without referral, or the decision)."""

    contact: ParsedDuration
    kept: LocalizedText  # what is kept after that


@dataclass(frozen=True, config=STRICT)
class Paper:
    """Signatures on paper: whether they count toward thresholds, who counts them, and how many lines a sheet has."""

    counted_by: LocalizedText
    adds: bool  # to thresholds; in any case they are shown apart
    lines: Annotated[int, Ge(1), Le(40)] = 10
    form: str = ""  # the body's own form, where only that one is accepted


@dataclass(frozen=True, config=STRICT)
class Verification:
    """How the body checks statements of support: a sample of them, or all of them (by itself, from the hand-over).

    The number drawn is ``size``, or ``share`` of the list; never fewer than ``minimum``, never more than the list has.
    """

    kind: Literal["sample", "full"]
    by: LocalizedText
    size: int | None = None
    share: Annotated[float, Gt(0), Le(1)] | None = None
    minimum: Annotated[int, Ge(1)] = 1
    methods: tuple[Method, ...] = ()  # how the people who are drawn are asked; the usual method first
    answer_within: ParsedDuration | None = None
    accepted: Annotated[float, Gt(0), Le(1)] | None = None  # the share that the rules require; None: no such rule

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        is_sample = self.kind == "sample"
        if is_sample != ((self.size is None) != (self.share is None)):
            raise ValueError("a sample has a size or a share, not both; a full check has neither")
        if is_sample != (bool(self.methods) and self.answer_within is not None):
            raise ValueError("a sample has methods and answer_within; a full check has neither")
        if self.size is not None and self.size < 1:
            raise ValueError("size must be at least 1")
        return self


@dataclass(frozen=True, config=STRICT)
class HandOverColumn:
    """One column of the file that the body asks for: a field of the signatory, or the day of support."""

    name: Column
    heading: str  # in the body's own language


@dataclass(frozen=True, config=STRICT)
class HandOver:
    """The file with signatures as the body asks for it: these columns in this order, and nothing else."""

    columns: tuple[HandOverColumn, ...]
