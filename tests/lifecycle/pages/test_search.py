"""Tolerant search: compounds, misspellings, some of the words; and nothing hidden is found or suggested."""

from collections.abc import Mapping

import pytest

from petitions.lifecycle.acts import drafting, moderation
from petitions.lifecycle.acts.drafting import Draft
from petitions.security.tokens import Link
from tests.web import Web
from tests.world import NOW, REASONS, REQUEST, World

RARE = "kwaadaardigheid"


async def found(web: Web, words: str, **more: str) -> str:
    response = await web.client.get("/nl/petitions", params={"q": words, **more})
    assert response.status_code == 200
    return response.text


def row(link: Link) -> str:
    return f'href="/nl/petitions/{link.petition_id}"'


async def words_known(world: World) -> set[str]:
    async with world.service.database.connection() as connection:
        return {row["word"] for row in await connection.fetch("select word from search_word")}


async def hide(world: World, link: Link) -> None:
    await moderation.reject(
        world.service, link.petition_id, world.moderator, ground="offensive", reason="Beledigend.", now=NOW
    )


async def test_a_part_finds_the_compound(web: Web) -> None:
    link = await web.world.opened()  # nachtzorg, huisartsenpost
    for words in ("zorg", "post", "artsen", "ZORG", "de zorg", "zorg voor iedereen"):
        assert row(link) in await found(web, words), words
    for words in ('"zorg"', "zorg -nachtzorg", "trein or zorg"):  # signs ask for exactly this
        assert row(link) not in await found(web, words), words


async def test_what_has_the_word_itself_comes_first(web: Web) -> None:
    compound = await web.world.opened("nl-kamer-petitie", title="Houd de dagzorg in elk dorp")
    itself = await web.world.opened("nl-kamer-petitie", title="Geef zorg aan wie het nodig heeft")
    page = await found(web, "zorg")
    assert page.index(row(itself)) < page.index(row(compound))


@pytest.mark.parametrize("words", ["nachtzrog", "nactzorg", "huisarstenpost", "gemeenetn nachtzorg", "nachzorgg"])
async def test_a_slip_is_forgiven_and_said(web: Web, words: str) -> None:
    link = await web.world.opened()
    page = await found(web, words)
    assert row(link) in page
    assert "Bedoelde u" in page
    assert words in page


async def test_what_is_found_as_typed_is_not_mended(web: Web) -> None:
    link = await web.world.opened()
    page = await found(web, "huisartsenposten")
    assert row(link) in page
    assert "Bedoelde u" not in page


async def test_some_of_the_words_are_better_than_nothing(web: Web) -> None:
    link = await web.world.opened()
    page = await found(web, "nachtzorg ruimtevaart")
    assert row(link) in page
    assert "Geen petitie heeft al deze woorden" in page
    assert row(link) not in await found(web, "de ruimtevaart")


