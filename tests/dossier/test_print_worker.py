"""Dossiers and posters as PDF: tagged and accessible, the same for the same facts, never lost, without scripts."""

import hashlib
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from petitions.corrections import acts as correcting
from petitions.documents import acts as documents
from petitions.documents.acts import NewDocument
from petitions.documents.reads import printed_documents
from petitions.dossier import acts as printing
from petitions.dossier.jobs import print_worker as press_room
from petitions.dossier.jobs.print_worker import PrintWorker, print_next
from petitions.dossier.reads.prints import Print, read_print
from petitions.dossier.rules.prints import Edition
from petitions.lifecycle.acts import moderation
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from petitions.lifecycle.rules.steps import StepInput
from petitions.papers.sandbox import SandboxError
from petitions.papers.typeset import typeset, with_names_of_signs
from petitions.sites.themes import load_theme
from tests.world import NOW, World

EVIL = '#panic("x") $x^2$ \\ @ref <label> `code` *b* _i_ ]} // weg /* ook */ "aanhaling" #read("/etc/passwd")'


@pytest.fixture
def print_worker(world: World) -> PrintWorker:
    return PrintWorker(
        world.service,
        "Petitieloket",
        "https://petities.example",
        load_theme("default").light,
        documents=(printed_documents,),
    )


async def handled(world: World) -> tuple[Clerk, SeenReferral]:
    """A petition that was received and checked, with growth of some days."""
    seen = await world.referred()
    clerk = Clerk(world.clerk, (world.committee,))
    seen = await world.step(clerk, seen, "received", StepInput(happened_on=NOW.date()), now=NOW + timedelta(days=1))
    facts = StepInput(happened_on=NOW.date(), text="Van 500 mensen klopten er 487.")
    return clerk, await world.step(clerk, seen, "sample_check", facts, now=NOW + timedelta(days=2))


async def printed(
    print_worker: PrintWorker, petition_id: int, edition: Edition = "public", language: str = "nl", *, days: int = 3
) -> tuple[Print, bytes]:
    """What was made when it was asked for, and its bytes."""
    now = NOW + timedelta(days=days)
    await printing.ask(print_worker.service, petition_id, edition, language, now=now)
    assert await print_next(print_worker, now=now)
    assert not await print_next(print_worker, now=now)
    found = await read_print(print_worker.service.database, petition_id, edition, language)
    return found, print_worker.service.file_store.path(found.made.sha256).read_bytes() if found.made else b""


def text_of(content: bytes) -> str:
    """Its words, as a reader of the file hears them."""
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.split())


def tags(content: bytes) -> Iterator[DictionaryObject]:
    """Every element of its structure."""
    waiting: list[Any] = [PdfReader(io.BytesIO(content)).root_object["/StructTreeRoot"]]
    while waiting:
        found = waiting.pop().get_object()
        if isinstance(found, ArrayObject):
            waiting += found
        elif isinstance(found, DictionaryObject):
            yield found
            waiting += [found["/K"]] if "/K" in found else []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ["Behandeling door de commissie", "Pagina 1 van", "Van 500 mensen klopten er 487."]),
        ("en", ["Handling by the committee", "Page 1 of", "Van 500 mensen klopten er 487."]),
    ],
)
async def test_a_dossier_is_tagged_and_says_everything(
    world: World, print_worker: PrintWorker, language: str, words: list[str]
) -> None:
    _, seen = await handled(world)
    found, content = await printed(print_worker, seen.petition_id, "committee", language)
    reader = PdfReader(io.BytesIO(content))
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert str(root["/Lang"]) == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert reader.metadata is not None
    assert reader.metadata.title == "Geef elk dorp weer nachtzorg dichtbij"
    elements = list(tags(content))
    kinds = {str(one.get("/S")) for one in elements}
    assert {"/Title", "/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/P"} <= kinds
    described = [str(one.get("/Alt")) for one in elements if one.get("/S") == "/Figure"]
    assert len(described) == 2
    assert any("2026" in one for one in described), "the chart tells its line in words"
    text = text_of(content)
    for one in [*words, "Marieke Hoekstra", "huisartsenpost", "petities.example"]:
        assert one in text, one
    assert found.made is not None
    assert found.made.pages == len(reader.pages)


