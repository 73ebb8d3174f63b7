"""The token contract: every token in use exists in every theme, text can be read, and the files stay small."""

import gzip
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from petitions.errors import ConfigurationError
from petitions.http.look import COUNTER, Style
from petitions.http.templating import Pages
from petitions.mail.letters import Letter
from petitions.sites import style_sheet
from petitions.sites.themes import (
    EDGES,
    OWN,
    PACKAGED,
    ROLES,
    TEXT,
    contract,
    contrast,
    faults,
    load_theme,
    packaged_themes,
    read_theme,
)
from scripts import check_theme, make_theme
from tests.web import Web

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "petitions" / "static"
DOCS = (ROOT / "docs" / "themes.md").read_text(encoding="utf-8")
USE = re.compile(r"var\(--([a-z0-9-]+)")
THEMES = packaged_themes()


def rules(name: str = "") -> str:
    css = (STATIC / name).read_text(encoding="utf-8") if name else style_sheet.rules()
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def test_every_component_is_in_the_style_sheet_once() -> None:
    assert sorted(style_sheet.COMPONENTS) == sorted(path.stem for path in (STATIC / "css").glob("*.css"))
    for path in (STATIC / "css").glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("/* "), path.name
        assert text.endswith("}\n"), path.name
        assert text.count("{") == text.count("}"), path.name


def test_no_width_changes_a_colour() -> None:
    """tests/stories/axe.py relies on this. The label before a cell is the one that only small screens show."""
    changed = []
    for query in re.finditer(r"@media[^{]*width[^{]*\{((?:[^{}]*\{[^{}]*\})*)", rules()):
        for selector, declarations in re.findall(r"([^{}]*)\{([^{}]*)\}", query[1]):
            if re.search(r"(?:^|[;\s])(?:color|background(?:-color|-image)?|opacity)\s*:", declarations):
                changed.append(selector.strip())
    assert changed == [".table--cards td[data-label]::before"]


def test_there_are_a_default_and_two_more() -> None:
    assert THEMES[0] == "default"
    assert {"municipality", "parliament"} < set(THEMES)


@pytest.mark.parametrize("name", THEMES)
def test_every_token_in_use_is_defined_in_light_and_in_dark(name: str) -> None:
    theme = load_theme(name)
    used = set(USE.findall(rules()))
    assert used
    assert used - theme.light.keys() == set()
    colours = {token for token in used if token.startswith("basis-color-")}
    own_dark = set(re.findall(r"--([a-z0-9-]+):", theme.css.partition("prefers-color-scheme: dark")[2]))
    assert colours - own_dark == set()  # a colour of the light palette would be wrong on a dark ground


def test_the_style_sheet_uses_the_shared_names_and_a_few_of_ours() -> None:
    used = set(USE.findall(rules()))
    assert {token for token in used if not token.startswith("basis-")} <= OWN
    assert len(OWN) <= 8


@pytest.mark.parametrize("name", THEMES)
def test_text_can_be_read(name: str) -> None:
    assert faults(load_theme(name)) == []


