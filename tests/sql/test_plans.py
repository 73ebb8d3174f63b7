"""The hot queries use their index when the tables are large."""

from datetime import UTC, datetime
from typing import Any

import pytest

from petitions.database.pool import Database
from petitions.database.statements import read_statements, statements
from tests.world import World, make_world

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
FILES = ("events", "mail", "moderation", "search", "signing", "similar", "verification")
FOLLOWING = read_statements("following") | read_statements("following_telling")
SAMPLES = read_statements("verification")
SQL = {name: sql for file in FILES for name, sql in statements(file).items()}


async def _plan(world: World, sql: str, *arguments: Any) -> str:
    async with world.service.database.connection() as connection:
        rows = await connection.fetch(f"explain {sql}", *arguments)
    return "\n".join(row[0] for row in rows)


@pytest.fixture
async def crowded(database: Database) -> Any:
    """A world with 20,000 signatures and as many pending ones on one petition, and 200 mails."""
    world = await make_world(database)
    petition = (await world.opened()).petition_id
    async with database.connection() as connection:
        for table, extra, values in (
            ("signature", "number, confirmed_at", "n, now()"),
            ("pending_signature", "mailed_at", "now()"),
        ):
            await connection.execute(
                f"insert into {table} (petition_id, email_index, token_id, kind, contact, show_name, wants_news,"
                f" language, signed_at, {extra})"
                f" select $1, decode(md5(n::text), 'hex'), decode(md5('t' || n), 'hex'), 'signatory',"
                f" '\\x00', false, false, 'nl', now(), {values} from generate_series(1, 20000) n",
                petition,
            )
        await connection.execute(
            "insert into outbox (kind, state, created_at, next_at) select 'confirm', 'sent', now(), now()"
            " from generate_series(1, 20000)"
        )
        await connection.execute("analyze")
    yield world, petition
    await world.service.stop()


async def test_hot_queries_use_their_indexes(crowded: tuple[World, int]) -> None:
    world, petition = crowded
    confirm = await _plan(world, SQL["signatures_confirm"], [petition], [b"x" * 16], NOW)
    assert "pending_signature_token_key" in confirm or "pending_signature_pkey" in confirm
    assert "Seq Scan on signature " not in confirm
    record = await _plan(
        world, SQL["pending_signatures_record"],
        [petition], [b"x" * 16], [b"y" * 16], ["signatory"], [b"z"], [False], [False], ["nl"], [NOW],
    )  # fmt: skip
    assert "Seq Scan on signature " not in record
    lease = await _plan(world, SQL["outbox_lease"], NOW, 100, NOW)
    assert "outbox_waiting_idx" in lease
    find = await _plan(world, SQL["signatures_find"], [petition], [b"x" * 16])
    assert "Seq Scan on signature" not in find
    assert "Seq Scan on pending_signature" not in find
    told = await _plan(world, SQL["event_tell_signatories"], 1, b"x" * 16, petition, True, 2000, NOW, NOW)
    assert "signature_news_idx" in told
    assert "Seq Scan on signature " not in told
    facts = await _plan(world, SQL["outbox_facts"], [1, 2, 3])
    assert "Seq Scan on pending_signature" not in facts
    assert "Seq Scan on signature" not in facts
    settle = await _plan(world, SQL["outbox_settle"], NOW, [1, 2], ["sent"] * 2, [None] * 2, [NOW] * 2, [True] * 2, NOW)
    assert "outbox_pkey" in settle
    renew = await _plan(world, SQL["outbox_renew"], NOW, [1, 2], NOW)
    assert "outbox_pkey" in renew


