"""Paper is counted by two people, shown apart, and counts toward a threshold if the rules say so."""

import asyncio
from typing import Any

import pytest

from petitions.errors import ConflictError, InvalidInputError, NotFoundError
from petitions.lifecycle.reads.petition import read_petition
from petitions.lifecycle.reads.recount import recount
from petitions.paper import acts as paper
from petitions.paper.acts import SheetCount
from petitions.paper.reads import read_batches
from tests.world import NOW, World

SCAN = b"%PDF a scan"


async def row(world: World, petition: int, what: str) -> Any:
    async with world.service.database.connection() as connection:
        return await connection.fetchrow(what, petition)


async def test_two_equal_counts_bring_a_petition_over_its_threshold(world: World) -> None:
    link = await world.opened()
    petition = link.petition_id
    confirmed = await world.count(petition)
    await world.lower_threshold(petition, "examine", confirmed + 15)
    issued = await paper.issue(world.service, link, 3, now=NOW)
    assert (issued.first, issued.last) == (1, 3)
    assert (await paper.issue(world.service, link, 2, now=NOW)).first == 4
    batch = await paper.count(
        world.service, petition, world.moderator, SheetCount("1-2", 15, 2, SCAN, "Van de markt"), now=NOW
    )
    second = await world.colleague()
    with pytest.raises(ConflictError, match="own_count"):
        await paper.confirm(world.service, petition, batch, world.moderator, accepted=15, refused=2, now=NOW)
    with pytest.raises(InvalidInputError) as other:
        await paper.confirm(world.service, petition, batch, second, accepted=14, refused=3, now=NOW)
    assert other.value.fields == {"accepted": "not_the_same"}
    assert await row(world, petition, "select 1 from referral where petition_id = $1") is None
    await paper.confirm(world.service, petition, batch, second, accepted=15, refused=2, now=NOW)
    shown = await read_petition(world.service.database, world.service.procedures, petition)
    assert (shown.confirmed, shown.paper, shown.paper_added) == (confirmed, 15, 15)
    assert (await row(world, petition, "select effect from referral where petition_id = $1"))["effect"] == "refer"
    event = await row(world, petition, "select * from event where petition_id = $1 and kind = 'paper_counted'")
    assert event["data"] == {"accepted": 15, "refused": 2, "sheets": 2, "total": 15}
    assert await recount(world.service.database) == []
    with pytest.raises(ConflictError, match="changed"):
        await paper.confirm(world.service, petition, batch, second, accepted=15, refused=2, now=NOW)


async def test_signatures_after_paper_cross_together(world: World) -> None:
    link = await world.opened()
    petition, second = link.petition_id, await world.colleague()
    await world.lower_threshold(petition, "examine", await world.count(petition) + 11)
    await paper.issue(world.service, link, 1, now=NOW)
    batch = await paper.count(world.service, petition, world.moderator, SheetCount("1", 10, 0, SCAN), now=NOW)
    await paper.confirm(world.service, petition, batch, second, accepted=10, refused=0, now=NOW)
    assert await row(world, petition, "select 1 from referral where petition_id = $1") is None
    await world.sign(petition)
    assert await row(world, petition, "select 1 from referral where petition_id = $1") is not None
    assert await recount(world.service.database) == []


async def test_paper_that_does_not_count_is_shown_only(world: World) -> None:
    link = await world.opened("nl-kamer-petitie")
    second = await world.colleague()
    await paper.issue(world.service, link, 1, now=NOW)
    batch = await paper.count(world.service, link.petition_id, world.moderator, SheetCount("1", 7, 0, SCAN), now=NOW)
    await paper.confirm(world.service, link.petition_id, batch, second, accepted=7, refused=0, now=NOW)
    shown = await read_petition(world.service.database, world.service.procedures, link.petition_id)
    assert (shown.paper, shown.paper_added) == (7, 0)


async def test_a_sheet_is_counted_once_and_again_after_it_was_returned(world: World) -> None:
    link = await world.opened()
    petition, second = link.petition_id, await world.colleague()
    await paper.issue(world.service, link, 4, now=NOW)
    for numbers, problem in (("5", "sheets_unknown"), ("1-9", "sheets_unknown"), ("x", "sheet_numbers")):
        with pytest.raises(InvalidInputError) as refused:
            await paper.count(world.service, petition, world.moderator, SheetCount(numbers, 1, 0, SCAN), now=NOW)
        assert refused.value.fields == {"sheet_numbers": problem}
    told = await asyncio.gather(
        *(
            paper.count(world.service, petition, world.moderator, SheetCount("2", 5, 0, SCAN), now=NOW)
            for _ in range(4)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(one, int) for one in told) == 1
    with pytest.raises(InvalidInputError):
        await paper.send_back(world.service, petition, 1, second, reason="", now=NOW)
    await paper.send_back(world.service, petition, 1, second, reason="De scan is niet te lezen.", now=NOW)
    assert await paper.count(world.service, petition, world.moderator, SheetCount("2", 6, 0, SCAN), now=NOW) == 2
    found, batches = await read_batches(world.service.database, petition)
    assert (found.issued, found.returned, found.waiting, found.paper) == (4, 1, 1, 0)
    assert [(one.state, one.ranges) for one in batches] == [("waiting", "2"), ("returned", "")]
    with pytest.raises(NotFoundError):
        await read_batches(world.service.database, 999)


async def test_two_second_persons_at_once_add_it_once(world: World) -> None:
    link = await world.opened()
    petition, second = link.petition_id, await world.colleague()
    await paper.issue(world.service, link, 1, now=NOW)
    batch = await paper.count(world.service, petition, world.moderator, SheetCount("1", 5, 0, SCAN), now=NOW)
    await asyncio.gather(
        *(paper.confirm(world.service, petition, batch, second, accepted=5, refused=0, now=NOW) for _ in range(4)),
        return_exceptions=True,
    )
    assert (await row(world, petition, "select paper from signature_count where petition_id = $1"))["paper"] == 5
    assert await recount(world.service.database) == []
