"""After confirming: what happens next by the rules, and sharing by plain links. Rendered once for a whole petition."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from petitions.http.templating import Pages
from petitions.lifecycle.procedure_files import load_procedures
from petitions.lifecycle.rules.outlook import PetitionFacts, outlook
from petitions.lifecycle.rules.states import Stage

PROCEDURES = load_procedures()
PETITION = SimpleNamespace(id=7, title='Houd "de" nachtzorg & meer', language="nl")


def made(pages: Pages, code: str, lang: str = "nl", **facts: object) -> str:
    procedure = max((p for (c, _), p in PROCEDURES.items() if c == code), key=lambda p: p.version)
    items = outlook(procedure, PetitionFacts(Stage.OPEN, date(2026, 3, 2), **facts))  # type: ignore[arg-type]
    context: dict[str, Any] = {"petition": PETITION, "outlook": items, "closes_on": date(2026, 5, 12)}
    return pages.render("lifecycle/signing/after_confirming.html", lang, **context).decode()


def test_it_says_who_must_do_what_at_which_number(pages: Pages) -> None:
    text = made(pages, "nl-burgerinitiatief")
    assert "Bij 40.000 handtekeningen" in text
    assert "moet het voorstel toetsen aan de voorwaarden" in text
    assert "tot en met 12 mei 2026" in text
    assert "/nl/petitions/7#outlook" in text


def test_what_is_reached_is_not_to_come(pages: Pages) -> None:
    procedure = max((p for (c, _), p in PROCEDURES.items() if c == "nl-burgerinitiatief"), key=lambda p: p.version)
    reached = {threshold.code: date(2026, 3, 1) for threshold in procedure.thresholds}
    assert "De petitie heeft alle drempels uit de regels gehaald." in made(
        pages, "nl-burgerinitiatief", reached=reached
    )


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("code", sorted({code for code, _ in PROCEDURES}))
def test_every_procedure_in_both_languages(pages: Pages, code: str, lang: str) -> None:
    text = made(pages, code, lang)
    assert text.count("<h2>") == 2
    assert "None" not in text


def test_sharing_is_by_plain_links_without_anybody_watching(pages: Pages) -> None:
    text = made(pages, "nl-burgerinitiatief")
    assert "mailto:?subject=Houd%20%22de%22%20nachtzorg%20%26%20meer&amp;body=http" in text
    assert 'href="https://wa.me/?text=Houd%20%22de%22%20nachtzorg%20%26%20meer%20http' in text
    assert 'href="https://share.joinmastodon.org/#text=' in text
    assert "<script" not in text
    assert "<img" not in text
    assert text.count('rel="noreferrer noopener"') == 2
    assert 'data-title="Houd &#34;de&#34; nachtzorg &amp; meer"' in text