async def test_what_people_write_never_becomes_a_program(world: World, print_worker: PrintWorker) -> None:
    link = await world.moderated(title="Weg met #panic() en $ \\ @x <y>")
    number = link.petition_id
    async with world.service.database.connection() as connection:
        await connection.execute(
            "update petition set request = $2, reasons = $3 where id = $1", number, EVIL, f"{EVIL}\n\n= Kop"
        )
    await moderation.accept(world.service, number, world.moderator, reason="In orde.", now=NOW)
    for edition in ("public", "poster"):
        _, content = await printed(print_worker, number, edition)
        text = text_of(content)
        assert " ".join(EVIL.split()) in text
        assert "Weg met #panic() en $ \\ @x <y>" in text
        assert "root:" not in text


async def test_signs_without_a_letter_are_told_by_their_names(world: World, print_worker: PrintWorker) -> None:
    seen = await world.referred(title="Meer 🚲 en ♿ voor 中 en مرحبا")
    _, content = await printed(print_worker, seen.petition_id, "poster")
    text = text_of(content)
    assert "Meer [bicycle] en [wheelchair symbol] voor [cjk unified ideograph-4e2d] en" in text
    assert with_names_of_signs({"a": ["👩‍🚒é\n"]}) == {"a": ["[woman][fire engine]é\n"]}


async def test_the_same_facts_are_the_same_file(world: World, print_worker: PrintWorker) -> None:
    clerk, seen = await handled(world)
    first, content = await printed(print_worker, seen.petition_id, days=3)
    again, _ = await printed(print_worker, seen.petition_id, days=3)
    assert first.made is not None
    assert again.made == first.made
    async with world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from dossier_print") == 1
    await world.step(
        clerk, seen, "report", StepInput(happened_on=NOW.date(), text="Behandelen."), now=NOW + timedelta(days=3)
    )
    changed, other = await printed(print_worker, seen.petition_id, days=3)
    assert changed.made is not None
    assert changed.made.facts_hash != first.made.facts_hash
    assert "Behandelen." in text_of(other)
    assert hashlib.sha256(other).hexdigest() == changed.made.sha256 != hashlib.sha256(content).hexdigest()


