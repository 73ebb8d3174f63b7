"""Handing signatures over: only with the right to it, for a limited time, in the body's columns, and always logged."""

import csv
import hashlib
import io
import zipfile
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from petitions.handover import acts as exporting
from petitions.http.spreadsheets import Table, safe
from petitions.lifecycle.acts import retention, signing
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.rules.steps import StepInput
from petitions.staff.acts import posts as staffing
from petitions.staff.acts import sessions as staff
from petitions.verification.acts import sampling
from petitions.verification.acts.sampling import SampleSeed
from tests.web import ORIGIN, Web
from tests.world import ANSWERS, World

HEADINGS = ["Naam", "Straat en huisnummer", "Postcode", "Woonplaats", "Geboortedatum", "Datum van de steun"]
EVIL = '=HYPERLINK("https://boef.example","klik")'
PURPOSE = "Overdracht aan de griffie van de Kamer"


async def grant(world: World, staff_id: int, *, yes: bool = True) -> None:
    """An administrator gives (or takes) the right to export."""
    boss = await staff.add(world.service, "baas@kantoor.example", "Baas", is_administrator=True, now=world_now())
    member = await staffing.member(world.service, staff_id)
    post = type(member.post)(**{**_fields(member.post), "may_export": yes})
    await staffing.change_member(world.service, boss, staff_id, post, seen=member.mark, now=world_now())


def _fields(post: Any) -> dict[str, Any]:
    return {name: getattr(post, name) for name in post.__dataclass_fields__}


def world_now() -> Any:
    from tests.world import NOW

    return NOW


async def sign_as(world: World, petition_id: int, **answers: str) -> None:
    """A confirmed signature of somebody in particular."""
    from petitions.security.tokens import Link

    petition = await signing.petition_for_signing(world.service, petition_id)
    email = world.address()
    await signing.sign(
        world.service, petition, ANSWERS | {"email": email} | answers,
        show_name=False, wants_news=False, language="nl", now=world_now(),
    )  # fmt: skip
    index = world.service.vault.index(petition.salt, email)
    async with world.service.database.connection() as connection:
        key = await connection.fetchval(
            "select token_id from pending_signature where petition_id = $1 and email_index = $2", petition_id, index
        )
    await signing.confirm(world.service, Link(petition_id, key), now=world_now())


async def post(web: Web, address: str, **values: str) -> httpx.Response:
    return await web.client.post(address, data=values, headers={"Origin": ORIGIN})


def room(seen: SeenReferral) -> str:
    return f"/committee/referrals/{seen.petition_id}/{seen.referral_id}/export"


async def asked(web: Web, seen: SeenReferral, format_: str = "csv", content: str = "handover") -> str:
    """The address of a request that was just made."""
    answer = await post(web, room(seen), content=content, format=format_, purpose=PURPOSE)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.fixture
async def seen(web: Web) -> SeenReferral:
    """A referral whose clerk may export and is signed in, with a signatory who tries to run something."""
    made = await web.world.referred()
    await sign_as(web.world, made.petition_id, name=EVIL, street="+31 Straat 1", place="@plaats")
    await grant(web.world, web.world.clerk)
    await web.sign_in(web.world.clerk)
    return made


async def log_of(world: World) -> list[Any]:
    async with world.service.database.connection() as connection:
        return await connection.fetch(
            "select l.*, x.purpose, x.content from export_log l join export x on x.petition_id = l.petition_id"
            " and x.id = l.export_id order by l.id"
        )


