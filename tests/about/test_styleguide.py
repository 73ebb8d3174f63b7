"""The style guide: it shows every macro, its parts work together, and it is for the demo and for staff only."""

import re
from dataclasses import replace

import pytest

from petitions.http.look import trials
from petitions.http.templating import TEMPLATES_DIR
from petitions.locale import LANGUAGES
from petitions.sites.themes import packaged_themes
from tests.web import Web

MACROS = {
    "forms.html": "button link_button error_summary field file_field textarea checkbox checkboxes radios select "
    "search_box",
    "tag.html": "tag",
    "table.html": "table row_head cell number_table number_row summary",
    "progress.html": "progress row_progress",
    "timeline.html": "timeline timeline_item thresholds",
    "chart.html": "growth",
    "pagination.html": "neighbours pagination",
    "notice.html": "notice empty",
    "steps.html": "steps how",
    "nav.html": "crumbs chips tabs",
    "body.html": "brand ways imprint",
}


async def shown(web: Web, query: str = "") -> str:
    await web.sign_in(web.world.moderator)
    response = await web.client.get(f"/styleguide{query}")
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", packaged_themes())
async def test_it_stands_in_every_theme_and_language(web: Web, theme: str, language: str) -> None:
    html = await shown(web, f"?theme={theme}&lang={language}")
    assert f'<html lang="{language}">' in html
    assert f'href="{trials()[theme].url.replace("&", "&amp;")}"' in html
    assert f'<a href="?theme={theme}&amp;lang={language}" aria-current="true">{theme}</a>' in html
    assert html.count("<h1") == 1
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    for named in re.findall(r'(?:aria-describedby|aria-labelledby|for)="([^"]+)"', html):
        assert set(named.split()) <= set(ids), named
    assert not re.search(r"<script(?! src=)|\sstyle=|\son\w+=", html)


async def test_an_unknown_theme_is_that_of_the_installation(web: Web) -> None:
    assert web.app_state.pages.style.url("site.css") in await shown(web, "?theme=nothing")


async def test_every_macro_stands_on_it(web: Web) -> None:
    text = (TEMPLATES_DIR / "about" / "styleguide.html").read_text("utf-8")
    for file, listed in MACROS.items():
        names = listed.split()
        own = set(re.findall(r"{% macro ([a-z]\w*)\(", (TEMPLATES_DIR / "parts" / file).read_text("utf-8")))
        assert set(names) <= own, file
        for name in names:
            assert re.search(rf"(?:{{{{ |call ){name}\(", text), f"{file}: {name}"
    html = await shown(web)
    states = (
        "is-done",
        "is-now",
        "is-next",
        "is-missed",
        "field--bad",
        "tag--ok",
        "tag--warn",
        "tag--bad",
        "tag--info",
    )
    for state in (
        *states,
        "notice--ok",
        "notice--warn",
        "notice--bad",
        "notice--info",
        "button--danger",
        "button--quiet",
    ):
        assert state in html, state


async def test_it_is_for_staff_and_in_the_demo_for_everybody(web: Web) -> None:
    assert (await web.client.get("/styleguide")).headers["location"] == "/staff/sign-in"
    from petitions.about.pages.styleguide import page
    from petitions.lifecycle.pages.guard import guarded
    from tests.about.test_pages import request

    asked = request(web, "/styleguide")
    asked.state.app_state = replace(web.app_state, demo=True)
    assert (await guarded(page, "demo or staff")(asked)).status_code == 200


def test_no_page_writes_by_hand_what_a_macro_makes() -> None:
    ours = ("parts", "mail", "embeds")  # the macros themselves; letters and counters elsewhere have styles of their own
    parts = r"button|link-button|notice|tag|pagination|error-summary|steps|bar|empty|field|input"
    made = re.compile(rf'<(?:table|progress|select|textarea|button)\b|class="(?:{parts})[ "]')
    switch = re.compile(r'<button[^>]*role="switch"[^>]*>')  # a part of a script, which no macro makes
    found = [
        f"{path.relative_to(TEMPLATES_DIR)}: {match[0]}"
        for path in sorted(TEMPLATES_DIR.rglob("*.html"))
        if path.relative_to(TEMPLATES_DIR).parts[0] not in ours
        for match in made.finditer(switch.sub("", path.read_text("utf-8")))
    ]
    assert found == []