def test_typesetting_twice_gives_the_same_bytes() -> None:
    facts = {
        "lang": "nl", "colours": dict.fromkeys(("ink", "muted", "accent", "band", "rule", "paper"), "#101010"),
        "author": "Loket", "kind": "Petitie", "document_title": "Titel", "title_lang": "nl", "address": "https://x.example",
        "qr": {"svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "alt": "Code"},
        "made": {"year": 2026, "month": 3, "day": 2, "text": "Gemaakt"}, "request": ["Vraag"], "length": 5, "by": "X",
        "address_text": "x.example", "labels": {"sign": "Teken", "how": "Scan", "until": ""},
    }  # fmt: skip
    assert typeset("poster", facts) == typeset("poster", facts)


async def test_a_worker_that_dies_leaves_it_to_another(world: World, print_worker: PrintWorker) -> None:
    _, seen = await handled(world)
    now = NOW + timedelta(days=3)
    await printing.ask(world.service, seen.petition_id, "public", "nl", now=now)
    await printing.ask(world.service, seen.petition_id, "public", "nl", now=now)
    lost = await printing.lease(world.service, now=now)
    assert lost is not None
    assert await printing.lease(world.service, now=now + timedelta(seconds=60)) is None
    later = now + printing.LEASE + timedelta(seconds=1)
    assert await print_next(print_worker, now=later)
    found = await read_print(world.service.database, seen.petition_id, "public", "nl")
    assert found.made is not None
    assert not found.waiting
    product = printing.FinishedPrint("x", "0" * 64, 1, 1, now)
    assert not await printing.finish(world.service, lost, product), "the lease was over"
    await printing.fail(world.service, lost, "broken", now=later)
    assert await read_print(world.service.database, seen.petition_id, "public", "nl") == found


async def test_what_cannot_be_made_is_given_up_and_can_be_asked_for_again(
    world: World, print_worker: PrintWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, seen = await handled(world)

    async def hangs(*_: object) -> bytes:
        raise SandboxError("too_long")

    now = NOW + timedelta(days=3)
    with monkeypatch.context() as patched:
        patched.setattr(press_room, "run_in_sandbox", hangs)
        await printing.ask(world.service, seen.petition_id, "public", "nl", now=now)
        tries = 0
        while await print_next(print_worker, now=now):
            tries += 1
            now += timedelta(minutes=1)
        assert tries == printing.MOST_ATTEMPTS
    found = await read_print(world.service.database, seen.petition_id, "public", "nl")
    assert (found.made, found.waiting, found.problem) == (None, False, "too_long")
    found, _ = await printed(print_worker, seen.petition_id)
    assert (found.made is not None, found.problem) == (True, "")


async def test_of_a_hidden_petition_nothing_is_made(world: World, print_worker: PrintWorker) -> None:
    _, seen = await handled(world)
    await moderation.remove(
        world.service, seen.petition_id, world.moderator, ground="personal_data", reason="Namen.", now=NOW
    )
    now = NOW + timedelta(days=3)
    await printing.ask(world.service, seen.petition_id, "public", "nl", now=now)
    for _ in range(printing.MOST_ATTEMPTS):
        assert await print_next(print_worker, now=now)
        now += timedelta(minutes=1)
    found = await read_print(world.service.database, seen.petition_id, "public", "nl")
    assert (found.made, found.problem) == (None, "not_public")


async def test_documents_of_the_committee_stand_in_its_own_edition_only(
    world: World, print_worker: PrintWorker
) -> None:
    clerk, seen = await handled(world)
    for public, title in ((True, "Openbaar verslag"), (False, "Geheime notitie")):
        new = NewDocument(title, "report", NOW.date(), "nl", "Kort.", public, "https://www.example.org/x")
        number = await documents.add(world.service, clerk, seen.petition_id, seen.referral_id, new, None, now=NOW)
        version = SeenReferral(seen.petition_id, seen.referral_id, 1)
        await documents.publish(world.service, clerk, version, number, without_names=False, told="silent", now=NOW)
    _, content = await printed(print_worker, seen.petition_id, "public")
    assert "Openbaar verslag" in text_of(content)
    assert "Geheime notitie" not in text_of(content)
    _, content = await printed(print_worker, seen.petition_id, "committee")
    assert "Geheime notitie" in text_of(content)


async def test_what_is_one_committees_alone_is_not_printed_for_another(world: World, print_worker: PrintWorker) -> None:
    first = await world.referred("uk-parliament")
    later = world.procedure("uk-parliament").thresholds[1]
    await world.lower_threshold(first.petition_id, later.code, 1 + await world.count(first.petition_id))
    await world.sign(first.petition_id)
    second = await world.referral(first.petition_id, later.code)
    async with world.service.database.connection() as connection:
        slugs = [
            await connection.fetchval(
                "select committee_slug from referral where petition_id = $1 and id = $2",
                one.petition_id,
                one.referral_id,
            )
            for one in (first, second)
        ]
    assert slugs[0] != slugs[1]
    clerk = await world.clerk_of(slugs[0])
    new = NewDocument("Geheime notitie", "report", NOW.date(), "nl", "Kort.", False, "https://www.example.org/x")
    number = await documents.add(world.service, clerk, first.petition_id, first.referral_id, new, None, now=NOW)
    version = SeenReferral(first.petition_id, first.referral_id, 1)
    await documents.publish(world.service, clerk, version, number, without_names=False, told="silent", now=NOW)
    _, content = await printed(print_worker, first.petition_id, "committee")
    assert "Geheime notitie" not in text_of(content)


async def test_prints_with_words_that_may_be_kept_nowhere_are_forgotten(
    world: World, print_worker: PrintWorker
) -> None:
    clerk, seen = await handled(world)
    _, content = await printed(print_worker, seen.petition_id)
    assert "klopten er 487" in text_of(content)
    await printing.ask(world.service, seen.petition_id, "public", "en", now=NOW)
    job = await printing.lease(world.service, now=NOW)
    assert job is not None
    old = await press_room.make(print_worker, job, now=NOW)
    async with world.service.database.connection() as connection:
        event = await connection.fetchval("select max(id) from event where petition_id = $1", seen.petition_id)
    facts = StepInput(text="Van 500 mensen klopten er bijna alle.")
    await correcting.correct_step(
        world.service, clerk, seen, event, facts, reason="Er stond een naam.", withhold=True, now=NOW
    )
    assert (await read_print(world.service.database, seen.petition_id, "public", "nl")).made is None
    assert not await printing.finish(world.service, job, old), "made of the old words"
    assert await print_next(print_worker, now=NOW)
    found = (await read_print(world.service.database, seen.petition_id, "public", "en")).made
    assert found is not None
    assert "bijna alle" in text_of(world.service.file_store.read(found.sha256))
    await moderation.remove(
        world.service, seen.petition_id, world.moderator, ground="personal_data", reason="Namen.", now=NOW
    )
    assert (await read_print(world.service.database, seen.petition_id, "public", "en")).made is None
