"""Documents: added, inspected, published with or without names, withdrawn; files come before rows, and go after."""

import os
import time

import pytest

from petitions.database.pool import Database
from petitions.documents import acts as documents
from petitions.documents.acts import NewDocument
from petitions.documents.reads import FiledDocument, missing_files, read_document, read_documents
from petitions.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from petitions.lifecycle.acts.handling import Clerk, SeenReferral
from tests.papers import samples
from tests.world import NOW, World


def new(*, public: bool = True, url: str = "", title: str = "Verslag van de hoorzitting") -> NewDocument:
    return NewDocument(title, "report", NOW.date(), "nl", "Wie er sprak en wat zij vroegen.", public, url)


async def added(
    world: World, *, public: bool = True, content: bytes | None = None, url: str = ""
) -> tuple[Clerk, SeenReferral, int]:
    """A document that waits to be published: the clerk, the referral with the version of the document, its number."""
    seen = await world.referred()
    clerk = Clerk(world.clerk, (world.committee,))
    given = None if url else (content or samples.tagged())
    number = await documents.add(
        world.service, clerk, seen.petition_id, seen.referral_id, new(public=public, url=url), given, now=NOW
    )
    return clerk, SeenReferral(seen.petition_id, seen.referral_id, 1), number


async def published(
    world: World, *, public: bool = True, told: documents.Notification = "silent"
) -> tuple[Clerk, SeenReferral, int]:
    clerk, seen, number = await added(world, public=public)
    await documents.publish(world.service, clerk, seen, number, without_names=False, told=told, now=NOW)
    return clerk, SeenReferral(seen.petition_id, seen.referral_id, 2), number


