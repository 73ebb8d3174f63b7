"""The settings: environment variables of the operator, read once into a frozen object. Only assembly uses it."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from petitions.errors import ConfigurationError
from petitions.sites import SiteConfig, describe, load_logo, load_site, site_path
from petitions.sites.themes import Theme, load_theme

ROOT: Final = Path(__file__).resolve().parent.parent
MINIMUM_SECRET: Final = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one installation."""

    database_url: str
    read_database_url: str  # a replica for public pages; empty: there is none
    smtp_url: str
    secrets: tuple[str, ...]  # newest first; the last one is also the root of the data keys
    public_url: str
    port: int
    host: str
    data_dir: Path
    documents_dir: Path  # files of documents: not served directly, and to be backed up
    demo: bool
    workers: int
    most_under_way: int
    worker_nice: int  # the niceness of the worker, so that web processes go first
    mails_per_second: int  # the maximum for one worker
    name: str | Mapping[str, str]  # one for every language, or one per language
    tagline_nl: str
    tagline_en: str
    sender: str
    contact_email: str
    body: SiteConfig
    theme: Theme
    logo: bytes | None


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises ConfigurationError with one clear line when something is missing or wrong."""
    demo = _flag(environ, "DEMO")
    port = _number(environ, "PORT", 8000)
    data_dir = Path(environ.get("DATA_DIR") or ROOT / "var").resolve()
    database_url = environ.get("DATABASE_URL", "")
    if not database_url:
        raise ConfigurationError("DATABASE_URL is missing: which PostgreSQL (15 or later) shall be used?")
    smtp_url = environ.get("SMTP_URL", "")
    if not smtp_url:
        raise ConfigurationError(
            "SMTP_URL is missing: which mail server shall be used? (smtp://name:password@host:587)"
        )
    public_url = environ.get("PUBLIC_URL", f"http://localhost:{port}" if demo else "").rstrip("/")
    if urlsplit(public_url).scheme not in {"http", "https"}:
        raise ConfigurationError(
            "PUBLIC_URL is missing or wrong: the address of the site, such as https://petitions.example"
        )
    body = _body(environ)
    return Settings(
        database_url=database_url,
        read_database_url=environ.get("READ_DATABASE_URL", ""),
        smtp_url=smtp_url,
        secrets=_secrets(environ, demo=demo, data_dir=data_dir),
        public_url=public_url,
        port=port,
        host=environ.get("HOST", "127.0.0.1"),
        data_dir=data_dir,
        documents_dir=Path(environ.get("DOCUMENTS_DIR") or data_dir / "documents").resolve(),
        demo=demo,
        workers=_number(environ, "WEB_CONCURRENCY", 1),
        most_under_way=_number(environ, "MOST_UNDER_WAY", 512),
        worker_nice=_number(environ, "WORKER_NICE", 5, least=0),
        mails_per_second=_number(environ, "MAILS_PER_SECOND", 4000),
        name=body.name,
        tagline_nl=body.tagline["nl"],
        tagline_en=body.tagline["en"],
        sender=body.sender,
        contact_email=body.contact.email,
        body=body,
        theme=load_theme(body.theme),
        logo=_logo(environ, body),
    )


def _body(environ: Mapping[str, str]) -> SiteConfig:
    """The site file that SITE names, with single keys overridden by environment variables."""
    body = load_site(environ.get("SITE") or "default")
    data = body.model_dump(exclude_unset=True)
    places = {
        "SITE_NAME": (data, "name"),
        "SITE_TAGLINE_NL": (data["tagline"], "nl"),
        "SITE_TAGLINE_EN": (data["tagline"], "en"),
        "MAIL_FROM": (data, "sender"),
        "CONTACT_EMAIL": (data["contact"], "email"),
        "THEME": (data, "theme"),
        "SITE_TIMEZONE": (data, "timezone"),
    }
    given = {name: environ[name] for name in places if environ.get(name)}
    for name, value in given.items():
        part, key = places[name]
        part[key] = value
    try:
        return SiteConfig.model_validate(data)
    except ValidationError as error:
        raise ConfigurationError(f"{', '.join(given)}: {describe(error)}") from error


def _logo(environ: Mapping[str, str], body: SiteConfig) -> bytes | None:
    """The logo: the file that SITE_LOGO names, else the one that the site file names, relative to it."""
    if path := environ.get("SITE_LOGO"):
        return load_logo(Path(path).name, Path(path).parent)
    return load_logo(body.logo.file, site_path(environ.get("SITE") or "default").parent) if body.logo else None


def _flag(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def _number(environ: Mapping[str, str], name: str, default: int, *, least: int = 1) -> int:
    text = environ.get(name) or str(default)
    if not text.isdigit() or int(text) < least:
        raise ConfigurationError(f"{name} is not a number of at least {least}: {text!r}")
    return int(text)


def _secrets(environ: Mapping[str, str], *, demo: bool, data_dir: Path) -> tuple[str, ...]:
    """The secrets from SECRET_KEY (newest first, separated by commas); in the demonstration a generated one."""
    given = tuple(part.strip() for part in environ.get("SECRET_KEY", "").split(",") if part.strip())
    if not given and demo:
        return (_demo_secret(data_dir),)
    if not given:
        raise ConfigurationError(
            "SECRET_KEY is missing: set it to a long random text (`openssl rand -hex 32`) and keep it safe"
        )
    if any(len(secret) < MINIMUM_SECRET for secret in given):
        raise ConfigurationError(f"SECRET_KEY is too short: at least {MINIMUM_SECRET} characters")
    return given


def _demo_secret(data_dir: Path) -> str:
    """A random secret for this data folder, generated at the first start."""
    path = data_dir / "demo-secret"
    data_dir.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError), path.open("x", encoding="ascii") as file:
        path.chmod(0o600)
        file.write(secrets.token_hex(32))
    return path.read_text("ascii")
