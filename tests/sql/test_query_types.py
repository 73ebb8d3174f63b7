"""The typed functions of the queries: as they would be written today, and different as soon as a column is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import asyncpg
import pytest

from petitions.database.connection import Connection
from petitions.database.fetching import execute, fetch_one_row, fetch_one_value, fetch_row, fetch_rows, fetch_value
from petitions.database.pool import Database
from petitions.database.statements import Statement
from scripts.query_types.describe import Query, QueryError, Source, describe_query, read_catalogue
from scripts.query_types.generate import differing, target


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[Connection]:
    """A migrated database, whose changes are rolled back."""
    async with database.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        yield connection
        await transaction.rollback()


async def test_the_functions_are_as_they_would_be_written_today(connection: Connection) -> None:
    assert await differing(connection) == {}, "run scripts/generate"


@pytest.mark.parametrize(
    "change",
    [
        "alter table sheet alter column number type bigint, alter column issued_at drop not null",
        "alter table paper_batch alter column accepted drop not null",
        "alter table paper_batch alter column accepted type numeric using accepted::numeric",
    ],
)
async def test_a_column_of_another_type_or_that_may_be_null_is_seen(connection: Connection, change: str) -> None:
    await connection.execute(change)
    changed = await differing(connection)
    if "paper_batch" in change:
        assert target("paper") in changed
        assert "accepted: " in changed[target("paper")]
    else:  # bigint is Python's int as well, and no query gives issued_at
        assert target("paper") not in changed


async def test_a_column_that_is_gone_is_an_error(connection: Connection) -> None:
    await connection.execute("alter table paper_batch drop column note")
    with pytest.raises(asyncpg.UndefinedColumnError):
        await differing(connection)


async def _described(connection: Connection, sql: str, *, operation: str = "", **hints: str) -> Query:
    """A query with hints ("not_null", "may_be_null" ...) and the parameters p1, p2 ..."""
    names = tuple(f"p{number}" for number in range(1, sql.count("$") + 1))
    told = {name.replace("_", " "): set(words.split()) for name, words in hints.items()}
    source = Source("tested", operation, "", told, Statement(sql, names))
    return await describe_query(connection, await read_catalogue(connection), source)


async def _nullable(connection: Connection, sql: str, **hints: str) -> list[bool]:
    return [one.may_be_null for one in (await _described(connection, sql, **hints)).columns]


@pytest.mark.parametrize(
    ("sql", "nullable"),
    [
        ("select p.title, p.ground from petition as p", [False, True]),
        ("select p.title from petition as p left join staff as s on p.claimed_by = s.id", [False]),
        ("select s.name from petition as p left join staff as s on p.claimed_by = s.id", [True]),
        ("select p.title from staff as s right join petition as p on p.claimed_by = s.id", [False]),
        ("select p.title from petition as p full join staff as s on p.claimed_by = s.id", [True]),
        ("select f.title from (select p.title from petition as p) as f", [False]),
        ("select f.name from staff as t left join (select s.id, s.name from staff as s) as f on t.id = f.id", [True]),
        ("with f as (select p.title, p.ground from petition as p) select f.title, f.ground from f", [False, True]),
        ("with f as (delete from sheet returning number, batch_number) select f.* from f", [False, True]),
        ("select w.name, w.sits_on from staff_with_roles as w", [False, False]),
        ("select r.rapporteur, r.title, r.steps from referral_with_steps as r", [True, False, False]),
        ("select w.name from petition as p left join staff_with_roles as w on p.claimed_by = w.id", [True]),
        ("select p.title from petition as p union all select s.name from staff as s", [False]),
        ("select p.title from petition as p union all select p.ground from petition as p", [True]),
        ("select (select s.name from staff as s limit 1) as name", [True]),
        ("select (select count(*) from staff as s) as found, exists (select 1 from staff) as there", [False, False]),
        ("select max(s.id) as last from staff as s", [True]),
        ("select s.language, max(s.id) as last, count(*) as all from staff as s group by s.language", [False] * 3),
        ("select s.language, max(s.id) filter (where s.id > 3) from staff as s group by s.language", [False, True]),
        ("select coalesce(p.ground, '') as a, coalesce(p.ground, p.reason) as b from petition as p", [False, True]),
        ("select case when id = 1 then 2 end as a, case when true then 2 else 3 end as b from petition", [True, False]),
        ("select p.ground is null as a, p.id > 3 as b, p.ground = 'x' as c from petition as p", [False, False, True]),
        ("select e.data ->> 'x' as a, e.data as b from event as e", [True, False]),
        ("select p.ground from petition as p where p.ground is not null and p.id > 3", [False]),
        ("select p.ground from petition as p where p.ground is not null or p.id > 3", [True]),
        ("select v.a, v.b from (values (1, null), (2, 'x')) as v (a, b)", [False, True]),
        ("select u.word, u.place from unnest($1::text[]) with ordinality as u (word, place)", [False, False]),
        ("insert into sheet (petition_id, number, issued_at) values ($1, 1, now()) returning batch_number", [True]),
    ],
)  # fmt: skip
async def test_which_columns_can_be_null(connection: Connection, sql: str, nullable: list[bool]) -> None:
    assert await _nullable(connection, sql) == nullable


@pytest.mark.parametrize(
    ("sql", "nullable"),
    [
        ("select 1 from petition where id = $1", [False]),
        ("select 1 from petition where $1::text is null or ground = $1", [True]),
        ("select coalesce($1::text, 'x')", [True]),
        ("select coalesce(ground, $1::text) from petition", [False]),
        ("update petition set ground = $1, title = $2 where id = $3", [True, False, False]),
        ("update petition set ground = $1, title = $1 where id = $2", [False, False]),
        ("insert into sheet (petition_id, number, issued_at, batch_number) select $1, 1, now(), $2", [False, True]),
    ],
)
async def test_which_parameters_can_be_null(connection: Connection, sql: str, nullable: list[bool]) -> None:
    names = {f"p{number}" for number in range(1, 4) if f"${number}" in sql}
    source = Source("tested", "", "", {}, Statement(sql, tuple(sorted(names))))
    found = await describe_query(connection, await read_catalogue(connection), source)
    assert [one.may_be_null for one in found.parameters] == nullable


async def test_elements_that_are_stored_where_nothing_may_stand_can_be_null(connection: Connection) -> None:
    sql = (
        "insert into sheet (petition_id, number, issued_at, batch_number)"
        " select u.p, u.n, now(), u.b from unnest($1::bigint[], $2::integer[], $3::integer[]) as u (p, n, b)"
    )
    found = await _described(connection, sql, operation="!")
    assert [one.elements_may_be_null for one in found.parameters] == [False, False, True]


async def test_a_hint_says_more_and_is_needed(connection: Connection) -> None:
    sql = "select p.ground, p.title, p.stage from petition as p where p.id = $1"
    assert await _nullable(connection, sql, not_null="ground") == [False, False, False]
    with pytest.raises(QueryError, match="not needed for title"):
        await _nullable(connection, sql, not_null="title")
    with pytest.raises(QueryError, match="not needed for nothing"):
        await _nullable(connection, sql, may_be_null="nothing")
    with pytest.raises(QueryError, match="not needed"):
        await _described(connection, "select count(*) from petition", operation="$", always_one_row="")
    with pytest.raises(QueryError, match="title has no constraint"):
        await _nullable(connection, sql, one_of_few_words="title")


async def test_few_words_come_from_the_constraint(connection: Connection) -> None:
    sql = "with q as (select side from question) select q.side, r.state from q, referral_with_steps as r"
    found = await _described(connection, sql, one_of_few_words="side state")
    assert found.columns[0].type == "Literal['committee', 'initiator']"
    assert "'inadmissible'" in found.columns[1].type


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the tests below."""

    number: int
    word: Literal["a", "b"] | None


