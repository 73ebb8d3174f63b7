"""The style sheets: every token in use exists in every theme, text can be read, and the files stay small."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "petitions" / "static"
THEMES = [STATIC / "theme.css", *sorted((STATIC / "themes").glob("*.css"))]
DECLARATION = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")
USE = re.compile(r"var\(--([a-z0-9-]+)")

ROLES = ("default", "accent-1", "action-1", "action-2", "negative", "positive", "warning", "info")
ON_TINT = [
    (f"basis-color-{role}-color-{rung}", f"basis-color-{role}-bg-{ground}")
    for role in ROLES
    for rung in ("default", "hover", "document")
    for ground in ("document", "subtle", "default")
]
INVERSE = [
    (f"basis-color-{role}-inverse-color-{state}", f"basis-color-{role}-inverse-bg-{state}")
    for role in ROLES
    for state in ("default", "hover", "active")
]
OTHER = [
    ("basis-color-default-color-subtle", "basis-color-default-bg-document"),
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
    ("basis-color-accent-1-color-hover", "basis-color-default-bg-document"),
    ("basis-color-negative-color-default", "basis-color-default-bg-document"),
    ("basis-color-warning-color-default", "basis-color-default-bg-document"),
    ("basis-color-warning-color-default", "basis-color-accent-1-bg-default"),
    ("petitions-hero-ink", "petitions-hero-bg"),
    ("petitions-signal-ink", "petitions-signal"),
    ("petitions-signal-ink", "petitions-signal-hover"),
    ("basis-focus-color", "basis-focus-background-color"),
]
EDGES = [  # WCAG 1.4.11: what shows a control or a quantity
    ("basis-color-default-border-default", "basis-color-default-bg-document"),
    ("basis-color-action-1-border-default", "basis-color-default-bg-document"),
    ("basis-color-accent-1-inverse-bg-default", "basis-color-default-bg-active"),
    ("basis-color-negative-border-hover", "basis-color-default-bg-document"),
]


def tokens(theme: Path, mode: str) -> dict[str, str]:
    """The tokens of a theme in light or dark; dark falls back on light, as in the browser."""
    light, _, dark = theme.read_text(encoding="utf-8").partition("@media (prefers-color-scheme: dark)")
    found = dict(DECLARATION.findall(light))
    return {**found, **dict(DECLARATION.findall(dark))} if mode == "dark" else found


def colour(name: str, known: dict[str, str]) -> str:
    value = known[name].strip()
    inner = USE.match(value)
    return colour(inner[1], known) if inner else value


def luminance(value: str) -> float:
    parts = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("theme", THEMES, ids=lambda path: path.stem)
def test_every_token_in_use_is_defined(theme: Path, mode: str) -> None:
    used = set(USE.findall((STATIC / "petitions.css").read_text(encoding="utf-8")))
    known = tokens(theme, mode)
    assert used
    assert used - known.keys() == set()
    assert {inner for value in known.values() for inner in USE.findall(value)} - known.keys() == set()


def test_the_embed_defines_what_it_uses() -> None:
    text = (STATIC / "embed.css").read_text(encoding="utf-8")
    declared = set(re.findall(r"[{ ]--([a-z]+):", text))
    assert set(USE.findall(text)) == declared


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("theme", THEMES, ids=lambda path: path.stem)
def test_text_can_be_read(theme: Path, mode: str) -> None:
    known = tokens(theme, mode)
    weak = {
        f"{text} on {ground}": round(ratio, 2)
        for pairs, enough in (([*ON_TINT, *INVERSE, *OTHER], 4.5), (EDGES, 3.0))
        for text, ground in pairs
        if (ratio := contrast(colour(text, known), colour(ground, known))) < enough
    }
    assert weak == {}


def test_the_own_layer_names_no_colours() -> None:
    text = re.sub(r"/\*.*?\*/", "", (STATIC / "petitions.css").read_text(encoding="utf-8"), flags=re.S)
    screen = text.partition("@media print")[0]
    assert re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(", screen) == []


def test_the_theme_is_what_the_script_makes(tmp_path: Path) -> None:
    target = tmp_path / "theme.css"
    subprocess.run([sys.executable, ROOT / "scripts" / "make_theme.py", target], check=True)
    assert target.read_text(encoding="utf-8") == (STATIC / "theme.css").read_text(encoding="utf-8")


def test_the_style_sheets_are_small() -> None:
    sizes = {
        name: len(gzip.compress((STATIC / name).read_bytes())) for name in ("theme.css", "petitions.css", "embed.css")
    }
    assert sizes["theme.css"] + sizes["petitions.css"] <= 12_000
    assert sizes["embed.css"] <= 1_500