@pytest.fixture
async def full(database: Database) -> Any:
    """A world with 6,000 open petitions of their own words, and a vocabulary to match."""
    world = await make_world(database)
    petition = (await world.opened("nl-kamer-petitie")).petition_id
    async with database.connection() as connection:
        columns = ", ".join(
            row["column_name"]
            for row in await connection.fetch(
                "select column_name from information_schema.columns where table_name = 'petition'"
                " and is_generated = 'NEVER' and column_name not in ('id', 'title')"
            )
        )
        await connection.execute(
            f"insert into petition ({columns}, title) select {columns}, 'woord' || left(md5(n::text), 6) || ' nachtbus'"
            " || n % 500 from petition, generate_series(1, 6000) as n where id = $1",
            petition,
        )
        await connection.execute(
            "insert into search_word (word) select 'w' || left(md5(n::text), 9) from generate_series(1, 15000) as n"
        )
        await connection.execute(
            "insert into signature_count (petition_id, changed_at)"
            " select id, now() from petition on conflict do nothing"
        )
        await connection.execute("vacuum analyze petition, search_word, signature_count")
    yield world
    await world.service.stop()


async def test_searches_and_lists_use_their_indexes(full: World) -> None:
    within = (["open"], None, None, None, None)  # stages, subject, procedures, committee, handling
    words = await _plan(full, SQL["petitions_search"], "", "nachtbus7", "", "", "relevance", *within, 1000, 20, 0)
    assert "petition_search_idx" in words
    assert "Seq Scan on petition" not in words
    containing = await _plan(full, SQL["search_words_containing"], ["zorg"], "nl", 4, 60)
    assert "search_word_tails_idx" in containing
    near = await _plan(full, SQL["search_words_near"], ["nachtzorg", "nachtzrg", "nachzorg"], 50)
    assert "search_word_spellings_idx" in near
    for sort in ("near", "new", "signatures", "closing", "decided"):
        listed = await _plan(full, SQL["petitions_list"], sort, *within, 20, 0)
        assert "Index Only Scan using petition_list_idx" in listed, listed  # rows of petition are wide
        assert "Seq Scan on petition" not in listed
    similar = await _plan(full, SQL["petition_similar"], "nl", "Rijd de nachtbus7", "", "nachtbus7", 0, 5)
    assert "Seq Scan on petition" not in similar


async def test_a_dossier_does_not_read_the_signatures_of_a_public_petition(crowded: tuple[World, int]) -> None:
    world, petition = crowded
    async with world.service.database.connection() as connection:
        rows = await connection.fetch(f"explain (analyze, timing off) {SQL['moderation_dossier']}", petition)
    plan = "\n".join(row[0] for row in rows)
    assert "One-Time Filter" in plan
    assert "never executed" in plan


@pytest.fixture
async def followed(database: Database) -> Any:
    """A world with 5,000 followers of one petition and of all, and of each six events that are told or wait."""
    world = await make_world(database)
    petition = (await world.opened("nl-kamer-petitie")).petition_id
    async with database.connection() as connection:
        await connection.execute(
            "insert into follower (address_index, key, salt, data_key, contact, language, created_at)"
            " select decode(md5(n::text), 'hex'), decode(md5('k' || n), 'hex'), decode(md5('k' || n), 'hex'),"
            " '\\x00', '\\x00', 'nl', now() from generate_series(1, 5000) as n"
        )
        await connection.execute(
            "insert into follow (follower_id, key, topic, what, how, confirmed_at)"
            " select f.id, f.key, t.topic, '{news}', 'daily', now() - interval '1 day'"
            " from follower as f"
            " cross join (values ('all'), ('petition:' || $1::bigint), ('subject:work')) as t (topic)",
            petition,
        )
        await connection.execute(
            "insert into event (petition_id, occurred_at, kind, actor, public)"
            " select $1, now(), 'update', 'initiator', true from generate_series(1, 6)",
            petition,
        )
        await connection.execute(
            "insert into follow_told (petition_id, event_id, follower_id, due_at, outbox_id)"
            " select e.petition_id, e.id, f.id, now() + make_interval(days => (e.id % 2)::integer),"
            " case when e.id % 2 = 0 then f.id * 10 + e.id end"
            " from follower as f cross join event as e where e.kind = 'update'"
        )
        await connection.execute(
            "insert into follow_request (key, address_index, data_key, contact, language, topic, what, how, asked_at)"
            " select f.key, f.address_index, f.data_key, f.contact, 'nl', 'all', '{news}', 'daily', now()"
            " from follower as f"
        )
        await connection.execute(
            "insert into mail_allowance (address_index, since, mails) select address_index, now(), 1 from follower"
        )
        await connection.execute(
            "insert into outbox (kind, state, follower_id, created_at, next_at)"
            " select 'follow_digest', 'sent', id, now(), now() from follower"
        )
        await connection.execute("vacuum analyze")
    yield world, petition
    await world.service.stop()


