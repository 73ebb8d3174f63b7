"""The look of an installation: its style sheets, icon and logo, made from the theme when the service starts.

They are kept in memory and served under /style/, so that a theme or a logo can be a file outside the package. One
style sheet holds both the tokens and the rules that use them, which saves a request before the first paint.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from petitions.sites import logo_size
from petitions.sites.style_sheet import STATIC, rules
from petitions.sites.themes import Theme, load_theme, packaged_themes

CSS: Final = "text/css; charset=utf-8"
SVG: Final = "image/svg+xml"

COUNTER: Final[dict[str, str]] = {
    "brand": "basis-color-accent-1-inverse-bg-default",
    "on": "basis-color-accent-1-inverse-color-default",
    "mark": "petitions-mark-bg",
    "lines": "petitions-mark-ink",
    "tick": "petitions-signal",
    "bg": "basis-color-default-bg-document",
    "ink": "basis-color-default-color-document",
    "soft": "basis-color-default-color-subtle",
    "edge": "basis-color-default-border-subtle",
    "track": "basis-color-default-bg-active",
}
"""The short names in the style of the embedded counter, and the token that gives each of them its colour."""

ICON: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="9" fill="{mark}"/>\
<path d="M10 12h20M10 19h13" fill="none" stroke="{lines}" stroke-width="3" stroke-linecap="round"/>\
<path d="m11 28 5 4.5L30 20.5" fill="none" stroke="{tick}" stroke-width="4" stroke-linecap="round" \
stroke-linejoin="round"/></svg>
"""
INLINE: Final = 4096  # bytes: a smaller logo is written into every page, which saves a request
SVG_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the look."""

    body: bytes
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """A short hash of the content, for the address."""
        return hashlib.sha256(self.body).hexdigest()[:8]


class Style:
    """The look of an installation. ``light`` and ``dark`` hold its tokens, for mails and images.

    ``icon`` is the icon as a data address. ``logo`` is the size at which the logo of the body is shown; None where it
    has none and the mark of the service is shown.
    """

    def __init__(self, theme: Theme, logo: bytes | None = None) -> None:
        self.name = theme.name
        self.light = theme.light
        self.dark = theme.dark
        self.counter = {mode: _counter(tokens) for mode, tokens in (("light", theme.light), ("dark", theme.dark))}
        self.files: dict[str, Asset] = {
            "site.css": Asset(_small(theme.css + rules()), CSS),
            "embed.css": Asset(_small(_embed_colours(self.counter) + _embed_rules()), CSS),
            "icon.svg": Asset(ICON.format(**self.counter["light"]).encode(), SVG),
        }
        self.logo = logo_size(logo) if logo else None
        if logo is not None:
            self.files["logo.svg"] = Asset(logo, SVG, {"Content-Security-Policy": SVG_POLICY})
        self.icon = _inline(self.files["icon.svg"].body)  # written into every page, which saves a request
        self._logo_address = _inline(logo) if logo and len(logo) <= INLINE else ""
        self._urls = {name: f"/style/{name}?v={asset.mark}" for name, asset in self.files.items()}

    def url(self, name: str) -> str:
        """The address of one of the files."""
        return self._urls[name]

    @property
    def logo_address(self) -> str:
        """The address of the logo: a data address when it is small, else that of the file."""
        return self._logo_address or self.url("logo.svg")


@dataclass(frozen=True, slots=True)
class Trial:
    """A packaged theme that can be tried on the page of components."""

    name: str
    url: str
    style: Style


@cache
def trials() -> dict[str, Trial]:
    """Every packaged theme, with the address of its style sheet."""
    found = {name: Style(load_theme(name)) for name in packaged_themes()}
    return {
        name: Trial(name, f"/style/{name}.css?v={style.files['site.css'].mark}", style) for name, style in found.items()
    }


def _inline(drawing: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}"


def _counter(tokens: Mapping[str, str]) -> dict[str, str]:
    return {short: tokens[token] for short, token in COUNTER.items()}


def _embed_colours(counter: Mapping[str, Mapping[str, str]]) -> str:
    """The colours of the counter: light, dark, or by the setting of the reader's system."""
    light, dark = (
        "".join(f"--{short}:{colour};" for short, colour in counter[mode].items()) + f"color-scheme:{mode}"
        for mode in ("light", "dark")
    )
    return (
        f".counter,.counter[data-theme=light]{{{light}}}\n.counter[data-theme=dark]{{{dark}}}\n"
        f"@media (prefers-color-scheme:dark){{.counter[data-theme=auto]{{{dark}}}}}\n"
    )


def _embed_rules() -> str:
    return (STATIC / "embed.css").read_text("utf-8")


def _small(css: str) -> bytes:
    """A style sheet without comments, indentation and empty lines."""
    return re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip().encode()
