#!/usr/bin/env python
"""Write a theme: a whole light and dark palette from a few hues. Without arguments, every packaged theme.

The names are those of the NL Design System's "basis" tokens, so that a body can give the service its own style by
replacing this one file. Colours are chosen in OKLCH, where equal steps of lightness look equal: each role keeps its
hue, each step of the scale its lightness, so every text has enough contrast with its background in every role.

    python scripts/make_theme.py                                      # petitions/static/themes/*.css
    python scripts/make_theme.py city.css --accent 330:0.11 --signal 55:0.11 --radius 4 --heading 'Georgia, serif'
"""

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

THEMES: Final = Path(__file__).resolve().parent.parent / "petitions" / "static" / "themes"

Hue = tuple[float, float]
"""A hue in degrees, and its chroma."""

ROLES: Final[dict[str, Hue]] = {
    # role: (hue in degrees, chroma)
    "default": (250, 0.014),
    "accent-1": (218, 0.075),
    "action-1": (218, 0.095),
    "action-2": (245, 0.13),
    "negative": (27, 0.18),
    "positive": (158, 0.12),
    "warning": (75, 0.12),
    "info": (240, 0.09),
}

LIGHT: Final[dict[str, tuple[float, float]]] = {
    # rung: (lightness, share of the role's chroma)
    "bg-document": (1, 0),
    "bg-subtle": (0.984, 0.3),
    "bg-default": (0.962, 0.4),
    "bg-hover": (0.935, 0.5),
    "bg-active": (0.905, 0.6),
    "border-subtle": (0.88, 0.5),
    "border-default": (0.56, 1),
    "border-hover": (0.47, 1),
    "border-active": (0.40, 1),
    "color-subtle": (0.47, 1),
    "color-default": (0.44, 1),
    "color-hover": (0.36, 1),
    "color-active": (0.30, 1),
    "color-document": (0.26, 0.9),
    "inverse-bg-default": (0.42, 1),
    "inverse-bg-hover": (0.34, 1),
    "inverse-bg-active": (0.28, 1),
    "inverse-color-default": (1, 0),
    "inverse-color-hover": (1, 0),
    "inverse-color-active": (1, 0),
    "inverse-color-subtle": (0.88, 0.3),
}

DARK: Final[dict[str, tuple[float, float]]] = {
    "bg-document": (0.205, 0.8),
    "bg-subtle": (0.235, 0.8),
    "bg-default": (0.275, 0.6),
    "bg-hover": (0.315, 0.6),
    "bg-active": (0.355, 0.6),
    "border-subtle": (0.37, 0.6),
    "border-default": (0.64, 0.8),
    "border-hover": (0.72, 0.8),
    "border-active": (0.80, 0.7),
    "color-subtle": (0.75, 0.7),
    "color-default": (0.82, 0.8),
    "color-hover": (0.88, 0.6),
    "color-active": (0.92, 0.4),
    "color-document": (0.94, 0.3),
    "inverse-bg-default": (0.80, 0.9),
    "inverse-bg-hover": (0.87, 0.8),
    "inverse-bg-active": (0.91, 0.6),
    "inverse-color-default": (0.20, 0.8),
    "inverse-color-hover": (0.20, 0.8),
    "inverse-color-active": (0.20, 0.8),
    "inverse-color-subtle": (0.30, 0.6),
}

SANS: Final = '"Source Sans", "Source Sans fallback", system-ui, sans-serif'
SERIF: Final = 'Charter, "Bitstream Charter", Georgia, "Liberation Serif", serif'

FIXED: Final[dict[str, str]] = {
    "basis-heading-font-family": SANS,
    "basis-text-font-family-default": SANS,
    "basis-text-font-size-sm": "1rem",
    "basis-text-font-size-md": "1.125rem",
    "basis-text-font-size-lg": "1.3125rem",
    "basis-text-font-size-xl": "1.5rem",
    "basis-text-font-size-2xl": "clamp(1.75rem, 1.5rem + 1.2vw, 2.125rem)",
    "basis-text-font-size-3xl": "clamp(2rem, 1.55rem + 2.2vw, 2.875rem)",
    "basis-border-radius-sm": "6px",
    "basis-border-radius-md": "10px",
    "petitions-button-border-radius": "var(--basis-border-radius-sm)",
    "basis-form-control-border-radius": "6px",
    "basis-page-max-inline-size": "1160px",
    "basis-focus-background-color": "#ffdd00",
    "basis-focus-color": "#0b0c0c",
    "petitions-signal": "#eeb33b",
    "petitions-signal-hover": "#ffcf6f",
    "petitions-signal-ink": "#1c1606",
    "petitions-hero-bg": "var(--basis-color-accent-1-inverse-bg-hover)",
    "petitions-hero-ink": "#ffffff",
    "petitions-mark-bg": "var(--basis-color-accent-1-inverse-bg-default)",
    "petitions-mark-ink": "#ffffff",
}

CALM: Final = 0.055
"""The maximum chroma of a background in dark mode."""

FIXED_DARK: Final[dict[str, str]] = {
    "petitions-hero-bg": "var(--basis-color-accent-1-bg-default)",
    "petitions-hero-ink": "var(--basis-color-default-color-document)",
    "petitions-mark-bg": "#00495b",
}


@dataclass(frozen=True)
class Design:
    """The parameters of one theme: hues by role, and tokens that do not come from a scale."""

    roles: Mapping[str, Hue] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    fixed_dark: Mapping[str, str] = field(default_factory=dict)


def signal(hue: Hue) -> dict[str, str]:
    """The one bright colour: of the search button, the line beside a request, and the tick of the logo."""
    return {
        "petitions-signal": hex_colour(0.81, hue[1], hue[0]),
        "petitions-signal-hover": hex_colour(0.88, hue[1] * 0.8, hue[0]),
        "petitions-signal-ink": hex_colour(0.2, 0.03, hue[0]),
    }


