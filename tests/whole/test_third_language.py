"""A third language is one catalogue: pages and forms work in it from the first day, in English where it is silent."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from petitions import locale
from petitions.http.templating import Pages, Site
from petitions.locale import LANGUAGES, load_catalogue
from petitions.locale.formats import Formats, locale_of
from petitions.sites import SiteConfig, load_site
from tests.web import ORIGIN, Web

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Petitions"
msgstr "Petysjes"
"""


def with_frisian(value: Any) -> Any:
    """The words of the body, with English standing for Frisian."""
    if isinstance(value, dict):
        more = {"fy": value["en"]} if {"nl", "en"} <= value.keys() else {}
        return {key: with_frisian(inner) for key, inner in value.items()} | more
    return [with_frisian(inner) for inner in value] if isinstance(value, list | tuple) else value


@pytest.fixture
def frisian(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Web:
    """The application with a catalogue of one word."""
    (tmp_path / "fy").mkdir()
    (tmp_path / "fy" / "all.po").write_text(CATALOGUE, "utf-8")
    (tmp_path / "nl").symlink_to(locale.LOCALE_DIR / "nl")
    words = with_frisian(load_site().model_dump(exclude_none=True))
    monkeypatch.setitem(LANGUAGES, "fy", "Frysk")
    monkeypatch.setattr("petitions.http.templating.load_catalogue", lambda code: load_catalogue(code, tmp_path))
    names = {"nl": "van de Kamer", "en": "of the House", "fy": "fan de Keamer"}
    body = SiteConfig.model_validate(words)
    site = Site("Petitieloket", names, "vragen@petitieloket.example", ORIGIN, False, body)
    object.__setattr__(web.app_state, "pages", Pages(site))
    return web


async def test_pages_are_in_the_new_language_and_in_english_where_it_is_silent(frisian: Web) -> None:
    petition = (await frisian.world.opened("nl-kamer-petitie")).petition_id
    for path in ("/fy", "/fy/petitions", f"/fy/petitions/{petition}", "/fy/procedures", "/fy/petitions/new"):
        answer = await frisian.client.get(path)
        assert answer.status_code == 200, path
        assert '<html lang="fy">' in answer.text
        assert "Petysjes" in answer.text
        assert "How it works" in answer.text
    assert 'hreflang="fy"' in (await frisian.client.get("/nl/petitions")).text
    assert (await frisian.client.get("/de/petitions")).status_code == 404


async def test_a_signature_is_given_and_confirmed_in_it(frisian: Web) -> None:
    petition = (await frisian.world.opened("nl-kamer-petitie")).petition_id
    form = {"name": "Sjoerd", "place": "Dokkum", "email": "sjoerd@voorbeeld.example"}
    assert (await frisian.client.post(f"/fy/petitions/{petition}/sign", data=form)).status_code == 200
    async with frisian.world.service.database.connection() as connection:
        row = await connection.fetchrow("select token_id, language from pending_signature")
    assert row is not None
    assert row["language"] == "fy"
    pressed = await frisian.client.post(f"/fy/confirm/{frisian.token('confirm', petition, row['token_id'])}")
    assert pressed.status_code == 200
    assert await frisian.world.count(petition) == 1


def test_numbers_and_months_follow_the_language_or_a_known_one() -> None:
    zone = ZoneInfo("Europe/Amsterdam")
    assert locale_of("fy") == "fy"
    assert Formats("fy", load_catalogue("en"), zone).number(38_214) == "38.214"
    assert locale_of("qaa") == "en_GB"
    assert Formats("qaa", load_catalogue("en"), zone).number(38_214) == "38,214"