@pytest.mark.parametrize("name", THEMES)
def test_the_counter_elsewhere_can_be_read(name: str) -> None:
    style = Style(load_theme(name))
    for mode in ("light", "dark"):
        c = style.counter[mode]
        words = [("ink", "bg"), ("soft", "bg"), ("on", "brand")]
        edges = [("brand", "track"), ("lines", "mark"), ("tick", "mark")]
        assert [pair for pair in words if contrast(c[pair[0]], c[pair[1]]) < 4.5] == []
        assert [pair for pair in edges if contrast(c[pair[0]], c[pair[1]]) < 3] == []
    css = style.files["embed.css"].body.decode()
    assert set(USE.findall(css)) == set(COUNTER)
    assert all(f"--{short}:" in css for short in COUNTER)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_own_layer_names_no_colours() -> None:
    screen = rules().partition("@media print")[0]
    without_stages = re.sub(r"\.embed-stage[^}]*}", "", screen)  # a page of somebody else, light and dark
    assert re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(", without_stages) == []


def test_no_template_names_a_colour() -> None:
    for path in (ROOT / "templates").rglob("*.*"):
        found = re.findall(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b(?![-\w])", path.read_text(encoding="utf-8"))
        assert found == [], path


@pytest.mark.parametrize("name", THEMES)
def test_mails_and_badges_wear_the_theme(name: str, pages: Pages) -> None:
    style = Style(load_theme(name))
    dressed = Pages(pages.site, style=style)
    letter = Letter(subject="S", preheader="", paragraphs=("P",), button=("B", "https://x.example"), why="W")
    html = dressed.render("mail/letter.html", "en", letter=letter).decode()
    assert set(re.findall(r"#[0-9a-f]{6}\b", html)) <= set(style.light.values())
    assert f"background:{style.light['basis-color-action-1-inverse-bg-default']}" in html
    assert html.startswith("<!doctype html>")
    shown = SimpleNamespace(count=12, shows_waiting=False, petition=SimpleNamespace(title="T"))
    for dark in (False, True):
        badge = dressed.render("embeds/badge.svg", "en", shown=shown, text_width=len, dark=dark).decode()
        assert set(re.findall(r"#[0-9a-f]{6}\b", badge)) <= set(style.counter["dark" if dark else "light"].values())


def test_every_token_stands_in_the_documentation() -> None:
    tables = DOCS.partition("### Colours")[2]
    rungs = {rung for line in re.findall(r"^\| (`[^|]*`) \|", tables, re.MULTILINE) for rung in _spelled_out(line)}
    for token in contract():
        colour = re.fullmatch(rf"basis-color-({'|'.join(ROLES)})-(.+)", token)
        if colour:
            assert f"`{colour[1]}`" in tables, token
            assert colour[2] in rungs, token
        else:
            assert f"--{token}" in rungs, token


def test_every_pair_stands_in_the_documentation_and_no_other() -> None:
    words, _, edges = DOCS.partition("### Required contrast")[2].partition("Edges and fills")
    assert _documented(words) == set(TEXT)
    assert _documented(edges) == set(EDGES)


def _spelled_out(cell: str) -> list[str]:
    """The names in a cell of a table, where `-hover` after `bg-default` stands for `bg-hover`."""
    found: list[str] = []
    for name in re.findall(r"`([^`]+)`", cell):
        full = found[-1].rsplit("-", 1)[0] + name if name.startswith("-") and not name.startswith("--") else name
        found.append(full)
    return found


def _documented(text: str) -> set[tuple[str, str]]:
    pairs = set()
    for line in re.findall(r"^\| (`.*)$", text, re.MULTILINE):
        fronts, grounds = (_spelled_out(cell) for cell in line.split("|")[:2])
        for role in ROLES if "{role}" in line else ("",):
            pairs |= _pairs(fronts, grounds, role)
    return pairs


def _pairs(fronts: list[str], grounds: list[str], role: str) -> set[tuple[str, str]]:
    def full(name: str) -> str:
        name = name.replace("{role}", role)
        return name if name.startswith(("petitions-", "basis-")) else f"basis-color-{name}"

    if any("inverse" in front for front in fronts) and role:  # default on default, hover on hover, active on active
        return {(full(front), full(ground)) for front, ground in zip(fronts, grounds, strict=True)}
    return {(full(front), full(ground)) for front in fronts for ground in grounds}


# Making and reading


def test_the_themes_are_what_the_script_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_theme, "THEMES", tmp_path)
    make_theme.main([])
    for path in PACKAGED.glob("*.css"):
        assert (tmp_path / path.name).read_text(encoding="utf-8") == path.read_text(encoding="utf-8"), path.name


def test_a_theme_of_ones_own_is_made_from_hues(tmp_path: Path) -> None:
    target = tmp_path / "city.css"
    make_theme.main(
        [str(target), "--accent", "150:0.09", "--signal", "62:0.12", "--radius", "4", "--heading", "Georgia"]
    )
    theme = load_theme(str(target))
    assert theme.name == "city"
    assert theme.light["basis-heading-font-family"] == "Georgia"
    assert theme.light["petitions-button-border-radius"] == "4px"
    assert (
        theme.light["basis-color-accent-1-inverse-bg-default"]
        != load_theme("default").light["basis-color-accent-1-inverse-bg-default"]
    )
    assert faults(theme) == []
    assert check_theme.main(str(target)) == 0


def test_what_a_theme_lacks_is_named() -> None:
    css = load_theme("default").css
    with pytest.raises(ConfigurationError, match=r"lacks --petitions-signal$"):
        read_theme("x", re.sub(r"--petitions-signal:[^;]*;", "", css))
    with pytest.raises(ConfigurationError, match="--petitions-hero-ink must be a colour"):
        read_theme("x", css.replace("--petitions-hero-ink: #ffffff", "--petitions-hero-ink: white"))
    with pytest.raises(ConfigurationError, match="leads to itself"):
        read_theme("x", css.replace("--petitions-hero-ink: #ffffff", "--petitions-hero-ink: var(--petitions-hero-ink)"))
    with pytest.raises(ConfigurationError, match="no 'nothing'"):
        load_theme("nothing")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_theme("/nowhere/nothing.css")


def test_weak_contrast_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    css = load_theme("default").css.replace("--petitions-hero-ink: #ffffff", "--petitions-hero-ink: #555")
    theme = read_theme("x", css)
    assert theme.light["petitions-hero-ink"] == "#555555"
    assert [line for line in faults(theme) if "hero-ink" in line and line.startswith("light")]
    (tmp_path / "weak.css").write_text(css, encoding="utf-8")
    assert check_theme.main(str(tmp_path / "weak.css")) == 1
    assert "--petitions-hero-ink on --petitions-hero-bg" in capsys.readouterr().out


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheets_are_small(name: str) -> None:
    style = Style(load_theme(name))
    sizes = {file: len(gzip.compress(asset.body)) for file, asset in style.files.items()}
    assert sizes["site.css"] <= 12_000
    assert sizes["embed.css"] <= 1_500


# Serving


async def test_the_look_is_served_with_a_mark_of_its_content(web: Web) -> None:
    html = (await web.client.get("/nl/how-it-works")).text
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    answer = await web.client.get(address)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert "--basis-color-default-bg-document" in answer.text
    assert ".button {" in answer.text
    plain = await web.client.get(address.partition("?")[0])
    assert "immutable" not in plain.headers["cache-control"]
    for name in ("icon.svg", "embed.css", *(f"{theme}.css" for theme in THEMES)):
        assert (await web.client.get(f"/style/{name}")).status_code == 200, name
    assert (await web.client.get("/style/logo.svg")).status_code == 404
    assert (await web.client.get("/style/nothing.css")).status_code == 404


async def test_the_bar_of_the_browser_follows_the_theme(web: Web) -> None:
    html = (await web.client.get("/nl/how-it-works")).text
    style = web.app_state.pages.style
    assert f'content="{style.light["petitions-hero-bg"]}" media="(prefers-color-scheme: light)"' in html
    assert f'content="{style.dark["petitions-hero-bg"]}" media="(prefers-color-scheme: dark)"' in html
