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
    await world.service.signing.stop()
    await world.service.confirming.stop()


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
    lease = await _plan(world, queries.outbox_lease.sql, NOW, 100)
    assert "outbox_waiting_idx" in lease
    find = await _plan(world, queries.signature_find.sql, petition, b"x" * 16)
    assert "Seq Scan on signature" not in find


async def test_a_dossier_does_not_read_the_signatures_of_a_public_petition(crowded: tuple[World, int]) -> None:
    world, petition = crowded
    async with world.service.database.connection() as connection:
        rows = await connection.fetch(f"explain (analyze, timing off) {queries.moderation_dossier.sql}", petition)
    plan = "\n".join(row[0] for row in rows)
    assert "One-Time Filter" in plan
    assert "never executed" in plan
