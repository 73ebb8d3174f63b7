"""Who runs this service, as data: one TOML file per body with its name, look, sender, legal texts and links.

``SITE`` names a packaged file or the path of one of the operator's own. Read once, at the start; whatever is wrong
stops the start with one clear line that names the place (ConfigurationError). docs/themes.md explains every key.
"""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from petitions.errors import ConfigurationError
from petitions.locale import LANGUAGES

FOLDER: Final = Path(__file__).parent
LARGEST_LOGO: Final = 64 * 1024
LONGEST_NAME: Final = 60

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]


def _in_every_language(words: dict[str, str]) -> dict[str, str]:
    if missing := LANGUAGES.keys() - words.keys():
        raise ValueError(f"lacks the language {', '.join(sorted(missing))}")
    if unknown := words.keys() - LANGUAGES.keys():
        raise ValueError(f"unknown language {', '.join(sorted(unknown))}")
    return words


def _short(name: str | dict[str, str]) -> str | dict[str, str]:
    texts = [name] if isinstance(name, str) else list(_in_every_language(name).values())
    if not all(0 < len(text) <= LONGEST_NAME for text in texts):
        raise ValueError(f"must have 1 to {LONGEST_NAME} characters")
    return name


def _address(href: str) -> str:
    if not re.fullmatch(r"(https?://|mailto:|/)\S+", href):
        raise ValueError("must begin with https://, mailto: or /")
    return href


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError("is no time zone, such as Europe/Amsterdam") from error
    return name


Words = Annotated[dict[str, Line], AfterValidator(_in_every_language)]
"""A line in every language of the interface."""
Texts = Annotated[dict[str, Text], AfterValidator(_in_every_language)]
"""Paragraphs, divided by empty lines, in every language."""
Href = Annotated[str, AfterValidator(_address)]
Hrefs = Annotated[dict[str, Href], AfterValidator(_in_every_language)]


class Part(BaseModel):
    """A part of the file; an unknown key is an error, because it is a key that was mistyped."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Link(Part):
    """A link with its words. ``href`` is one address, or one per language."""

    text: Words
    href: Href | Hrefs

    def to(self, language: str) -> str:
        """The address in a language."""
        return self.href if isinstance(self.href, str) else self.href[language]


class Logo(Part):
    """The logo as an SVG file, found from the folder of this file. ``shows_name``: it holds the name already."""

    file: Line
    shows_name: bool = False


class Home(Part):
    """The words at the head of the home page, where they are the body's own."""

    title: Words
    lead: Words


class Contact(Part):
    """How people reach those who run the service, and when they have an answer."""

    email: EmailStr
    answer_within: int = Field(ge=1, le=60)  # working days
    phone: Line | None = None
    hours: Words | None = None
    postal: tuple[Line, ...] = ()
    note: Texts | None = None

    @model_validator(mode="after")
    def _hours_belong_to_a_phone(self) -> Self:
        if self.hours and not self.phone:
            raise ValueError("hours without a phone")
        return self


class Imprint(Part):
    """Who is responsible by law."""

    organisation: Words
    responsible: Words
    address: tuple[Line, ...] = Field(min_length=1)
    registration: Words | None = None
    website: Href | None = None


class Privacy(Part):
    """What the body adds to the privacy statement: who decides about the data, and where to complain."""

    controller: Words
    officer: EmailStr
    authority: Link
    addition: Texts | None = None


class Accessibility(Part):
    """What the body says about accessibility. What the service itself tests stands in its own words."""

    email: EmailStr
    answer_within: int = Field(ge=1, le=60)  # working days
    status: Literal["full", "partial", "none", "untested"]
    stated_on: date
    assessment: Words | None = None
    report: Href | None = None
    gaps: tuple[Words, ...] = ()
    complaint: Link
    phone: Line | None = None

    @model_validator(mode="after")
    def _full_needs_a_report(self) -> Self:
        if self.status == "full" and not self.report:
            raise ValueError('status "full" needs the address of a report of who tested it')
        return self


class Modules(Part):
    """What a body may switch on beside the handling itself."""

    questions: bool = True  # public questions and answers between committee and initiator
    votes: bool = True  # pages of members and parties: how they voted on motions that came from petitions
    contacts: bool = False  # who spoke with the committee about a petition
    survey: bool = True  # two questions after the outcome, to those who asked for news


class Body(Part):
    """One file: the body that runs this installation."""

    name: Annotated[str | dict[str, str], AfterValidator(_short)]  # one, or one per language
    tagline: Annotated[dict[str, Annotated[str, StringConstraints(max_length=80)]], AfterValidator(_in_every_language)]
    theme: Line = "default"
    sender: EmailStr
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/Amsterdam"
    logo: Logo | None = None
    home: Home | None = None
    contact: Contact
    imprint: Imprint
    about: Texts
    privacy: Privacy
    accessibility: Accessibility
    modules: Modules = Modules()
    footer: tuple[Link, ...] = Field(default=(), max_length=8)

    @property
    def zone(self) -> ZoneInfo:
        """The clock of this service itself, where no petition's is meant."""
        return ZoneInfo(self.timezone)


def packaged_sites() -> tuple[str, ...]:
    """The names of the files that come with the service."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def site_path(given: str) -> Path:
    """Where the file with this name or path stands."""
    if given.endswith(".toml") or "/" in given:
        return Path(given)
    if given not in packaged_sites():
        raise ConfigurationError(f"SITE: there is no {given!r} (known: {', '.join(packaged_sites())}; or a path)")
    return FOLDER / f"{given}.toml"


def load_site(given: str = "default") -> Body:
    """The body of this name or path. Raises ConfigurationError with one line that names every wrong place."""
    path = site_path(given)
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"SITE: {path} cannot be read ({error.__class__.__name__})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"SITE: {path.name}: {error}") from error
    try:
        return Body.model_validate(data)
    except ValidationError as error:
        raise ConfigurationError(f"SITE: {path.name}: {describe(error)}") from error


def describe(error: ValidationError) -> str:
    """What is wrong, on one line: the place in the file and why, for every problem."""
    return "; ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'the file'}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in error.errors(include_url=False)
    )


def load_logo(file: str, folder: Path) -> bytes:
    """The logo. Raises ConfigurationError for what is no plain SVG: it must hold no script and load nothing."""
    path = folder / file
    try:
        content = path.read_bytes()
        text = content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"logo: {path} cannot be read ({error.__class__.__name__})") from error
    if len(content) > LARGEST_LOGO:
        raise ConfigurationError(f"logo: {path.name} is larger than {LARGEST_LOGO // 1024} kB")
    if not re.search(r"<svg\b", text) or re.search(r"<script|<foreignObject|\bon\w+\s*=|<!ENTITY", text, re.IGNORECASE):
        raise ConfigurationError(f"logo: {path.name} must be an SVG drawing without scripts")
    if logo_size(content) is None:
        raise ConfigurationError(f'logo: {path.name} must have a viewBox, such as viewBox="0 0 120 40"')
    return content


def logo_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a logo when it is 40 pixels high, so that nothing moves when it comes in."""
    box = re.search(rb"""viewBox=["']\s*[\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)[\s,]+([\d.]+)""", content)
    if box is None or float(box[2]) == 0:
        return None
    return max(1, round(40 * float(box[1]) / float(box[2]))), 40
