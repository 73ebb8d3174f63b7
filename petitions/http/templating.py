"""Rendering pages: one template environment per language, built once when the service starts.

Templates do not get the request. They get the facts passed to them, the language, the site, and filters that format
numbers and dates. An unknown name in a template is an error, not an empty string.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from petitions.http.look import Style
from petitions.locale import LANGUAGES, load_catalogue, spoken
from petitions.locale.formats import Formats
from petitions.sites import SiteConfig, load_site
from petitions.sites.themes import load_theme

TEMPLATES_DIR: Final = Path(__file__).parents[2] / "templates"
STATIC_DIR: Final = Path(__file__).parents[1] / "static"

PathIn = Callable[[str], str]
"""Maps a language to the address of the same page in that language; "" where there is none."""


@dataclass(frozen=True)
class Site:
    """Who runs this service, for every page. ``tagline`` is per language; ``name`` is one text or per language.

    ``body`` has the rest. Templates get the site in their own language, where ``name`` is one text.
    """

    name: str | Mapping[str, str]
    tagline: Mapping[str, str]
    contact_email: str = ""
    public_url: str = ""
    demo: bool = False
    body: SiteConfig = field(default_factory=load_site)

    def name_in(self, language: str) -> str:
        """The name in a language."""
        return spoken(self.name, language)

    @property
    def shows_name_in_logo(self) -> bool:
        """Whether the logo contains the name, so that it need not be written beside it."""
        return bool(self.body.logo and self.body.logo.shows_name)


def _home(language: str) -> str:
    return f"/{language}"


class Pages:
    """Renders the pages of the service in each of its languages."""

    def __init__(
        self,
        site: Site,
        *,
        templates_dir: Path = TEMPLATES_DIR,
        static_dir: Path = STATIC_DIR,
        zone: ZoneInfo | None = None,
        style: Style | None = None,
    ) -> None:
        self.site = site
        self.style = style or Style(load_theme("default"))
        self._static_dir = static_dir
        self._static_urls: dict[str, str] = {}
        loader = FileSystemLoader(templates_dir)
        zone = zone or site.body.zone
        self._environments: dict[str, Environment] = {
            language: self._environment(language, loader, zone) for language in LANGUAGES
        }

    def render(self, name: str, lang: str, *, nav: str = "", path_in: PathIn = _home, **context: Any) -> bytes:
        """The page ``name`` in language ``lang``, as the bytes to send.

        ``nav`` is the current section of the menu, ``path_in`` gives the address of this page in a language.
        Raises ``jinja2.UndefinedError`` where the template uses a fact that was not given.
        """
        template = self._environments[lang].get_template(name)
        return template.render(nav=nav, path_in=path_in, **context).encode()

    def number(self, lang: str, value: float) -> str:
        """A number formatted for this language."""
        return str(self._environments[lang].filters["number"](value))

    def static(self, path: str) -> str:
        """The address of a static file with a hash of its content, so that it may be kept for ever."""
        if path not in self._static_urls:
            digest = hashlib.sha256((self._static_dir / path).read_bytes()).hexdigest()
            self._static_urls[path] = f"/static/{path}?v={digest[:8]}"
        return self._static_urls[path]

    def _environment(self, language: str, loader: FileSystemLoader, zone: ZoneInfo) -> Environment:
        environment = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        translations = load_catalogue(language)
        environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
        environment.filters.update(Formats(language, translations, zone).filters())
        site = replace(self.site, name=self.site.name_in(language))
        environment.globals.update(lang=language, languages=LANGUAGES, site=site, static=self.static, style=self.style)
        return environment