async def events(database: Database, petition_id: int) -> list[tuple[str, bool, int]]:
    """The events about documents: kind, whether public, and how many mails wait for it."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            "select e.kind, e.public, (select count(*) from outbox o where o.event_id = e.id) as mails"
            " from event e where e.petition_id = $1 and e.kind like 'document%' order by e.id",
            petition_id,
        )
    return [tuple(row) for row in rows]


async def find(world: World, seen: SeenReferral, number: int, *committees: str) -> FiledDocument:
    return await read_document(world.service.database, seen.petition_id, number, committees=committees)


async def test_nobody_but_the_committee_sees_it_before_it_is_published(world: World) -> None:
    _, seen, number = await added(world)
    with pytest.raises(NotFoundError):
        await find(world, seen, number)
    with pytest.raises(NotFoundError):
        await find(world, seen, number, "digitale-zaken")
    found = await find(world, seen, number, world.committee)
    assert found.findings.names == ("J. Jansen (griffie)",)
    assert found.sha256 is not None
    assert world.service.file_store.path(found.sha256).read_bytes() == samples.tagged()
    assert await events(world.service.database, seen.petition_id) == []


async def test_published_without_names_it_is_another_file(world: World) -> None:
    clerk, seen, number = await added(world)
    before = await find(world, seen, number, world.committee)
    await documents.publish(world.service, clerk, seen, number, without_names=True, told="mailed", now=NOW)
    found = await find(world, seen, number)
    assert found.sha256 not in {None, before.sha256}
    assert found.sha256 is not None
    content = world.service.file_store.path(found.sha256).read_bytes()
    assert b"Jansen" not in content
    assert (found.size, found.findings.names, found.findings.tagged) == (len(content), (), True)
    assert await events(world.service.database, seen.petition_id) == [("document", True, 1)]


async def test_names_that_stay_are_not_kept_in_the_database(world: World) -> None:
    _, seen, number = await published(world)
    assert (await find(world, seen, number)).findings.names == ()
    assert await events(world.service.database, seen.petition_id) == [("document", True, 0)]


async def test_a_signed_file_is_never_changed(world: World) -> None:
    clerk, seen, number = await added(world, content=samples.signed())
    with pytest.raises(InvalidInputError) as refused:
        await documents.publish(world.service, clerk, seen, number, without_names=True, told="silent", now=NOW)
    assert refused.value.fields == {"names": "signed"}
    assert (await find(world, seen, number, world.committee)).published_at is None


async def test_for_the_committee_alone_it_is_never_public(world: World) -> None:
    clerk, seen, number = await published(world, public=False, told="silent")
    assert await read_documents(world.service.database, seen.petition_id) == ()
    assert [one.id for one in await read_documents(
        world.service.database, seen.petition_id, committees=[world.committee]
    )] == [number]  # fmt: skip
    await documents.withdraw(world.service, clerk, seen, number, reason="Verkeerde versie.", told="silent", now=NOW)
    kinds = [("document_filed", False, 0), ("document_withdrawn_filed", False, 0)]
    assert await events(world.service.database, seen.petition_id) == kinds


async def test_withdrawn_it_stays_with_its_reason(world: World) -> None:
    clerk, seen, number = await published(world)
    await documents.withdraw(world.service, clerk, seen, number, reason="Er stond een fout in.", told="silent", now=NOW)
    found = await find(world, seen, number)
    assert (found.withdrawn_reason, found.given_out) == ("Er stond een fout in.", False)
    with pytest.raises(ConflictError):
        await documents.withdraw(
            world.service,
            clerk,
            SeenReferral(seen.petition_id, seen.referral_id, 3),
            number,
            reason="x",
            told="silent",
            now=NOW,
        )
    with pytest.raises(ConflictError, match="published_already"):
        await documents.discard(world.service, clerk, SeenReferral(seen.petition_id, seen.referral_id, 3), number)


async def test_the_second_of_two_clerks_sees_what_the_first_did(world: World) -> None:
    clerk, seen, number = await published(world)
    first = SeenReferral(seen.petition_id, seen.referral_id, 1)
    with pytest.raises(ConflictError, match="changed"):
        await documents.publish(world.service, clerk, first, number, without_names=False, told="silent", now=NOW)
    with pytest.raises(ConflictError, match="changed"):
        await documents.discard(world.service, clerk, first, number)


async def test_another_committee_can_do_nothing(world: World) -> None:
    _, seen, number = await added(world)
    other = await world.clerk_of("digitale-zaken")
    with pytest.raises(NotFoundError):
        await documents.add(
            world.service, other, seen.petition_id, seen.referral_id, new(url="https://x.example"), None, now=NOW
        )
    with pytest.raises(ForbiddenError):
        await documents.discard(world.service, other, seen, number)


async def test_a_file_that_is_not_taken_leaves_nothing(world: World) -> None:
    seen = await world.referred()
    clerk = Clerk(world.clerk, (world.committee,))
    with pytest.raises(InvalidInputError) as refused:
        await documents.add(
            world.service, clerk, seen.petition_id, seen.referral_id, new(), samples.launching(), now=NOW
        )
    assert refused.value.fields == {"file": "active"}
    assert await read_documents(world.service.database, seen.petition_id, committees=[world.committee]) == ()
    assert list(world.service.file_store.folder.glob("??/*")) == []


async def test_files_that_no_row_names_go_after_a_day(world: World) -> None:
    clerk, seen, number = await added(world)
    kept = await find(world, seen, number, world.committee)
    assert kept.sha256 is not None
    lost = world.service.file_store.put(b"%PDF-lost in a crash")
    assert await documents.sweep(world.service) == 0
    for path in world.service.file_store.folder.glob("??/*"):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert await documents.sweep(world.service) == 1
    assert not world.service.file_store.path(lost).exists()
    assert world.service.file_store.path(kept.sha256).exists()
    await documents.discard(world.service, clerk, seen, number)
    assert await documents.sweep(world.service) == 1
    assert not world.service.file_store.path(kept.sha256).exists()


async def test_the_operator_is_told_of_files_that_are_missing_or_changed(world: World) -> None:
    _, seen, number = await published(world)
    found = await find(world, seen, number)
    assert found.sha256 is not None
    assert await missing_files(world.service.database, world.service.file_store) == []
    path = world.service.file_store.path(found.sha256)
    path.write_bytes(b"%PDF-other")
    assert await missing_files(world.service.database, world.service.file_store) == [
        f"file {found.sha256}: missing or changed"
    ]
    path.unlink()
    assert len(await missing_files(world.service.database, world.service.file_store)) == 1
