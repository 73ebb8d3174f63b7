"""Who runs the service: packaged files are complete, mistakes are named, single variables override."""

import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from petitions.errors import ConfigurationError
from petitions.locale import LANGUAGES, spoken
from petitions.settings import read
from petitions.sites import FOLDER, SiteConfig, load_logo, load_site, logo_size, packaged_sites
from petitions.sites.themes import load_theme, packaged_themes

COMPLETE = {
    "DATABASE_URL": "postgresql://localhost/petitions",
    "SMTP_URL": "smtp://localhost:25",
    "PUBLIC_URL": "https://petities.example",
    "SECRET_KEY": "x" * 32,
}


def write(tmp_path: Path, change: str = "", without: str = "") -> str:
    """The default file with something changed, as a file of one's own."""
    text = (FOLDER / "default.toml").read_text("utf-8")
    assert not without or without in text
    path = tmp_path / "site.toml"
    path.write_text(text.replace(without, change) if without else text + change, encoding="utf-8")
    return str(path)


def test_there_is_one_for_every_theme() -> None:
    assert {load_site(name).theme for name in packaged_sites()} == set(packaged_themes())


@pytest.mark.parametrize("name", packaged_sites())
def test_packaged_files_are_made_up_and_complete(name: str) -> None:
    body = load_site(name)
    assert load_theme(body.theme).name == body.theme
    assert body.sender.endswith(".example")
    assert body.accessibility.status == "untested"  # a demonstration has been assessed by nobody
    for language in LANGUAGES:
        assert len(body.about[language].split("\n\n")) >= 2
        assert all(link.text[language] and link.to(language) for link in body.footer)
    if body.logo:
        assert logo_size(load_logo(body.logo.file, FOLDER))


@pytest.mark.parametrize(
    ("without", "change", "place"),
    [
        ("answer_within = 5", "answer_within = 0", "contact.answer_within: Input should be greater"),
        ("answer_within = 5", "", "contact.answer_within: Field required"),
        ('name = "Petitieloket"', 'name = ""', "name: must have 1 to 60 characters"),
        ('name = "Petitieloket"', 'nmae = "x"', "nmae: Extra inputs are not permitted"),
        ('sender = "post@petitieloket.example"', 'sender = "post"', "sender: value is not a valid email"),
        ('theme = "default"', 'timezone = "Amsterdam"', "timezone: is no time zone"),
        ('theme = "default"', 'timezone = "../passwd"', "timezone: is no time zone"),
        ('en = "of the House"', "", "tagline: lacks the language en"),
        ('en = "of the House"', 'en = "x"\nxx = "y"', "tagline: unknown language xx"),
        ('status = "untested"', 'status = "full"', 'accessibility: status "full" needs the address of a report'),
        ('href = "https://kamer.example"\n', 'href = "javascript:alert(1)"\n', "footer.0.href"),
        ('phone = "088 000 00 00"', "", "contact: hours without a phone"),
        ("name = ", "name ", "line"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, without: str, change: str, place: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_site(write(tmp_path, change, without))
    assert place in str(caught.value)
    assert "site.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_name_and_a_path_to_nothing() -> None:
    with pytest.raises(ConfigurationError, match="known: default, municipality, parliament"):
        load_site("nothing")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_site("/nowhere/site.toml")


def test_single_variables_override(tmp_path: Path) -> None:
    given = COMPLETE | {
        "SITE": write(tmp_path),
        "SITE_NAME": "Loket",
        "SITE_TAGLINE_EN": "of the town",
        "MAIL_FROM": "loket@stad.example",
        "CONTACT_EMAIL": "hulp@stad.example",
        "THEME": "parliament",
        "SITE_TIMEZONE": "America/New_York",
    }
    settings = read(given)
    assert (settings.name, settings.sender, settings.contact_email) == (
        "Loket",
        "loket@stad.example",
        "hulp@stad.example",
    )
    assert (settings.tagline_nl, settings.tagline_en) == ("van de Kamer", "of the town")
    assert settings.body.contact.email == "hulp@stad.example"
    assert settings.theme.name == "parliament"
    assert settings.body.zone == ZoneInfo("America/New_York")
    assert read(COMPLETE).body.zone == ZoneInfo("Europe/Amsterdam")
    assert settings.logo is None
    with pytest.raises(ConfigurationError, match="MAIL_FROM: sender"):
        read(COMPLETE | {"MAIL_FROM": "nobody"})
    with pytest.raises(ConfigurationError, match="THEME"):
        read(COMPLETE | {"THEME": "nothing"})


def test_one_setting_changes_everything() -> None:
    settings = read(COMPLETE | {"SITE": "municipality"})
    assert (settings.name, settings.theme.name) == ("Voorbeeldstad beweegt", "municipality")
    assert settings.logo
    assert settings.logo.startswith(b"<svg")


def test_a_theme_outside_the_package(tmp_path: Path) -> None:
    css = load_theme("default").css.replace("--petitions-signal: #eeb33b", "--petitions-signal: #fc3")
    (tmp_path / "city.css").write_text(css, encoding="utf-8")
    theme = read(COMPLETE | {"THEME": str(tmp_path / "city.css")}).theme
    assert (theme.name, theme.light["petitions-signal"]) == ("city", "#ffcc33")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'<svg viewBox="0 0 4 4"><script>x</script></svg>', "without scripts"),
        (b'<svg viewBox="0 0 4 4" onload="x"></svg>', "without scripts"),
        (b"<p>no drawing</p>", "must be an SVG"),
        (b"<svg></svg>", "viewBox"),
        (b'<svg viewBox="0 0 4 4">' + b" " * 70_000 + b"</svg>", "larger than"),
        (b"\xff", "cannot be read"),
    ],
)
def test_a_logo_is_a_plain_drawing(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "logo.svg").write_bytes(content)
    with pytest.raises(ConfigurationError, match=why):
        read(COMPLETE | {"SITE_LOGO": str(tmp_path / "logo.svg")})


