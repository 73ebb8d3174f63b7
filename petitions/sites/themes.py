"""Themes: the tokens that a theme must define, the contrast that pairs of them need, and reading a theme.

A theme is one CSS file with custom properties, for light and inside ``@media (prefers-color-scheme: dark)`` for dark.
``THEME`` names a packaged one or the path of the operator's own. docs/themes.md explains every token.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from petitions.errors import ConfigurationError
from petitions.sites.style_sheet import STATIC, rules

Pair = tuple[str, str]
"""A foreground token, and the background token behind it."""

PACKAGED: Final = STATIC / "themes"
LARGEST: Final = 200_000

ROLES: Final = ("default", "accent-1", "action-1", "action-2", "negative", "positive", "warning", "info")
OWN: Final = frozenset(
    {
        *("petitions-signal", "petitions-signal-hover", "petitions-signal-ink"),
        *("petitions-hero-bg", "petitions-hero-ink", "petitions-mark-bg", "petitions-mark-ink"),
        "petitions-button-border-radius",
    }
)
"""Our own tokens, for which the NL Design System has no name."""

TEXT: Final[tuple[Pair, ...]] = (
    *(
        (f"basis-color-{role}-color-{rung}", f"basis-color-{role}-bg-{ground}")
        for role in ROLES
        for rung in ("default", "hover", "document")
        for ground in ("document", "subtle", "default")
    ),
    *(
        (f"basis-color-{role}-inverse-color-{state}", f"basis-color-{role}-inverse-bg-{state}")
        for role in ROLES
        for state in ("default", "hover", "active")
    ),
    ("basis-color-default-color-subtle", "basis-color-default-bg-document"),
    ("basis-color-default-color-subtle", "basis-color-default-bg-subtle"),
    ("basis-color-default-color-subtle", "basis-color-default-bg-default"),
    ("basis-color-default-color-subtle", "basis-color-accent-1-bg-subtle"),
    ("basis-color-default-color-document", "basis-color-default-bg-hover"),
    ("basis-color-default-color-document", "basis-color-accent-1-bg-default"),
    ("basis-color-default-color-default", "basis-color-accent-1-bg-default"),
    ("basis-color-default-color-document", "basis-color-negative-bg-default"),
    ("basis-color-action-1-color-default", "basis-color-default-bg-document"),
    ("basis-color-action-2-color-default", "basis-color-default-bg-document"),
    ("basis-color-action-2-color-default", "basis-color-default-bg-default"),
    ("basis-color-action-2-color-default", "basis-color-accent-1-bg-default"),
    ("basis-color-action-2-color-default", "basis-color-positive-bg-subtle"),
    ("basis-color-accent-1-color-hover", "basis-color-default-bg-document"),
    ("basis-color-negative-color-default", "basis-color-default-bg-document"),
    ("basis-color-warning-color-default", "basis-color-default-bg-document"),
    ("basis-color-warning-color-default", "basis-color-accent-1-bg-default"),
    ("petitions-hero-ink", "petitions-hero-bg"),
    ("petitions-signal-ink", "petitions-signal"),
    ("petitions-signal-ink", "petitions-signal-hover"),
    ("basis-focus-color", "basis-focus-background-color"),
)
"""Text and its background: WCAG 1.4.3, at least 4.5 to 1."""

EDGES: Final[tuple[Pair, ...]] = (
    ("basis-color-default-border-default", "basis-color-default-bg-document"),
    ("basis-color-action-1-border-default", "basis-color-default-bg-document"),
    ("basis-color-action-1-inverse-bg-default", "basis-color-default-bg-document"),
    ("basis-color-accent-1-inverse-bg-default", "basis-color-default-bg-active"),
    ("basis-color-negative-border-hover", "basis-color-default-bg-document"),
    ("basis-color-positive-border-default", "basis-color-default-bg-document"),
    ("petitions-signal", "petitions-hero-bg"),
    ("petitions-signal", "petitions-mark-bg"),
    ("petitions-mark-ink", "petitions-mark-bg"),
)
"""Edges and fills that show a control, a state or a quantity: WCAG 1.4.11, at least 3 to 1."""

_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_DARK: Final = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_DECLARATION: Final = re.compile(r"--([a-z0-9-]+)\s*:\s*([^;{}]+)")
_USE: Final = re.compile(r"var\(\s*--([a-z0-9-]+)\s*\)")
_HEX: Final = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_COLOUR: Final = re.compile(r"^(basis-color-|basis-focus-|petitions-(?!button))")


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme that was read. ``light`` and ``dark`` map every token to its final value, colours as #rrggbb."""

    name: str
    css: str
    light: Mapping[str, str]
    dark: Mapping[str, str]


