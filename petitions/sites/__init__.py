"""The site file of the body that runs this service: TOML with its name, look, sender, legal texts and links.

``SITE`` names a packaged file or the path of the operator's own. It is read once, at the start; an error stops the
start with one clear line that names the key (ConfigurationError). docs/themes.md explains every key.
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

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]


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


Words = Annotated[dict[str, ShortText], AfterValidator(_in_every_language)]
"""One line of text in every language of the interface."""
LongTexts = Annotated[dict[str, LongText], AfterValidator(_in_every_language)]
"""Paragraphs, separated by empty lines, in every language."""
Href = Annotated[str, AfterValidator(_address)]
Hrefs = Annotated[dict[str, Href], AfterValidator(_in_every_language)]


class Part(BaseModel):
    """A part of the file; an unknown key is an error, because it is probably mistyped."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class LabelledLink(Part):
    """A link with its text. ``href`` is one address, or one per language."""

    text: Words
    href: Href | Hrefs

    def to(self, language: str) -> str:
        """The address in a language."""
        return self.href if isinstance(self.href, str) else self.href[language]


class Logo(Part):
    """The logo: an SVG file, relative to the folder of the site file. ``shows_name``: the drawing includes the name."""

    file: ShortText
    shows_name: bool = False


class Home(Part):
    """The title and lead of the home page, where the body has its own."""

    title: Words
    lead: Words


class ContactDetails(Part):
    """How to contact the people who run the service, and when they answer."""

    email: EmailStr
    answer_within: int = Field(ge=1, le=60)  # working days
    phone: ShortText | None = None
    hours: Words | None = None
    postal: tuple[ShortText, ...] = ()
    note: LongTexts | None = None

    @model_validator(mode="after")
    def _hours_belong_to_a_phone(self) -> Self:
        if self.hours and not self.phone:
            raise ValueError("hours without a phone")
        return self


class Imprint(Part):
    """The organisation that is responsible by law."""

    organisation: Words
    responsible: Words
    address: tuple[ShortText, ...] = Field(min_length=1)
    registration: Words | None = None
    website: Href | None = None


class Privacy(Part):
    """The body's part of the privacy statement: the controller of the data, and where to complain."""

    controller: Words
    officer: EmailStr
    authority: LabelledLink
    addition: LongTexts | None = None


class Accessibility(Part):
    """The body's part of the accessibility statement. The rest is generated from what the service tests."""

    email: EmailStr
    answer_within: int = Field(ge=1, le=60)  # working days
    status: Literal["full", "partial", "none", "untested"]
    stated_on: date
    assessment: Words | None = None
    report: Href | None = None
    gaps: tuple[Words, ...] = ()
    complaint: LabelledLink
    phone: ShortText | None = None

    @model_validator(mode="after")
    def _full_needs_a_report(self) -> Self:
        if self.status == "full" and not self.report:
            raise ValueError('status "full" needs the address of a report of who tested it')
        return self


class Modules(Part):
    """The optional modules that a body may switch on."""

    questions: bool = True  # public questions and answers between committee and initiator
    votes: bool = True  # pages of members and parties: how they voted on motions that came from petitions
    contacts: bool = False  # declared contacts of the committee about a petition
    survey: bool = True  # two questions after the outcome, to those who asked for news


class SiteConfig(Part):
    """The content of a site file: the body that runs this installation."""

    name: Annotated[str | dict[str, str], AfterValidator(_short)]  # one, or one per language
    tagline: Annotated[dict[str, Annotated[str, StringConstraints(max_length=80)]], AfterValidator(_in_every_language)]
    theme: ShortText = "default"
    sender: EmailStr
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/Amsterdam"
    logo: Logo | None = None
    home: Home | None = None
    contact: ContactDetails
    imprint: Imprint
    about: LongTexts
    privacy: Privacy
    accessibility: Accessibility
    modules: Modules = Modules()
    footer: tuple[LabelledLink, ...] = Field(default=(), max_length=8)

    @property
    def zone(self) -> ZoneInfo:
        """The clock of this service itself, where no petition's is meant."""
        return ZoneInfo(self.timezone)


def packaged_sites() -> tuple[str, ...]:
    """The names of the site files that come with the service."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def site_path(given: str) -> Path:
    """The path of the site file with this name or path."""
    if given.endswith(".toml") or "/" in given:
        return Path(given)
    if given not in packaged_sites():
        raise ConfigurationError(f"SITE: there is no {given!r} (known: {', '.join(packaged_sites())}; or a path)")
    return FOLDER / f"{given}.toml"


def load_site(given: str = "default") -> SiteConfig:
    """The site file of this name or path. Raises ConfigurationError with one line that names every wrong key."""
    path = site_path(given)
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"SITE: {path} cannot be read ({error.__class__.__name__})") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"SITE: {path.name}: {error}") from error
    try:
        return SiteConfig.model_validate(data)
    except ValidationError as error:
        raise ConfigurationError(f"SITE: {path.name}: {describe(error)}") from error


def describe(error: ValidationError) -> str:
    """The problems of a site file on one line, each with its key."""
    return "; ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'the file'}: {problem['msg'].removeprefix('Value error, ')}"
        for problem in error.errors(include_url=False)
    )


def load_logo(file: str, folder: Path) -> bytes:
    """The logo. Raises ConfigurationError for anything but plain SVG: it must not contain scripts or load anything."""
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
    """Width and height of a logo when it is 40 pixels high, so that the layout does not shift when it loads."""
    box = re.search(rb"""viewBox=["']\s*[\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)[\s,]+([\d.]+)""", content)
    if box is None or float(box[2]) == 0:
        return None
    return max(1, round(40 * float(box[1]) / float(box[2]))), 40