def test_a_logo_keeps_its_shape() -> None:
    assert logo_size(b'<svg viewBox="0 0 120 40">') == (120, 40)
    assert logo_size(b"<svg viewBox='0,0,24,24'>") == (40, 40)
    assert logo_size(b"<svg>") is None


def test_every_key_stands_in_the_documentation() -> None:
    docs = (FOLDER.parents[1] / "docs" / "themes.md").read_text("utf-8")
    table = docs.partition("## The site file")[2].partition("## A theme")[0]
    for name, field in SiteConfig.model_fields.items():
        assert f"`{name}" in table, name
        parts = getattr(field.annotation, "model_fields", {})
        for key in parts:
            assert f"`{name}.{key}`" in table or f"`.{key}`" in table, f"{name}.{key}"
    assert tomllib.loads((FOLDER / "default.toml").read_text("utf-8"))


def test_a_name_is_one_text_or_one_per_language(tmp_path: Path) -> None:
    line, table = 'name = "Petitieloket"\n', '[name]\nnl = "Loket"\nen = "Desk"\n\n[tagline]'
    text = (FOLDER / "default.toml").read_text("utf-8")
    path = tmp_path / "site.toml"
    path.write_text(text.replace(line, "").replace("[tagline]", table, 1), "utf-8")
    settings = read(COMPLETE | {"SITE": str(path)})
    assert [spoken(settings.name, language) for language in ("nl", "en")] == ["Loket", "Desk"]
    one = read(COMPLETE | {"SITE": str(path), "SITE_NAME": "Bureau"})
    assert [spoken(one.name, language) for language in ("nl", "en")] == ["Bureau", "Bureau"]
    path.write_text(text.replace(line, "").replace("[tagline]", '[name]\nnl = "Loket"\n\n[tagline]', 1), "utf-8")
    with pytest.raises(ConfigurationError, match="name: lacks the language en"):
        load_site(str(path))
