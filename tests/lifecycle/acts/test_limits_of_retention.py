"""The exact moments of reminding and erasing, and which moment counts as the end of a petition."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from petitions.durations import end_of_day, local_day
from petitions.health.acts import beat
from petitions.lifecycle.acts import drafting, moderation, objections, retention, signing, thresholds
from petitions.security.tokens import Link
from petitions.staff.acts.sessions import forget_traces
from tests.all_queries import queries
from tests.world import World

INSTANT = timedelta(microseconds=1)
BY_ONE = "nl-gemeente-initiatief"


async def value(world: World, sql: str, *arguments: object) -> Any:
    async with world.service.database.connection() as connection:
        return await connection.fetchval(sql, *arguments)


async def reminders(world: World) -> Any:
    return await value(world, "select count(*) from outbox where kind = 'reminder'")


async def test_one_reminder_from_the_first_day_on_and_none_after_the_last(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    days = world.procedure().pending
    await world.pending(petition, now=now)
    await retention.remind(world.service, now=now + timedelta(days=days.remind_after_days) - INSTANT)
    assert await reminders(world) == 0
    await retention.remind(world.service, now=now + timedelta(days=days.remind_after_days))
    assert await reminders(world) == 1
    await retention.remind(world.service, now=now + timedelta(days=days.remind_after_days))
    assert await reminders(world) == 1
    await world.pending(petition, now=now + timedelta(hours=1))
    over = now + timedelta(hours=1, days=days.forget_after_days)
    await retention.remind(world.service, now=over)
    assert await reminders(world) == 1
    await retention.remind(world.service, now=over - INSTANT)
    assert await reminders(world) == 2


@pytest.mark.parametrize("stage", ["sponsoring", "moderation", "open", "closed", "rejected", "withdrawn", "removed"])
async def test_nobody_is_reminded_where_nothing_can_be_confirmed(world: World, now: datetime, stage: str) -> None:
    petition = (await world.opened()).petition_id
    await world.pending(petition, now=now)
    await value(
        world,
        "update petition set stage = $1, closed_at = $2, ended_at = $2, ground = 'x', reason = 'y'",
        stage,
        now,
    )
    later = now + timedelta(days=world.procedure().pending.remind_after_days)
    await retention.remind(world.service, now=later)
    assert await reminders(world) == (1 if stage in {"sponsoring", "moderation", "open"} else 0)


async def test_what_waits_is_forgotten_after_its_days_and_not_an_instant_before(world: World, now: datetime) -> None:
    petition = (await world.opened()).petition_id
    await world.pending(petition, now=now)
    over = now + timedelta(days=world.procedure().pending.forget_after_days)
    await retention.forget_pending(world.service, now=over - INSTANT)
    assert await value(world, "select count(*) from pending_signature") == 1
    await retention.forget_pending(world.service, now=over)
    assert await value(world, "select count(*) from pending_signature") == 0


async def test_settled_mail_is_forgotten_after_thirty_days_to_the_instant(world: World, now: datetime) -> None:
    async with world.service.database.connection() as connection:
        await connection.execute("delete from outbox")
        await connection.execute(
            "insert into outbox (kind, state, created_at, next_at, sent_at) values ('news', 'sent', $1, $1, $1)", now
        )
    await retention.forget_pending(world.service, now=now + timedelta(days=30))
    assert await value(world, "select count(*) from outbox") == 1
    await retention.forget_pending(world.service, now=now + timedelta(days=30) + INSTANT)
    assert await value(world, "select count(*) from outbox") == 0


async def test_traces_of_sign_ins_go_when_they_are_over(world: World, now: datetime) -> None:
    async with world.service.database.connection() as connection:
        columns = {
            table: await connection.fetch(
                "select column_name, data_type from information_schema.columns where table_name = $1"
                " and is_nullable = 'NO' and column_default is null and is_identity = 'NO'",
                table,
            )
            for table in ("staff_login", "staff_session")
        }
        for table, needed in columns.items():
            names = [row["column_name"] for row in needed]
            values = [_some(row["data_type"], row["column_name"], world.moderator, now) for row in needed]
            places = ", ".join(f"${n}" for n in range(1, len(names) + 1))
            await connection.execute(f"insert into {table} ({', '.join(names)}) values ({places})", *values)
    counts = "select (select count(*) from staff_login), (select count(*) from staff_session)"

    async def left(at: datetime) -> tuple[int, int]:
        await forget_traces(world.service, now=at)
        async with world.service.database.connection() as connection:
            row = await connection.fetchrow(counts)
        assert row is not None
        return row[0], row[1]

    assert await left(now) == (1, 1)
    assert await left(now + INSTANT) == (1, 0)
    assert await left(now + timedelta(days=1)) == (1, 0)
    assert await left(now + timedelta(days=1) + INSTANT) == (0, 0)


def _some(kind: str, name: str, staff_id: int, now: datetime) -> object:
    if name == "staff_id":
        return staff_id
    if kind.startswith("timestamp"):
        return now
    return {"bytea": b"x" * 32, "text": "x", "boolean": True, "integer": 1, "bigint": 1}[kind]


async def test_signatures_are_emptied_in_portions_from_the_last_one_on(world: World, now: datetime) -> None:
    petition, other = (await world.opened()).petition_id, (await world.opened()).petition_id
    for number in (petition, petition, petition, other):
        await world.sign(number)
    keys = sorted(await value(world, "select array_agg(email_index) from signature where petition_id = $1", petition))
    async with world.service.database.connection() as connection:
        first = await queries.signatures_empty(connection, petition_id=petition, after=b"", most=2)
        assert (first.looked_at, first.emptied, first.last_index) == (2, 2, keys[1])
        again = await queries.signatures_empty(connection, petition_id=petition, after=b"", most=2)
        assert (again.looked_at, again.emptied) == (2, 0)
        rest = await queries.signatures_empty(connection, petition_id=petition, after=keys[1], most=2)
        assert (rest.looked_at, rest.emptied, rest.last_index) == (1, 1, keys[2])
    assert await value(world, "select count(*) from signature where contact is null") == 3


async def test_people_are_forgotten_after_the_decision_not_after_the_closing(world: World, now: datetime) -> None:
    """The committee decides a year after the end of signing: until then, and for the time of retention, all is kept."""
    link = await world.opened("nl-kamer-petitie")
    await world.sign(link.petition_id)
    await thresholds.hand_over(world.service, link, now=now)
    procedure = world.procedure("nl-kamer-petitie")
    zone = procedure.body.zone
    long_after = now + timedelta(days=3000)
    assert await retention.forget_people(world.service, now=long_after) == 0  # the committee still handles it
    decided = now + timedelta(days=365)
    for state in ("inadmissible", "decided", "concluded"):
        await value(
            world,
            "update referral set state = $1, decided_at = $2, ground = 'x', reasons = 'y', outcome = 'z'",
            state,
            decided,
        )
        limit = end_of_day(procedure.retention.contact.after(local_day(decided, zone)), zone)
        assert await retention.forget_people(world.service, now=limit - INSTANT) == 0
    assert await retention.forget_people(world.service, now=limit) == 1
    assert await retention.forget_people(world.service, now=limit) == 0
    assert await value(world, "select initiator_contact is null and data_key is null from petition") is True
    assert await value(world, "select forgotten_at from petition") == limit


async def test_another_petition_that_is_handled_keeps_nobody(world: World, now: datetime) -> None:
    ended, handled = await world.opened("nl-kamer-petitie"), await world.opened("nl-kamer-petitie")
    await thresholds.hand_over(world.service, handled, now=now)
    await drafting.withdraw(world.service, ended, reason="Nee.", now=now)
    refused, objected = [await world.rejected(await world.moderated(BY_ONE)) for _ in range(2)]
    await objections.object_to(world.service, objected, text="Niet waar.", now=now)
    assert await retention.forget_people(world.service, now=now + timedelta(days=3000)) == 2
    forgotten = await value(world, "select array_agg(id order by id) from petition where forgotten_at is not null")
    assert forgotten == sorted([ended.petition_id, refused.petition_id])


async def test_an_objection_that_was_decided_counts_as_an_end(world: World, now: datetime) -> None:
    link = await world.rejected(await world.moderated(BY_ONE))
    await objections.object_to(world.service, link, text="Niet waar.", now=now)
    decided = now + timedelta(days=20)
    colleague = await world.colleague()
    await objections.dismiss(world.service, link.petition_id, colleague, reason="Toch wel.", now=decided)
    procedure = world.procedure(BY_ONE)
    zone = procedure.body.zone
    limit = end_of_day(procedure.retention.contact.after(local_day(decided, zone)), zone)
    assert await retention.forget_people(world.service, now=limit - INSTANT) == 0
    assert await value(world, "select text from objection") == "Niet waar."
    assert await retention.forget_people(world.service, now=limit) == 1
    assert await value(world, "select text from objection") == ""


async def test_a_draft_is_deleted_after_fourteen_days_to_the_instant(world: World, now: datetime) -> None:
    await world.draft(BY_ONE, now=now)
    assert await retention.delete_drafts(world.service, now=now + timedelta(days=14) - INSTANT) == 0
    assert await value(world, "select count(*) from petition") == 1
    assert await retention.delete_drafts(world.service, now=now + timedelta(days=14)) == 1
    assert await value(world, "select count(*) from petition") == 0


async def test_a_sponsor_round_is_deleted_at_the_end_of_its_last_day(world: World, now: datetime) -> None:
    link = await world.draft("uk-parliament", now=now)
    confirmed = now + timedelta(days=2)
    await drafting.confirm(world.service, link, now=confirmed)
    procedure = world.procedure("uk-parliament")
    assert procedure.sponsors is not None
    assert procedure.sponsors.within is not None
    zone = procedure.body.zone
    limit = end_of_day(procedure.sponsors.within.after(local_day(confirmed, zone)), zone)
    assert await retention.delete_drafts(world.service, now=limit - INSTANT) == 0
    assert await retention.delete_drafts(world.service, now=limit) == 1


async def test_a_process_says_that_it_is_alive(world: World, now: datetime) -> None:
    for at in (now, now + timedelta(minutes=1)):
        await beat(world.service, "worker", now=at)
    assert await value(world, "select beat_at from heartbeat where name = 'worker'") == now + timedelta(minutes=1)


async def test_who_was_taken_down_signs_no_more_but_is_still_forgotten(world: World, now: datetime) -> None:
    link = await world.opened()
    waits: Link = await world.pending(link.petition_id)
    await moderation.remove(
        world.service, link.petition_id, world.moderator, ground="offensive", reason="Na klachten.", now=now
    )
    assert (await signing.confirm(world.service, waits, now=now)).state == "closed"
    assert await retention.forget_people(world.service, now=now + timedelta(days=3000)) == 1
    assert await value(world, "select count(*) from pending_signature") == 0
