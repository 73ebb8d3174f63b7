"""Whether an upgrade keeps everything is seen in the rows: what is added may be new, what was there must be there."""

from scripts.tour_recording.rows import changes, counts, fetch, snapshot

MADE = "create table kept (id integer, word text); insert into kept values (1, 'a'), (2, 'b'), (2, 'b')"


def become(address: str, *statements: str) -> tuple[list[str], int]:
    """What is told after these statements about a table with three rows, of which two are alike."""
    for statement in MADE.split("; "):
        fetch(address, statement)
    before = snapshot(address)
    for statement in statements:
        fetch(address, statement)
    lines, lost = changes(address, before)
    return [line for line in lines if " kept:" in line or "new table" in line], lost


def test_rows_and_columns_may_be_added(database_url: str) -> None:
    lines, lost = become(
        database_url,
        "alter table kept add column more integer default 7",
        "insert into kept values (3, 'c', 1)",
        "create table other as select 1 as one",
    )
    assert lost == 0
    assert lines[0].startswith("kept kept: 3 rows, md5 ")
    assert lines[0].endswith(", 1 new +more")
    assert lines[1] == "new table other: 1 rows"
    assert counts(database_url)["kept"] == 4


def test_a_row_that_changes_or_goes_is_lost(database_url: str) -> None:
    assert become(database_url, "update kept set word = 'x' where id = 1") == (
        ["LOST kept: 1 of 3 rows are gone or changed, 1 are new"],
        1,
    )


def test_one_of_two_rows_that_are_alike_is_missed(database_url: str) -> None:
    deleted = "delete from kept where ctid = (select max(ctid) from kept)"
    assert become(database_url, deleted) == (["LOST kept: 1 of 3 rows are gone or changed, 0 are new"], 1)


def test_a_column_or_a_table_that_goes_is_lost(database_url: str) -> None:
    assert become(database_url, "alter table kept drop column word") == (["LOST kept: without word (3 rows)"], 1)


def test_a_table_that_goes_is_lost(database_url: str) -> None:
    assert become(database_url, "drop table kept") == (["LOST kept: the table is gone (3 rows)"], 1)
