"""The hot queries use their index when the tables are large."""

from datetime import UTC, datetime
from typing import Any

import pytest

from petitions.database.pool import Database
from petitions.database.queries import queries
from tests.world import World, make_world

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


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
    confirm = await _plan(world, queries.signatures_confirm.sql, [petition], [b"x" * 16], NOW)
    assert "pending_signature_token_key" in confirm or "pending_signature_pkey" in confirm
    assert "Seq Scan on signature " not in confirm
    record = await _plan(
        world, queries.pending_signatures_record.sql,
        [petition], [b"x" * 16], [b"y" * 16], ["signatory"], [b"z"], [False], [False], ["nl"], [NOW],
    )  # fmt: skip
    assert "Seq Scan on signature " not in record
    lease = await _plan(world, queries.outbox_lease.sql, NOW, 100, NOW)
    assert "outbox_waiting_idx" in lease
    find = await _plan(world, queries.signatures_find.sql, [petition], [b"x" * 16])
    assert "Seq Scan on signature" not in find
    assert "Seq Scan on pending_signature" not in find
    told = await _plan(world, queries.event_tell_signatories.sql, 1, b"x" * 16, petition, True, 2000, NOW, NOW)
    assert "signature_news_idx" in told
    assert "Seq Scan on signature " not in told
    facts = await _plan(world, queries.outbox_facts.sql, [1, 2, 3])
    assert "Seq Scan on pending_signature" not in facts
    assert "Seq Scan on signature" not in facts
    settle = await _plan(
        world, queries.outbox_settle.sql, NOW, [1, 2], ["sent"] * 2, [None] * 2, [NOW] * 2, [True] * 2, NOW
    )
    assert "outbox_pkey" in settle
    renew = await _plan(world, queries.outbox_renew.sql, NOW, [1, 2], NOW)
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
    words = await _plan(full, queries.petitions_search.sql, "", "nachtbus7", "", "", "relevance", *within, 1000, 20, 0)
    assert "petition_search_idx" in words
    assert "Seq Scan on petition" not in words
    containing = await _plan(full, queries.search_words_containing.sql, ["zorg"], "nl", 4, 60)
    assert "search_word_tails_idx" in containing
    near = await _plan(full, queries.search_words_near.sql, ["nachtzorg", "nachtzrg", "nachzorg"], 50)
    assert "search_word_spellings_idx" in near
    for sort in ("near", "new", "signatures", "closing", "decided"):
        listed = await _plan(full, queries.petitions_list.sql, sort, *within, 20, 0)
        assert "Index Only Scan using petition_list_idx" in listed, listed  # rows of petition are wide
        assert "Seq Scan on petition" not in listed
    similar = await _plan(full, queries.petition_similar.sql, "nl", "Rijd de nachtbus7", "", "nachtbus7", 0, 5)
    assert "Seq Scan on petition" not in similar


async def test_a_dossier_does_not_read_the_signatures_of_a_public_petition(crowded: tuple[World, int]) -> None:
    world, petition = crowded
    async with world.service.database.connection() as connection:
        rows = await connection.fetch(f"explain (analyze, timing off) {queries.moderation_dossier.sql}", petition)
    plan = "\n".join(row[0] for row in rows)
    assert "One-Time Filter" in plan
    assert "never executed" in plan
