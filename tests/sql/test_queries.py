"""Every named query is prepared against the migrated schema, has one sentence of purpose, and is used once."""

import re
from pathlib import Path

import pytest

from petitions.database.migrations import SQL
from petitions.database.pool import Database
from petitions.database.statements import statements

FILES = sorted(path.stem for path in (SQL / "queries").glob("*.sql"))
QUERIES = {name: sql for file in FILES for name, sql in statements(file).items()}
CODE = "\n".join(path.read_text("utf-8") for path in (SQL.parent / "petitions").rglob("*.py"))


def test_no_two_queries_have_the_same_name() -> None:
    assert len(QUERIES) == sum(len(statements(file)) for file in FILES)


async def test_every_query_can_be_prepared(database: Database) -> None:
    broken = []
    async with database.connection() as connection:
        for name, sql in QUERIES.items():
            try:
                await connection.prepare(sql)
            except Exception as error:
                broken.append(f"{name}: {error}")
    assert broken == []


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_every_query_is_called_from_exactly_one_place(name: str) -> None:
    assert len(re.findall(rf"queries\.{name}\b", CODE)) == 1


@pytest.mark.parametrize("path", sorted((SQL / "queries").glob("*.sql")), ids=lambda path: path.stem)
def test_every_query_says_what_it_is_for(path: Path) -> None:
    blocks = path.read_text("utf-8").split("-- name: ")[1:]
    silent = [block.split("\n")[0] for block in blocks if not block.split("\n")[1].startswith("-- ")]
    assert silent == []


def test_queries_list_their_columns() -> None:
    for path in (SQL / "queries").glob("*.sql"):
        text = re.sub(r"--.*", "", path.read_text("utf-8"))
        assert not re.search(r"select\s+\*", text), path.name