async def test_a_slip_among_other_states_is_suggested(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie", title="Bouw een zwembad in Dokkum")
    await drafting.withdraw(web.world.service, link, reason="Het is opgelost.", now=NOW)
    page = await found(web, "zwembda")
    assert row(link) not in page
    assert "Geen petitie gevonden" in page
    assert "status=all" in page
    assert row(link) in await found(web, "zwembad", status="all")


async def test_nothing_found_says_what_to_do(web: Web) -> None:
    await web.world.opened()
    page = await found(web, "ruimtevaart")
    for help_ in ("Controleer de spelling", "subject=transport", "/nl/petitions/new", "status=all"):
        assert help_ in page, help_


async def test_a_body_narrows_the_list(web: Web) -> None:
    chamber = await web.world.opened("nl-kamer-petitie")
    council = await web.world.opened("nl-gemeente-initiatief")
    body = web.world.procedure("nl-gemeente-initiatief").body.code
    for more in ({"q": "zorg"}, {}):
        page = (await web.client.get("/nl/petitions", params={"body": body, **more})).text
        assert row(council) in page
        assert row(chamber) not in page
        assert f"body={body}" in page  # links keep it
    everything = (await web.client.get("/nl/petitions", params={"body": "nowhere"})).text
    assert row(chamber) in everything


@pytest.mark.parametrize("sort", ["near", "new", "signatures", "closing", "relevance"])
async def test_every_order_of_a_search(web: Web, sort: str) -> None:
    first = await web.world.opened("nl-kamer-petitie")
    second = await web.world.opened("nl-kamer-petitie")
    await web.world.sign(second.petition_id)
    page = await found(web, "nachtzorg", sort=sort)
    assert row(first) in page
    assert row(second) in page
    if sort in {"near", "signatures"}:
        assert page.index(row(second)) < page.index(row(first))


async def test_what_is_hidden_is_neither_found_nor_suggested(web: Web) -> None:
    title = f"Een titel met {RARE} erin"
    link = await web.world.moderated("nl-kamer-petitie", title=title)
    assert RARE not in await words_known(web.world)  # not public yet
    await hide(web.world, link)
    assert RARE not in await words_known(web.world)
    for words in (RARE, RARE[:-3], RARE[4:], "kwaadaardighied"):
        page = await found(web, words, status="all")
        assert row(link) not in page, words
        assert "Bedoelde u" not in page, words


async def test_what_is_taken_down_takes_its_own_words_along(web: Web) -> None:
    gone = await web.world.opened("nl-kamer-petitie", title=f"Een titel met {RARE} erin")
    stays = await web.world.opened("nl-kamer-petitie")
    assert RARE in await words_known(web.world)
    assert row(gone) in await found(web, "aardigheid")
    await moderation.remove(
        web.world.service, gone.petition_id, web.world.moderator, ground="offensive", reason="Beledigend.", now=NOW
    )
    known = await words_known(web.world)
    assert RARE not in known
    assert "nachtzorg" in known  # the other petition has it
    page = await found(web, "kwaadaardighied", status="all")
    assert row(gone) not in page
    assert RARE not in page
    assert row(stays) in await found(web, "zorg")


async def test_a_mended_text_brings_new_words_only_when_it_is_public(web: Web) -> None:
    world = web.world
    link = await world.moderated("nl-kamer-petitie", title="Een zwembadje voor Dokkum")
    await moderation.reject(
        world.service, link.petition_id, world.moderator, ground="no_clear_request", reason="Wat vraagt u?", now=NOW
    )
    assert "zwembadje" in await words_known(world)  # rejected texts are public
    petition = await drafting.managed(world.service, link)
    text = Draft("health", "Een sporthalletje voor Dokkum", REQUEST, REASONS)
    await drafting.resubmit(world.service, link, text, version=petition.version, now=NOW)
    known = await words_known(world)
    assert "sporthalletje" not in known
    assert "zwembadje" not in known
    await moderation.accept(world.service, link.petition_id, world.moderator, reason="Nu wel.", now=NOW)
    assert "sporthalletje" in await words_known(world)


@pytest.mark.parametrize(
    "words",
    ["'zorg' | x", "zorg:*", "a & b | !c", "zorg <-> nacht", "\\'; drop table petition; --", "ﬁets ß İ", "한국어 zorg",
     "é", "´´´", "0 00 000 0000", "a" * 200, "woord " * 30, "zorg" * 20, "x_y", "or or or", "- - -"],
)  # fmt: skip
async def test_no_words_break_the_search(web: Web, words: str) -> None:
    await web.world.opened()
    response = await web.client.get("/nl/petitions", params={"q": words, "status": "all"})
    assert response.status_code in {200, 302}


async def test_the_api_forgives_too(web: Web) -> None:
    link = await web.world.opened()
    body: Mapping[str, list[dict[str, int]]] = (await web.client.get("/api/v1/petitions", params={"q": "zorg"})).json()
    assert [petition["id"] for petition in body["petitions"]] == [link.petition_id]


async def test_the_database_folds_and_spells_like_the_code(world: World) -> None:
    from petitions.lifecycle.rules.spelling import folded, spellings

    async with world.service.database.connection() as connection:
        for word in ("Café", "reünie", "Één", "straat", "ab", "façade", "ñandú"):
            assert await connection.fetchval("select search_folded($1)", word) == folded(word)
        stored = await connection.fetchval("select tsvector_to_array(search_spellings('bus'))")
        assert set(stored) == set(spellings("bus"))
        tails = await connection.fetchval("select tsvector_to_array(search_tails('nachtzorg'))")
        assert sorted(tails) == sorted(["nachtzorg", "achtzorg", "chtzorg", "htzorg", "tzorg", "zorg"])
