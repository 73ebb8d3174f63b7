"""One batch holds signatures of many petitions: each is recorded, told, confirmed and counted for its own.

The address hashes and keys of two petitions are the same here, which never happens in real life, so that nothing but
the number of the petition tells them apart.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from petitions.database.connection import Connection
from petitions.lifecycle.acts import drafting, signing
from petitions.lifecycle.acts.service import ConfirmationWrite, SignatureWrite
from petitions.lifecycle.reads.recount import recount
from petitions.lifecycle.rules.states import Stage
from petitions.security.tokens import Link
from tests.conftest import NOW
from tests.world import World

HOUR, MINUTE, INSTANT = timedelta(hours=1), timedelta(minutes=1), timedelta(microseconds=1)
INDEX, OTHER = b"i" * 16, b"j" * 16


def asked(
    petition: int,
    *,
    index: bytes = INDEX,
    token: bytes = b"t" * 16,
    kind: str = "signatory",
    at: datetime = NOW,
    contact: bytes = b"box",
) -> SignatureWrite:
    return SignatureWrite(
        petition_id=petition,
        email_index=index,
        token_id=token,
        kind=kind,
        contact=contact,
        show_name=False,
        wants_news=False,
        language="nl",
        signed_at=at,
    )


async def rows(world: World, sql: str, *arguments: Any) -> list[tuple[Any, ...]]:
    async with world.service.database.connection() as connection:
        return [tuple(row) for row in await connection.fetch(sql, *arguments)]


async def record(world: World, *items: SignatureWrite) -> list[bool]:
    async with world.service.database.connection() as connection:
        return await signing.write_signatures(connection, items)


async def confirm(world: World, *items: ConfirmationWrite) -> list[int | None]:
    async with world.service.database.connection() as connection:
        return [one.number for one in await signing.write_confirmations(connection, items)]


@pytest.fixture
async def two(world: World) -> tuple[int, int]:
    """Two open petitions without any signature."""
    return (await world.opened()).petition_id, (await world.opened()).petition_id


async def test_a_batch_admits_each_to_its_own_petition(world: World, two: tuple[int, int]) -> None:
    waits = (await world.moderated("uk-parliament")).petition_id
    admitted = await record(
        world,
        asked(two[0]),
        asked(waits),
        asked(two[1]),
        asked(two[1], kind="sponsor"),
        asked(waits, kind="sponsor", index=OTHER),
        asked(999_999),
    )
    assert admitted == [True, False, True, False, True, False]
    assert await rows(world, "select petition_id, kind from pending_signature order by petition_id") == [
        (two[0], "signatory"),
        (two[1], "signatory"),
        (waits, "sponsor"),
    ]


SIGNED_IN = {"signatory": {Stage.OPEN}, "sponsor": {Stage.SPONSORING, Stage.MODERATION}}


@pytest.mark.parametrize("kind", SIGNED_IN)
@pytest.mark.parametrize("stage", list(Stage))
async def test_who_signs_in_which_stage(world: World, kind: str, stage: Stage) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    await rows(
        world,
        "update petition set stage = $1, closed_at = $2, ended_at = $2, ground = 'x', reason = 'y'",
        stage.value,
        NOW,
    )
    assert await record(world, asked(petition, kind=kind)) == [stage in SIGNED_IN[kind]]


async def test_one_signs_until_the_last_instant(world: World, two: tuple[int, int]) -> None:
    closes = NOW + HOUR
    await rows(world, "update petition set closes_at = $1 where id = $2", closes, two[0])
    assert await record(world, asked(two[0], at=closes), asked(two[1], at=closes)) == [False, True]
    assert await record(world, asked(two[0], at=closes - INSTANT)) == [True]


async def test_of_one_address_twice_in_a_batch_the_last_one_counts(world: World, two: tuple[int, int]) -> None:
    first, last = asked(two[0], contact=b"first"), asked(two[0], contact=b"last", at=NOW + MINUTE)
    assert await record(world, first, last, asked(two[1], contact=b"other")) == [True, True, True]
    assert await rows(world, "select petition_id, contact from pending_signature order by petition_id") == [
        (two[0], b"last"),
        (two[1], b"other"),
    ]


async def test_only_who_signed_this_petition_is_told_so_once_an_hour(world: World, two: tuple[int, int]) -> None:
    await record(world, asked(two[0]))
    await confirm(world, ConfirmationWrite(two[0], b"t" * 16, NOW))
    await rows(world, "delete from outbox")
    told = "select kind, petition_id from outbox where token_id is not null order by id"
    await record(world, asked(two[1]), asked(two[0], index=OTHER, token=b"u" * 16))
    assert sorted(await rows(world, told)) == [("confirm", two[0]), ("confirm", two[1])]
    await rows(world, "delete from outbox")
    for at, mails in ((NOW + HOUR, 1), (NOW + HOUR * 2, 1), (NOW + HOUR * 2 + INSTANT, 2)):
        assert await record(world, asked(two[0], at=at)) == [True]
        assert await rows(world, told) == [("signed_already", two[0])] * mails
    assert await rows(world, "select count(*) from pending_signature where petition_id = $1", two[0]) == [(1,)]
    assert await rows(world, "select told_at from signature") == [(NOW + HOUR * 2 + INSTANT,)]


async def test_a_batch_is_confirmed_and_counted_by_petition(world: World, two: tuple[int, int]) -> None:
    await record(
        world,
        asked(two[0]),
        asked(two[1]),
        asked(two[0], index=OTHER, token=b"u" * 16, at=NOW + MINUTE),
        asked(two[1], index=OTHER, token=b"v" * 16, at=NOW + MINUTE),
    )
    numbers = await confirm(
        world,
        ConfirmationWrite(two[1], b"v" * 16, NOW + HOUR),
        ConfirmationWrite(two[0], b"u" * 16, NOW + HOUR),
        ConfirmationWrite(two[0], b"t" * 16, NOW + HOUR),
        ConfirmationWrite(two[0], b"v" * 16, NOW + HOUR),
    )
    assert numbers == [1, 2, 1, None]
    assert await rows(world, "select petition_id, confirmed, sponsors from signature_count order by 1") == [
        (two[0], 2, 0),
        (two[1], 1, 0),
    ]
    assert await rows(world, "select petition_id, token_id from pending_signature") == [(two[1], b"t" * 16)]
    assert await recount(world.service.database) == []
    assert await confirm(world, ConfirmationWrite(two[1], b"t" * 16, NOW + HOUR * 2)) == [2]
    assert await rows(world, "select petition_id, sum(confirmed) from signature_hour group by 1 order by 1") == [
        (two[0], 2),
        (two[1], 2),
    ]


CONFIRMED_IN = {Stage.SPONSORING, Stage.MODERATION, Stage.OPEN, Stage.CLOSED}


@pytest.mark.parametrize("stage", list(Stage))
async def test_in_which_stage_a_signature_is_confirmed(world: World, two: tuple[int, int], stage: Stage) -> None:
    await record(world, asked(two[0]))
    await rows(
        world,
        "update petition set stage = $1, closed_at = $2, ended_at = $2, ground = 'x', reason = 'y' where id = $3",
        stage.value,
        NOW + MINUTE,
        two[0],
    )
    assert await confirm(world, ConfirmationWrite(two[0], b"t" * 16, NOW + HOUR)) == [
        1 if stage in CONFIRMED_IN else None
    ]


@pytest.mark.parametrize(
    ("closes", "closed", "signed", "confirmed", "number"),
    [
        (None, NOW, NOW, NOW + HOUR, 1),  # signed in the instant of the closing
        (None, NOW - INSTANT, NOW, NOW + HOUR, None),
        (None, NOW, NOW, NOW + HOUR * 24 - INSTANT, 1),
        (None, NOW, NOW, NOW + HOUR * 24, None),
        (NOW + HOUR, None, NOW, NOW + HOUR * 25 - INSTANT, 1),
        (NOW + HOUR, None, NOW, NOW + HOUR * 25, None),
        (NOW + HOUR * 9, NOW, NOW, NOW + HOUR * 24, None),  # closed early: from then
        (None, None, NOW, NOW + HOUR * 100, 1),
    ],
)
async def test_a_late_confirmation_counts_within_a_day_of_the_end(
    world: World,
    two: tuple[int, int],
    closes: datetime | None,
    closed: datetime | None,
    signed: datetime,
    confirmed: datetime,
    number: int | None,
) -> None:
    await record(world, asked(two[0], at=signed))
    await rows(
        world,
        "update petition set closes_at = $1, closed_at = $2, stage = $3 where id = $4",
        closes,
        closed,
        "closed" if closed else "open",
        two[0],
    )
    assert await confirm(world, ConfirmationWrite(two[0], b"t" * 16, confirmed)) == [number]


async def crossed(connection: Connection) -> list[tuple[Any, ...]]:
    found = await connection.fetch("select petition_id, code from threshold where reached_at is not null order by 1, 2")
    return [tuple(row) for row in found]


async def test_the_number_is_crossed_by_signatures_and_paper_of_this_petition(world: World) -> None:
    """Response at 3, debate at 4: one came on paper, the third signature brings both, with their referrals."""
    one, other = [(await world.opened("uk-parliament")).petition_id for _ in range(2)]
    for petition in (one, other):
        before = await world.count(petition)
        await world.lower_threshold(petition, "response", before + 3)
        await world.lower_threshold(petition, "debate", before + 4)
    await rows(world, "update signature_count set paper = 1, paper_added = 1 where petition_id = $1", one)
    links: list[Link] = []
    for n in range(3):
        token = bytes([n]) * 16
        await record(world, *(asked(p, index=token, token=token) for p in (one, other)))
        links.append(Link(one, token))
    async with world.service.database.connection() as connection:
        for link, codes in zip(links, ([], ["response"], ["debate", "response"]), strict=True):
            for petition in (one, other):
                await signing.write_confirmations(connection, [ConfirmationWrite(petition, link.key, NOW + HOUR)])
            found = await crossed(connection)
            assert [code for petition, code in found if petition == one] == codes
        assert [code for petition, code in await crossed(connection) if petition == other] == ["response"]
        referred = await connection.fetch("select petition_id, threshold_code from referral order by 1, 2")
        assert [tuple(row) for row in referred] == [(one, "debate"), (one, "response"), (other, "response")]
        told = await connection.fetch(
            "select petition_id, kind, data ->> 'threshold' as code from event"
            " where kind in ('threshold_reached', 'referred') order by id"
        )
        assert [tuple(row) for row in told] == [
            (one, "threshold_reached", "response"),
            (one, "referred", "response"),
            (one, "threshold_reached", "debate"),
            (one, "referred", "debate"),
            (other, "threshold_reached", "response"),
            (other, "referred", "response"),
        ]


async def test_one_batch_can_bring_two_petitions_over_their_numbers(world: World, two: tuple[int, int]) -> None:
    code = world.procedure().thresholds[0].code
    for petition in two:
        await world.lower_threshold(petition, code, 1)
    await record(world, asked(two[0]), asked(two[1]))
    await confirm(world, ConfirmationWrite(two[0], b"t" * 16, NOW), ConfirmationWrite(two[1], b"t" * 16, NOW))
    assert await rows(world, "select petition_id, threshold_code from referral order by 1") == [
        (two[0], code),
        (two[1], code),
    ]
    events = "select petition_id, kind from event where kind in ('threshold_reached', 'referred') order by 1, id"
    assert await rows(world, events) == [
        (two[0], "threshold_reached"),
        (two[0], "referred"),
        (two[1], "threshold_reached"),
        (two[1], "referred"),
    ]


async def test_what_is_published_only_makes_no_referral(world: World) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    await rows(world, "update threshold set effect = 'publish', committee_slug = null where code = 'response'")
    for code in ("response", "debate"):
        await world.lower_threshold(petition, code, 1 + await world.count(petition))
    await world.sign(petition)
    reached = "select code from threshold where reached_at is not null order by 1"
    assert await rows(world, reached) == [("debate",), ("response",)]
    assert await rows(world, "select threshold_code from referral") == [("debate",)]


async def test_the_last_sponsor_submits_this_petition_only_and_keeps_its_text(world: World) -> None:
    one, other = [await world.draft("uk-parliament") for _ in range(2)]
    for link in (one, other):
        managed = await drafting.confirm(world.service, link, now=NOW)
    for n in range(managed.sponsors_required):
        key = bytes([n]) * 16
        await record(world, *(asked(p.petition_id, index=key, token=key, kind="sponsor") for p in (one, other)))
    last = managed.sponsors_required - 1
    for n in range(last):
        key = bytes([n]) * 16
        await confirm(world, *(ConfirmationWrite(p.petition_id, key, NOW + HOUR) for p in (one, other)))
    assert {stage for (stage,) in await rows(world, "select stage from petition")} == {"sponsoring"}
    await confirm(world, ConfirmationWrite(one.petition_id, bytes([last]) * 16, NOW + HOUR))
    assert await rows(world, "select id, stage, version, submitted_at from petition order by id") == [
        (one.petition_id, "moderation", 3, NOW + HOUR),
        (other.petition_id, "sponsoring", 2, None),
    ]
    assert await rows(world, "select petition_id, number from petition_text") == [(one.petition_id, 1)]
    extra = b"e" * 16
    await record(world, asked(one.petition_id, index=extra, token=extra, kind="sponsor", at=NOW + HOUR))
    await confirm(world, ConfirmationWrite(one.petition_id, extra, NOW + HOUR * 2))
    assert await rows(world, "select version, submitted_at from petition where id = $1", one.petition_id) == [
        (3, NOW + HOUR)
    ]
    assert await rows(world, "select sponsors from signature_count where petition_id = $1", one.petition_id) == [
        (managed.sponsors_required + 1,)
    ]


async def test_a_sponsor_who_withdraws_is_counted_down_as_sponsor(world: World) -> None:
    link = await world.moderated("uk-parliament")
    facts = await signing.petition_for_signing(world.service, link.petition_id)
    (key,) = (await rows(world, "select token_id from signature where kind = 'sponsor' limit 1"))[0]
    await signing.withdraw(world.service, Link(link.petition_id, key), now=NOW + HOUR)
    after = await signing.petition_for_signing(world.service, link.petition_id)
    assert (after.sponsors, after.confirmed) == (facts.sponsors - 1, facts.confirmed - 1)
    assert await rows(world, "select petition_id, token_id from withdrawn_signature") == [(link.petition_id, key)]
    assert (await rows(world, "select sum(withdrawn) from signature_hour"))[0] == (1,)