ONE = "select $1::integer as number, $2::text as word"


async def test_rows_are_made_of_the_columns_in_their_order(connection: Connection) -> None:
    assert await fetch_rows(connection, f"{ONE} union all select 2, null", Row, 1, "a") == [Row(1, "a"), Row(2, None)]
    assert await fetch_row(connection, ONE, Row, 1, "b") == Row(1, "b")
    assert await fetch_row(connection, f"{ONE} where false", Row, 1, "b") is None
    assert await fetch_value(connection, "select 3", int) == 3
    assert await fetch_value(connection, "select null::integer", int) is None
    assert await execute(connection, "update staff set name = name") == 0
    with pytest.raises(LookupError):
        await fetch_one_row(connection, f"{ONE} where false", Row, 1, "b")
    with pytest.raises(LookupError):
        await fetch_one_value(connection, "select 1 where false", int)


@pytest.mark.parametrize("given", [(None, "a"), (1, "c")])
async def test_a_row_that_is_not_as_its_class_promises_fails_a_test(connection: Connection, given: Any) -> None:
    with pytest.raises(ValueError, match="Row"):
        await fetch_rows(connection, ONE, Row, *given)


async def test_a_value_of_another_type_fails_a_test(connection: Connection) -> None:
    with pytest.raises(ValueError, match="datetime"):
        await fetch_value(connection, "select 'x'", datetime)
    with pytest.raises(ValueError, match="not made from"):
        await fetch_rows(connection, "select 1 as word, 'a' as number", Row)
