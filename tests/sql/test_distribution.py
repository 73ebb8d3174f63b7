"""What lets the data be spread by petition: every hot statement names the petition of every row that it touches."""

import re

import pytest

from petitions.database.pool import Database
from petitions.database.statements import statements

HOT = (
    "pending_signatures_record",
    "signatures_confirm",
    "signatures_find",
    "signature_withdraw",
    "petition_for_signing",
)
BY_PETITION = {
    "petition": "id",
    "signature_count": "petition_id",
    "pending_signature": "petition_id",
    "signature": "petition_id",
    "withdrawn_signature": "petition_id",
    "signature_hour": "petition_id",
    "threshold": "petition_id",
    "referral": "petition_id",
    "petition_text": "petition_id",
    "event": "petition_id",
}
TOUCHED = re.compile(
    r"\b(?:from|join|update|insert\s+into|delete\s+from|using|,)\s+"
    r"(petition|signature_count|pending_signature|signature|withdrawn_signature|signature_hour|threshold|referral"
    r"|petition_text|event)\s+(?:as\s+)?(\w+)",
)


SQL = statements("signing") | statements("own_signature")


def _blocks(sql: str) -> list[str]:
    """The statements of a query, each with what it touches: the CTEs and the last select."""
    return re.split(r"\n\),?\n|\nwith |^with ", sql)


@pytest.mark.parametrize("name", HOT)
def test_every_hot_statement_carries_the_petition_of_every_row(name: str) -> None:
    sql = re.sub(r"--.*", "", SQL[name])
    touched = 0
    for block in _blocks(sql):
        for table, alias in TOUCHED.findall(block):
            touched += 1
            column = BY_PETITION[table]
            inserted = re.search(rf"insert into {table}\b[^(]*\(\s*(\w+)", block)
            keyed = re.search(rf"\b{alias}\.{column}\b", block) or (inserted and inserted[1] == column)
            assert keyed, f"{name}: {table} as {alias} is touched without its petition in\n{block}"
    assert touched > 0


async def test_every_unique_key_begins_with_the_petition(database: Database) -> None:
    async with database.connection() as connection:
        rows = await connection.fetch(
            "select i.indrelid::regclass::text as name, i.indexrelid::regclass::text as key, a.attname"
            " from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
            " where i.indisunique and i.indrelid::regclass::text = any($1)",
            list(BY_PETITION),
        )
    assert {row["name"] for row in rows} == set(BY_PETITION)
    wrong = [row["key"] for row in rows if row["attname"] != BY_PETITION[row["name"]]]
    assert wrong == []
