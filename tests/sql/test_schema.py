"""The schema: commented, equal to its dump, keyed by petition, and with the same rule for deadlines as the code."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

from petitions.database.migrations import files
from petitions.database.pool import Database
from petitions.durations import Duration

APPLIED = Path(__file__).with_name("applied.sha256")


async def test_every_table_and_view_is_commented(database: Database) -> None:
    async with database.connection() as connection:
        silent = await connection.fetch(
            "select relname from pg_class where relkind in ('r', 'v') and relnamespace = 'public'::regnamespace"
            " and obj_description(oid, 'pg_class') is null"
        )
    assert [row["relname"] for row in silent] == []


async def test_unique_keys_of_growing_tables_begin_with_the_petition(database: Database) -> None:
    growing = ["pending_signature", "signature", "withdrawn_signature", "signature_hour", "threshold", "referral"]
    growing += ["follow_told", "motion", "motion_vote", "motion_change", "parliament_case"]
    async with database.connection() as connection:
        rows = await connection.fetch(
            "select i.indexrelid::regclass::text as name, a.attname from pg_index i join pg_attribute a"
            " on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
            " where i.indisunique and i.indrelid::regclass::text = any($1)",
            growing,
        )
    assert {row["attname"] for row in rows} == {"petition_id"}


async def test_database_counts_deadlines_like_the_code(database: Database) -> None:
    cases = [(date(2024, 1, 31) + timedelta(days=37 * n), n % 14, (n * 13) % 90, (n * 7) % 25) for n in range(2000)]
    async with database.connection() as connection:
        rows = await connection.fetch(
            "select n, due_after(d, make_interval(months => m, days => y), w) as due"
            " from unnest($1::date[], $2::int[], $3::int[], $4::int[]) with ordinality as t (d, m, y, w, n) order by n",
            *zip(*cases, strict=True),
        )
    assert [row["due"] for row in rows] == [Duration(m, y, w).after(d) for d, m, y, w in cases]


async def test_what_the_public_reads_of_a_referral_touches_nobody_at_the_desk(database: Database) -> None:
    async with database.connection() as connection:
        rows = await connection.fetch(
            "select table_name, column_name from information_schema.view_column_usage"
            " where view_name = 'referral_with_steps'"
        )
    read = {(row["table_name"], row["column_name"]) for row in rows}
    assert ("referral", "rapporteur") in read, "the name of the rapporteur is public"
    assert {column for _, column in read} & {"assigned_to", "rapporteur_id", "staff_id"} == set()


def test_a_migration_that_was_applied_somewhere_never_changes() -> None:
    """Not even a comment: an installation refuses to start with another file. A new migration adds its line."""
    lines = (line.split() for line in APPLIED.read_text("ascii").splitlines())
    listed = {name: digest for digest, name in lines}
    assert listed == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files()}