def corners(pixels: int, button: str = "var(--basis-border-radius-sm)") -> dict[str, str]:
    """The corner radii: ``pixels`` for fields, a little more for cards, ``button`` for buttons."""
    return {
        "basis-border-radius-sm": f"{pixels}px",
        "basis-border-radius-md": f"{round(pixels * 1.6)}px",
        "petitions-button-border-radius": button,
        "basis-form-control-border-radius": f"{pixels}px",
    }


def mark_in_the_dark(accent: Hue) -> dict[str, str]:
    """The background of the logo in dark mode."""
    return {"petitions-mark-bg": hex_colour(0.39, accent[1], accent[0])}


def designs() -> dict[str, Design]:
    """The packaged themes. None of them is the style of a state or a city that exists."""
    aubergine, slate = (335.0, 0.105), (262.0, 0.045)
    return {
        "default": Design(),
        "municipality": Design(
            roles={
                "default": (335, 0.01),
                "accent-1": aubergine,
                "action-1": aubergine,
                "action-2": (345, 0.14),
                "info": (300, 0.07),
            },
            fixed=signal((62, 0.125)) | corners(10, "1.5rem"),
            fixed_dark=mark_in_the_dark(aubergine),
        ),
        "parliament": Design(
            roles={
                "default": (262, 0.008),
                "accent-1": slate,
                "action-1": (262, 0.06),
                "action-2": (262, 0.13),
                "info": (262, 0.05),
            },
            fixed={"basis-heading-font-family": SERIF} | signal((90, 0.09)) | corners(2),
            fixed_dark=mark_in_the_dark(slate),
        ),
    }


def linear_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """A colour in OKLCH as linear-light sRGB (B. Ottosson's matrices); values outside 0 to 1 are out of gamut."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def hex_colour(lightness: float, chroma: float, hue: float) -> str:
    """A colour in OKLCH as #rrggbb, with its chroma reduced until it is in the sRGB gamut."""
    parts = linear_rgb(lightness, chroma, hue)
    while chroma > 0 and not all(-1e-4 <= part <= 1.0001 for part in parts):
        chroma = max(0.0, chroma - 0.004)
        parts = linear_rgb(lightness, chroma, hue)
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, part)))):02x}" for part in parts)


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def palette(ladder: Mapping[str, tuple[float, float]], roles: Mapping[str, Hue]) -> dict[str, str]:
    """Every role at every step of a scale: token name to colour."""
    return {
        f"basis-color-{role}-{rung}": hex_colour(lightness, min(chroma * share, _most_chroma(rung, lightness)), hue)
        for role, (hue, chroma) in roles.items()
        for rung, (lightness, share) in ladder.items()
    }


def _most_chroma(rung: str, lightness: float) -> float:
    """Limit the chroma of dark backgrounds: a large area of strong dark red or purple distracts from its text."""
    return CALM if rung.startswith("bg-") and lightness < 0.5 else math.inf


def stylesheet(design: Design) -> str:
    """The whole theme: light by default, dark where the reader's system prefers it."""
    roles = {**ROLES, **design.roles}
    return f"""\
/* Made by scripts/make_theme.py; not edited by hand. The tokens and what they are for: docs/themes.md. */
:root {{
  color-scheme: light;
{_declarations({**FIXED, **design.fixed, **palette(LIGHT, roles)})}
}}
@media (prefers-color-scheme: dark) {{
:root {{
  color-scheme: dark;
{_declarations({**FIXED_DARK, **design.fixed_dark, **palette(DARK, roles)})}
}}
}}
"""


def _declarations(tokens: Mapping[str, str]) -> str:
    return "\n".join(f"  --{name}: {value};" for name, value in tokens.items())


def _hue(text: str) -> Hue:
    """A hue as it is written on the command line: degrees:chroma."""
    degrees, _, chroma = text.partition(":")
    return float(degrees), float(chroma)


def own_design(given: argparse.Namespace) -> Design:
    """The design that the arguments of the command line describe."""
    accent: Hue = given.accent or ROLES["accent-1"]
    roles = {"accent-1": accent, "action-1": given.action or accent, "action-2": given.link or ROLES["action-2"]}
    fixed = corners(given.radius)
    if given.signal:
        fixed |= signal(given.signal)
    if given.heading:
        fixed["basis-heading-font-family"] = given.heading
    return Design(roles=roles, fixed=fixed, fixed_dark=mark_in_the_dark(accent))


def main(arguments: Sequence[str] | None = None) -> None:
    """Write one theme, or all packaged ones."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", nargs="?", type=Path, help="the file to write; without it every packaged theme")
    parser.add_argument("--accent", type=_hue, metavar="DEGREES:CHROMA", help="bars, marks, the head of the home page")
    parser.add_argument("--action", type=_hue, metavar="DEGREES:CHROMA", help="buttons; without it the accent")
    parser.add_argument("--link", type=_hue, metavar="DEGREES:CHROMA", help="links")
    parser.add_argument("--signal", type=_hue, metavar="DEGREES:CHROMA", help="the one bright colour")
    parser.add_argument("--radius", type=int, default=6, metavar="PIXELS", help="how round fields and buttons are")
    parser.add_argument("--heading", metavar="FAMILIES", help="the font family of headings")
    given = parser.parse_args(arguments)
    if given.target:
        given.target.write_text(stylesheet(own_design(given)), encoding="utf-8")
        return
    THEMES.mkdir(exist_ok=True)
    for name, design in designs().items():
        (THEMES / f"{name}.css").write_text(stylesheet(design), encoding="utf-8")


if __name__ == "__main__":
    main()
