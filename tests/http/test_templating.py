"""Templates: languages, filters, static addresses, form macros, and that the parts of a page work together."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from petitions.http.fonts import FACES, build_fonts
from petitions.http.templating import TEMPLATES_DIR, Pages, Site
from petitions.locale import LANGUAGES, load_catalogue, read_catalogue
from petitions.locale.formats import Formats, paragraphs
from petitions.sites import style_sheet
from petitions.subjects import EVENT_KINDS

SITE = Site(
    name="Petitieloket",
    tagline={"nl": "van de Kamer", "en": "of the House"},
    contact_email="vragen@petities.example",
    public_url="https://petities.example",
    demo=True,
)
ZONE = ZoneInfo("Europe/Amsterdam")
NL, EN = (Formats(language, load_catalogue(language), ZONE) for language in ("nl", "en"))


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(SITE)


def write(tmp_path: Path, text: str) -> Pages:
    """Pages whose templates folder holds one page beside the parts and layouts of the service."""
    for folder in ("parts", "layouts"):
        (tmp_path / folder).symlink_to(TEMPLATES_DIR / folder)
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    return Pages(SITE, templates_dir=tmp_path)


def form(tmp_path: Path, text: str, **context: Any) -> str:
    macros = "field, textarea, checkbox, checkboxes, radios, select, error_summary, hidden, button, link_button"
    page = f'{{% from "parts/forms.html" import {macros} with context %}}{text}'
    return write(tmp_path, page).render("page.html", "en", **context).decode()


# Writing


def test_numbers() -> None:
    assert (NL.number(38_214), EN.number(38_214)) == ("38.214", "38,214")
    assert (NL.number(2.1), EN.number(2.1)) == ("2,1", "2.1")
    assert NL.percent(0.953) == "95%"


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_are_written_as_the_library_writes_them(number: int) -> None:
    for formats in (NL, EN):
        assert formats.number(number) == format_decimal(number, format="#,##0.#", locale=formats.locale)


def test_days_and_moments() -> None:
    day = date(2026, 4, 12)
    assert (NL.day(day), EN.day(day)) == ("12 april 2026", "12 April 2026")
    assert (NL.short_day(date(2026, 3, 2)), NL.day_month(date(2026, 3, 2))) == ("2 mrt 2026", "2 mrt")
    moment = datetime(2026, 4, 12, 22, 30, tzinfo=UTC)
    assert NL.moment(moment) == "13 april 2026 om 00.30 uur"
    assert EN.moment(moment) == "13 April 2026 at 00:30"
    assert NL.day(moment) == "13 april 2026"
    assert NL.day(moment, ZoneInfo("Europe/London")) == "12 april 2026"
    assert NL.clock(moment) == "00.30 uur"


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        (0, "vandaag", "today"),
        (1, "morgen", "tomorrow"),
        (-1, "gisteren", "yesterday"),
        (3, "over 3 dagen", "in 3 days"),
        (-41, "41 dagen geleden", "41 days ago"),
    ],
)
def test_relative_days(value: int, dutch: str, english: str) -> None:
    assert (NL.relative_days(value), EN.relative_days(value)) == (dutch, english)
    now = datetime(2026, 4, 12, 22, 30, tzinfo=UTC)  # already the 13th by the clock of the body
    assert NL.relative_days(date(2026, 4, 13) + timedelta(value), now) == dutch


def test_paragraphs_escape_and_keep_line_breaks() -> None:
    assert paragraphs("One <b>\r\ntwo\n\n\n three") == "<p>One &lt;b&gt;<br>two</p>\n<p>three</p>"
    assert paragraphs("  ") == ""


# Languages


def test_english_is_the_source_and_dutch_is_merged_from_all_files(tmp_path: Path) -> None:
    assert load_catalogue("en").gettext("Petitions") == "Petitions"
    dutch = load_catalogue("nl")
    assert load_catalogue("nl") is dutch  # read once: every mail asks for it
    assert dutch.gettext("Petitions") == "Petities"
    assert dutch.ngettext("signature", "signatures", 2) == "handtekeningen"
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    (tmp_path / "nl").mkdir()
    (tmp_path / "nl" / "a.po").write_text(head + 'msgid "One"\nmsgstr "Een"\n', encoding="utf-8")
    (tmp_path / "nl" / "b.po").write_text(
        head + 'msgid "One"\nmsgstr "Eén"\n\nmsgid "Two"\nmsgstr "Twee"\n', encoding="utf-8"
    )
    merged = load_catalogue("nl", tmp_path)
    assert [merged.gettext(word) for word in ("One", "Two")] == ["Een", "Twee"]


def test_translations_keep_the_places_for_values() -> None:
    for message in read_catalogue("nl"):
        if message.id:
            ids, texts = (
                [part] if isinstance(part, str) else list(part or ()) for part in (message.id, message.string)
            )
            wanted = {name for text in ids for name in re.findall(r"%\((\w+)\)", text)}
            for text in filter(None, texts):
                assert set(re.findall(r"%\((\w+)\)", text)) <= wanted, message.id


# Pages


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_public_page(pages: Pages, lang: str) -> None:
    html = pages.render("about/contact.html", lang, nav="petitions").decode()
    assert f'<html lang="{lang}">' in html
    assert html.count("<h1") == 1
    assert html.count('aria-current="page"') == 1
    for language in LANGUAGES:
        assert f'<link rel="alternate" hreflang="{language}" href="https://petities.example/{language}">' in html
    other = "en" if lang == "nl" else "nl"
    assert f'href="/{other}" lang="{other}" hreflang="{other}"' in html
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    own = re.sub(r'<script src="/static/help\.js\?v=\w+" defer></script>', "", html)  # the only one: see test_help.py
    assert not re.search(r"<script|\sstyle=|\son\w+=", own)


def test_the_demo_says_that_it_is_one(tmp_path: Path) -> None:
    text = '{% extends "layouts/plain.html" %}{% block title %}T{% endblock %}'
    assert "demo-banner" in write(tmp_path, text).render("page.html", "en").decode()
    real = Pages(Site(name="P", tagline={"nl": "", "en": ""}), templates_dir=tmp_path)
    assert "demo-banner" not in real.render("page.html", "en").decode()


def test_plain_pages_are_not_for_search_engines(tmp_path: Path) -> None:
    text = '{% extends "layouts/plain.html" %}{% block title %}T{% endblock %}'
    html = write(tmp_path, text).render("page.html", "nl").decode()
    assert '<meta name="robots" content="noindex">' in html
    assert "site-nav" not in html
    assert 'rel="alternate"' not in html


def test_a_desk_shows_who_works_there(tmp_path: Path) -> None:
    text = """{% extends "layouts/desk.html" %}{% from "parts/nav.html" import nav_item %}
    {% block title %}Queue{% endblock %}{% block desk_nav %}{{ nav_item("/staff", "Queue", true, 6) }}{% endblock %}"""
    pages = write(tmp_path, text)
    signed_in = pages.render("page.html", "en", person_name="Noor <Bakker>", path_in=lambda _: "").decode()
    assert "Noor &lt;Bakker&gt;" in signed_in
    assert 'action="/staff/sign-out"' in signed_in
    assert '<a href="/staff" aria-current="page">Queue <span class="pill">6</span></a>' in signed_in
    assert "hreflang" not in signed_in
    assert "sign-out" not in pages.render("page.html", "en").decode()


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        write(tmp_path, "{{ nobody }}").render("page.html", "en")


def test_static_addresses_carry_a_mark_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a{}", encoding="utf-8")
    first = Pages(SITE, static_dir=tmp_path).static("a.css")
    (tmp_path / "a.css").write_text("b{}", encoding="utf-8")
    assert re.fullmatch(r"/static/a\.css\?v=[0-9a-f]{8}", first)
    assert Pages(SITE, static_dir=tmp_path).static("a.css") != first


# Forms


def test_a_field_that_is_wrong_says_so_everywhere(tmp_path: Path) -> None:
    html = form(
        tmp_path,
        '{{ error_summary() }}{{ field("email", "E-mail", "A hint", "email") }}',
        errors={"email": "Fill in <an> address"},
        values={"email": 'a"b'},
    )
    assert 'role="alert"' in html
    assert '<a href="#email">Fill in &lt;an&gt; address</a>' in html
    assert 'aria-describedby="email-hint email-error" aria-invalid="true"' in html
    assert 'value="a&#34;b"' in html
    assert html.count("Fill in &lt;an&gt; address") == 2


def test_a_page_with_errors_begins_its_title_with_that(tmp_path: Path) -> None:
    text = '{% extends "layouts/base.html" %}{% block title %}T{% endblock %}'
    pages = write(tmp_path, text)
    assert "<title>Fout: T – Petitieloket</title>" in pages.render("page.html", "nl", errors={"a": "b"}).decode()
    assert "<title>T – Petitieloket</title>" in pages.render("page.html", "nl", errors={}).decode()


def test_a_form_without_values_or_errors_is_empty(tmp_path: Path) -> None:
    html = form(
        tmp_path, '{{ error_summary() }}{{ field("update", "Update", optional=true) }}{{ checkbox("news", "News") }}'
    )
    assert "aria-invalid" not in html
    assert 'value=""' in html
    assert "(optional)" in html
    assert "checked" not in html


def test_choices_keep_what_was_chosen(tmp_path: Path) -> None:
    html = form(
        tmp_path,
        """{{ radios("size", "Size", [(1, "Small"), (2, "Large", "very")]) }}
        {{ select("place", "Place", [("a", "A"), ("b", "B")], empty="Choose") }}
        {{ checkboxes("subject", "Subject", [("x", "X"), ("y", "Y")]) }}{{ checkbox("news", "News") }}""",
        values={"size": "2", "place": "b", "subject": ["y"], "news": "yes"},
        errors={"size": "Choose one"},
    )
    assert re.findall(r'value="([^"]*)" checked', html) == ["2", "y", "yes"]
    assert '<option value="b" selected>' in html
    assert 'id="size"' in html  # the link of the error summary leads to the first choice
    assert 'aria-describedby="size-2-about"' in html


def test_a_textarea_keeps_its_first_empty_line(tmp_path: Path) -> None:
    html = form(tmp_path, '{{ textarea("reasons", "Reasons") }}', values={"reasons": "\nOne\n</textarea>"})
    assert ">\n\nOne\n&lt;/textarea&gt;</textarea>" in html


# Fonts


def test_fonts_are_made_once_and_small(tmp_path: Path) -> None:
    build_fonts(tmp_path)
    made = {path.name: path.stat() for path in tmp_path.iterdir()}
    assert set(made) == set(FACES)
    assert all(0 < stat.st_size < 25_000 for stat in made.values())
    build_fonts(tmp_path)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == {
        name: stat.st_mtime_ns for name, stat in made.items()
    }
    assert set(re.findall(r"url\(/static/fonts/([^)]+)\)", style_sheet.rules())) == set(FACES)


def test_the_moderators_history_has_words_for_every_kind_of_event() -> None:
    text = (TEMPLATES_DIR / "lifecycle" / "moderation" / "dossier.html").read_text("utf-8")
    words = text[text.index("{% set happened") : text.index("{% set actors")]
    named = set(re.findall(r'^  "(\w+)": _\(', words, re.MULTILINE))
    assert named == {kind.name for kind in EVENT_KINDS}


def test_the_timeline_has_words_for_every_kind_of_event_that_it_tells() -> None:
    text = (TEMPLATES_DIR / "lifecycle" / "public" / "happened.html").read_text("utf-8")
    words = text[text.index("{% macro event_title") : text.index("{% macro _meeting")]
    assert set(re.findall(r'event\.kind == "(\w+)"', words)) == EVENT_KINDS.in_dossier - {"removed"}
