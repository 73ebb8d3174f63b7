"""Home, list and search: what is shown and found, in both languages, whatever the address says; and how it is kept."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from petitions.errors import UnavailableError
from petitions.http.page_cache.middleware import Address, make_page_cache
from petitions.http.page_cache.prepared import Content, PreparedResponse
from petitions.lifecycle.acts import drafting, moderation
from petitions.lifecycle.reads.listing import clean_words
from petitions.lifecycle.reads.search import split_prefix
from petitions.security.tokens import Link
from tests.web import Web
from tests.world import NOW

SECRET_WORD = "kwaadaardig"


async def hidden(web: Web) -> Link:
    """A rejected petition whose ground hides its text."""
    link = await web.world.moderated("nl-kamer-petitie", title=f"Een {SECRET_WORD}e titel over iemand")
    await moderation.reject(
        web.world.service, link.petition_id, web.world.moderator, ground="offensive", reason="Beledigend.", now=NOW
    )
    return link


@pytest.mark.parametrize(("header", "language"), [("nl", "nl"), ("en-GB,nl;q=0.5", "en"), ("de", "nl"), ("", "nl")])
async def test_the_root_leads_to_a_language(web: Web, header: str, language: str) -> None:
    response = await web.client.get("/", headers={"Accept-Language": header})
    assert response.status_code == 302
    assert response.headers["location"] == f"/{language}"
    assert response.headers["vary"] == "Accept-Language"


async def test_home_shows_what_is_open_and_how_it_goes(web: Web) -> None:
    link = await web.world.opened()
    page = (await web.client.get("/nl")).text
    assert f"/nl/petitions/{link.petition_id}" in page
    assert "Geef elk dorp weer nachtzorg dichtbij" in page
    assert "vanaf 40.000 handtekeningen" in page
    assert "<dt>petitie open</dt><dd>1</dd>" in page
    assert "from 40,000 signatures" in (await web.client.get("/en")).text


async def test_home_without_petitions_says_how_to_start(web: Web) -> None:
    page = (await web.client.get("/nl")).text
    assert "Er is nu geen open petitie" in page
    assert "<dt>petities open</dt><dd>0</dd>" in page


@pytest.mark.parametrize("path", ["/xx", "/xx/petitions", "/xx/procedures", "/xx/privacy", "/xx/embed"])
async def test_an_unknown_language_is_an_unknown_page(web: Web, path: str) -> None:
    assert (await web.client.get(path)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/nl", "/nl/petitions", "/en/how-it-works", "/nl/privacy", "/nl/accessibility", "/nl/embed"]
)
async def test_pages_for_the_public_can_be_kept_and_set_no_cookie(web: Web, path: str) -> None:
    first = await web.client.get(path)
    assert first.status_code == 200
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert "set-cookie" not in first.headers
    again = await web.client.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert again.status_code == 304
    assert again.headers["etag"] == first.headers["etag"]
    assert again.content == b""


@pytest.mark.parametrize(
    "words",
    [
        "huisarts",
        "huisartsenposten",
        "huisartsenpost uur",
        "nachtz",
        "REGELS",
        '"zieke kind"',
        "huisartsenpost -trein",
        "kind or boot",
    ],
)
async def test_words_are_found_by_stem_beginning_and_phrase(web: Web, words: str) -> None:
    link = await web.world.opened()
    page = (await web.client.get("/nl/petitions", params={"q": words})).text
    assert f'href="/nl/petitions/{link.petition_id}"' in page, words


async def test_what_is_not_there_is_not_found_and_the_page_helps(web: Web) -> None:
    await web.world.opened()
    response = await web.client.get("/nl/petitions", params={"q": "ruimtevaart", "subject": "health"})
    assert response.status_code == 200
    assert "Geen petitie gevonden" in response.text
    assert "status=all" in response.text
    assert "/nl/petitions/new" in response.text


async def test_a_number_leads_to_its_petition(web: Web) -> None:
    link = await web.world.opened()
    for words in (str(link.petition_id), f"#{link.petition_id}"):
        response = await web.client.get("/nl/petitions", params={"q": words})
        assert response.status_code == 302
        assert response.headers["location"] == f"/nl/petitions/{link.petition_id}"
    assert (await web.client.get("/nl/petitions", params={"q": "999999"})).status_code == 200
    draft = await web.world.draft()
    assert (await web.client.get("/nl/petitions", params={"q": str(draft.petition_id)})).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "page=abc", "page=-1", "page=0", "page=1&page=1", "status=x&sort=y&subject=z", "q=%00", "q=%ff%fe",
        "q=%E2%80%AE",
        "q=" + quote("':*&|!()<->\\"), "q=" + "a" * 5000, "procedure=%27&committee=%22", "sort=relevance", "q=²½",
        "q=" + "0" * 19 + "1" + "9" * 60, "q=-", "q=%22", "q=de%20het%20een", "=&&&;", "%%%", "q[]=1",
    ],
)  # fmt: skip
async def test_no_query_breaks_the_list(web: Web, query: str) -> None:
    await web.world.opened()
    assert (await web.client.get(f"/nl/petitions?{query}")).status_code == 200


async def test_a_page_after_the_last_is_not_there(web: Web) -> None:
    await web.world.opened()
    assert (await web.client.get("/nl/petitions?page=2")).status_code == 404
    assert (await web.client.get("/nl/petitions?page=99999999999999999999")).status_code == 404


async def test_the_list_is_cut_into_pages_that_keep_what_was_asked(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie")
    async with web.world.service.database.connection() as connection:  # 24 copies, quicker than 24 whole lives
        columns = [
            row["column_name"]
            for row in await connection.fetch(
                "select column_name from information_schema.columns where table_name = 'petition'"
                " and is_generated = 'NEVER' and column_name <> 'id'"
            )
        ]
        names = ", ".join(columns)
        await connection.execute(
            f"insert into petition ({names}) select {names} from petition, generate_series(1, 24) where id = $1",
            link.petition_id,
        )
        await connection.execute(
            "insert into signature_count (petition_id, changed_at) select id, now() from petition where id <> $1",
            link.petition_id,
        )
    first = (await web.client.get("/nl/petitions?subject=health&sort=new")).text
    assert first.count('<div class="row-progress">') == 20
    assert "subject=health&amp;sort=new&amp;page=2" in first
    second = (await web.client.get("/nl/petitions?subject=health&sort=new&page=2")).text
    assert second.count('<div class="row-progress">') == 5
    assert '<meta name="robots" content="noindex, follow">' in second


async def test_filters_narrow_the_list(web: Web) -> None:
    initiative = await web.world.opened("nl-burgerinitiatief")
    petition = await web.world.opened("nl-kamer-petitie")
    for query, shown, other in (
        ("procedure=nl-kamer-petitie", petition, initiative),
        ("committee=verzoekschriften-en-burgerinitiatieven", initiative, petition),
    ):
        page = (await web.client.get(f"/nl/petitions?{query}")).text
        assert f'href="/nl/petitions/{shown.petition_id}"' in page
        assert f'href="/nl/petitions/{other.petition_id}"' not in page
    assert "0 petities" in (await web.client.get("/nl/petitions?subject=digital")).text
    assert "2 petities" in (await web.client.get("/nl/petitions?subject=health")).text


async def test_stages_have_their_own_lists(web: Web) -> None:
    opened = await web.world.opened("nl-kamer-petitie", title="Een petitie die open is")
    withdrawn = await web.world.opened("nl-kamer-petitie", title="Een petitie die is ingetrokken")
    await drafting.withdraw(web.world.service, withdrawn, reason="Het is opgelost.", now=NOW)
    waiting = await web.world.moderated("nl-kamer-petitie", title="Een petitie die nog wacht")
    early = await web.world.moderated("nl-kamer-petitie", title="Nooit openbaar geweest")
    await drafting.withdraw(web.world.service, early, reason="Toch niet.", now=NOW)
    everything = (await web.client.get("/nl/petitions?status=all")).text
    assert f'href="/nl/petitions/{opened.petition_id}"' in everything
    assert f'href="/nl/petitions/{withdrawn.petition_id}"' in everything
    assert f'href="/nl/petitions/{waiting.petition_id}"' not in everything
    assert f'href="/nl/petitions/{early.petition_id}"' not in everything
    assert (
        f'href="/nl/petitions/{opened.petition_id}"'
        not in (await web.client.get("/nl/petitions?status=withdrawn")).text
    )
    for status in ("referred", "answered", "closed", "rejected", "withdrawn", "all"):
        assert (
            f'href="/nl/petitions?q=petitie&amp;status={status}"'
            in (await web.client.get("/nl/petitions?q=petitie&sort=new&status=rejected")).text
        ), status  # each leads to its own list, in its own order, with the words kept


async def test_a_hidden_text_is_neither_shown_nor_found(web: Web) -> None:
    link = await hidden(web)
    rejected = (await web.client.get("/nl/petitions?status=rejected")).text
    assert f"Petitie {link.petition_id}: de tekst is niet te zien" in rejected
    for path in ("/nl", "/nl/petitions?status=rejected", "/nl/petitions?status=all"):
        assert SECRET_WORD not in (await web.client.get(path)).text
    found = (await web.client.get(f"/nl/petitions?status=all&q={SECRET_WORD}")).text
    assert "Geen petitie gevonden" in found
    assert f'href="/nl/petitions/{link.petition_id}"' not in found


async def test_titles_are_escaped_in_lists(web: Web) -> None:
    await web.world.opened("nl-kamer-petitie", title='<script>alert(1)</script> & "zo"')
    for path in ("/nl", "/nl/petitions", "/nl/embed"):
        page = (await web.client.get(path)).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
    searched = (await web.client.get("/nl/petitions", params={"q": '"><script>x'})).text
    assert "<script>x" not in searched


def test_words_are_cleaned_and_the_last_one_is_a_beginning() -> None:
    assert clean_words(" a\x00b \n c ") == "a b c"
    assert len(clean_words("woord " * 100)) <= 200
    assert split_prefix("geef nachtz") == ("geef", "'nachtz':*")
    assert split_prefix("nachtz") == ("", "'nachtz':*")
    for words in ('"vaste woorden"', "niet -dit", "a", "", "twee "):
        assert split_prefix(words.strip() if words != "twee " else "") == ("", "")


def ready(body: bytes = b"page") -> PreparedResponse:
    return PreparedResponse(Content(body), {})


HERE: Address = ("/nl", b"")


async def test_what_is_asked_together_is_made_once() -> None:
    import asyncio

    made = 0

    async def make() -> PreparedResponse:
        nonlocal made
        made += 1
        await asyncio.sleep(0.01)
        return ready()

    keep = make_page_cache(60)
    answers = await asyncio.gather(*(keep.get(HERE, make) for _ in range(50)))
    assert len(set(answers)) == 1
    assert await keep.get(HERE, make) is answers[0]
    assert made == 1


async def test_when_the_database_is_away_the_last_page_is_still_served() -> None:
    async def make() -> PreparedResponse:
        return ready()

    async def fail() -> PreparedResponse:
        raise UnavailableError("database")

    keep = make_page_cache(0)
    with pytest.raises(UnavailableError):
        await keep.get(HERE, fail)
    await keep.get(HERE, make)
    assert (await keep.get(HERE, fail)).made.body == b"page"


async def test_only_so_many_bytes_are_kept() -> None:
    keep = make_page_cache(60, most_bytes=150_000)

    async def make() -> PreparedResponse:
        return ready(b"x" * 40_000)

    for number in range(10):
        await keep.get((str(number), b""), make)
    assert len(keep) == 2


async def test_long_addresses_count_as_bytes_too() -> None:
    keep = make_page_cache(60, most_bytes=100_000)

    async def make() -> PreparedResponse:
        return ready(b"x")

    for number in range(10):
        await keep.get((f"{number}", b"a" * 40_000), make)
    assert len(keep) == 2


async def test_the_week_is_counted_from_the_tally(web: Web) -> None:
    link = await web.world.opened("nl-kamer-petitie")
    for _ in range(3):
        await web.world.sign(link.petition_id)
    web.moment = NOW + timedelta(hours=1)
    assert "<dt>handtekeningen in de laatste 7 dagen</dt><dd>3</dd>" in (await web.client.get("/nl")).text
    web.moment = NOW + timedelta(days=9)
    assert "<dt>handtekeningen in de laatste 7 dagen</dt><dd>0</dd>" in (await web.client.get("/nl")).text


async def test_the_figures_of_the_home_page_are_counted_anew_after_a_while(web: Web) -> None:
    web.app_state.figures.seconds = 60.0
    open_now = "open</dt><dd>{}</dd>".format
    assert open_now(0) in (await web.client.get("/nl")).text
    await web.world.opened()
    assert open_now(0) in (await web.client.get("/nl")).text
    web.app_state.figures.seconds = 0.0
    assert open_now(1) in (await web.client.get("/nl")).text