@cache
def contract() -> frozenset[str]:
    """Every token that a theme must define: what the style sheet uses, and what mails, marks and counters need."""
    used = _USE.findall(_COMMENT.sub("", rules()))
    return frozenset({*used, *OWN, *(token for pair in (*TEXT, *EDGES) for token in pair)})


def packaged_themes() -> tuple[str, ...]:
    """The names of the themes that come with the service, the default first."""
    names = sorted(path.stem for path in PACKAGED.glob("*.css"))
    return tuple(sorted(names, key=lambda name: name != "default"))


def load_theme(given: str) -> Theme:
    """The theme with this name or path.

    Raises ConfigurationError for a file that is missing, lacks a token, or has a colour that is not hexadecimal: mails
    need plain colours, and contrast could not be checked. Weak contrast is only reported (``faults``).
    """
    path = Path(given) if _is_path(given) else PACKAGED / f"{given}.css"
    if not _is_path(given) and given not in packaged_themes():
        raise ConfigurationError(f"THEME: there is no {given!r} (known: {', '.join(packaged_themes())}; or a path)")
    try:
        css = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"THEME: {path} cannot be read ({error.__class__.__name__})") from error
    if len(css) > LARGEST or "<" in _COMMENT.sub("", css):
        raise ConfigurationError(f"THEME: {path} is not a file of design tokens")
    return read_theme(given if not _is_path(given) else path.stem, css)


def _is_path(given: str) -> bool:
    return given.endswith(".css") or "/" in given


def read_theme(name: str, css: str) -> Theme:
    """Read the tokens. Those that the dark part does not set are as in light, as in a browser."""
    plain = _COMMENT.sub("", css)
    parts = _DARK.split(plain, maxsplit=1)
    light = dict(_DECLARATION.findall(parts[0]))
    dark = {**light, **dict(_DECLARATION.findall(parts[1] if len(parts) > 1 else ""))}
    if missing := sorted(contract() - light.keys()):
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise ConfigurationError(f"theme {name}: lacks {', '.join(f'--{token}' for token in missing[:5])}{more}")
    return Theme(
        name,
        css,
        light={token: _final(name, token, light) for token in light},
        dark={token: _final(name, token, dark) for token in dark},
    )


def _final(name: str, token: str, known: Mapping[str, str], depth: int = 0) -> str:
    """The value of a token with every ``var()`` followed; of a colour as #rrggbb."""
    if depth > 8:
        raise ConfigurationError(f"theme {name}: --{token} leads to itself")
    value = known[token].strip()
    if other := _USE.fullmatch(value):
        if other[1] not in known:
            raise ConfigurationError(f"theme {name}: --{token} uses --{other[1]}, which is not defined")
        return _final(name, other[1], known, depth + 1)
    if token in contract() and _COLOUR.match(token):
        value = value.lower()
        if not _HEX.fullmatch(value):
            raise ConfigurationError(f"theme {name}: --{token} must be a colour such as #00495b, not {value!r}")
        return value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:])
    return value


def luminance(colour: str) -> float:
    """The relative luminance of a #rrggbb colour (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def faults(theme: Theme) -> list[str]:
    """The pairs with too little contrast, in light and in dark; one line each."""
    found = []
    for mode, tokens in (("light", theme.light), ("dark", theme.dark)):
        for pairs, least in ((TEXT, 4.5), (EDGES, 3.0)):
            for front, ground in pairs:
                ratio = contrast(tokens[front], tokens[ground])
                if ratio < least:
                    found.append(f"{mode}: --{front} on --{ground}: {ratio:.2f}, needs {least}")
    return found
