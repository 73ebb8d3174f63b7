"""The content of the demo, read from the TOML files beside this module into frozen dataclasses.

Times are days counted from today, so that the demo is always fresh. Texts may be wrapped in the files: lines of one
paragraph are joined, and a blank line begins a new paragraph. An unknown key or a wrong value is a
ConfigurationError that names the file and the place.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from petitions.errors import ConfigurationError
from petitions.lifecycle.rules.procedures import StepKind
from petitions.lifecycle.rules.subjects import SUBJECTS
from petitions.motions.rules.votes import Choice, MotionOutcome

DIRECTORY = Path(__file__).parent
_PEOPLE = "people.toml"
_PARTIES = "parties.toml"
_STRICT = ConfigDict(extra="forbid")
_Read = TypeVar("_Read")


def _unwrap(text: str) -> str:
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _known_subject(value: str) -> str:
    if value not in SUBJECTS:
        raise ValueError(f"not a subject: {value}")
    return value


Prose = Annotated[str, AfterValidator(_unwrap), Field(min_length=1)]
Subject = Annotated[str, AfterValidator(_known_subject)]
Days = Annotated[int, Field(ge=0)]
DemoStage = Literal["sponsoring", "moderation", "open", "closed", "rejected", "withdrawn", "removed"]
Curve = Literal["steady", "launch", "media", "late", "two_waves"]
Tone = Literal["positive", "neutral", "negative"]
DemoRole = Literal["moderator", "clerk", "member", "administrator"]


@dataclass(frozen=True, config=_STRICT)
class Initiator:
    """The initiator of a petition; ``organisation`` if the procedure allows one."""

    name: str
    place: str
    organisation: str = ""


@dataclass(frozen=True, config=_STRICT)
class DemoUpdate:
    """News by the initiator."""

    days_ago: Days
    title: str
    text: Prose


@dataclass(frozen=True, config=_STRICT)
class ReferralStep:
    """One step that a committee took, in a few sentences for the timeline.

    ``date_in_days`` is the date in the step (a meeting, or the day of the follow-up), counted from today; below
    zero it is past. ``outcome_hint`` is the tone of a decision; with ``admissibility``, "negative" means inadmissible.
    """

    days_ago: Days
    step: StepKind
    text: Prose
    place: str = ""
    date_in_days: int | None = None
    person: str = ""
    document: str = ""  # of a response: the name of the document, with its address
    link: str = ""
    transcript: str = ""  # of a debate that was held: the addresses of its report and recording
    video: str = ""
    outcome_hint: Tone | None = None
    outcome: str = ""  # code of the outcome in the procedure, with a decision
    ground: str = ""  # code of the ground in the procedure, with inadmissible
    reasons: Annotated[str, AfterValidator(_unwrap)] = ""
    mistake: str = ""  # the wrong words in the first text, in the place of ``instead_of``
    instead_of: str = ""
    correction: str = ""  # why they were corrected, two days later


@dataclass(frozen=True, config=_STRICT)
class DemoEarlierText:
    """The text that was first submitted and refused: its differences, the ground (its code), and the reason."""

    title: Annotated[str, Field(max_length=80)]
    request: Annotated[Prose, Field(max_length=300)]
    reasons: Annotated[Prose, Field(max_length=1500)]
    ground: str
    reason: Prose


@dataclass(frozen=True, config=_STRICT)
class DemoSample:
    """The check of a petition's support, in the step in which its conditions are checked.

    The first ``verified`` of the drawn places confirm, the next ``refused`` deny it; the others do not answer.
    ``result_days_ago``: when the result was established; without it answers still come in.
    """

    listed_days_ago: Days
    drawn_days_ago: Days
    seed: str
    source: str
    verified: Days
    refused: Days
    link: str = ""
    method: Literal["letter", "mail"] = "letter"
    result_days_ago: Days | None = None


@dataclass(frozen=True, config=_STRICT)
class DemoQuestion:
    """A public question and its answer; ``person`` speaks for the committee, if it is not the committee itself."""

    days_ago: Days
    by: Literal["committee", "initiator"]
    text: Prose
    answer: Annotated[str, AfterValidator(_unwrap)] = ""
    answer_days_ago: Days = 0
    answer_within: Days = 14
    answer_waits: bool = False  # for a moderator
    person: str = ""


@dataclass(frozen=True, config=_STRICT)
class DemoContact:
    """A declared contact of the committee."""

    days_ago: Days
    how: Literal["meeting", "call", "letter", "visit"]
    who: str
    interest: str
    with_whom: str
    about: Prose


@dataclass(frozen=True, config=_STRICT)
class DemoDocument:
    """A document that the committee added: a PDF made from ``text``, or a link; ``withdrawn``: the reason, if so."""

    days_ago: Days
    kind: Literal["report", "letter", "response", "agenda", "transcript", "other"]
    title: str
    summary: Prose
    text: Annotated[str, AfterValidator(_unwrap)] = ""
    url: str = ""
    public: bool = True
    published: bool = True
    withdrawn: str = ""


@dataclass(frozen=True, config=_STRICT)
class DeskNote:
    """A private note at the desk of the committee, by a member of its staff (the name)."""

    days_ago: Days
    by: str
    text: Prose


@dataclass(frozen=True, config=_STRICT)
class DemoMotion:
    """A motion from a petition. ``by_name`` is a roll call: the vote of each party, except for members listed apart."""

    days_ago: Days
    title: str
    submitters: str
    document: str
    voted_days_ago: Days
    outcome: MotionOutcome
    summary: str = ""
    link: str = ""
    parties: dict[str, Choice] = Field(default_factory=dict)
    by_name: dict[str, Choice] = Field(default_factory=dict)


@dataclass(frozen=True, config=_STRICT)
class DemoParty:
    """A made-up party in a body, with made-up members."""

    body: str
    short_name: str
    name: str
    seats: int
    members: tuple[str, ...]


@dataclass(frozen=True, config=_STRICT)
class DemoPetition:
    """One petition of the demo and how far it has come."""

    key: str
    procedure: str
    language: Literal["nl", "en"]
    subject: Subject
    title: Annotated[str, Field(max_length=80)]
    request: Annotated[Prose, Field(max_length=300)]
    reasons: Annotated[Prose, Field(max_length=1500)]
    initiator: Initiator
    stage: DemoStage
    age_days: Days  # since opening; since submission if it never opened
    signatures: Days = 0  # confirmed; in the stage of sponsors: theirs
    curve: Curve = "steady"
    ended_days_ago: Days = 0  # closed, rejected, withdrawn or removed
    due_in_days: int | None = None  # moderation: negative is overdue
    moderator_note: str = ""
    proposed_ground: str = ""  # moderation: a colleague proposed to refuse it; it waits for a second reader
    proposed_reason: Annotated[str, AfterValidator(_unwrap)] = ""
    objection: Annotated[str, AfterValidator(_unwrap)] = ""  # rejected: the objection of its initiator
    objected_days_ago: Days = 0
    ground_hint: str = ""  # rejected or removed: the ground in plain words
    ground: str = ""  # and its code in the procedure
    reason: Annotated[str, AfterValidator(_unwrap)] = ""
    earlier: DemoEarlierText | None = None
    updates: tuple[DemoUpdate, ...] = ()
    referral: tuple[ReferralStep, ...] = ()
    assigned_to: str = ""  # the name of the clerk to whom it is assigned
    note: tuple[DeskNote, ...] = ()
    motions: tuple[DemoMotion, ...] = ()
    sample: DemoSample | None = None
    question: tuple[DemoQuestion, ...] = ()
    document: tuple[DemoDocument, ...] = ()
    contact: tuple[DemoContact, ...] = ()
    paper_sheets: Days = 0  # printed; two thirds were counted

    @property
    def collected_days(self) -> int:
        """For how many days signatures were collected; 0 if the petition never opened."""
        return 0 if self.stage in {"sponsoring", "moderation", "rejected"} else self.age_days - self.ended_days_ago


@dataclass(frozen=True, config=_STRICT)
class DemoPlace:
    """A place of residence, its range of four-digit postcodes, and its weight (ten thousands of residents)."""

    name: str
    postcodes: tuple[int, int]
    weight: int


@dataclass(frozen=True, config=_STRICT)
class DemoStaff:
    """A member of staff of the service or a body; a clerk works for committees, a member sits on them (slugs)."""

    name: str
    email: str
    role: DemoRole
    committees: tuple[str, ...] = ()
    sits_on: tuple[str, ...] = ()
    may_export: bool = False


@dataclass(frozen=True, config=_STRICT)
class DemoPeople:
    """Names and places for made-up signatories, and the staff of the demo."""

    first_names: tuple[str, ...]
    surnames: tuple[str, ...]
    places: tuple[DemoPlace, ...]
    staff: tuple[DemoStaff, ...]
    citizen_domain: str
    staff_domain: str


@dataclass(frozen=True, config=_STRICT)
class DemoContent:
    """The whole content of the demo."""

    petitions: tuple[DemoPetition, ...]
    people: DemoPeople
    parties: tuple[DemoParty, ...] = ()


_PETITIONS: TypeAdapter[tuple[DemoPetition, ...]] = TypeAdapter(tuple[DemoPetition, ...])
_PEOPLE_ADAPTER: TypeAdapter[DemoPeople] = TypeAdapter(DemoPeople)
_PARTIES_ADAPTER: TypeAdapter[tuple[DemoParty, ...]] = TypeAdapter(tuple[DemoParty, ...])


def load_content(directory: Path = DIRECTORY) -> DemoContent:
    """Read every petition file and the people of the demo. Raises ConfigurationError for an invalid file."""
    petitions: list[DemoPetition] = []
    for path in sorted(directory.glob("*.toml")):
        if path.name not in {_PEOPLE, _PARTIES}:
            found: tuple[DemoPetition, ...] = _validate(_PETITIONS, _read(path).get("petition", ()), path)
            petitions.extend(found)
    people_path, parties_path = directory / _PEOPLE, directory / _PARTIES
    return DemoContent(
        petitions=tuple(petitions),
        people=_validate(_PEOPLE_ADAPTER, _read(people_path), people_path),
        parties=_validate(_PARTIES_ADAPTER, _read(parties_path).get("party", ()), parties_path),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path.name}: {error}") from error


def _validate(adapter: TypeAdapter[_Read], data: object, path: Path) -> _Read:
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"{path.name}: {place}: {first['msg']}") from error
