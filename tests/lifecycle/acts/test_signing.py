"""A signature that was acknowledged is never lost and never counted twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from petitions.database.group_commit import GroupCommit
from petitions.errors import ConflictError, UnavailableError
from petitions.lifecycle.acts import signing
from petitions.lifecycle.acts.service import ConfirmationWrite, ConfirmedSignature
from petitions.security.tokens import Link
from tests.world import World


async def test_signature_counts_only_after_confirmation(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    link = await world.pending(petition)
    assert await world.count(petition) == 0
    outcome = await signing.confirm(world.service, link, now=now)
    assert (outcome.state, outcome.number) == ("confirmed", 1)
    assert await world.count(petition) == 1


async def test_confirming_again_says_so_and_counts_once(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    link = await world.pending(petition)
    await signing.confirm(world.service, link, now=now)
    again = await signing.confirm(world.service, link, now=now)
    assert (again.state, again.number) == ("already", 1)
    assert await world.count(petition) == 1


async def test_two_hundred_presses_of_one_button_count_once(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    link = await world.pending(petition)
    outcomes = await asyncio.gather(*(signing.confirm(world.service, link, now=now) for _ in range(200)))
    assert {outcome.state for outcome in outcomes} <= {"confirmed", "already"}
    assert {outcome.number for outcome in outcomes} == {1}
    assert await world.count(petition) == 1


async def test_two_thousand_different_signatures_count_two_thousand(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    await world.lower_threshold(petition, world.procedure().thresholds[0].code, 1500)
    links = []
    for _ in range(20):
        links += await asyncio.gather(*(world.pending(petition) for _ in range(100)))
    outcomes = await asyncio.gather(*(signing.confirm(world.service, link, now=now) for link in links))
    assert sorted(outcome.number or 0 for outcome in outcomes) == list(range(1, 2001))
    assert await world.count(petition) == 2000
    async with world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from signature") == 2000
        assert await connection.fetchval("select sum(confirmed) from signature_hour") == 2000
        assert await connection.fetchval("select count(*) from referral") == 1
        assert await connection.fetchval("select count(*) from event where kind = 'referred'") == 1
        assert await connection.fetchval("select count(*) from pending_signature") == 0


async def test_known_waiting_and_new_addresses_get_the_same_answer(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    facts = await signing.petition_for_signing(world.service, petition)
    await world.sign(petition, "bekend@voorbeeld.example", now=now - timedelta(hours=2))
    await world.pending(petition, "wacht@voorbeeld.example", now=now - timedelta(hours=2))
    for email in ("bekend@voorbeeld.example", "wacht@voorbeeld.example", "nieuw@voorbeeld.example"):
        await signing.sign(
            world.service,
            facts,
            {"name": "A B", "email": email},
            show_name=False,
            wants_news=False,
            language="nl",
            now=now,
        )
    async with world.service.database.connection() as connection:
        kinds = await connection.fetch(
            "select kind from outbox where created_at = $1 and token_id is not null order by id", now
        )
        assert sorted(row["kind"] for row in kinds) == ["confirm", "confirm", "signed_already"]
    assert await world.count(petition) == 1


async def test_other_spelling_of_one_mailbox_is_one_signature(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    facts = await signing.petition_for_signing(world.service, petition)
    for email in ("jan.jansen@gmail.com", "JanJansen+petitie@googlemail.com"):
        contact = {"name": "Jan", "email": email}
        await signing.sign(world.service, facts, contact, show_name=False, wants_news=False, language="nl", now=now)
    async with world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from pending_signature") == 1


async def test_signing_a_closed_petition_is_a_conflict_and_stores_nothing(world: World, now: datetime) -> None:
    petition = (await world.moderated()).petition_id
    with pytest.raises(ConflictError):
        await world.pending(petition)
    async with world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from pending_signature") == 0


async def test_unknown_link_confirms_nothing(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    outcome = await signing.confirm(world.service, Link(petition, b"x" * 16), now=now)
    assert outcome.state == "unknown"


async def test_withdrawal_is_counted_down_and_final(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    link = await world.pending(petition)
    await signing.confirm(world.service, link, now=now)
    await signing.withdraw(world.service, link, now=now)
    assert await world.count(petition) == 0
    assert (await signing.confirm(world.service, link, now=now)).state == "withdrawn"
    async with world.service.database.connection() as connection:
        tally = await connection.fetchrow("select confirmed, withdrawn from signature_hour")
    assert tally is not None
    assert (tally["confirmed"], tally["withdrawn"]) == (1, 1)


async def test_erased_signature_stays_counted(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    link = await world.pending(petition)
    await signing.confirm(world.service, link, now=now)
    await signing.erase(world.service, link)
    own = await signing.own_signature(world.service, link, now=now)
    assert own.facts is None
    assert await world.count(petition) == 1


async def test_sponsors_submit_the_petition(world: World, now: datetime) -> None:
    link = await world.moderated("uk-parliament")
    facts = await signing.petition_for_signing(world.service, link.petition_id)
    assert facts.stage == "moderation"
    assert facts.sponsors == facts.sponsors_required
    async with world.service.database.connection() as connection:
        kinds = [row["kind"] for row in await connection.fetch("select kind from event where public order by id")]
    assert kinds == ["sponsors_invited", "submitted"]


async def test_late_confirmation_is_accepted_for_a_day(world: World, now: datetime) -> None:
    petition = (await world.opened("uk-parliament")).petition_id
    closes_at = (await signing.petition_for_signing(world.service, petition)).closes_at
    assert closes_at is not None
    early = await world.pending(petition, now=closes_at - timedelta(minutes=5))
    late = await world.pending(petition, now=closes_at - timedelta(minutes=4))
    assert (await signing.confirm(world.service, early, now=closes_at + timedelta(hours=23))).state == "confirmed"
    assert (await signing.confirm(world.service, late, now=closes_at + timedelta(hours=24))).state == "closed"


async def test_time_of_the_answer_does_not_tell_who_signed(world: World, now: datetime) -> None:
    """A known address that was told within the hour gets no mail, but a row is written as for any other."""
    petition = (await world.opened()).petition_id
    await world.sign(petition, "bekend@voorbeeld.example", now=now)
    versions = []
    for minute in (1, 2, 3):
        await world.pending(petition, "bekend@voorbeeld.example", now=now + timedelta(minutes=minute))
        async with world.service.database.connection() as connection:
            versions.append(await connection.fetchval("select xmin::text from signature"))
    assert len(set(versions)) == 3
    async with world.service.database.connection() as connection:
        assert await connection.fetchval("select count(*) from outbox where kind = 'signed_already'") == 1


async def test_withdrawing_while_it_is_confirmed_leaves_nothing_counted(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    link = await world.pending(petition)
    async with world.service.database.transaction() as connection:
        await signing.write_confirmations(connection, [ConfirmationWrite(petition, link.key, now)])
        withdrawing = asyncio.create_task(signing.withdraw(world.service, link, now=now))
        await world.somebody_waits()
    await withdrawing
    assert await world.count(petition) == 0
    assert (await signing.look_up(world.service, link, now=now)).state == "withdrawn"


async def test_erasing_while_it_is_confirmed_leaves_no_data(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    link = await world.pending(petition)
    async with world.service.database.transaction() as connection:
        await signing.write_confirmations(connection, [ConfirmationWrite(petition, link.key, now)])
        erasing = asyncio.create_task(signing.erase(world.service, link))
        await world.somebody_waits()
    await erasing
    assert (await signing.own_signature(world.service, link, now=now)).facts is None
    assert await world.count(petition) == 1


async def test_what_was_not_confirmed_is_never_said_to_count(world: World, now: datetime) -> None:
    """The statement moved nothing although the row could be confirmed: the answer is "try again", not "it counts"."""
    link = await world.pending((await world.opened()).petition_id)

    async def moves_nothing(_: object, items: Sequence[ConfirmationWrite]) -> list[ConfirmedSignature]:
        return [ConfirmedSignature(None, None, None) for _ in items]

    broken = replace(world.service, confirming=GroupCommit(world.service.database, moves_nothing))
    broken.confirming.start()
    with pytest.raises(UnavailableError):
        await signing.confirm(broken, link, now=now)
    await broken.confirming.stop()