async def test_telling_followers_uses_its_indexes(followed: tuple[World, int]) -> None:
    """Who follows a petition, and for whom news is due, is found without reading all who follow something."""
    world, petition = followed
    tables = ("follower", "follow", "follow_told", "follow_request", "mail_allowance", "outbox", "event", "petition")

    async def plan(name: str, **given: Any) -> str:
        statement = FOLLOWING[name]
        found = await _plan(world, statement.sql, *(given[one] for one in statement.parameters))
        read = [table for table in tables if f"Seq Scan on {table} " in found and table not in {"event", "petition"}]
        assert read == [], f"{name}: {found}"
        return found

    one = {"id": 1, "petition_id": petition, "event_id": 1, "after": None, "after_id": 4_500, "now": NOW}
    moments = {"occurred_at": NOW, "daily_at": NOW, "weekly_at": NOW, "next_at": NOW}
    topics = {"topics": [f"petition:{petition}", "all"], "whats": ["news", "news"], "most": 500}
    told = await plan("event_tell_followers", **one, **moments, **topics)
    assert "follow_topic_idx" in told
    due = await plan("follow_digests_queue", now=NOW, most=500)
    assert "follow_told_due_idx" in due
    key = {"key": b"k" * 16, "follower_key": b"k" * 16, "follow_key": b"k" * 16}
    await plan("follow_confirm", **key, asked_after=NOW, most=100, now=NOW)
    await plan("follow_request_find", key=b"k" * 16)
    await plan("follow_mail_facts", ids=[1, 2, 3])
    await plan("follow_mail_follows", follower_ids=[1, 2, 3])
    await plan("follow_mail_told", ids=[1, 2, 3])
    await plan("follow_mail_events", petition_ids=[petition], event_ids=[1])
    await plan("follower_find", follower_id=7, key=b"k" * 16)
    await plan("follows_find", follower_id=7)
    await plan("follow_find", follow_id=7, key=b"k" * 16)
    await plan("follows_stop", follower_id=7, follow_id=3, hows=None)
    await plan("followers_forget_idle", follower_ids=[7])
    await plan("follow_link_ask", address_index=b"k" * 16, now=NOW)
    assert "follow_told_done_idx" in await plan("follow_told_forget", now=NOW, most=500)


async def test_a_sample_is_looked_up_by_key_while_the_statistics_are_older(crowded: tuple[World, int]) -> None:
    """A petition that the statistics do not know: what they expect of it is one signature, and it has as many."""
    world, _ = crowded
    petition = (await world.opened(title="Geef elk dorp een bibliotheek")).petition_id
    async with world.service.database.connection() as connection:
        await connection.execute(
            "insert into signature (petition_id, email_index, token_id, kind, contact, show_name, wants_news,"
            " language, signed_at, number, confirmed_at)"
            " select $1, decode(md5(n::text), 'hex'), decode(md5('t' || n), 'hex'), 'signatory',"
            " '\\x00', false, false, 'nl', now(), n, now() from generate_series(1, 20000) n",
            petition,
        )
        await connection.execute("vacuum signature")
    given = {"petition_id": petition, "id": 1, "referral_id": 1, "now": NOW, "staff_id": None, "event_id": 1}
    for name in ("verification_settle", "verification_mail"):
        statement = SAMPLES[name]
        plan = await _plan(world, statement.sql, *(given[one] for one in statement.parameters))
        assert "token_id = x.token_id" in plan  # a condition of the index, not a filter of the join
