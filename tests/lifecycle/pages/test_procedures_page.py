"""The rules in plain words: made from the data, marked where unconfirmed, and honest about what cannot be done here."""

import pytest

from petitions.lifecycle.procedure_files import load_procedures
from tests.web import Web

PROCEDURES = load_procedures()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("key", PROCEDURES, ids=lambda key: f"{key[0]}.v{key[1]}")
async def test_every_version_has_a_page_in_both_languages(web: Web, key: tuple[str, int], language: str) -> None:
    procedure = PROCEDURES[key]
    response = await web.client.get(f"/{language}/procedures/{key[0]}?version={key[1]}")
    assert response.status_code == 200
    text = response.text.replace("&#39;", "'")
    assert procedure.name[language] in text
    assert procedure.starter.who[language] in text
    assert procedure.signer.who[language] in text
    for field in procedure.fields:
        assert field.why[language] in text
    for threshold in procedure.thresholds:
        assert threshold.what[language] in text
    for step in procedure.steps:
        assert step.name[language] in text
    for outcome in procedure.outcomes:
        assert outcome.text[language] in text
    for source in procedure.sources:
        assert source.title in text


async def test_unconfirmed_values_have_a_mark(web: Web) -> None:
    text = (await web.client.get("/nl/procedures/nl-burgerinitiatief")).text
    mark = "nog niet bevestigd"
    assert mark in text.split("De controle vooraf")[1].split("</h2>")[0]
    assert mark not in text.split(">Wie mag starten")[1].split("</h2>")[0]
    assert "Versie 1" in text


async def test_it_says_why_it_cannot_be_opened_here(web: Web) -> None:
    text = (await web.client.get("/en/procedures/fi-kansalaisaloite")).text
    assert "Petitions under these rules cannot be opened here" in text
    assert "electronic identity (eID)" in text
    assert "/en/petitions/new?procedure=" not in text
    assert (
        "/en/petitions/new?procedure=nl-burgerinitiatief"
        in (await web.client.get("/en/procedures/nl-burgerinitiatief")).text
    )


async def test_older_versions_can_be_read_and_say_so(web: Web) -> None:
    old = (await web.client.get("/en/procedures/de-bundestag?version=1")).text
    assert "This version is not in force" in old
    assert "It ended on 1 July 2024." in old
    assert "50,000" in old
    present = (await web.client.get("/en/procedures/de-bundestag")).text
    assert "30,000" in present
    assert "version=1" in present


@pytest.mark.parametrize(
    "path",
    ["/nl/procedures/onbekend", "/nl/procedures/de-bundestag?version=9", "/nl/procedures/de-bundestag?version=x"],
)
async def test_unknown_procedures_and_versions_do_not_exist(web: Web, path: str) -> None:
    assert (await web.client.get(path)).status_code == 404


async def test_the_index_divides_what_can_be_started_here_from_the_rest(web: Web) -> None:
    text = (await web.client.get("/nl/procedures")).text
    here, others = text.split('id="others"')
    assert "nl-burgerinitiatief" in here
    assert "fi-kansalaisaloite" in others
    assert "Kan hier niet open" in others


async def test_privacy_tells_the_days_of_each_procedure(web: Web) -> None:
    text = (await web.client.get("/nl/privacy")).text
    for (code, _), procedure in PROCEDURES.items():
        if procedure.listed:
            assert f"/nl/procedures/{code}#names" in text
            assert procedure.retention.kept.nl in text
    assert "4 weken" in text
    assert "7 dagen" in text


async def test_strength_words_follow_the_data(web: Web) -> None:
    text = (await web.client.get("/en/procedures/nl-kamer-petitie")).text
    assert "but need not." in text
    assert "(required" not in text
    uk = (await web.client.get("/en/procedures/uk-parliament")).text
    assert "The Government will normally respond to the petition in writing." in uk
    assert "must respond" not in uk
