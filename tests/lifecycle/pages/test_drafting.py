"""The start form: every step, bad input at every field, back and forth, nothing stored before the end."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from petitions.errors import UnavailableError
from tests.form_reading import first_button, read_form
from tests.web import Web

NEW = "/nl/petitions/new"
REASONS = "In veel gemeenten is de huisartsenpost in de nacht dicht. Mensen rijden soms een uur voor hulp. " * 2
ADDRESS = "jan.de.vries@voorbeeld.example"
STEPS: list[tuple[str, dict[str, str]]] = [
    ("scope", {"scope": "many"}),
    ("decider", {"decider": "national"}),
    ("procedure", {"procedure": "nl-burgerinitiatief"}),
    ("eligibility", {"eligible": "yes"}),
    ("title", {"title": "Houd de nachtzorg dicht bij huis", "subject": "health"}),
    ("text", {"request": "Zorg dat elke huisartsenpost in de nacht open is.", "reasons": REASONS}),
    (
        "person",
        {
            "name": "Jan de Vries",
            "email": ADDRESS,
            "street": "Dorpsstraat 1",
            "postcode": "1234ab",
            "place": "Zwolle",
            "birth_date": "1-2-1980",
        },
    ),
]
ALL = {name: value for _, typed in STEPS for name, value in typed.items()}


async def press(web: Web, page: httpx.Response, go: str = "on", path: str = NEW, **typed: str) -> httpx.Response:
    """Type into a page and press one of its buttons, as a browser without scripts would."""
    return await web.client.post(path, data=read_form(page.text) | typed | {"go": go})


async def walk(web: Web, until: str, path: str = NEW) -> httpx.Response:
    """Go through the form up to and including the page ``until``, which comes back untouched."""
    page = await web.client.get(path)
    for name, typed in STEPS:
        assert read_form(page.text)["step"] == name
        if name == until:
            return page
        page = await press(web, page, path=path, **typed)
        assert page.status_code == 200
    assert read_form(page.text)["step"] == "check"
    return page


async def stored(web: Web) -> int:
    """How many petitions the database holds, with the mails about them."""
    async with web.world.service.database.connection() as connection:
        count: int = await connection.fetchval("select (select count(*) from petition) + (select count(*) from outbox)")
    return count


async def test_the_whole_way(web: Web) -> None:
    page = await walk(web, "check")
    for value in ALL.values():
        if value not in {"many", "national", "yes", "health", "nl-burgerinitiatief"}:
            assert value.strip() in page.text
    assert await stored(web) == 0
    sent = await press(web, page)
    assert sent.status_code == 200
    assert f"<b>{ADDRESS}</b>" in sent.text
    assert "post@petitieloket.example" in sent.text
    async with web.world.service.database.connection() as connection:
        row = await connection.fetchrow("select * from petition")
        kinds = [mail["kind"] for mail in await connection.fetch("select kind from outbox")]
    assert row is not None
    assert (row["stage"], row["language"], row["title"]) == ("draft", "nl", ALL["title"])
    assert (row["initiator_name"], row["initiator_place"]) == ("Jan de Vries", "Zwolle")
    assert (row["subject"], row["reasons"]) == ("health", REASONS.strip())
    assert ADDRESS.encode() not in row["initiator_contact"]
    assert kinds == ["draft_confirm"]
    facts = web.world.service.vault.decrypt(
        row["data_key"], row["salt"], row["initiator_index"], row["initiator_contact"]
    )
    assert facts == {
        "name": "Jan de Vries",
        "email": ADDRESS,
        "street": "Dorpsstraat 1",
        "postcode": "1234 AB",
        "place": "Zwolle",
        "birth_date": "1980-02-01",
        "declaration": "yes",
    }


async def test_in_english_too_and_no_cookie(web: Web) -> None:
    page = await walk(web, "check", path="/en/petitions/new")
    sent = await press(web, page, path="/en/petitions/new")
    assert "Now look in your mail" in sent.text
    assert "set-cookie" not in sent.headers
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select language from petition") == "en"


async def test_the_step_is_shown_and_enter_goes_on(web: Web) -> None:
    page = await walk(web, "title")
    assert "Stap 3 van 6" in page.text
    assert first_button(page.text)["value"] == "on"


async def test_personal_pages_are_not_kept(web: Web) -> None:
    assert (await walk(web, "person")).headers["cache-control"] == "no-store"
    assert (await walk(web, "check")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"scope": "self"}, "ombudsman"),
        ({"scope": "many", "decider": "other_municipality"}, "gemeente"),
        ({"scope": "many", "decider": "region"}, "waterschap"),
        ({"scope": "many", "decider": "europe"}, "europarl.europa.eu"),
        ({"scope": "many", "decider": "company"}, "ConsuWijzer"),
    ],
)
async def test_another_institution_is_the_right_one(web: Web, typed: dict[str, str], words: str) -> None:
    page = await web.client.get(NEW)
    shown = await press(web, page, scope=typed["scope"])
    if "decider" in typed:
        shown = await press(web, shown, decider=typed["decider"])
    assert shown.status_code == 200
    assert words in shown.text
    assert 'value="on"' not in shown.text
    again = await press(web, shown, go="stay")
    name, value = list(typed.items())[-1]
    assert read_form(again.text)[name] == value


async def test_the_difference_between_procedures_is_told(web: Web) -> None:
    page = (await walk(web, "procedure")).text
    assert "40.000" in page
    assert "geen vast aantal" in page
    assert "moet het voorstel toetsen" in page
    assert "mag de petitie in ontvangst nemen" in page


async def test_the_procedure_of_a_link_is_remembered(web: Web) -> None:
    page = await web.client.get(f"{NEW}?procedure=nl-gemeente-initiatief")
    page = await press(web, page, scope="many")
    assert read_form(page.text)["decider"] == "municipality"
    page = await press(web, page)
    assert read_form(page.text)["procedure"] == "nl-gemeente-initiatief"
    assert (await web.client.get(f"{NEW}?procedure=nonsense")).status_code == 200


@pytest.mark.parametrize("step", [name for name, _ in STEPS])
async def test_nothing_typed(web: Web, step: str) -> None:
    page = await walk(web, step)
    data = {name: value for name, value in read_form(page.text).items() if name not in dict(STEPS)[step]}
    answer = await web.client.post(NEW, data=data | {"go": "on"})
    assert answer.status_code == 400
    assert read_form(answer.text)["step"] == step
    assert "<title>Fout:" in answer.text
    assert 'role="alert"' in answer.text
    for name in dict(STEPS)[step]:
        assert f'id="{name}-error"' in answer.text


BAD = ["a\x00b", "abc\u202edef", "x" * 10_001, "\x1b[31m", "\u2066"]


@pytest.mark.parametrize("value", BAD, ids=["nul", "bidi", "long", "escape", "isolate"])
@pytest.mark.parametrize("step", [name for name, _ in STEPS if name != "eligibility"])
async def test_bad_input_at_every_field(web: Web, step: str, value: str) -> None:
    page = await walk(web, step)
    for name in dict(STEPS)[step]:
        answer = await press(web, page, **(dict(STEPS)[step] | {name: value}))
        assert answer.status_code == 400
        assert f'id="{name}-error"' in answer.text
        others = dict(STEPS)[step].keys() - {name}
        assert {other: read_form(answer.text)[other] for other in others} == {o: ALL[o] for o in others}
    assert await stored(web) == 0


async def test_line_ends_in_one_line_become_spaces(web: Web) -> None:
    page = await walk(web, "title")
    page = await press(web, page, title="Houd de nachtzorg\r\nBcc: x@y.example", subject="health")
    assert page.status_code == 200
    for _, typed in STEPS[5:]:
        page = await press(web, page, **typed)
    await press(web, page, name="Jan\r\nde Vries")
    async with web.world.service.database.connection() as connection:
        row = await connection.fetchrow("select title, initiator_name from petition")
    assert row is not None
    assert tuple(row) == ("Houd de nachtzorg Bcc: x@y.example", "Jan de Vries")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("email", "geen adres", "e-mailadres"),
        ("postcode", "12", "postcode"),
        ("birth_date", "31-2-1980", "datum"),
        ("birth_date", "2015-01-01", "18 jaar"),
    ],
)
async def test_details_that_cannot_be(web: Web, name: str, value: str, message: str) -> None:
    page = await walk(web, "person")
    answer = await press(web, page, **(dict(STEPS)["person"] | {name: value}))
    assert answer.status_code == 400
    assert read_form(answer.text)[name] == value
    assert message in answer.text


@pytest.mark.parametrize("step", [name for name, _ in STEPS[1:]])
async def test_back_keeps_what_was_typed(web: Web, step: str) -> None:
    page = await walk(web, step)
    typed = dict(STEPS)[step]
    before = await press(web, page, go="back", **typed)
    assert before.status_code == 200
    names = [name for name, _ in STEPS]
    assert read_form(before.text)["step"] == names[names.index(step) - 1]
    again = await press(web, before)
    assert read_form(again.text)["step"] == step
    assert {name: read_form(again.text)[name] for name in typed} == typed


async def test_the_language_can_change_half_way(web: Web) -> None:
    page = await walk(web, "text")
    english = await press(web, page, go="stay", path="/en/petitions/new", **dict(STEPS)["text"])
    assert "What do you ask, and why?" in english.text
    assert read_form(english.text)["reasons"].strip() == REASONS.strip()
    page = await press(web, english, path="/en/petitions/new")
    page = await press(web, page, path="/en/petitions/new", **dict(STEPS)["person"])
    await press(web, page, path="/en/petitions/new")
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select language from petition") == "nl"  # the text was begun in Dutch


async def test_change_from_the_last_page_and_return(web: Web) -> None:
    page = await walk(web, "check")
    title = await press(web, page, go="to-title")
    assert read_form(title.text)["title"] == ALL["title"]
    wrong = await press(web, title, title="Kort")
    assert wrong.status_code == 400
    page = await press(web, wrong, title="Een heel andere titel")
    assert read_form(page.text)["step"] == "check"
    assert "Een heel andere titel" in page.text


async def test_another_procedure_asks_what_it_needs(web: Web) -> None:
    page = await walk(web, "check")
    page = await press(web, page, go="to-decider")
    page = await press(web, page, decider="abroad")
    assert read_form(page.text)["step"] == "procedure"
    page = await press(web, page, procedure="uk-parliament")
    assert read_form(page.text)["step"] == "person"  # the country was never asked
    assert 'name="country"' in page.text
    page = await press(web, page, country="Verenigd Koninkrijk")
    await press(web, page)
    async with web.world.service.database.connection() as connection:
        row = await connection.fetchrow("select * from petition")
    assert row is not None
    facts = web.world.service.vault.decrypt(
        row["data_key"], row["salt"], row["initiator_index"], row["initiator_contact"]
    )
    assert "birth_date" not in facts  # typed for the other procedure, not asked by this one
    assert "street" not in facts


async def test_an_organisation_only_where_the_procedure_lets_it(web: Web) -> None:
    assert 'name="organisation"' not in (await walk(web, "person")).text
    page = await walk(web, "procedure")
    page = await press(web, page, procedure="nl-kamer-petitie")
    for _, typed in STEPS[3:6]:
        page = await press(web, page, **typed)
    assert 'name="organisation"' in page.text
    page = await press(web, page, name="Jan", email=ADDRESS, place="Zwolle", organisation="Bond\x00")
    assert page.status_code == 400
    page = await press(web, page, organisation="Bond voor Nachtzorg")
    await press(web, page)
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select initiator_name from petition") == "Bond voor Nachtzorg"


async def test_what_the_initiator_already_did(web: Web, monkeypatch: Any) -> None:
    scottish = web.world.procedure("scottish-parliament")
    listed = replace(scottish, listed=True)
    monkeypatch.setitem(web.world.service.procedures, (scottish.code, scottish.version), listed)
    page = await walk(web, "decider")
    page = await press(web, page, decider="abroad")
    page = await press(web, page, procedure="scottish-parliament")
    page = await press(web, page, eligible="yes")
    page = await press(web, page, **dict(STEPS)["title"])
    missing = await press(web, page, **dict(STEPS)["text"])
    assert missing.status_code == 400
    assert 'id="previous_action-error"' in missing.text
    page = await press(web, missing, previous_action="Ik schreef een brief aan het parlementslid van mijn streek.")
    assert read_form(page.text)["step"] == "person"


async def test_text_is_shown_as_text(web: Web) -> None:
    evil = '"><script>alert(1)</script>'
    page = await walk(web, "title")
    page = await press(web, page, title=f"Houd de zorg {evil}", subject="health")
    page = await press(web, page, request=f"Houd de zorg dichtbij. {evil}", reasons=REASONS + evil)
    page = await press(web, page, **(dict(STEPS)["person"] | {"name": f"Jan {evil}"}))
    assert read_form(page.text)["title"] == f"Houd de zorg {evil}"
    assert "<script>" not in page.text
    assert "<script>" not in (await press(web, page)).text


async def test_similar_petitions_are_shown_first(web: Web) -> None:
    there = await web.world.opened("nl-kamer-petitie", title="Houd nachtzorg in elk dorp dichtbij")
    await web.world.moderated("nl-kamer-petitie", title="Houd nachtzorg dicht bij huis, nog niet openbaar")
    page = await walk(web, "title")
    page = await press(web, page, **dict(STEPS)["title"])
    assert read_form(page.text)["step"] == "similar"
    assert "Houd nachtzorg in elk dorp dichtbij" in page.text
    assert f'href="/nl/petitions/{there.petition_id}"' in page.text
    assert "nog niet openbaar" not in page.text
    page = await press(web, page)
    assert read_form(page.text)["step"] == "text"
    assert f'href="/nl/petitions/{there.petition_id}"' in page.text  # once more, quietly
    assert read_form((await press(web, page, go="back")).text)["step"] == "title"


async def test_without_the_database_the_form_goes_on_and_nothing_is_lost(web: Web, monkeypatch: Any) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise UnavailableError("database")

    monkeypatch.setattr("petitions.lifecycle.pages.drafting.read_similar", away)
    page = await walk(web, "check")
    monkeypatch.setattr("petitions.lifecycle.pages.drafting.drafting.begin", away)
    answer = await press(web, page)
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert read_form(answer.text)["email"] == ADDRESS
    monkeypatch.undo()
    assert (await press(web, answer)).status_code == 200
    assert await stored(web) == 2


async def test_an_answer_changed_on_the_way_is_found(web: Web) -> None:
    page = await walk(web, "check")
    answer = await press(web, page, subject="nonsense")
    assert answer.status_code == 400
    assert read_form(answer.text)["step"] == "title"
    answer = await press(web, page, procedure="fi-kansalaisaloite")
    assert answer.status_code == 400
    assert read_form(answer.text)["step"] == "procedure"
    assert await stored(web) == 0


async def test_a_machine_stores_nothing(web: Web) -> None:
    page = await walk(web, "person")
    page = await press(web, page, website="http://spam.example", **dict(STEPS)["person"])
    assert (await press(web, page)).status_code == 200
    assert await stored(web) == 0


@pytest.mark.parametrize("data", [{}, {"step": "check"}, {"step": "nonsense", "go": "to-nonsense"}, {"go": "to-check"}])
async def test_nonsense_begins_at_the_beginning(web: Web, data: dict[str, str]) -> None:
    answer = await web.client.post(NEW, data=data)
    assert answer.status_code in {200, 400}
    assert read_form(answer.text)["step"] == "scope"


async def test_broken_requests_are_no_defect(web: Web) -> None:
    answer = await web.client.post(
        NEW, content=b"step=title&title=%ff%fe%00", headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 400
    assert (await web.client.post(NEW, content=b"x" * 300_000)).status_code in {400, 413}
    assert (await web.client.put(NEW)).status_code == 405
    assert (await web.client.get("/de/petitions/new")).status_code == 404