def sheets(content: bytes) -> tuple[str, str, str]:
    """The XML of the table, of the last sheet, and of the strings of an XLSX."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        strings = book.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in book.namelist() else ""
        return book.read(names[0]).decode(), book.read(names[-1]).decode(), strings


async def test_csv_has_the_columns_of_the_body_and_runs_nothing(web: Web, seen: SeenReferral) -> None:
    address = await asked(web, seen)
    answer = await post(web, address)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8"))))
    assert rows[0] == HEADINGS
    assert len(rows) == 1 + await web.world.count(seen.petition_id)
    evil = next(row for row in rows if "HYPERLINK" in row[0])
    assert evil == [f"'{EVIL}", "'+31 Straat 1", "8011 AB", "'@plaats", "1980-02-01", "2026-03-02"]
    assert "voorbeeld.example" not in answer.text, "nobody's address of mail is handed over"
    (logged,) = await log_of(web.world)
    assert logged["signatures"] == len(rows) - 1
    assert logged["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert (logged["staff_id"], logged["purpose"]) == (web.world.clerk, PURPOSE)


async def test_csv_for_excel_begins_with_its_mark(web: Web, seen: SeenReferral) -> None:
    answer = await post(web, await asked(web, seen, "csv_bom"))
    assert answer.content.startswith(b'\xef\xbb\xbf"Naam"')


async def test_spreadsheet_holds_strings_and_says_who_made_it(web: Web, seen: SeenReferral) -> None:
    answer = await post(web, await asked(web, seen, "xlsx"))
    table, about, _ = sheets(answer.content)
    assert "HYPERLINK" in table
    assert "<f>" not in table
    assert "hyperlinks" not in table
    assert table.count('t="inlineStr"') == 6 * (1 + await web.world.count(seen.petition_id))
    for text in ("Tess de Groot", PURPOSE, f"{seen.petition_id}/"):
        assert text in about
    (logged,) = await log_of(web.world)
    assert logged["sha256"] == hashlib.sha256(answer.content).hexdigest()


async def test_looking_logs_nothing_and_makes_nothing(web: Web, seen: SeenReferral) -> None:
    address = await asked(web, seen)
    for _ in range(2):
        assert (await web.client.get(address)).status_code == 200
    assert await log_of(web.world) == []


async def test_link_works_for_an_hour(web: Web, seen: SeenReferral) -> None:
    address = await asked(web, seen)
    web.moment += timedelta(minutes=59)
    await web.sign_in(web.world.clerk)
    assert (await post(web, address)).status_code == 200
    web.moment += timedelta(minutes=1)
    assert (await post(web, address)).status_code == 410
    assert (await web.client.get(address)).status_code == 410
    assert len(await log_of(web.world)) == 1


async def test_link_works_three_times(web: Web, seen: SeenReferral) -> None:
    address = await asked(web, seen)
    codes = [(await post(web, address)).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 410]
    assert len(await log_of(web.world)) == 3


async def test_downloads_at_once_are_counted_one_after_the_other(web: Web, seen: SeenReferral) -> None:
    import asyncio

    address = await asked(web, seen)
    answers = await asyncio.gather(*(post(web, address) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 410, 410, 410]
    assert len(await log_of(web.world)) == 3


async def test_without_the_right_nothing_is_asked(web: Web, seen: SeenReferral) -> None:
    await asked(web, seen)
    await grant(web.world, web.world.clerk, yes=False)
    assert (await web.client.get(room(seen))).status_code == 303, "signed out at once"
    await web.sign_in(web.world.clerk)
    page = await web.client.get(room(seen))
    assert page.status_code == 200
    assert "U mag niet exporteren" in page.text
    assert (await post(web, room(seen), content="handover", format="csv", purpose=PURPOSE)).status_code == 403
    assert await log_of(web.world) == []


async def test_right_that_was_taken_stops_a_link(web: Web, seen: SeenReferral) -> None:
    address = await asked(web, seen)
    await grant(web.world, web.world.clerk, yes=False)
    await web.sign_in(web.world.clerk)
    assert (await post(web, address)).status_code == 403
    assert await log_of(web.world) == []


async def test_others_get_nothing(web: Web, seen: SeenReferral) -> None:
    address = await asked(web, seen)
    stranger = await web.world.clerk_of("volksgezondheid-welzijn-en-sport")
    await grant(web.world, stranger.staff_id)
    colleague = await web.world.clerk_of(web.world.committee)
    await grant(web.world, colleague.staff_id)
    boss = await staff.add(web.world.service, "baas@kantoor.example", "Baas", is_administrator=True, now=web.moment)
    member = await staff.add(
        web.world.service, "lid@kamer.example", "Kamerlid", sits_on=(web.world.committee,), now=web.moment
    )
    await grant(web.world, member)
    for person in (stranger.staff_id, web.world.moderator, boss, member):
        await web.sign_in(person)
        assert (await web.client.get(room(seen))).status_code == 403
        assert (await post(web, room(seen), content="handover", format="csv", purpose=PURPOSE)).status_code == 403
        assert (await web.client.get(address)).status_code == 403
        assert (await post(web, address)).status_code == 403
    await web.sign_in(colleague.staff_id)
    assert (await post(web, address)).status_code == 403, "a link is of who asked"
    web.client.cookies.clear()
    assert (await post(web, address)).status_code == 403
    assert await log_of(web.world) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": ""},
        {"purpose": "kort"},
        {"purpose": "x" * 301},
        {"format": "exe"},
        {"content": "everything"},
        {"purpose": "Zo\x00maar een doel"},
    ],
)
async def test_bad_input_keeps_what_was_typed(web: Web, seen: SeenReferral, wrong: dict[str, str]) -> None:
    values = {"content": "handover", "format": "csv", "purpose": PURPOSE} | wrong
    answer = await post(web, room(seen), **values)
    assert answer.status_code == 400
    assert 'id="errors"' in answer.text
    async with web.world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from export") == 0


async def test_old_and_erased_support_is_left_out_and_said(web: Web, seen: SeenReferral) -> None:
    async with web.world.service.database.connection() as connection:
        await connection.execute("update signature set signed_at = signed_at - interval '2 years' where number = 1")
        await connection.execute("update signature set contact = null where number = 2")
    page = await web.client.get(room(seen))
    assert "ouder dan de regels toestaan" in page.text
    assert "gewist door wie tekende" in page.text
    answer = await post(web, await asked(web, seen))
    assert len(list(csv.reader(io.StringIO(answer.text)))) - 1 == await web.world.count(seen.petition_id) - 2


async def test_after_retention_there_is_nothing_to_hand_over(web: Web, seen: SeenReferral) -> None:
    address = await asked(web, seen)
    await retention._forget_petition(web.world.service, seen.petition_id, web.moment)
    page = await web.client.get(room(seen))
    assert page.status_code == 200
    assert "bewaartijd is voorbij" in page.text
    assert (await post(web, room(seen), content="handover", format="csv", purpose=PURPOSE)).status_code == 410
    assert (await post(web, address)).status_code == 410
    assert await log_of(web.world) == []


async def test_addresses_for_letters_are_of_who_was_drawn_only(web: Web, seen: SeenReferral) -> None:
    world = web.world
    answer = await post(web, room(seen), content="letters", format="csv", purpose=PURPOSE)
    assert answer.status_code == 409
    clerk = Clerk(world.clerk, (world.committee,))
    after = await world.step(clerk, seen, "received", StepInput(happened_on=date(2026, 3, 2)), now=web.moment)
    await sampling.close_list(world.service, clerk, after, now=web.moment)
    await sign_as(world, seen.petition_id, name="Te Laat")
    seed = SampleSeed("1 2 3", "Loterij", "", web.moment, "letter")
    await sampling.draw_sample(world.service, clerk, after, seed, now=web.moment)
    answer = await post(web, await asked(web, seen, content="letters"))
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["Plek op de lijst", "Naam", "Straat en huisnummer", "Postcode", "Woonplaats"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert "Te Laat" not in answer.text
    assert "1980-02-01" not in answer.text, "an envelope needs no date of birth"
    (logged,) = await log_of(world)
    assert (logged["content"], logged["signatures"]) == ("letters", 3)


async def test_log_is_for_administrators_and_holds_no_signatory(web: Web, seen: SeenReferral) -> None:
    await post(web, await asked(web, seen))
    own = await web.client.get(room(seen))
    assert PURPOSE in own.text
    assert (await web.client.get("/staff/exports")).status_code == 403
    boss = await staff.add(web.world.service, "baas@kantoor.example", "Baas", is_administrator=True, now=web.moment)
    await web.sign_in(boss)
    page = await web.client.get("/staff/exports")
    assert PURPOSE in page.text
    assert "Tess de Groot" in page.text
    for text in (EVIL[:12], ANSWERS["street"], ANSWERS["postcode"], "1980"):
        assert text not in page.text + own.text
    assert (await web.client.get("/staff/exports?page=99")).status_code == 200


async def test_signatures_are_read_in_portions(web: Web, seen: SeenReferral, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "PORTION", 2)
    clerk = Clerk(web.world.clerk, (web.world.committee,))
    source = await exporting.source(web.world.service, clerk, seen.petition_id, seen.referral_id, now=web.moment)
    parts = [rows async for rows in exporting.portions(web.world.service, source, "handover")]
    assert [len(part) for part in parts] == [2, 1]
    assert len({tuple(row) for part in parts for row in part}) >= 2


async def test_procedure_without_a_hand_over_has_no_such_room(web: Web) -> None:
    british = await web.world.referred("uk-parliament", threshold="response")
    government = await web.world.clerk_of("uk-government")
    await web.sign_in(government.staff_id)
    assert (await web.client.get(room(british))).status_code == 404
    desk = await web.client.get(f"/committee/referrals/{british.petition_id}/{british.referral_id}")
    assert "/export" not in desk.text
    assert "/verification" not in desk.text


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_is_run(first: str) -> None:
    text = f"{first}1+1"
    assert safe(text) == f"'{text}"
    for kind in ("csv", "csv_bom"):
        table = Table(kind, ["Naam", text])
        table.add([[text, "gewoon"]])
        table.finish()
        rows = list(csv.reader(io.StringIO(b"".join(table.chunks()).decode("utf-8-sig"), newline="")))
        assert rows == [["Naam", f"'{text}"], [f"'{text}", "gewoon"]]
        table.close()
    assert safe("gewoon = goed") == "gewoon = goed"
    assert safe("") == ""


def test_spreadsheet_never_guesses() -> None:
    table = Table("xlsx", ["A"])
    table.add([["=1+1"], ["https://x.example"], ["007"], ["{=SUM(1)}"], [""]])
    table.finish([("Door", "=1+1")])
    first, last, _ = sheets(b"".join(table.chunks()))
    table.close()
    assert "<f>" not in first + last
    assert "007" in first
    assert "hyperlink" not in first
